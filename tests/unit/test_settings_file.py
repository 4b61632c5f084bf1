"""Settings from files and the environment: which one counts, and what is said about those nobody knows."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from understudy.cli.main import main
from understudy.config import settings_for
from understudy.errors import InputError, UnderstudyError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = ("check", "serve")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def taken() -> object:
    """Hold a port, so that `serve` says which one it wanted and does not stay."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def error_of(*words: str) -> UnderstudyError:
    result = CliRunner().invoke(main, words, standalone_mode=False)
    assert isinstance(result.exception, UnderstudyError), result.exception or result.output
    return result.exception


def test_a_file_gives_arguments_and_flags(folder: Path, taken: int) -> None:
    (folder / "understudy.toml").write_text(f'[serve]\ncontracts = ["talkturo"]\nport = {taken}\n', "utf-8")
    assert error_of("serve").message == f"Port {taken} is in use."


def test_pyproject_has_a_table_for_it(folder: Path, taken: int) -> None:
    (folder / "pyproject.toml").write_text(f"[tool.understudy.serve]\nport = {taken}\n", "utf-8")
    assert error_of("serve", "talkturo").message == f"Port {taken} is in use."
    (folder / "understudy.toml").write_text('[serve]\nuds = "understudy.toml"\n', "utf-8")
    assert error_of("serve", "talkturo").message == "understudy.toml exists and is no socket."


def test_flags_weigh_more_than_the_environment_and_that_more_than_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("file", "variable", "own-variable", "flag"):
        (folder / name).touch()
    (folder / "understudy.toml").write_text('[serve]\nuds = "file"\n', "utf-8")
    assert error_of("serve", "talkturo").message == "file exists and is no socket."
    monkeypatch.setenv("UNDERSTUDY_UDS", "variable")
    assert error_of("serve", "talkturo").message == "variable exists and is no socket."
    monkeypatch.setenv("UNDERSTUDY_SERVE_UDS", "own-variable")
    assert error_of("serve", "talkturo").message == "own-variable exists and is no socket."
    assert error_of("serve", "talkturo", "--uds", "flag").message == "flag exists and is no socket."


@pytest.mark.parametrize(
    ("text", "place", "sentence", "remedy"),
    [
        ("[serve]\nport = 1\nprot = 2\n", "understudy.toml:3", "`prot` is no setting of `serve`.", "`port`"),
        ("[server]\nport = 1\n", "understudy.toml:1", "`server` is no command.", "`serve`"),
        ("port = 1\n", "understudy.toml:1", "`port` is no command.", ""),
        ("serve = 1\n", "understudy.toml:1", "`serve` is a command", "[serve]"),
        ("[serve]\n\nport = 70000\n", "understudy.toml:3", "`port`: 70000 is not in the range", ""),
        ('[serve]\nauth = "maybe"\n', "understudy.toml:2", "`auth`: 'maybe' is not one of", ""),
        ('[serve]\nwatch = "perhaps"\n', "understudy.toml:2", "`watch`: 'perhaps' is not a valid boolean", ""),
        ("[serve.port]\nx = 1\n", "understudy.toml:1", "`port` can't be a dict.", ""),
    ],
)
def test_what_nobody_knows_is_told_with_its_line(
    folder: Path, text: str, place: str, sentence: str, remedy: str
) -> None:
    (folder / "understudy.toml").write_text(text, "utf-8")
    error = error_of("serve", "talkturo")
    assert isinstance(error, UsageError)
    assert error.message.startswith(f"{place}: ")
    assert sentence in error.message
    assert remedy in error.remedy


def test_what_is_no_toml_is_told_with_its_line(folder: Path) -> None:
    (folder / "understudy.toml").write_text("[serve]\nport = = 1\n", "utf-8")
    error = error_of("serve", "talkturo")
    assert isinstance(error, InputError)
    assert str(error.finding.location) == "understudy.toml:2:8"
    (folder / "understudy.toml").write_bytes(b"\xff")
    assert "UTF-8" in error_of("serve", "talkturo").message


def test_a_pyproject_that_is_not_about_us_is_none_of_our_business(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("this is = = no TOML", "utf-8")
    assert settings_for("serve", COMMANDS).values == {}
    (folder / "pyproject.toml").write_text("[tool.other]\nunderstudy = 1\n", "utf-8")
    assert settings_for("serve", COMMANDS).values == {}


def test_each_command_has_its_own_table(folder: Path) -> None:
    (folder / "pyproject.toml").write_text(
        '[tool.understudy.check]\nfail-on = "none"\n[tool.understudy.serve]\nport = 1\n', "utf-8"
    )
    assert settings_for("check", COMMANDS).values == {"fail-on": "none"}
    (folder / "bare.yaml").write_text("openapi: 3.1.0\npaths: {}\n", "utf-8")
    assert CliRunner().invoke(main, ["check", "bare.yaml"], standalone_mode=False).return_value == 0
    found = CliRunner().invoke(main, ["check", "bare.yaml", "--fail-on", "error"], standalone_mode=False)
    assert found.return_value == 1
