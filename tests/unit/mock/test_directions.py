"""The mock asks for nothing that only it may say, and shows nothing that only the client may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Serve

CONTRACT = """\
paths:
  /boxes:
    get:
      responses:
        "200":
          description: x
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Box'}}}}
    post:
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/Box'}}
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Lid'}}
      responses:
        "201":
          description: x
          content: {application/json: {schema: {$ref: '#/components/schemas/Box'}}}
        "422": {description: x}
  /shown:
    get:
      responses:
        "200":
          description: x
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Box'}
              example:
                id: 1
                key: k
                lid: {id: 2, key: k}
                inner: [{id: 3, key: k, lid: {id: 4}}]
                more: {x: {id: 5, key: k}}
components:
  schemas:
    Lid:
      type: object
      required: [id, key]
      properties: {id: {type: integer, readOnly: true}, key: {type: string, writeOnly: true}}
    Box:
      allOf:
        - $ref: '#/components/schemas/Lid'
        - type: object
          required: [lid]
          properties:
            lid: {oneOf: [{type: 'null'}, {$ref: '#/components/schemas/Lid'}]}
            inner: {type: array, items: {$ref: '#/components/schemas/Box'}}
            more: {type: object, additionalProperties: {$ref: '#/components/schemas/Lid'}}
"""
GOOD = {"key": "k", "lid": {"key": "k"}, "inner": [{"key": "k", "lid": {"key": "k"}}], "more": {"x": {"key": "k"}}}


def test_a_request_needs_no_read_only_property(mocked: Serve) -> None:
    told = mocked(CONTRACT).ask("POST /boxes", GOOD)
    assert told.status == 201
    assert b'"key"' not in told.body
    assert mocked(CONTRACT, remember=False).ask("POST /boxes", {"key": "k"}).status == 422


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({**GOOD, "id": 1}, "id"),
        ({**GOOD, "lid": {"key": "k", "id": 1}}, "lid.id"),
        ({**GOOD, "inner": [{"key": "k", "lid": {"key": "k", "id": 1}}]}, "inner.0.lid.id"),
        ({**GOOD, "more": {"x": {"key": "k", "id": 1}}}, "more.x.id"),
    ],
)
def test_a_read_only_property_that_is_sent_is_a_fault_with_its_place(mocked: Serve, body: object, name: str) -> None:
    told = mocked(CONTRACT, error_format="problem").ask("POST /boxes", body)
    assert told.status == 422
    assert [(fault["pointer"], fault["rule"]) for fault in told.json["faults"]] == [(name, "readOnly")]


def test_a_form_is_held_to_the_same(mocked: Serve) -> None:
    kind = "application/x-www-form-urlencoded"
    mock = mocked(CONTRACT, remember=False)
    assert mock.ask("POST /boxes", b"key=k", content_type=kind).status == 201
    assert mock.ask("POST /boxes", b"key=k&id=1", content_type=kind).status == 422


def test_an_example_is_shown_without_what_is_write_only(mocked: Serve) -> None:
    shown = mocked(CONTRACT).ask("GET /shown")
    assert shown.status == 200
    inner = [{"id": 3, "lid": {"id": 4}}]
    assert shown.json == {"id": 1, "lid": {"id": 2}, "inner": inner, "more": {"x": {"id": 5}}}


@pytest.mark.parametrize("line", ["GET /boxes", "GET /shown", "POST /boxes"])
@pytest.mark.parametrize("remember", [True, False])
def test_what_is_made_up_has_nothing_write_only(mocked: Serve, line: str, *, remember: bool) -> None:
    body = GOOD if line.startswith("POST") else None
    told = mocked(CONTRACT, remember=remember).ask(line, body, prefer="dynamic=true")
    assert told.status in (200, 201)
    assert b'"key"' not in told.body
    assert b'"id"' in told.body


def test_what_was_created_is_listed_without_what_is_write_only(mocked: Serve) -> None:
    mock = mocked(CONTRACT)
    mock.ask("POST /boxes", GOOD)
    assert b'"key"' not in mock.ask("GET /boxes").body
