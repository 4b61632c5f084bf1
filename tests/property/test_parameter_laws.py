"""What a client writes by RFC 6570 and the tables of OpenAPI (Style Values) is read as what it meant.

The writer stands here by itself and knows nothing of the reader. What a style can't carry is left out of the law: a dot
in an exploded label, a blank or plus between blanks, a lone item with a pipe (OpenAPI 3.1.1, appendix E).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contract.bundling import Bundle
from understudy.contract.model import Contract
from understudy_mock.exchange import Exchange
from understudy_mock.parameters import compile_parameters
from understudy_mock.schema_facts import SchemaFacts

if TYPE_CHECKING:
    from understudy_mock.exchange import Fault
    from understudy_mock.parameters import Parameters

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)
NAMES = ("R", "G", "a b", "x,y;z=&|")
FORBIDDEN = {"spaceDelimited": " ", "pipeDelimited": ""}
HEADER = st.text("abc%+;&.~é", min_size=1, max_size=6)

STYLES = [
    ("path", "simple", False),
    ("path", "simple", True),
    ("path", "label", False),
    ("path", "label", True),
    ("path", "matrix", False),
    ("path", "matrix", True),
    ("query", "form", False),
    ("query", "form", True),
    ("query", "spaceDelimited", False),
    ("query", "pipeDelimited", False),
    ("query", "deepObject", True),
    ("header", "simple", False),
    ("header", "simple", True),
    ("cookie", "form", False),
    ("cookie", "form", True),
    ("cookie", "cookie", False),
    ("cookie", "cookie", True),
]
KINDS = ("text", "number", "texts", "numbers", "object")
SCHEMAS = {
    "text": {"type": "string"},
    "number": {"type": "integer"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "numbers": {"type": "array", "items": {"type": "integer"}},
    "object": {"type": "object", "properties": {name: {"type": "string"} for name in NAMES}},
}


def carries(style: str, kind: str) -> bool:
    """Tell which types a style is defined for."""
    if style == "deepObject":
        return kind == "object"
    return style not in FORBIDDEN or kind in ("texts", "numbers", "object")


CASES = [(*style, kind) for style in STYLES for kind in KINDS if carries(style[1], kind)]


def values(location: str, style: str, *, explode: bool, kind: str) -> st.SearchStrategy[Any]:
    """Values of a kind that a style can carry; headers and cookies of style `cookie` are sent as they are."""
    as_it_is = location == "header" or style == "cookie"
    text = HEADER if as_it_is else TEXT
    if style == "spaceDelimited":
        text = text.filter(lambda found: not set(found) & {" "})
    if style == "label" and explode:
        text = text.filter(lambda found: "." not in found)
    if as_it_is:
        text = text.filter(lambda found: not set(found) & set(";,= "))
    names = st.sampled_from(NAMES[:2] if as_it_is or style in FORBIDDEN else NAMES)
    fewest = 2 if style == "pipeDelimited" else 1
    return {
        "text": text,
        "number": st.integers(-(10**12), 10**12),
        "texts": st.lists(text, min_size=fewest, max_size=4),
        "numbers": st.lists(st.integers(), min_size=fewest, max_size=4),
        "object": st.dictionaries(names, text, min_size=1),
    }[kind]


class Writer:
    """Expands one variable (RFC 6570, 3.2), or joins as the tables of OpenAPI do where the RFC knows no such style."""

    def __init__(self, location: str, style: str, *, explode: bool) -> None:
        self.style, self.explode = style, explode
        self.encode = str if location == "header" or style == "cookie" else (lambda text: quote(text, safe=""))

    def text(self, value: Any) -> str:
        return self.encode(str(value))

    def write(self, value: Any) -> str:
        if not isinstance(value, list | dict):
            return self._prefixed(self.text(value))
        return self._exploded(value) if self.explode else self._joined(value)

    def _prefixed(self, text: str) -> str:
        return {"label": f".{text}", "matrix": f";c={text}", "simple": text}.get(self.style, f"c={text}")

    def _joined(self, value: Any) -> str:
        delimiter = {"spaceDelimited": "%20", "pipeDelimited": "|"}.get(self.style, ",")
        parts = value if isinstance(value, list) else [part for pair in value.items() for part in pair]
        return self._prefixed(delimiter.join(map(self.text, parts)))

    def _exploded(self, value: Any) -> str:
        if self.style == "deepObject":
            return "&".join(f"c[{self.text(name)}]={self.text(held)}" for name, held in value.items())
        pairs = [("c", item) for item in value] if isinstance(value, list) else list(value.items())
        both = [f"{self.text(name)}={self.text(held)}" for name, held in pairs]
        alone = [self.text(held) for _, held in pairs] if isinstance(value, list) else both
        return {
            "simple": ",".join(alone),
            "label": "".join(f".{one}" for one in alone),
            "matrix": "".join(f";{one}" for one in both),
            "cookie": "; ".join(both),
        }.get(self.style, "&".join(both))


def parameters(location: str, style: str, *, explode: bool, kind: str) -> Parameters:
    declared = {"name": "c", "in": location, "style": style, "explode": explode, "schema": SCHEMAS[kind]}
    declared |= {"required": True} if location == "path" else {}
    document = {"openapi": "3.2.0", "paths": {"/{c}": {"get": {"parameters": [declared], "responses": {}}}}}
    contract = Contract("probe", Bundle(document, {}))
    return compile_parameters(contract, SchemaFacts(contract), contract.operations[0].parameters, ["c"])


COMPILED = {case: parameters(*case[:2], explode=case[2], kind=case[3]) for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(map(str, case)))
@given(data=st.data())
def test_what_is_written_is_read(case: tuple[str, str, bool, str], data: st.DataObject) -> None:
    location, style, explode, kind = case
    value = data.draw(values(location, style, explode=explode, kind=kind))
    written = Writer(location, style, explode=explode).write(value)
    headers = [(location.encode() if location == "cookie" else b"c", written.encode("latin-1", "replace"))]
    exchange = Exchange(
        "GET",
        "/",
        written.encode() if location == "query" else b"",
        headers if location in ("header", "cookie") else [],
        path_values=(written,),
    )
    faults: list[Fault] = []
    COMPILED[case].read(exchange, faults)
    assert (exchange.values[location].get("c"), faults) == (value, [])
