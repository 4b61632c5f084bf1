"""Queries of RFC 9535, and what becomes of those that are none or too much."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from understudy.contract.overlays.querying import Budget, QueryError, compile_query, write_query

DOCUMENT: dict[str, Any] = {
    "items": [{"name": "a", "price": Decimal("0.1")}, {"name": "b", "on": False}, 0, False, None],
    "text": "one\rtwo",
    "it's": {"\n": 1},
    "paths": {"/a": {"get": {"tags": ["paged"]}}, "/b": {"get": {}}},
}


@pytest.mark.parametrize(
    ("query", "selected"),
    [
        ("$", [()]),
        ("$.items[?@.price == 0.1]", [("items", 0)]),  # decimals are as the query's own numbers
        ("$.items[?@.price > 0.05]", [("items", 0)]),
        ("$.items[?@.on == false]", [("items", 1)]),
        ("$.items[?@ == 0]", [("items", 2)]),  # false is not 0
        ("$.items[?@]", [("items", index) for index in range(5)]),  # false, 0 and null exist
        ("$.items[?@.name]", [("items", 0), ("items", 1)]),
        ("$.items[-1, 0, 0]", [("items", 4), ("items", 0)]),  # each once, in order
        ("$..name", [("items", 0, "name"), ("items", 1, "name")]),
        ("$.items[?match(@.name, '[ax]')]", [("items", 0)]),
        ("$.items[?match(@.name, 'x|a')]", [("items", 0)]),
        ("$[?search(@, 'e.t')]", []),  # a dot is no line end
        ("$[?search(@, 'e[\\\\r]t')]", [("text",)]),
        ("$[?search(@, '(')]", []),  # no regular expression is no match
        ("$.paths[?@.get['tags'][?@ == 'paged']].get", [("paths", "/a", "get")]),
        ("$.nothing.at.all", []),
    ],
)
def test_a_query_selects_places(query: str, selected: list[object]) -> None:
    assert compile_query(query).select(DOCUMENT) == selected


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("", 0, "A query starts with `$`, the root of the document."),
        ("paths", 0, "A query starts with `$`, the root of the document."),
        (" $", 0, "A query starts with `$`, the root of the document."),
        ("$.paths./a", 8, "Unexpected token '/'."),
        ("$.a[?@.x = 1]", 9, "Unexpected token '='."),
        ("$.a[?hash(@)]", 5, "Function 'hash' is not defined."),
        ("$.a[", 4, "Unexpected end of query."),
        ("$.a | $.b", 4, "Unexpected token '|'."),
        ("$.~a", 2, "Unexpected token '~'."),
        ("$[?@ == 1e400]", 0, "A number in the query is too large."),
        ("$[?" + "(" * 5000 + "@" + ")" * 5000 + "]", 0, "The query has more than 10,000 characters."),
        ("$[?" + "(" * 4000 + "@" + ")" * 4000 + "]", 0, "The query is nested too deeply."),
    ],
)
def test_what_is_no_query_says_where(text: str, offset: int, message: str) -> None:
    with pytest.raises(QueryError) as error:
        compile_query(text)
    assert (error.value.message, error.value.offset) == (message, offset)


@pytest.mark.parametrize("query", ["$..*..*..*", "$..[?@..[?@..x]]", "$..*..*..nothing", "$..[?count(@..*) == -1]"])
def test_too_much_work_ends(query: str) -> None:
    deep: Any = {}
    for _ in range(8):
        deep = {"a": deep, "b": deep}
    with pytest.raises(QueryError, match="looks at more than 5,000 values"):
        compile_query(query).select(deep, Budget(5_000))


def test_a_deep_document_is_no_matter() -> None:
    deep: Any = {"end": 1}
    for _ in range(190):
        deep = {"a": deep}
    assert compile_query("$..end").select(deep) == [(*["a"] * 190, "end")]


def test_a_regular_expression_takes_time_in_proportion() -> None:
    assert compile_query("$[?match(@, '(a+)+b')]").select({"x": "a" * 100_000}) == []


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ((), "$"),
        (("paths", "/a", "get", "tags", 0), "$.paths['/a'].get.tags[0]"),
        (("items", 1, "on"), "$.items[?@.name == 'b'].on"),
        (("items", 2), "$.items[2]"),
        (("it's", "\n"), "$['it\\'s']['\\n']"),
    ],
)
def test_a_place_is_written_as_a_query_for_it_alone(tokens: tuple[str | int, ...], text: str) -> None:
    assert write_query(DOCUMENT, tokens) == text
    assert compile_query(text).select(DOCUMENT) == [tokens]


def test_items_of_one_name_are_told_apart() -> None:
    parameters = [{"name": "id", "in": "path"}, {"name": "id", "in": "query"}, {"name": "x", "in": "a"}] * 1
    same = [{"name": "a"}, {"name": "a"}]
    assert write_query(parameters, (1,)) == "$[?@.name == 'id' && @.in == 'query']"
    assert write_query(same, (1,)) == "$[1]"
