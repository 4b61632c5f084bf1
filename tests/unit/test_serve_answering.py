"""The flags of `understudy serve` that say how it answers, and the screen that names good credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.cli import answering
from understudy.contract.loading import load
from understudy.errors import UsageError
from understudy_mock.app import mock_app
from understudy_mock.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
security: [{token: []}]
paths: {/a: {get: {responses: {"204": {description: x}}}}}
components:
  securitySchemes:
    token:
      type: http
      scheme: bearer
      x-understudy-credentials: {personas: {ann: {token: tok, scopes: [x, y]}, bob: {scopes: []}, root: {token: all}}}
"""

NONE = {"error_format": "contract", "seed": None, "locale": None, "compat": None, "errors": False, "handlers": None}


def test_flags_become_settings() -> None:
    usual = {"error_format": "contract", "seed": None, "locale": None, "compat": None, "violations_fail": False}
    assert answering.settings(NONE) == usual
    found = answering.settings({**NONE, "compat": "prism", "errors": True, "error_format": "problem", "seed": 7})
    assert found == {"error_format": "problem", "seed": 7, "locale": None, "compat": "prism", "violations_fail": True}


@pytest.mark.parametrize("given", [{"errors": True}, {"compat": "prism", "handlers": "mine"}])
def test_flags_that_exclude_each_other_are_told(given: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        answering.settings({**NONE, **given})


@pytest.mark.parametrize(
    ("auth", "compat", "expected"),
    [
        (
            "strict",
            None,
            [
                "",
                "Credentials of openapi:",
                "  token  ann  tok  scopes: x y",
                "  token  bob  understudy-bob  scopes: none",
                "  token  root  all",
            ],
        ),
        ("lenient", None, []),
        ("strict", "prism", []),
    ],
)
def test_the_screen_names_the_credentials_where_no_others_are_good(
    tmp_path: Path, auth: str, compat: str | None, expected: list[str]
) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(CONTRACT)
    app = mock_app([load(str(file))], Settings(auth=auth, compat=compat))
    lines = list(answering.credential_lines(app))
    assert [line.replace(f"of {app.mounts[0].compiled.name}:", "of openapi:") for line in lines] == expected
