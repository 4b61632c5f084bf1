"""Error schemas of many shapes, with an example of their own, which lends its words; the faults are the real ones."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, Any

import pytest

from understudy.errors import InputError
from understudy_mock.error_names import for_rule, for_status
from understudy_mock.media import to_json

if TYPE_CHECKING:
    from conftest import Serve

AGE, NAME = "age must be at least 18", "name is required"
BOTH = f"{NAME}; {AGE}"

CONTRACT = """\
paths:
  /people:
    post:
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [name], properties: {age: {minimum: 18}, name: {type: string}}}
      responses:
        "204": {description: Added.}
        "400":
          description: Bad.
          content:
            MEDIA:
              schema: SCHEMA
"""


def declared(schema: Any, example: Any = None, media: str = "application/json") -> str:
    text = CONTRACT.replace("MEDIA", media).replace("SCHEMA", to_json(schema).decode())
    return text + (indent(f"example: {to_json(example).decode()}\n", " " * 14) if example is not None else "")


STRING: dict[str, Any] = {"type": "string"}
EXAMPLES: dict[str, tuple[Any, Any]] = {
    "sentences by field": (
        {"message": "Invalid.", "errors": {"mail": ["taken"]}, "trace": "t-1"},
        {"message": "Invalid.", "errors": {"name": [NAME], "age": [AGE]}, "trace": "t-1"},
    ),
    "sentence by field": ({"errors": {"mail": "taken"}}, {"errors": {"name": NAME, "age": AGE}}),
    "a list of sentences": ({"ok": False, "errors": ["taken"]}, {"ok": False, "errors": [NAME, AGE]}),
    "a list of objects": (
        {"errors": [{"field": "mail", "message": "taken", "help": "/help"}]},
        {
            "errors": [
                {"field": "name", "message": NAME, "help": "/help"},
                {"field": "age", "message": AGE, "help": "/help"},
            ]
        },
    ),
    "FastAPI": (
        {"detail": [{"loc": ["body", "mail"], "msg": "taken", "type": "value_error"}]},
        {
            "detail": [
                {"loc": ["body", "name"], "msg": NAME, "type": "required"},
                {"loc": ["body", "age"], "msg": AGE, "type": "minimum"},
            ]
        },
    ),
    "JSON:API": (
        {"errors": [{"status": "409", "title": "Bad", "detail": "taken", "source": {"pointer": "/data/mail"}}]},
        {
            "errors": [
                {"status": "400", "title": "Bad", "detail": NAME, "source": {"pointer": "/name"}},
                {"status": "400", "title": "Bad", "detail": AGE, "source": {"pointer": "/age"}},
            ]
        },
    ),
    "Google": (
        {
            "error": {
                "code": 409,
                "message": "No.",
                "details": [{"@type": "t", "fieldViolations": [{"field": "a", "description": "b"}]}],
            }
        },
        {
            "error": {
                "code": 400,
                "message": "No.",
                "details": [
                    {
                        "@type": "t",
                        "fieldViolations": [
                            {"field": "name", "description": NAME},
                            {"field": "age", "description": AGE},
                        ],
                    }
                ],
            }
        },
    ),
    "RFC 9457": (
        {"type": "/errors/bad", "title": "Bad", "status": 409, "invalid-params": [{"name": "mail", "reason": "taken"}]},
        {
            "type": "/errors/bad",
            "title": "Bad",
            "status": 400,
            "invalid-params": [{"name": "name", "reason": NAME}, {"name": "age", "reason": AGE}],
        },
    ),
    "GraphQL": (
        {"data": None, "errors": [{"message": "No.", "path": ["mail"], "extensions": {"code": "BAD"}}]},
        {
            "data": None,
            "errors": [
                {"message": NAME, "path": ["name"], "extensions": {"code": "required"}},
                {"message": AGE, "path": ["age"], "extensions": {"code": "minimum"}},
            ],
        },
    ),
    "an error of errors": (
        {"error": {"message": "No.", "errors": [{"reason": "taken", "location": "mail", "locationType": "body"}]}},
        {
            "error": {
                "message": "No.",
                "errors": [
                    {"reason": NAME, "location": "name", "locationType": "body"},
                    {"reason": AGE, "location": "age", "locationType": "body"},
                ],
            }
        },
    ),
    "one message": ({"message": "No.", "code": 7}, {"message": BOTH, "code": 400}),
    "one text": ("No.", BOTH),
    "an empty list": ({"errors": []}, {"errors": [NAME, AGE]}),
    "an empty map": ({"errors": {}}, {"errors": {"name": [NAME], "age": [AGE]}}),
}  # fmt: skip


@pytest.mark.parametrize(("example", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_is_filled_with_the_real_faults(mocked: Serve, example: Any, expected: Any) -> None:
    told = mocked(declared({}, example)).ask("POST /people", {"age": 7})
    assert (told.status, told.json) == (400, expected)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (
            {"type": "object", "properties": {"errors": {"type": "array", "maxItems": 1, "items": STRING}}},
            {"errors": [NAME]},
        ),
        (
            {"additionalProperties": False, "type": "object", "properties": {"message": STRING | {"maxLength": 4}}},
            {"message": "name"},
        ),
        (
            {"type": "object", "properties": {"errors": {"type": "array", "items": {
                "type": "object", "additionalProperties": False, "properties": {
                    "code": {"enum": ["missing", "other"]}, "in": {"enum": ["query", "body"]}, "detail": STRING}}}}},
            {"errors": [
                {"code": "missing", "in": "body", "detail": NAME},
                {"in": "body", "detail": AGE},
            ]},
        ),
        (
            {"type": "object", "required": ["code"], "properties": {"code": {"const": "E7"}, "message": STRING}},
            {"code": "E7", "message": BOTH},
        ),
        (
            {"type": "object", "properties": {"isError": {"type": "boolean"}, "ok": {"enum": [False]}, "msg": STRING}},
            {"isError": True, "ok": False, "msg": BOTH},
        ),
        (
            {"allOf": [{"type": "object", "properties": {"status": STRING}}, {"properties": {"detail": STRING}}]},
            {"status": "400", "detail": BOTH},
        ),
    ],
)  # fmt: skip
def test_what_the_schema_forbids_is_mended(mocked: Serve, schema: Any, expected: Any) -> None:
    assert mocked(declared(schema)).ask("POST /people", {"age": 7}).json == expected


@pytest.mark.parametrize("media", ["text/plain", "text/html"])
def test_text_is_told_as_text(mocked: Serve, media: str) -> None:
    told = mocked(declared(STRING, media=media)).ask("POST /people", {"age": 7})
    assert (told.headers["content-type"], told.body.decode()) == (media, BOTH)


def test_a_form_is_told_as_a_form(mocked: Serve) -> None:
    schema = {"type": "object", "properties": {"message": STRING}}
    told = mocked(declared(schema, media="application/x-www-form-urlencoded")).ask("POST /people", {"age": 7})
    assert told.body == b"message=name+is+required%3B+age+must+be+at+least+18"


def test_an_example_in_another_notation_is_sent_as_it_is(mocked: Serve) -> None:
    told = mocked(declared({"type": "object"}, "<no/>", media="application/xml")).ask("POST /people", {"age": 7})
    assert told.headers["content-type"] == "application/xml"
    assert told.body == b"<no/>"


def test_opaque_media_can_not_tell_faults(mocked: Serve) -> None:
    told = mocked(declared({"type": "object"}, media="application/pdf")).ask("POST /people", {"age": 7})
    assert told.headers["content-type"] == "application/problem+json"
    bare = mocked(declared({}, media="image/png").replace("schema: {}", "{}")).ask("POST /people", {"age": 7})
    assert bare.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "value", ["7", "{errors: message}", "{/a: nonsense}", "{/a: {value: 1}}", "{/a/*: field, /a/b: field}"]
)
def test_an_extension_that_can_not_be_understood_is_told(mocked: Serve, value: str) -> None:
    with pytest.raises(InputError) as caught:
        mocked(f"x-understudy-errors: {value}\n" + declared({}))
    assert caught.value.finding.rule == "errors-extension"
    assert caught.value.finding.location is not None
    assert caught.value.finding.location.line > 0


@pytest.mark.parametrize(
    ("options", "rule", "expected"),
    [
        (("E1", "IS_REQUIRED"), "required", "IS_REQUIRED"),
        (("min", "max"), "maximum", "max"),
        (("INVALID_FORMAT", "INVALID"), "pattern", "INVALID_FORMAT"),
        (("VALIDATION_ERROR", "OTHER"), "uniqueItems", "VALIDATION_ERROR"),
        (("A", "B"), "required", None),
    ],
)
def test_the_code_that_names_a_rule_is_chosen(options: tuple[str, ...], rule: str, expected: str | None) -> None:
    assert for_rule(options, rule, 422) == expected


def test_the_code_that_names_a_status_is_chosen() -> None:
    options = ("NOT_FOUND", "PERMISSION_DENIED", "UNAUTHENTICATED", "INVALID_ARGUMENT")
    assert [for_status(options, status) for status in (404, 403, 401, 422, 418)] == [*options, None]


def test_problems_are_told_where_they_are_asked_for(mocked: Serve) -> None:
    told = mocked(declared(STRING), error_format="problem").ask("POST /people", {"age": 7})
    assert (told.status, told.headers["content-type"]) == (400, "application/problem+json")
