"""Raw text of a parameter becomes the value its schema speaks of (OpenAPI, Style Values)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from understudy.contract.bundling import Bundle
from understudy.contract.model import Contract
from understudy_mock.coercion import coerce_text
from understudy_mock.exchange import Exchange, Fault
from understudy_mock.media import MalformedError
from understudy_mock.parameters import compile_parameters, read_form
from understudy_mock.schema_facts import SchemaFacts

if TYPE_CHECKING:
    from understudy_mock.parameters import Parameters

LIST = "schema: {type: array, items: {type: integer}}"
TEXTS = "schema: {type: array, items: {type: string}}"
OBJECT = "schema: {type: object, properties: {R: {type: integer}, G: {type: string}}}"
MAP = "schema: {type: object, additionalProperties: {type: integer}}"
RG = {"R": 100, "G": "200"}


def parameters(declared: str) -> Parameters:
    entry = {"name": "c", "required": False, **yaml.safe_load(declared)}
    operation = {"parameters": [entry], "responses": {}}
    key = {"type": "apiKey", "in": "query", "name": "key"}
    components = {"securitySchemes": {"key": key}}
    document = {"openapi": "3.1.0", "paths": {"/{c}": {"get": operation}}, "components": components}
    made = Contract("probe", Bundle(document, {}))
    return compile_parameters(made, SchemaFacts(made), made.operations[0].parameters, ["c"])


def read(declared: str, raw: str, *headers: str) -> tuple[dict[str, Any], list[Fault]]:
    """Read one parameter from a query, from path or cookie text, or from header lines."""
    location = yaml.safe_load(declared)["in"]
    sent = [(b"c", line.encode("latin-1")) for line in headers]
    sent += [(b"cookie", raw.encode())] if location == "cookie" else []
    query = raw.encode() if location == "query" else b""
    exchange = Exchange("GET", "/", query, sent, path_values=(raw,))
    faults: list[Fault] = []
    parameters(declared).read(exchange, faults)
    return exchange.values[location], faults


@pytest.mark.parametrize(
    ("declared", "raw", "value"),
    [
        (f"{{in: query, {LIST}}}", "c=1&c=2", [1, 2]),
        (f"{{in: query, {LIST}}}", "c=1", [1]),
        (f"{{in: query, explode: false, {LIST}}}", "c=1,2", [1, 2]),
        (f"{{in: query, explode: false, {LIST}}}", "c=", []),
        (f"{{in: query, {TEXTS}}}", "c=1,2&c=", ["1,2", ""]),
        (f"{{in: query, style: spaceDelimited, explode: false, {LIST}}}", "c=1%202", [1, 2]),
        (f"{{in: query, style: spaceDelimited, explode: false, {LIST}}}", "c=1+2", [1, 2]),
        (f"{{in: query, explode: false, {TEXTS}}}", "c=a%2Cb,c", ["a,b", "c"]),
        (f"{{in: query, explode: false, {TEXTS}}}", "c=a%2Cb", ["a,b"]),
        (f"{{in: query, explode: false, {TEXTS}}}", "c=a+b,%2B", ["a b", "+"]),
        (f"{{in: query, style: pipeDelimited, explode: false, {TEXTS}}}", "c=a%7Cb|c", ["a|b", "c"]),
        (f"{{in: query, style: pipeDelimited, explode: false, {TEXTS}}}", "c=a%7cb,c", ["a", "b,c"]),
        (f"{{in: query, style: pipeDelimited, explode: false, {TEXTS}}}", "c=a|b&c=d", ["a", "b", "d"]),
        (f"{{in: query, explode: false, {OBJECT}}}", "c=R,100,G,2%2C0", {"R": 100, "G": "2,0"}),
        (f"{{in: query, explode: false, {OBJECT}}}", "c=", {}),
        (f"{{in: query, {MAP}}}", "a=1&b=2&__seed=3&key=4", {"a": 1, "b": 2}),
        (f"{{in: query, style: deepObject, {OBJECT}}}", "c[R]=100&c[G]=%5Ba%5D", {"R": 100, "G": "[a]"}),
        (f"{{in: path, style: label, explode: true, {OBJECT}}}", ".R=100.G=2%2E0", {"R": 100, "G": "2.0"}),
        (f"{{in: path, style: matrix, {LIST}}}", ";c", []),
        ("{in: path, style: matrix, schema: {type: string}}", ";c", ""),
        (f"{{in: path, style: matrix, explode: true, {TEXTS}}}", ";c=a%3Bc%3Db;c=d", ["a;c=b", "d"]),
        (f"{{in: cookie, {TEXTS}}}", "c=a%2Cb; c=c", ["a,b", "c"]),
        (f"{{in: cookie, {TEXTS}}}", "c=a&c=%26c=", ["a", "&c="]),
        (f"{{in: cookie, {OBJECT}}}", "R=100&G=200", RG),
        (f"{{in: cookie, {OBJECT}}}", "R=100; G=200", RG),
        (f"{{in: cookie, style: cookie, {TEXTS}}}", "c=a%2Cb; c=c", ["a%2Cb", "c"]),
        (f"{{in: cookie, style: cookie, explode: false, {TEXTS}}}", "c=a%2Cb,c", ["a%2Cb", "c"]),
        ("{in: cookie, content: {application/json: {schema: {type: string}}}}", "c=%22%252C%22", "%2C"),
        (f"{{in: query, style: pipeDelimited, explode: false, {LIST}}}", "c=1|2", [1, 2]),
        (f"{{in: query, {OBJECT}}}", "R=100&G=200&x=1", RG),
        (f"{{in: query, explode: false, {OBJECT}}}", "c=R,100,G,200", RG),
        (f"{{in: query, style: pipeDelimited, explode: false, {OBJECT}}}", "c=R%7C100%7CG%7C200", RG),
        (f"{{in: query, style: deepObject, {OBJECT}}}", "c[R]=100&c%5BG%5D=200&d[R]=1", RG),
        (f"{{in: path, {LIST}}}", "1,2", [1, 2]),
        (f"{{in: path, {TEXTS}}}", "a%2Cb,%C3%A9", ["a,b", "\u00e9"]),
        (f"{{in: path, {OBJECT}}}", "R,100,G,200", RG),
        (f"{{in: path, explode: true, {OBJECT}}}", "R=100,G=200", RG),
        (f"{{in: path, style: label, {LIST}}}", ".1,2", [1, 2]),
        (f"{{in: path, style: label, explode: true, {LIST}}}", ".1.2", [1, 2]),
        (f"{{in: path, style: label, {OBJECT}}}", ".R,100,G,200", RG),
        (f"{{in: path, style: label, explode: true, {OBJECT}}}", ".R=100.G=200", RG),
        (f"{{in: path, style: matrix, {LIST}}}", ";c=1,2", [1, 2]),
        (f"{{in: path, style: matrix, explode: true, {LIST}}}", ";c=1;c=2", [1, 2]),
        (f"{{in: path, style: matrix, {OBJECT}}}", ";c=R,100,G,200", RG),
        (f"{{in: path, style: matrix, explode: true, {OBJECT}}}", ";R=100;G=200", RG),
        ("{in: path, style: matrix, schema: {type: string}}", ";c=a%20b", "a b"),
        ("{in: path, schema: {type: string}}", "a%2Fb+c", "a/b+c"),
        (f"{{in: cookie, explode: false, {LIST}}}", "b=3; c=1,2", [1, 2]),
        ("{in: cookie, schema: {type: string}}", 'c="x"', '"x"'),
        ("{in: query, schema: {type: string}}", "c=a+b%20c%2B", "a b c+"),
        ("{in: query, schema: {type: string}}", "c", ""),
        ("{in: query, schema: {type: string}}", "c==&d", "="),
        ("{in: query, schema: {type: [integer, 'null']}}", "c=null", None),
        ("{in: query, schema: {type: number}}", "c=1.50", Decimal("1.50")),
        ("{in: query, schema: {}}", "c=7", 7),
        ("{in: query, content: {application/json: {schema: {type: object}}}}", "c=%7B%22a%22:%5B1%5D%7D", {"a": [1]}),
        ("{in: query, content: {application/json: {schema: {type: string}}}}", "c=%22%252C%2B+%22", "%2C+ "),
    ],
)
def test_a_style_is_read(declared: str, raw: str, value: Any) -> None:
    values, faults = read(declared, raw)
    assert (repr(values["c"]), faults) == (repr(value), [])


def test_headers_are_lists_however_they_are_sent() -> None:
    assert read(f"{{in: header, {LIST}}}", "", "1", "2, 3")[0] == {"c": [1, 2, 3]}
    assert read(f"{{in: header, explode: true, {OBJECT}}}", "", "R=100, G=200")[0] == {"c": RG}
    assert read(f"{{in: header, {TEXTS}}}", "", "a%2Cb, c")[0] == {"c": ["a%2Cb", "c"]}
    assert read("{in: header, content: {application/json: {}}}", "", '"%2C"')[0] == {"c": "%2C"}


@pytest.mark.parametrize(
    ("declared", "raw", "rule"),
    [
        ("{in: query, required: true, schema: {type: string}}", "d=1", "required"),
        ("{in: query, schema: {type: string}}", "c=1&c=2", "malformed"),
        ("{in: query, schema: {type: integer}}", "c=1.5", "type"),
        ("{in: query, schema: {type: integer}}", "c=+1", "type"),
        ("{in: query, schema: {type: integer}}", "c=" + "9" * 5000, "type"),
        ("{in: query, schema: {type: boolean}}", "c=TRUE", "type"),
        ("{in: query, schema: {enum: [a, b]}}", "c=A", "enum"),
        (f"{{in: query, explode: false, {OBJECT}}}", "c=R,100,G", "malformed"),
        (f"{{in: query, explode: false, {LIST}}}", "c=1,x", "type"),
        ("{in: path, style: label, schema: {type: string}}", "x", "malformed"),
        ("{in: path, style: matrix, schema: {type: string}}", ";d=x", "malformed"),
        ("{in: query, content: {application/json: {schema: {}}}}", "c={", "malformed"),
    ],
)
def test_a_faulty_value_is_told(declared: str, raw: str, rule: str) -> None:
    _, faults = read(declared, raw)
    assert [(fault.tokens[0], fault.rule) for fault in faults] == [("c", rule)]


def test_a_fault_inside_a_value_has_its_place() -> None:
    _, faults = read(f"{{in: query, {LIST}}}", "c=1&c=x")
    assert [(fault.location, fault.tokens, fault.name) for fault in faults] == [("query", ("c", 1), "c.1")]


def test_a_default_stands_in_for_what_is_absent() -> None:
    assert read("{in: query, schema: {type: integer, default: 20}}", "")[0] == {"c": 20}
    assert read("{in: query, schema: {type: integer}}", "")[0] == {}


def test_headers_that_belong_to_http_are_no_parameters() -> None:
    made = parameters("{in: header, schema: {type: string}}")
    assert list(made.by_location) == ["header"]
    assert parameters("{in: header, name: Authorization, schema: {type: string}}").by_location == {}


@pytest.mark.parametrize(
    ("text", "types", "value"),
    [
        ("1", {"integer"}, 1),
        ("-0", {"integer"}, 0),
        ("1", {"string", "integer"}, 1),
        ("01", {"integer", "string"}, "01"),
        ("1.0", {"integer"}, Decimal("1.0")),
        ("true", {"boolean", "string"}, True),
        ("yes", {"boolean"}, "yes"),
        ("", {"null"}, None),
        ("", {"null", "string"}, ""),
        ("\u0663", {"integer"}, "\u0663"),
        ("1_000", {"integer"}, "1_000"),
        ("Infinity", {"number"}, "Infinity"),
    ],
)
def test_text_becomes_the_first_type_it_spells(text: str, types: set[str], value: Any) -> None:
    assert repr(coerce_text(text, frozenset(types))) == repr(value)


def test_form_bodies_are_utf_8() -> None:
    assert read_form(b"a=%C3%A9+x&b=&a=2") == [("a", "\u00e9 x"), ("b", ""), ("a", "2")]
    for content in (b"a=%FF", "a=\u00e9".encode("latin-1")):
        with pytest.raises(MalformedError):
            read_form(content)
