"""An operation that can't be compiled says which place of which file keeps it from that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Serve

HEAD_LINES = 2
CONTRACT = """\
paths:
  /type:
    get:
      responses:
        "200": {description: x, content: {application/json: {schema: {properties: {n: {type: strnig}}}}}}
  /pattern:
    get:
      parameters:
        - {name: q, in: query, schema: {type: string, pattern: "["}}
      responses: {"204": {description: x}}
  /media:
    get:
      responses: {"200": {description: x, content: {"no media": {schema: {type: string}}}}}
  /elsewhere:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Bad"}}}}
      responses: {"204": {description: x}}
components:
  schemas:
    Bad: {type: array, items: {minimum: x}}
"""


@pytest.mark.parametrize("head", ["3.1.0", "3.0.3"])
@pytest.mark.parametrize(
    ("asked", "place", "says"),
    [
        ("GET /type", (5, 94), "Unexpected type"),
        ("GET /pattern", (9, 64), "regex"),
        ("GET /media", (13, 65), "'no media' is no media type"),
        ("POST /elsewhere", (20, 41), 'not of type "number"'),
    ],
)
def test_the_place_is_told(mocked: Serve, head: str, asked: str, place: tuple[int, int], says: str) -> None:
    text = f"openapi: {head}\ninfo: {{title: Probe, version: '1'}}\n{CONTRACT}"
    told = mocked(text).ask(asked)
    assert told.status == 501
    (fault,) = told.json["faults"]
    assert f"openapi.yaml:{place[0] + HEAD_LINES}:{place[1]}: {asked}: " in fault["message"]
    assert says in fault["message"]
