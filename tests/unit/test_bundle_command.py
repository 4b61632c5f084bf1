"""`understudy bundle`, as a person calls it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from understudy.cli.main import main
from understudy.errors import EnvironmentFailedError, InputError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = """\
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /nodes:
    get:
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Node"}
components:
  schemas:
    Node:
      type: object
      propertyNames: {maxLength: 5}
      properties:
        cost: {type: [number, "null"], default: 1.00}
        next: {$ref: "#/components/schemas/Node"}
        leaf: {$ref: "#/components/schemas/Leaf"}
    Leaf: {const: "0415"}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "contract.yaml"
    path.write_text(CONTRACT, encoding="utf-8")
    return path


def call(*arguments: object) -> Any:
    return main.main(["bundle", *map(str, arguments)], standalone_mode=False)


def test_stdout_is_the_document(file: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert call(file) == 0
    out = capsysbinary.readouterr()
    assert b"default: 1.00\n" in out.out
    assert b'const: "0415"\n' in out.out
    assert out.err == b""


def test_the_format_follows_the_file_s_name_and_the_option_wins(file: Path, tmp_path: Path) -> None:
    assert call(file, "-o", tmp_path / "out.json") == 0
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["openapi"] == "3.1.0"
    assert call(file, "-o", tmp_path / "out.yaml", "--format", "json") == 0
    assert (tmp_path / "out.yaml").read_text(encoding="utf-8").startswith("{")


def test_to_3_0_tells_losses_on_stderr_with_their_place(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(file, "--to", "3.0", "--format", "json") == 0
    told = capsys.readouterr()
    document = json.loads(told.out)
    assert not list(OpenAPIV30SpecValidator(document).iter_errors())
    assert document["components"]["schemas"]["Node"]["properties"]["cost"]["nullable"] is True
    assert "lowering-loss" in told.err
    assert "contract.yaml:16" in told.err


def test_dereference_keeps_circles_only(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(file, "--dereference") == 0
    document = yaml.safe_load(capsys.readouterr().out)
    schema = document["paths"]["/nodes"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema["properties"]["leaf"] == {"const": "0415"}
    assert json.dumps(document).count("$ref") == json.dumps(document).count("#/components/schemas/Node")
    assert not list(OpenAPIV31SpecValidator(document).iter_errors())


@pytest.mark.parametrize("options", [(), ("--to", "3.0"), ("--dereference",), ("--format", "json")])
def test_the_bundle_of_a_bundle_has_the_same_bytes(options: tuple[str, ...], file: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert call(file, *options, "-o", first) == 0
    again = [one for one in options if one != "--dereference"]  # a circle can be followed once more each time
    assert call(first, *again, "-o", second) == 0
    assert first.read_bytes() == second.read_bytes()


def test_standard_input(file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    assert call("-") == 0
    assert "openapi" in capsys.readouterr().out


def test_what_goes_wrong_has_its_own_error(file: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        call("no-such-contract")
    with pytest.raises(EnvironmentFailedError):
        call(file, "-o", tmp_path / "none" / "out.yaml")
    file.write_text("openapi: 3.1.0\npaths: {/a: {$ref: missing.yaml}}\n", encoding="utf-8")
    with pytest.raises(InputError):
        call(file)


@pytest.mark.parametrize(("arguments", "code"), [(["nothing-here"], 2), (["talkturo", "-o", "/nowhere/at/all"], 3)])
def test_errors_are_one_clear_sentence_without_a_traceback(arguments: list[str], code: int) -> None:
    command = [sys.executable, "-c", "from understudy.cli.main import run; run()", "bundle", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr.startswith("error")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["bundle", "models", "scaffold", "serve"])
def test_help_shows_examples_one_to_a_line(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    main.main([command, "--help"], standalone_mode=False)
    assert f"\n    understudy {command} talkover " in capsys.readouterr().out
