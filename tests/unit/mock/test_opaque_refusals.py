"""A refusal is told in words even where the contract declares none for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Serve

CONTRACT = """\
paths:
  /avatar:
    get:
      parameters: [{name: size, in: query, schema: {type: integer}}]
      responses:
        "200": {description: x, content: {image/png: {}}}
        "422": {description: x, content: {%s}}
"""


@pytest.mark.parametrize(
    ("content", "media_type", "says"),
    [
        ("image/png: {}", "application/problem+json", "is not of type"),
        ("image/png: {schema: {type: string, format: binary}}", "application/problem+json", "is not of type"),
        ("application/pdf: {}", "application/problem+json", "is not of type"),
        ("image/png: {example: PNG}", "image/png", "PNG"),
        ("application/octet-stream: {schema: {type: string}}", "application/octet-stream", "must be of type integer"),
        ("image/png: {}, text/plain: {}", "text/plain", "must be of type integer"),
    ],
)
def test_the_refusal_can_be_read(mocked: Serve, content: str, media_type: str, says: str) -> None:
    told = mocked(CONTRACT % content).ask("GET /avatar?size=x")
    assert (told.status, told.headers["content-type"]) == (422, media_type)
    assert says in told.body.decode()
