"""Sequential media types: written and read item by item, from `itemSchema` and examples of OpenAPI 3.2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from understudy.check import check
from understudy_mock.media import MalformedError, from_json
from understudy_mock.sequences import sequence_reader, sequence_writer

if TYPE_CHECKING:
    from conftest import Read, Serve

HEAD = "openapi: 3.2.0\ninfo: {title: Probe, version: '1'}\n"
ITEM = "{type: object, required: [n], additionalProperties: false, properties: {n: {type: integer, minimum: 3}}}"


@pytest.mark.parametrize(
    ("media_type", "items", "content"),
    [
        ("application/jsonl", [{"a": 1}, [2], None], b'{"a":1}\n[2]\nnull\n'),
        ("application/x-ndjson; charset=utf-8", ["\n"], b'"\\n"\n'),
        ("application/json-seq", [1, {"a": 2}], b'\x1e1\n\x1e{"a":2}\n'),
        ("application/geo+json-seq", [], b""),
        (
            "text/event-stream",
            [{"event": "a", "id": "1", "retry": 5, "data": "x\ny"}, {"data": '{"n":1}'}],
            b'event: a\nid: 1\nretry: 5\ndata: x\ndata: y\n\ndata: {"n":1}\n\n',
        ),
    ],
)
def test_items_are_written_and_read_back(media_type: str, items: list[Any], content: bytes) -> None:
    write, read = sequence_writer(media_type), sequence_reader(media_type)
    assert write
    assert read
    assert write(items) == content
    assert read(content) == items


def test_what_is_no_event_becomes_the_data_of_one() -> None:
    write = sequence_writer("text/event-stream")
    assert write
    assert write([{"n": 1}, "a"]) == b'data: {"n":1}\n\ndata: a\n\n'


@pytest.mark.parametrize("media_type", ["application/json", "text/plain"])
def test_other_media_types_are_no_sequences(media_type: str) -> None:
    assert sequence_writer(media_type) is None
    assert sequence_reader(media_type) is None


@pytest.mark.parametrize(("media_type", "content"), [("application/jsonl", b"{"), ("text/event-stream", b"\xff")])
def test_items_that_are_none_are_malformed(media_type: str, content: bytes) -> None:
    read = sequence_reader(media_type)
    assert read
    with pytest.raises(MalformedError):
        read(content)


def stream(media_type: str, media: str) -> str:
    response = f"{{description: ok, content: {{{media_type}: {media}}}}}"
    return HEAD + f"paths: {{/a: {{get: {{operationId: a, responses: {{'200': {response}}}}}}}}}\n"


def test_items_are_made_from_their_schema(mocked: Serve) -> None:
    answer = mocked(stream("application/jsonl", f"{{itemSchema: {ITEM}}}")).ask("GET /a")
    items = [from_json(line) for line in answer.body.splitlines()]
    assert items
    assert all(item["n"] >= 3 for item in items)
    assert answer.headers["content-type"] == "application/jsonl"


@pytest.mark.parametrize(
    ("example", "body"),
    [
        ("{value: [{n: 3}, {n: 4}]}", b'{"n":3}\n{"n":4}\n'),
        ("{dataValue: [{n: 5}]}", b'{"n":5}\n'),
        ("{serializedValue: '{\"n\": 7}\n'}", b'{"n": 7} '),
    ],
)
def test_examples_are_served_as_they_are_told(mocked: Serve, example: str, body: bytes) -> None:
    answer = mocked(stream("application/jsonl", f"{{itemSchema: {ITEM}, examples: {{e: {example}}}}}")).ask("GET /a")
    assert answer.body == body


def test_a_serialized_example_of_json_is_that_json(mocked: Serve) -> None:
    media = f"{{schema: {ITEM}, examples: {{e: {{serializedValue: '{{\"n\": 7}}'}}}}}}"
    assert mocked(stream("application/json", media)).ask("GET /a").json == {"n": 7}


def test_check_holds_the_items_of_an_example_to_their_schema(contract: Read) -> None:
    media = f"{{itemSchema: {ITEM}, examples: {{e: {{dataValue: [{{n: 3}}, {{n: 1}}]}}}}}}"
    found = [one for one in check(contract(stream("application/jsonl", media))) if one.rule == "examples"]
    assert [one.location.pointer.rpartition("/dataValue")[2] for one in found if one.location] == ["/1/n"]


def test_the_schema_of_the_whole_counts_too(mocked: Serve) -> None:
    media = f"{{schema: {{minItems: 5}}, itemSchema: {ITEM}, examples: {{short: {{value: [{{n: 3}}]}}}}}}"
    assert mocked(stream("application/jsonl", media)).ask("GET /a").body.count(b"\n") == 5


def test_items_of_a_body_are_held_to_their_schema(mocked: Serve) -> None:
    mock = mocked(
        HEAD
        + f"""\
paths:
  /a:
    post:
      requestBody: {{required: true, content: {{application/jsonl: {{itemSchema: {ITEM}}}}}}}
      responses: {{'204': {{description: ok}}, '422': {{description: no}}}}
"""
    )
    assert mock.ask("POST /a", b'{"n":3}\n{"n":4}\n', content_type="application/jsonl").status == 204
    assert mock.ask("POST /a", b'{"n":3}\n{"n":1}\n', content_type="application/jsonl").status == 422
