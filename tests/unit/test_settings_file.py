"""Settings from files and the environment: which one counts, and what is said about those nobody knows."""

from __future__ import annotations

import importlib
import json
import socket
from typing import TYPE_CHECKING

import click
import pytest
from click.core import ParameterSource
from click.testing import CliRunner

from understudy.cli.main import _COMMANDS, main
from understudy.cli.settings import prepare
from understudy.config import settings_for
from understudy.errors import InputError, UnderstudyError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = ("check", "serve")


def command_of(name: str) -> click.Command:
    command = getattr(importlib.import_module(f"understudy.cli.{name}"), name)
    assert isinstance(command, click.Command)
    return command


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
        ("[serve]\ncors = true\nno-cors = true\n", "understudy.toml:3", "`no-cors` says again what another", "Remove"),
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


@pytest.mark.parametrize(
    ("text", "place", "sentence", "remedy"),
    [
        ("[overlay.aply]\n", "understudy.toml:1", "`aply` is no command of `overlay`.", "`apply`"),
        (
            "[overlay]\nstrict = true\n",
            "understudy.toml:2",
            "`strict` is no command of",
            "Write it in [overlay.apply].",
        ),
        ("[overlay.apply]\nstrikt = 1\n", "understudy.toml:2", "`strikt` is no setting of `overlay apply`", "`strict`"),
        ("[overlay]\napply.strikt = 1\n", "understudy.toml:2", "`strikt` is no setting of `overlay apply`", "`strict`"),
        ("[overlay]\napply = 1\n", "understudy.toml:2", "`apply` has settings of its own", "[overlay.apply]"),
        ('[overlay.check]\nfail-on = "x"\n', "understudy.toml:2", "`fail-on`: 'x' is not one of", ""),
    ],
)
def test_a_command_below_another_has_a_table_below(
    folder: Path, text: str, place: str, sentence: str, remedy: str
) -> None:
    (folder / "understudy.toml").write_text(text, "utf-8")
    error = error_of("overlay", "apply", "a.yaml", "b.yaml")
    assert error.message.startswith(f"{place}: ")
    assert sentence in error.message
    assert remedy in error.remedy


OVERLAY = "overlay: 1.1.0\ninfo: {title: x, version: '1'}\nactions: [{target: $.nowhere, update: {}}]\n"


def test_an_overlay_is_applied_as_the_file_and_the_environment_say(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.json").write_text('{"a": 1}', "utf-8")
    (folder / "b.yaml").write_text(OVERLAY, "utf-8")
    (folder / "pyproject.toml").write_text(
        '[tool.understudy.overlay.apply]\nreferences = ["a.json", "b.yaml"]\nlenient = false\noutput = "c.json"\n',
        "utf-8",
    )
    assert CliRunner().invoke(main, ["overlay", "apply"], standalone_mode=False).return_value == 1
    monkeypatch.setenv("UNDERSTUDY_OVERLAY_APPLY_STRICT", "false")
    assert CliRunner().invoke(main, ["overlay", "apply"], standalone_mode=False).return_value == 0
    assert json.loads((folder / "c.json").read_text("utf-8")) == {"a": 1}


PLAIN = 'openapi: 3.1.0\ninfo: {title: x, version: "1"}\npaths: {}\n'


def test_what_is_exported_has_a_table_for_its_kind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "plain.yaml").write_text(PLAIN, "utf-8")
    told = "[export]\noutput = 'all'\noffline = true\n[export.msw]\noutput = 'handlers'\n"
    (folder / "understudy.toml").write_text(told, "utf-8")
    for kind in ("msw", "fixtures"):
        assert CliRunner().invoke(main, ["export", kind, "plain.yaml"], standalone_mode=False).return_value == 0
    assert (folder / "handlers" / "handlers.ts").exists()
    assert (folder / "all" / "manifest.json").exists()
    monkeypatch.setenv("UNDERSTUDY_EXPORT_OUTPUT", "others")
    monkeypatch.setenv("UNDERSTUDY_EXPORT_MSW_OUTPUT", "mine")
    for kind in ("msw", "fixtures"):
        assert CliRunner().invoke(main, ["export", kind, "plain.yaml"], standalone_mode=False).return_value == 0
    assert (folder / "mine" / "handlers.ts").exists()
    assert (folder / "others" / "manifest.json").exists()
    assert "--offline" in error_of("export", "msw", "plain.yaml", "--offline").remedy
    (folder / "understudy.toml").write_text("[export.msv]\noutput = 'x'\n", "utf-8")
    assert "`msw`" in error_of("export", "msw", "plain.yaml").remedy


