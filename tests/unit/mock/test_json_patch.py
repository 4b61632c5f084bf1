"""RFC 6902, with the examples of its appendix A."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from understudy_mock.state import json_patch
from understudy_mock.state.json_patch import PatchError, apply_patch

APPENDIX: list[tuple[str, Any, list[dict[str, Any]], Any]] = [
    ("A.1", {"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux"}], {"baz": "qux", "foo": "bar"}),
    ("A.2", {"foo": ["bar", "baz"]}, [{"op": "add", "path": "/foo/1", "value": "q"}], {"foo": ["bar", "q", "baz"]}),
    ("A.3", {"baz": "qux", "foo": "bar"}, [{"op": "remove", "path": "/baz"}], {"foo": "bar"}),
    ("A.4", {"foo": ["bar", "qux", "baz"]}, [{"op": "remove", "path": "/foo/1"}], {"foo": ["bar", "baz"]}),
    ("A.5", {"baz": "qux"}, [{"op": "replace", "path": "/baz", "value": "boo"}], {"baz": "boo"}),
    (
        "A.6",
        {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
        [{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}],
        {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
    ),
    (
        "A.7",
        {"foo": ["all", "grass", "cows", "eat"]},
        [{"op": "move", "from": "/foo/1", "path": "/foo/3"}],
        {"foo": ["all", "cows", "eat", "grass"]},
    ),
    (
        "A.8",
        {"baz": "qux", "foo": ["a", 2, "c"]},
        [{"op": "test", "path": "/baz", "value": "qux"}, {"op": "test", "path": "/foo/1", "value": Decimal("2.0")}],
        {"baz": "qux", "foo": ["a", 2, "c"]},
    ),
    ("A.10", {"foo": "bar"}, [{"op": "add", "path": "/child", "value": {"g": {}}}], {"foo": "bar", "child": {"g": {}}}),
    ("A.11", {"foo": "bar"}, [{"op": "add", "path": "/baz", "value": 1, "xyz": 1}], {"foo": "bar", "baz": 1}),
    ("A.14", {"/": 9, "~1": 10}, [{"op": "test", "path": "/~01", "value": 10}], {"/": 9, "~1": 10}),
    ("A.16", {"foo": ["bar"]}, [{"op": "add", "path": "/foo/-", "value": ["abc"]}], {"foo": ["bar", ["abc"]]}),
    ("whole", {"foo": 1}, [{"op": "replace", "path": "", "value": {"bar": 2}}], {"bar": 2}),
    ("copy", {"a": {"b": [1]}}, [{"op": "copy", "from": "/a/b/0", "path": "/a/c"}], {"a": {"b": [1], "c": 1}}),
    ("empty", {"": 1}, [{"op": "replace", "path": "/", "value": 2}], {"": 2}),
    ("same", {"a": 1}, [{"op": "move", "from": "/a", "path": "/a"}], {"a": 1}),
]


@pytest.mark.parametrize(
    ("value", "operations", "expected"), [row[1:] for row in APPENDIX], ids=[r[0] for r in APPENDIX]
)
def test_a_patch_does_what_its_operations_say(value: Any, operations: list[dict[str, Any]], expected: Any) -> None:
    before = repr(value)
    assert apply_patch(value, operations) == expected
    assert repr(value) == before


@pytest.mark.parametrize(
    ("operation", "member"),
    [
        ({"op": "test", "path": "/baz", "value": "bar"}, "value"),
        ({"op": "test", "path": "/one", "value": True}, "value"),
        ({"op": "test", "path": "/text", "value": 10}, "value"),
        ({"op": "test", "path": "/list", "value": [1]}, "value"),
        ({"op": "add", "path": "/a/b/c", "value": 1}, "path"),
        ({"op": "add", "path": "/list/3", "value": 1}, "path"),
        ({"op": "add", "path": "/list/01", "value": 1}, "path"),
        ({"op": "add", "path": "/list/-1", "value": 1}, "path"),
        ({"op": "add", "path": "/text/0", "value": 1}, "path"),
        ({"op": "add", "path": "/one"}, "value"),
        ({"op": "replace", "path": "/none", "value": 1}, "path"),
        ({"op": "replace", "path": "/list/-", "value": 1}, "path"),
        ({"op": "remove", "path": "/list/2"}, "path"),
        ({"op": "remove", "path": "/text/0"}, "path"),
        ({"op": "move", "from": "/baz", "path": "/baz/in"}, "path"),
        ({"op": "copy", "from": "/none", "path": "/x"}, "from"),
        ({"op": "copy", "path": "/x"}, "from"),
        ({"op": "add", "path": "one", "value": 1}, "path"),
        ({"op": "add", "path": 1, "value": 1}, "path"),
        ({"op": "merge", "path": "/one"}, "op"),
        ("add", ""),
    ],
)
def test_what_can_not_be_done_is_located(operation: Any, member: str) -> None:
    value = {"baz": {"in": 1}, "one": 1, "text": "10", "list": [1, 2]}
    with pytest.raises(PatchError) as caught:
        apply_patch(value, [{"op": "add", "path": "/fine", "value": 1}, operation])
    assert (caught.value.index, caught.value.member) == (1, member)
    assert caught.value.is_test == (isinstance(operation, dict) and operation["op"] == "test")


@pytest.mark.parametrize("operations", [{}, "x", None, [{"op": "remove", "path": "/a"}] * 1001])
def test_what_is_no_patch_is_refused(operations: Any) -> None:
    with pytest.raises(PatchError):
        apply_patch({"a": 1}, operations)


def test_copies_of_copies_do_not_fill_the_memory() -> None:
    double = {"op": "copy", "from": "", "path": "/x"}
    deep = [double] * 400
    with pytest.raises(PatchError):
        apply_patch({"a": 1}, deep)
    wide = [{"op": "copy", "from": "", "path": f"/{number}"} for number in range(60)]
    with pytest.raises(PatchError) as caught:
        apply_patch({"a": 1}, wide)
    assert 2**caught.value.index <= json_patch.MOST_VALUES * 2
