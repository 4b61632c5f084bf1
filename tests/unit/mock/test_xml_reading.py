"""XML bodies are read as the schema names and nests them, and what is written is read back."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from understudy_mock.media import MalformedError
from understudy_mock.schema_facts import SchemaFacts
from understudy_mock.xml_reading import read_xml
from understudy_mock.xml_writing import XmlWriter

if TYPE_CHECKING:
    from conftest import Read, Serve

SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
AT = ("components", "schemas", "Order")
ORDER = """\
    paths: {}
    components:
      schemas:
        Order:
          type: object
          required: [tags]
          xml: {name: order, namespace: 'urn:o', prefix: o}
          properties:
            id: {type: integer, xml: {attribute: true}}
            kind: {type: string, xml: {nodeType: attribute, name: k}}
            note: {type: [string, 'null']}
            paid: {type: boolean}
            tags: {type: array, items: {type: string, xml: {name: tag}}}
            lines: {type: array, xml: {wrapped: true}, items: {$ref: '#/components/schemas/Line'}}
        Line: {type: object, xml: {name: line}, properties: {sku: {type: string}, count: {type: integer}}}
        Text:
          type: object
          properties: {lang: {type: string, xml: {attribute: true}}, value: {type: string, xml: {nodeType: text}}}
"""


def facts(contract: Read) -> SchemaFacts:
    return SchemaFacts(contract("openapi: 3.2.0\ninfo: {title: X, version: '1'}\n" + dedent(ORDER)))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "<o:order xmlns:o='urn:o' id='7' k='x'><o:note>a</o:note></o:order>",
            {"id": 7, "kind": "x", "note": "a", "tags": []},
        ),
        ("<order><tag>a</tag><tag>b</tag><paid>true</paid></order>", {"tags": ["a", "b"], "paid": True}),
        (
            "<order><lines><line><sku>A</sku><count>2</count></line></lines></order>",
            {"tags": [], "lines": [{"sku": "A", "count": 2}]},
        ),
        ("<order><lines/></order>", {"tags": [], "lines": []}),
        (f"<order><note xmlns:i='{SCHEMA_INSTANCE}' i:nil='true'/></order>", {"tags": [], "note": None}),
        (
            "<order><more>1</more><more>2</more><own><a>b</a></own></order>",
            {"tags": [], "more": ["1", "2"], "own": {"a": "b"}},
        ),
        ("<order>words</order>", "words"),
        ("<order id='x'/>", {"id": "x", "tags": []}),
    ],
)
def test_elements_become_what_the_schema_says(contract: Read, text: str, value: Any) -> None:
    assert read_xml(text.encode(), facts(contract), AT) == value


def test_an_element_s_own_text_may_be_a_property(contract: Read) -> None:
    found = read_xml(b"<t lang='en'>Hello</t>", facts(contract), ("components", "schemas", "Text"))
    assert found == {"lang": "en", "value": "Hello"}


def test_without_a_schema_names_are_taken_as_they_stand() -> None:
    assert read_xml(b"<a><b>1</b><b>2</b><c/></a>", None, None) == {"b": ["1", "2"], "c": ""}


def test_what_is_written_is_read_back(contract: Read) -> None:
    known = facts(contract)
    order = {"id": 7, "note": "a < b & c", "paid": False, "tags": ["x", "y"], "lines": [{"sku": "A", "count": 2}]}
    assert read_xml(XmlWriter(known).document(order, AT).encode(), known, AT) == order


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not XML"),
        (b"<a>", "not XML"),
        (b"\xff\xfe<", "not XML"),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "document type"),
        (b"<a>" * 300 + b"</a>" * 300, "too deeply"),
    ],
)
def test_what_is_no_plain_document_is_malformed(content: bytes, message: str) -> None:
    with pytest.raises(MalformedError, match=message):
        read_xml(content, None, None)


def test_a_body_of_xml_is_held_to_its_schema(mocked: Serve) -> None:
    mock = mocked("""\
        paths:
          /a:
            post:
              requestBody:
                content:
                  application/xml:
                    schema: {type: object, required: [n], properties: {n: {type: integer, maximum: 9}}}
              responses:
                '204': {description: ok}
                '422': {description: no, content: {text/plain: {schema: {type: string}}}}
        """)
    assert mock.ask("POST /a", b"<a><n>3</n></a>", content_type="application/xml").status == 204
    refused = mock.ask("POST /a", b"<a><n>12</n></a>", content_type="application/xml")
    assert (refused.status, refused.headers["content-type"]) == (422, "text/plain")
    assert refused.body == b"n must be at most 9"
