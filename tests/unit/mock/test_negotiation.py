"""How `Accept` is read, and how values are written as what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from understudy_mock.media import to_json
from understudy_mock.negotiation import ranges
from understudy_mock.rendering import concrete, content_type, encode

if TYPE_CHECKING:
    from conftest import Serve


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/html", [("text/html", (), 1.0)]),
        ("Text/HTML ; Level=1 ; q=0.5", [("text/html", (("level", "1"),), 0.5)]),
        ("a/b;q=2, c/d;q=-1, e/f;q=x", [("a/b", (), 1.0), ("c/d", (), 0.0), ("e/f", (), 0.0)]),
        ('a/b;version="2"', [("a/b", (("version", "2"),), 1.0)]),
        (", ,a/b,", [("a/b", (), 1.0)]),
        ("nonsense", [("", (), 0.0)]),
        (" , ", []),
    ],
)
def test_an_accept_header_is_read(accept: str, expected: list[Any]) -> None:
    assert [(one.name, one.parameters, one.quality) for one in ranges(accept)] == expected


def test_a_header_of_any_length_is_read_in_part() -> None:
    assert len(ranges(",".join(["a/b"] * 100_000))) == 50


@pytest.mark.parametrize(
    ("media_type", "types", "expected"),
    [
        ("text/csv; header=present", {"string"}, "text/csv; header=present"),
        ("*/*", {"string"}, "text/plain"),
        ("*/*", {"string", "object"}, "application/json"),
        ("image/*", {"string"}, "image/png"),
        ("font/*", {"string"}, "application/octet-stream"),
    ],
)
def test_a_range_is_written_as_something_concrete(media_type: str, types: set[str], expected: str) -> None:
    assert concrete(media_type, frozenset(types)) == expected


@pytest.mark.parametrize(
    ("media_type", "value", "expected"),
    [
        ("application/x-ndjson", [{"a": 1}, "b"], b'{"a":1}\n"b"\n'),
        ("text/event-stream", ["a\nb", 1], b"data: a\ndata: b\n\ndata: 1\n\n"),
        ("text/csv", [[1, None, "x,y"]], b'1,,"x,y"\r\n'),
        ("text/plain", {"a": [1]}, b'{"a":[1]}'),
        ("text/plain", "as is", b"as is"),
        ("application/x-www-form-urlencoded", {"a b": ["\u00e9", 1], "c": None}, b"a+b=%C3%A9&a+b=1&c="),
        ("application/xml", {"a": {"1b": "<&\u0001"}}, b'encoding="UTF-8"?>\n<root><a><_1b>&lt;&amp;</_1b></a></root>'),
        ("application/xml", [[1], {"x y": 2}], b"\n<root><root><root>1</root></root><root><x_y>2</x_y></root></root>"),
        ("application/problem+json", "text", b'"text"'),
    ],
)
def test_a_value_is_written(media_type: str, value: Any, expected: bytes) -> None:
    assert encode(media_type, value).endswith(expected)


def test_a_part_can_not_end_its_own_header() -> None:
    body = encode("multipart/form-data", {'a"\r\nX: y': {"n": 1}})
    assert b'name="a%22%0D%0AX: y"\r\nContent-Type: application/json\r\n\r\n{"n":1}' in body
    boundary = content_type("multipart/form-data", body).partition("boundary=")[2]
    assert body.endswith(f"--{boundary}--\r\n".encode())
    assert content_type("text/plain", body) == "text/plain"


SCHEMAS = """\
paths:
  /a:
    get:
      responses:
        "200":
          description: x
          content: {application/xml: {schema: {$ref: '#/components/schemas/Thing'}, example: EXAMPLE}}
