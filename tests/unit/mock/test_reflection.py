"""What of a request comes back in the answer, and which example belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from understudy_mock.media import to_json
from understudy_mock.pairing import same

if TYPE_CHECKING:
    from conftest import Serve

CONTRACT = """\
paths:
  PATH:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    METHOD:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        "200": {description: x, content: {application/json: {schema: SCHEMA, example: EXAMPLE}}}
"""


def contract(method: str, example: Any, schema: Any = None, path: str = "/pets/{petId}") -> str:
    text = CONTRACT.replace("PATH", path).replace("METHOD", method)
    return text.replace("SCHEMA", to_json(schema or {}).decode()).replace("EXAMPLE", to_json(example).decode())


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ({"id": 1}, {"id": 42}),
        ({"id": "1"}, {"id": "42"}),
        ({"pet_id": 1, "id": 2}, {"pet_id": 42, "id": 2}),
        ({"ok": True, "data": {"id": 1}}, {"ok": True, "data": {"id": 42}}),
        ({"id": 1, "items": [{"petID": 1}, {"petID": 2}]}, {"id": 42, "items": [{"petID": 42}, {"petID": 42}]}),
        ([{"id": 1}], [{"id": 1}]),
        ({"name": "x"}, {"name": "x"}),
        ("text", "text"),
    ],
)
def test_the_path_comes_back_where_names_agree(mocked: Serve, example: Any, expected: Any) -> None:
    assert mocked(contract("get", example), remember=False).ask("GET /pets/42").json == expected


def test_an_id_in_the_middle_of_the_path_is_not_that_of_the_answer(mocked: Serve) -> None:
    served = mocked(contract("get", {"id": 1}, path="/pets/{petId}/owner"), remember=False)
    assert served.ask("GET /pets/42/owner").json == {"id": 1}


def test_what_the_schema_does_not_take_stays_as_it_was(mocked: Serve) -> None:
    schema = {"properties": {"id": {"maximum": 9}, "name": {"type": "string"}}}
    served = mocked(contract("put", {"id": 1, "name": "x"}, schema), remember=False)
    told = served.ask("PUT /pets/42", {"name": "Rex"})
    assert told.json == {"id": 1, "name": "Rex"}
    assert told.headers["understudy-explain"].endswith(", with the request's name")


@pytest.mark.parametrize(
    ("example", "sent", "expected"),
    [
        ({"name": "x", "age": 1}, {"name": "Rex", "other": 1}, {"name": "Rex", "age": 1}),
        ({"success": True, "message": "Saved"}, {"message": "hi"}, {"success": True, "message": "Saved"}),
        ({"status": "ok", "pet": {"name": "x"}}, {"name": "Rex"}, {"status": "ok", "pet": {"name": "Rex"}}),
        ({"name": "x"}, ["no", "object"], {"name": "x"}),
    ],
)
def test_a_body_comes_back_where_it_belongs(mocked: Serve, example: Any, sent: Any, expected: Any) -> None:
    text = contract("post", example).replace("schema: {type: object}", "schema: {}")
    assert mocked(text, remember=False).ask("POST /pets/42", sent).json == expected


def test_read_only_and_write_only_do_not_come_back(mocked: Serve) -> None:
    schema = {"properties": {"a": {"readOnly": True}, "b": {"writeOnly": True}, "c": {}}}
    told = mocked(contract("post", {"a": 1, "c": 1}, schema), remember=False).ask(
        "POST /pets/42", {"a": 2, "b": 2, "c": 2}
    )
    assert told.json == {"a": 1, "c": 2}


def test_a_forced_answer_is_the_documented_one(mocked: Serve) -> None:
    assert mocked(contract("get", {"id": 1}), remember=False).ask("GET /pets/42", prefer="code=200").json == {"id": 1}


PAIRS = """\
paths:
  /a:
    post:
      parameters:
        - {name: q, in: query, schema: {type: integer}, examples: {one: {value: 1}, both: {value: 2}}}
      requestBody:
        content: {application/json: {schema: {}, examples: {body: {value: {x: 1.0, y: [true]}}, both: {value: 0}}}}
      responses:
        "200":
          description: x
          content: {application/json: {examples: {first: {value: 0}, one: {value: 1}, body: {value: 2}}}}
        4XX: {description: x, content: {application/json: {examples: {both: {value: 3}}}}}
"""


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        ("", 7, (200, 0)),
        ("?q=1", 7, (200, 1)),
        ("", {"y": [True], "x": 1}, (200, 2)),
        ("", {"y": [1], "x": 1}, (200, 0)),
        ("?q=2", 0, (400, 3)),
        ("?q=2", 1, (200, 0)),
        ("", 0, (200, 0)),
    ],
)
def test_the_example_of_the_same_name_is_served(
    mocked: Serve, query: str, body: Any, expected: tuple[int, Any]
) -> None:
    told = mocked(PAIRS).ask(f"POST /a{query}", body)
    assert (told.status, told.json) == expected


def test_values_are_compared_as_json_does() -> None:
    assert same({"a": [1, None]}, {"a": [1.0, None]})
    assert not same(1, True)
    assert not same([1], [1, 2])
    assert not same({"a": 1}, {"a": 1, "b": 2})
