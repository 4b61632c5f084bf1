"""`understudy check` as a user meets it: what it prints where, its exit codes, and what it says to bad input."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from understudy.cli.main import _guarded
from understudy.contract.files import shipped

if TYPE_CHECKING:
    from collections.abc import Callable

COMMAND = Path(sys.executable).with_name("understudy")

INFO = 'info: {title: x, version: "1"}\n'
GET = "get: {operationId: a, responses: {'200': {description: x}}}"
GOOD = f"openapi: 3.1.0\n{INFO}paths:\n  /a:\n    {GET}\n"
NOTED = GOOD.replace("description: x", "description: x, content: {application/json: {schema: {}}}")
BROKEN = GOOD + "  /b:\n    get: {operationId: a, responses: {'200': {description: x}}}\n"
BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{below}'] * 10)}]\n" for below, name in zip("abcdefg", "bcdefgh", strict=True)
)

BAD: dict[str, tuple[str | bytes, str, str]] = {
    "not-yaml": ("openapi: 3.1.0\ninfo: [a\npaths: {}\n", "not-yaml.yaml:3:", "Check indentation"),
    "no-mapping": ("just text\n", "no-mapping.yaml:1:1", "Start it with"),
    "not-openapi": ("title: x\n", "not-openapi.yaml:1:1", "Start it with"),
    "swagger": ('swagger: "1.2"\n', "declares 1.2", "Start it with"),
    "duplicate-key": (f"openapi: 3.1.0\n{INFO}openapi: 3.1.0\n", "duplicate-key.yaml:3:1", "Remove or rename"),
    "python-tag": ("openapi: !!python/object/apply:os.system [x]\n", "python-tag.yaml:1:10", "Remove the tag"),
    "alias-bomb": (BOMB, "alias-bomb.yaml:", "Replace nested aliases"),
    "tab": ("openapi: 3.1.0\ninfo:\n\ttitle: x\n", "tab.yaml:3:1", "Indent with spaces"),
    "nowhere": (GOOD + "  /b: {$ref: '#/components/pathItems/B'}\n", "nowhere.yaml:6:14", "Correct the pointer"),
    "no-file": (GOOD + "  /b: {$ref: no.yaml}\n", "no-file.yaml:6:14", "Correct the path"),
    "itself": (
        GOOD + "components: {schemas: {A: {$ref: '#/components/schemas/A'}}}\n",
        "itself.yaml:6:",
        "in the ring",
    ),
    "outside": (GOOD + "  /b: {$ref: ../../etc/passwd}\n", "outside.yaml:6:14", "Copy the target"),
    "network": (GOOD + "  /b: {$ref: 'http://localhost:9/b.yaml'}\n", "network.yaml:6:14", "Copy the target"),
    "deep": ("a: " + "[" * 300 + "]" * 300 + "\n", "deep.yaml:1:", "Flatten"),
    "not-text": (b"openapi: 3.1.0\ninfo: \xff\xfe\n", "not-text.yaml:2:1", "UTF-8"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, (content, *_) in BAD.items():
        Path(f"{name}.yaml").write_bytes(content.encode() if isinstance(content, str) else content)
    Path("good.yaml").write_text(GOOD)
    Path("noted.yaml").write_text(NOTED)
    Path("broken.yaml").write_text(BROKEN)
    Path("empty").mkdir()
    return tmp_path


Run = "Callable[..., tuple[int, str, str]]"


@pytest.fixture
def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    del folder

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["understudy", "check", *arguments])
        code = _guarded()
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told_with_place_and_remedy_and_exit_2(
    name: str, run: Callable[..., tuple[int, str, str]]
) -> None:
    _, place, remedy = BAD[name]
    code, out, err = run(f"{name}.yaml")
    assert (code, err) == (2, "")
    assert place in out
    assert remedy in out


def test_all_of_it_through_the_installed_command(folder: Path) -> None:
    names = [f"{name}.yaml" for name in BAD]
    done = subprocess.run(
        [COMMAND, "check", *names, "broken.yaml", "missing.yaml", "empty", "good.yaml"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stdout + done.stderr
    for _, place, remedy in BAD.values():
        assert place in done.stdout
        assert remedy in done.stdout
    assert "broken.yaml:7:" in done.stdout
    assert "There is no contract `missing.yaml`" in done.stderr
    assert "The directory `empty` has no openapi.yaml" in done.stderr
    assert "good: 1 operation, 0 examples, no finding" in done.stderr


def test_an_unknown_name_lists_the_known_ones(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = run("nobody")
    assert (code, out) == (2, "")
    assert "There is no contract `nobody`" in err
    assert all(name in err for name in shipped())


def test_a_clean_contract_prints_one_line_on_stderr_and_nothing_on_stdout(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    assert run("good.yaml") == (0, "", "good: 1 operation, 0 examples, no finding\n")


def test_findings_are_exit_1_and_spare_the_other_contracts(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = run("broken.yaml", "good.yaml")
    assert code == 1
    assert "error[operation-id-unique] The operationId `a` is taken by GET /a." in out
    assert "7 │     get: {operationId: a," in out
    assert "│                        ^\n" in out
    assert out.endswith("\n1 error\n")
    assert err == "good: 1 operation, 0 examples, no finding\n"
    assert run("good.yaml", "broken.yaml", "missing.yaml")[0] == 2


@pytest.mark.parametrize(
    ("contract", "level", "code"),
    [
        ("noted.yaml", "warning", 0),
        ("noted.yaml", "info", 1),
        ("broken.yaml", "error", 1),
        ("broken.yaml", "none", 0),
        ("tab.yaml", "none", 2),
    ],
)
def test_fail_on_says_what_counts(
    contract: str, level: str, code: int, run: Callable[..., tuple[int, str, str]]
) -> None:
    assert run(contract, "--fail-on", level)[0] == code


def test_the_environment_can_set_options(
    run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNDERSTUDY_FAIL_ON", "info")
    monkeypatch.setenv("UNDERSTUDY_FORMAT", "json")
    code, out, _ = run("noted.yaml")
    assert code == 1
    assert json.loads(out)["summary"] == {"error": 0, "warning": 0, "info": 1}


def test_reports_go_to_files_beside_what_is_printed(run: Callable[..., tuple[int, str, str]], folder: Path) -> None:
    (folder / "a.json").write_text("old")
    code, out, _ = run("broken.yaml", "--report", "json=a.json", "--report", "sarif=a.sarif", "--format", "github")
    assert code == 1
    assert out.startswith("::error file=broken.yaml,line=7,col=24,title=operation-id-unique")
    assert json.loads((folder / "a.json").read_text())["summary"]["error"] == 1
    assert json.loads((folder / "a.sarif").read_text())["version"] == "2.1.0"
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_a_report_that_can_not_be_written_is_exit_3(run: Callable[..., tuple[int, str, str]]) -> None:
    code, _, err = run("good.yaml", "--report", "json=no/such/folder.json")
    assert code == 3
    assert "can't be written to no/such/folder.json" in err
    assert "Name a file" in err


@pytest.mark.parametrize("value", ["json", "json=", "jsn=a.json"])
def test_a_report_that_is_none_is_bad_usage(value: str, run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = run("good.yaml", "--report", value)
    assert (code, out) == (2, "")
    assert "FORMAT=PATH" in err


def test_standard_input_is_a_contract_too(
    run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BROKEN.encode())))
    code, out, _ = run("-")
    assert code == 1
    assert "<stdin>:7:24" in out


def test_help_ends_with_the_exit_codes(run: Callable[..., tuple[int, str, str]]) -> None:
    _, out, _ = run("--help")
    assert " ".join(out.split()).endswith("3 the environment failed.")


def test_a_stream_that_knows_only_ascii_gets_ascii(folder: Path) -> None:
    environment = {"PYTHONIOENCODING": "ascii", "PATH": ""}
    done = subprocess.run(
        [COMMAND, "check", "broken.yaml"], cwd=folder, env=environment, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert b"--> broken.yaml:7:24" in done.stdout
    assert done.stdout.isascii()