components:
  schemas:
    Leaf: {type: string, xml: {name: leaf}}
    Thing:
      type: object
      properties:
        wrapped: {type: array, xml: {wrapped: true}, items: {$ref: '#/components/schemas/Leaf'}}
        plain: {type: array, items: {type: array, items: {type: integer}}}
        unbound: {type: string, xml: {prefix: p}}
        bound: {type: object, xml: {prefix: q, namespace: 'urn:q'}, properties: {in: {type: string, xml: {prefix: q}}}}
        mark: {type: string, xml: {attribute: true, namespace: 'urn:m', prefix: m}}
        text: {type: string, xml: {nodeType: text}}
"""


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ({"wrapped": ["a", "b"]}, "<Thing><wrapped><leaf>a</leaf><leaf>b</leaf></wrapped></Thing>"),
        ({"wrapped": []}, "<Thing><wrapped /></Thing>"),
        ({"plain": [[1], [2]]}, "<Thing><plain><plain>1</plain></plain><plain><plain>2</plain></plain></Thing>"),
        ({"unbound": "x"}, "<Thing><unbound>x</unbound></Thing>"),
        ({"bound": {"in": "x"}}, '<Thing xmlns:ns0="urn:q"><ns0:bound><ns0:in>x</ns0:in></ns0:bound></Thing>'),
        ({"mark": 'a"b'}, '<Thing xmlns:ns0="urn:m" ns0:mark="a&quot;b" />'),
        ({"text": "only"}, "<Thing>only</Thing>"),
        ({"further": {"deep": None}}, "<Thing><further><deep /></further></Thing>"),
    ],
)  # fmt: skip
def test_xml_is_named_and_nested_as_its_schema_says(mocked: Serve, example: Any, expected: str) -> None:
    told = mocked(SCHEMAS.replace("EXAMPLE", to_json(example).decode())).ask("GET /a")
    assert ET.tostring(ET.fromstring(told.body), encoding="unicode") == expected  # noqa: S314 - our own writing


def test_a_generated_value_is_written_as_xml(mocked: Serve) -> None:
    told = mocked(SCHEMAS.replace(", example: EXAMPLE", "")).ask("GET /a")
    assert ET.fromstring(told.body).tag == "Thing"  # noqa: S314 - our own writing
    assert told.headers["content-type"] == "application/xml"


HEADERS = """\
paths:
  /a:
    get:
      deprecated: true
      x-sunset: SUNSET
      responses:
        "200":
          description: x
          headers: {H: HEADER, Deprecation: {schema: {type: string}, example: 'false'}}
"""


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("{schema: {type: integer}, example: '7'}", "7"),
        ("{schema: {type: integer}, examples: {bad: {value: x}, good: {value: 8}}}", "8"),
        ("{schema: {enum: [made]}}", "made"),
        ("{schema: {type: integer, maximum: 1, minimum: 2}, example: x}", "x"),
        ("{schema: {type: object}, explode: true, example: {a: 1, b: [2]}}", "a=1,b=[2]"),
        ("{schema: {type: array}, example: [a, 1]}", "a,1"),
        ("{content: {application/json: {example: [1, {a: null}]}}}", '[1,{"a":null}]'),
        ("{description: nothing}", None),
    ],
)
def test_a_header_is_written(mocked: Serve, header: str, expected: str | None) -> None:
    told = mocked(HEADERS.replace("HEADER", header)).ask("GET /a")
    assert told.headers.get("h") == expected


@pytest.mark.parametrize(
    ("sunset", "expected"),
    [
        ("'2030-06-01'", "Sat, 01 Jun 2030 00:00:00 GMT"),
        ("'2030-06-01T12:00:00+02:00'", "Sat, 01 Jun 2030 10:00:00 GMT"),
        ("soon", None),
        ("7", None),
    ],
)
def test_a_sunset_is_an_http_date(mocked: Serve, sunset: str, expected: str | None) -> None:
    told = mocked(HEADERS.replace("HEADER", "{schema: {enum: [x]}}").replace("SUNSET", sunset)).ask("GET /a")
    assert told.headers.get("sunset") == expected
    assert told.headers["deprecation"] == "false", "what the contract declares goes before ours"
