"""YAML is read as JSON sees it, with the place of every key and value, and never as anything but plain data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from understudy.contract.yaml_reading import MAX_DEPTH, UnreadableError, read_yaml


def value(text: str) -> Any:
    return read_yaml(text)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("200: x", {"200": "x"}),
        ("true: x", {"true": "x"}),
        ("a: yes", {"a": "yes"}),
        ("a: no", {"a": "no"}),
        ("a: on", {"a": "on"}),
        ("a: 2024-01-15", {"a": "2024-01-15"}),
        ("a: 010", {"a": "010"}),
        ("a: 0x10", {"a": "0x10"}),
        ("a: 1_000", {"a": "1_000"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: +1", {"a": "+1"}),
        ("a: -0", {"a": 0}),
        ("a: 1.50", {"a": Decimal("1.50")}),
        ("a: 1e3", {"a": Decimal("1e3")}),
        ("a: ~", {"a": None}),
        ("a:", {"a": None}),
        ("a: 'null'", {"a": "null"}),
        ("a: !!str 5", {"a": "5"}),
        ("a: |\n  two\n  lines\n", {"a": "two\nlines\n"}),
        ("", None),
        ("[1, [2]]", [1, [2]]),
        ("a: &x {b: 1}\nc: *x\n", {"a": {"b": 1}, "c": {"b": 1}}),
        ("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\n", {"a": {"b": 1, "c": 2}, "d": {"b": 1, "c": 3}}),
    ],
)
def test_values(text: str, expected: Any) -> None:
    found = value(text)
    assert found == expected
    assert repr(found) == repr(expected) or isinstance(expected, dict)


@pytest.mark.parametrize(
    ("text", "rule", "mark"),
    [
        ("a: 1\nb: 2\na: 3\n", "input-duplicate-key", (3, 1)),
        ("a: !!python/object:os.system {}\n", "input-tag", (1, 4)),
        ("a: !own x\n", "input-tag", (1, 4)),
        ("a:\n\tb: 1\n", "input-tab", (2, 1)),
        ("a: *none\n", "input-anchor", (1, 4)),
        ("a: &x [*x]\n", "input-anchor", (1, 8)),
        ("? [a]\n: b\n", "input-key", (1, 3)),
        ("a: 1\n---\nb: 2\n", "input-documents", (2, 1)),
        ("a: .inf\n", "input-number", (1, 4)),
        ("a: .nan\n", "input-number", (1, 4)),
        ("a: [1\nb: 2\n", "input-syntax", (2, 2)),
        ("a: " + "[" * (MAX_DEPTH + 1), "input-depth", (1, MAX_DEPTH + 3)),
        ("a: \x01\n", "input-syntax", (1, 1)),
    ],
)
def test_refusals_name_their_place(text: str, rule: str, mark: tuple[int, int]) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_yaml(text)
    assert (caught.value.rule, caught.value.mark) == (rule, mark)
    assert caught.value.remedy


def test_aliases_may_not_expand_without_bound() -> None:
    text = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join([f'*{below}'] * 10)}]\n" for below, name in zip("abcdefg", "bcdefgh", strict=True)
    )
    with pytest.raises(UnreadableError, match="expand"):
        read_yaml(text)


def test_every_key_and_value_has_its_place() -> None:
    text = "a:\n  - b: 1\n    'c': {d: 2}\n"
    found, marks = read_yaml(text)
    assert marks[id(found)]["a"] == ((1, 1), (2, 3))
    assert marks[id(found["a"][0])] == {"b": ((2, 5), (2, 8)), "c": ((3, 5), (3, 10))}
    assert marks[id(found["a"][0]["c"])]["d"] == ((3, 11), (3, 14))
