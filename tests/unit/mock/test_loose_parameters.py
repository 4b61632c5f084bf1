"""A parameter whose schema takes lists too may be repeated; one that takes none may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Serve


ANSWERS = "responses: {'204': {description: ok}, '422': {description: no}}"


def test_a_parameter_that_may_be_anything_may_be_repeated(mocked: Serve) -> None:
    mock = mocked(f"paths: {{/a: {{get: {{parameters: [{{name: x, in: query, schema: {{}}}}], {ANSWERS}}}}}}}")
    assert mock.ask("GET /a?x=1&x=b").status == 204


def test_a_parameter_that_is_one_text_may_not(mocked: Serve) -> None:
    parameter = "{name: x, in: query, schema: {type: string}}"
    mock = mocked(f"paths: {{/a: {{get: {{parameters: [{parameter}], {ANSWERS}}}}}}}")
    assert mock.ask("GET /a?x=1&x=b").status == 422
