"""The README is true: its commands are run in order, and they print what it says they print.

In a `console` block a line that starts with `$ ` is a command and the lines below it are its output; `…` stands for the
rest of a line or of the output. Port 4010 becomes a free port, and `make serve` the command it runs.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

README = Path(__file__).parents[2] / "README.md"
BIN = Path(sys.executable).parent


def blocks() -> list[list[tuple[str, str]]]:
    """Read the command and expected output of each step of each block."""
    found = []
    for text in re.findall(r"```console\n(.*?)```", README.read_text(), re.DOTALL):
        steps = [step.partition("\n") for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]]
        found.append([(command, output.rstrip("\n")) for command, _, output in steps])
    return found


def pattern(expected: str) -> str:
    parts = [re.escape(part) for part in expected.split("…")]
    return r"[\s\S]*".join(parts)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, str]]:
    """Start what `make serve` starts, on a free port; give the port and the start screen."""
    command = [BIN / "understudy", "serve", "talkover", "talkturo", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        screen = ""
        while not screen.rstrip().endswith("/phone-numbers") or "curl" not in screen:
            line = server.stderr.readline()
            assert line, screen
            screen += line
        found = re.search(r":(\d+)\.", screen)
        assert found
        yield found.group(1), screen
        server.send_signal(signal.SIGINT)


def test_its_commands_print_what_it_says(served: tuple[str, str], tmp_path: Path) -> None:
    port, screen = served
    (_, shown), *rest = [step for block in blocks() for step in block]
    assert shown == screen.replace(port, "4010").rstrip("\n")
    environment = {"HOME": str(tmp_path), "PATH": f"{BIN}:{os.environ['PATH']}"}
    script, marker = "", "\x1e"
    for command, _ in rest:
        script += f"{command.replace('4010', port)}\nprintf '{marker}'\n"
    result = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    printed = result.stdout.split(marker)
    assert len(printed) == len(rest) + 1, result.stderr
    for (command, expected), actual in zip(rest, printed, strict=False):
        assert re.fullmatch(pattern(expected), actual.replace("\r", "").strip("\n")), (
            f"$ {command}\nsays: {expected}\nprints: {actual}\n{result.stderr}"
        )


def test_its_python_test_passes(tmp_path: Path) -> None:
    (text,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    (tmp_path / "test_release.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_release.py"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 passed" in result.stdout, result.stdout + result.stderr


def test_its_two_commands_are_targets_of_make() -> None:
    text = README.read_text()
    makefile = README.with_name("Makefile").read_text()
    for target in re.findall(r"make ([a-z]+)`", text):
        assert f"\n{target}:" in makefile
    assert "$(BIN)/understudy serve talkover talkturo" in makefile
