"""An interim status never ends a request (RFC 9110, 15.2), whoever asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Serve

CONTRACT = """\
paths:
  /upgrade:
    get:
      operationId: upgrade
      responses:
        "101": {description: Switching., content: {application/json: {example: 1}}}
        "1XX": {description: Wait.}
        "404": {description: None.}
        default: {description: Whatever.}
  /only:
    get:
      operationId: only
      responses: {"101": {description: Switching.}}
  /odd:
    get:
      operationId: odd
      responses:
        "2000": {description: None.}
        "": {description: None.}
        x: {description: None.}
        "418": {description: Teapot.}
"""


@pytest.mark.parametrize("code", [100, 101, 103, 199])
@pytest.mark.parametrize("form", ["header", "query"])
def test_a_wish(mocked: Serve, code: int, form: str) -> None:
    mock = mocked(CONTRACT)
    query, headers = (f"?__code={code}", {}) if form == "query" else ("", {"prefer": f"code={code}"})
    told = mock.ask(f"GET /upgrade{query}", **headers)
    assert told.status == 422
    assert f"{code} is an interim status" in told.body.decode()


def test_the_usual_answer_passes_over_what_is_not_final(mocked: Serve) -> None:
    mock = mocked(CONTRACT)
    assert mock.ask("GET /upgrade").status == 200
    assert mock.ask("GET /only").status == 501
    assert mock.ask("GET /odd").status == 418


def test_variants_are_final(mocked: Serve) -> None:
    mock = mocked(CONTRACT)
    listed = mock.ask("GET /__understudy__/operations/upgrade/variants").json["variants"]
    assert {variant["status"] for variant in listed} == {404, 500}
    listed = mock.ask("GET /__understudy__/operations/odd/variants").json["variants"]
    assert {variant["status"] for variant in listed} == {418}


def test_prism_mode(mocked: Serve) -> None:
    mock = mocked(CONTRACT, compat="prism")
    assert mock.ask("GET /upgrade", prefer="code=103").status == 422
    assert mock.ask("GET /upgrade").status == 200
    assert mock.ask("GET /only").status == 500


@pytest.mark.parametrize("status", [100, 101])
def test_a_handler(mocked: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    (tmp_path / f"interim{status}.py").write_text(f"def upgrade():\n    return None, {status}\n")
    monkeypatch.syspath_prepend(tmp_path)
    told = mocked(CONTRACT, handlers=f"interim{status}").ask("GET /upgrade")
    assert told.status == 500
    assert f"{status}, which is no final status" in told.body.decode()


def test_a_rule_is_told_with_its_line_and_left_out(mocked: Serve) -> None:
    mock = mocked(CONTRACT, behaviour="rules:\n  upgrade:\n    - respond: {status: 101}\n")
    (flaw,) = mock.app.mounts[0].compiled.flaws
    assert flaw.location
    assert flaw.location.line == 3
    assert "`101` is no status that ends a request" in flaw.message
    assert mock.ask("GET /upgrade").status == 200


def test_a_step_is_told_with_its_line_and_left_out(mocked: Serve, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "one.yaml").write_text("steps:\n  upgrade:\n    - {status: 101}\n")
    mock = mocked(CONTRACT)
    (flaw,) = mock.app.mounts[0].compiled.flaws
    assert flaw.location
    assert flaw.location.line == 3
    assert mock.ask("GET /upgrade", prefer="scenario=one").status == 404
