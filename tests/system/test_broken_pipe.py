"""A reader or a working directory that goes away is no reason for a traceback, nor for an exit code of other things."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).parent / "understudy"


def test_nobody_reads_the_bundle_to_its_end() -> None:
    with subprocess.Popen(
        [COMMAND, "bundle", "talkover", "--dereference"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == 'openapi: "3.1.0"\n'
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


def test_nobody_reads_the_start_screen_to_its_end() -> None:
    with subprocess.Popen([COMMAND, "serve", "talkover", "--port", "0"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "The mock is up" in process.stderr.readline()
        process.stderr.close()
        process.send_signal(signal.SIGINT)
    assert process.returncode == 0


@pytest.mark.parametrize("words", ["check talkover", "serve talkover --port 0"])
def test_the_working_directory_is_gone(words: str, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f'rmdir "{gone}" && exec "{COMMAND}" {words}'
    found = subprocess.run(["sh", "-c", script], cwd=gone, capture_output=True, text=True, check=False)
    assert found.returncode == 3
    assert found.stderr == "error: The working directory is gone.\n  Change to one that exists.\n"