COMMAND_LINES = [
    (name, *below)
    for name in _COMMANDS
    for below in [(sub,) for sub in getattr(command_of(name), "commands", ())] or [()]
]


def value_of(parameter: click.Parameter) -> object:
    """Give a good value of a parameter."""
    kind, many = parameter.type, parameter.nargs != 1 or getattr(parameter, "multiple", False)
    value: object = "2"
    if isinstance(kind, click.Choice):
        value = kind.choices[-1]
    elif isinstance(kind, click.types.BoolParamType):
        value = True
    elif isinstance(kind, click.types.FuncParamType):
        value = "2s"
    return [value] if many else value


@pytest.mark.parametrize("path", COMMAND_LINES, ids=" ".join)
def test_every_flag_can_be_set_in_a_file_and_by_a_variable(
    folder: Path, path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = command_of(path[0])
    one = command.commands[path[1]] if isinstance(command, click.Group) else command
    keys = {
        next((name[2:] for name in each.opts if name.startswith("--")), str(each.name)): each for each in one.params
    }
    table = "\n".join(f"{key} = {json.dumps(value_of(each))}" for key, each in keys.items())
    (folder / "understudy.toml").write_text(f"[{'.'.join(path)}]\n{table}\n", "utf-8")
    defaults = prepare(command, path[0], _COMMANDS)
    context = one.make_context(path[-1], [], default_map=defaults[path[1]] if path[1:] else defaults)
    sources = {each.name: context.get_parameter_source(str(each.name)) for each in one.params}
    assert sources == {each.name: ParameterSource.DEFAULT_MAP for each in one.params}

    for key, each in keys.items():
        value = value_of(each)
        monkeypatch.setenv(
            "_".join(("UNDERSTUDY", *path, key)).upper().replace("-", "_"),
            str(*value) if isinstance(value, list) else str(value),
        )
    context = one.make_context(path[-1], [], default_map=context.default_map)
    flags = [str(each.name) for each in one.params if isinstance(each, click.Option)]
    assert {name: context.get_parameter_source(name) for name in flags} == dict.fromkeys(
        flags, ParameterSource.ENVIRONMENT
    )


def test_a_header_in_a_variable_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    drift = command_of("drift")
    prepare(drift, "drift", _COMMANDS)
    monkeypatch.setenv("UNDERSTUDY_DRIFT_HEADER", "Authorization: Bearer sesame\nX-Trace: a b")
    assert drift.make_context("drift", ["talkturo"]).params["headers"] == (
        "Authorization: Bearer sesame",
        "X-Trace: a b",
    )


def test_the_format_of_reports_is_none_of_the_mocks_business(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSTUDY_FORMAT", "sarif")
    assert error_of("serve", "talkturo", "--port", str(taken)).message == f"Port {taken} is in use."


def test_a_setting_that_is_about_other_calls_is_no_error(folder: Path) -> None:
    (folder / "plain.yaml").write_text(PLAIN, "utf-8")
    (folder / "understudy.toml").write_text('[drift]\ntexts = true\nas = "version"\nfail-on = "none"\n', "utf-8")
    assert CliRunner().invoke(main, ["drift", "plain.yaml"], standalone_mode=False).return_value == 0
    assert "versions" in error_of("drift", "plain.yaml", "--texts").message
