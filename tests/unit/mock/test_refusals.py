"""The faults of a request are told in the shape of error that the contract declares."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Serve

AGE, NAME = "age must be at least 18", "name is required"

CONTRACT = """\
paths:
  /people:
    post:
      operationId: addPerson
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [age, name]
              properties: {age: {type: integer, minimum: 18}, name: {type: string}}
      responses:
        "204": {description: Added.}
"""
SHAPES: dict[str, tuple[str, Any]] = {
    "one text": ("{type: object, required: [error], properties: {error: {type: string}}}", {"error": f"{NAME}; {AGE}"}),
    "message and status": (
        "{type: object, required: [message, status], properties: {message: {type: string}, status: {type: integer}}}",
        {"message": f"{NAME}; {AGE}", "status": 422},
    ),
    "a text code stays what it is": (
        "{type: object, properties: {code: {type: string, const: INVALID}, message: {type: string}}}",
        {"code": "INVALID", "message": f"{NAME}; {AGE}"},
    ),
    "problem details": (
        "{type: object, properties: {type: {const: about:blank}, title: {type: string}, status: {type: integer}}}",
        {"type": "about:blank", "title": f"{NAME}; {AGE}", "status": 422},
    ),
    "texts by field": (
        """{type: object, required: [message, errors], properties: {message: {const: Bad.},
            errors: {type: object, additionalProperties: {type: array, items: {type: string}}}}}""",
        {"message": "Bad.", "errors": {"age": [AGE], "name": [NAME]}},
    ),
    "one text by field": (
        """{type: object, required: [errors], properties: {errors:
            {type: object, minProperties: 1, additionalProperties: {type: string}}}}""",
        {"errors": {"age": AGE, "name": NAME}},
    ),
    "a list of texts": (
        "{type: object, properties: {errors: {type: array, minItems: 1, items: {type: string}}}}",
        {"errors": [NAME, AGE]},
    ),
    "a list of objects": (
        """{type: object, properties: {violations: {type: array, minItems: 1, items: {type: object, required:
            [field, message, rule], properties: {field: {type: string}, message: {type: string},
            rule: {type: string}}}}}}""",
        {
            "violations": [
                {"field": "name", "message": NAME, "rule": "required"},
                {"field": "age", "message": AGE, "rule": "minimum"},
            ]
        },
    ),
    "loc as a list, as in FastAPI": (
        """{type: object, properties: {details: {type: array, minItems: 1, items: {type: object, properties:
            {location: {type: array, items: {type: string}, minItems: 1}, msg: {type: string},
            type: {type: string}}}}}}""",
        {
            "details": [
                {"location": ["name"], "msg": NAME, "type": "required"},
                {"location": ["age"], "msg": AGE, "type": "minimum"},
            ]
        },
    ),
    "an error inside an envelope": (
        """{type: object, required: [ok, error], properties: {ok: {const: false}, error: {type: object, required:
            [code, message], properties: {code: {type: integer}, message: {type: string}}}}}""",
        {"ok": False, "error": {"code": 422, "message": f"{NAME}; {AGE}"}},
    ),
    "a bare text": ("{type: string}", f"{NAME}; {AGE}"),
}


def declared(status: str, schema: str) -> str:
    response = f'"{status}":\n  description: Faulty.\n  content:\n    application/json:\n      schema: {schema}\n'
    return CONTRACT + indent(response, " " * 8)


@pytest.mark.parametrize(("schema", "expected"), SHAPES.values(), ids=SHAPES)
def test_the_faults_stand_in_the_declared_shape(mocked: Serve, schema: str, expected: Any) -> None:
    told = mocked(declared("422", schema)).ask("POST /people", {"age": 7})
    assert (told.status, told.headers["content-type"]) == (422, "application/json")
    assert told.json == expected


def test_alternatives_are_tried_until_one_has_room_for_the_faults(mocked: Serve) -> None:
    plain = "{type: object, required: [reason], properties: {reason: {const: x}}, additionalProperties: false}"
    schema = f"{{oneOf: [{plain}, {SHAPES['a list of texts'][0]}]}}"
    told = mocked(declared("400", schema)).ask("POST /people", {"age": 7})
    assert (told.status, told.json) == (400, {"errors": [NAME, AGE]})


def test_an_example_lends_its_other_fields(mocked: Serve) -> None:
    schema = SHAPES["texts by field"][0].replace("{const: Bad.}", "{type: string}")
    example = "\n              example: {message: Oh dear., errors: {}}\n"
    told = mocked(declared("422", schema).rstrip() + example).ask("POST /people", {"age": 7})
    assert told.json == {"message": "Oh dear.", "errors": {"age": [AGE], "name": [NAME]}}


def test_what_has_no_place_for_faults_stays_the_documented_example(mocked: Serve) -> None:
    text = declared("422", "{type: object, properties: {ok: {type: boolean}}}").rstrip()
    told = mocked(text + "\n              example: {ok: false}\n").ask("POST /people", {"age": 7})
    assert told.json == {"ok": False}


@pytest.mark.parametrize(
    ("keys", "status"),
    [(("422", "400"), 422), (("400",), 400), (("4XX",), 422), (("default",), 422), (("404",), 422), ((), 422)],
)
def test_the_first_declared_status_is_taken(mocked: Serve, keys: tuple[str, ...], status: int) -> None:
    lines = "".join(f'        "{key}": {{description: Faulty.}}\n' for key in keys)
    assert mocked(CONTRACT + lines).ask("POST /people", {"age": 7}).status == status


def test_without_a_declaration_problem_details_list_all_faults(mocked: Serve) -> None:
    told = mocked(CONTRACT).ask("POST /people", {"age": "x"})
    assert (told.status, told.headers["content-type"]) == (422, "application/problem+json")
    listed = [(fault["location"], fault["pointer"], fault["rule"]) for fault in told.json["faults"]]
    assert sorted(listed) == [("body", "age", "type"), ("body", "name", "required")]
    assert (told.json["title"], told.json["status"]) == ("Unprocessable Content", 422)


def test_the_wording_is_the_contracts_where_it_has_one(mocked: Serve) -> None:
    behaviour = "wording: {required: 'Where is {field}?', minimum: '{field} under {limit}'}"
    served = mocked(declared("422", SHAPES["a list of texts"][0]), behaviour=behaviour)
    assert served.ask("POST /people", {"age": 7}).json == {"errors": ["Where is name?", "age under 18"]}
