"""Identifiers, queries, the memory itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from understudy_mock.state.identifiers import fresh, fresh_number
from understudy_mock.state.memory import Memory
from understudy_mock.state.querying import select


def given_out(samples: list[str], count: int) -> list[str]:
    """Ask for so many identifiers, each taken when it is given."""
    taken: list[str] = []
    for _ in range(count):
        taken.append(fresh(samples, taken.__contains__, "salt"))
    return taken


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (["phone-uuid-1", "phone-uuid-2"], ["phone-uuid-1", "phone-uuid-2", "phone-uuid-3", "phone-uuid-4"]),
        (["A007"], ["A007", "A008", "A009", "A010"]),
        (["42"], ["42", "43", "44", "45"]),
        (["emma"], ["emma", "emma-1", "emma-2", "emma-3"]),
    ],
)
def test_identifiers_go_on_in_the_style_of_the_documented_ones(samples: list[str], expected: list[str]) -> None:
    assert given_out(samples, 4) == expected


def test_a_prefix_stays_and_the_rest_is_a_token() -> None:
    first, second, third = given_out(["pn_01j..."], 3)
    assert first == "pn_01j..."
    assert second != third
    for made in (second, third):
        assert made.startswith("pn_01j")
        assert made.removeprefix("pn_01j").isalnum()


def test_uuids_follow_uuids_and_nothing() -> None:
    for samples in ([], ["550e8400-e29b-41d4-a716-446655440000"]):
        made = given_out(samples, 3)
        assert len(set(made)) == 3
        assert all(len(one) == 36 and one.count("-") == 4 for one in made)


def test_identifiers_are_the_same_in_every_run() -> None:
    assert given_out([], 3) == given_out([], 3)
    assert fresh([], lambda _: False, "a") != fresh([], lambda _: False, "b")


def test_numbers_go_up() -> None:
    assert fresh_number([]) == 1
    assert fresh_number([5, 2]) == 6


BOOKS: list[dict[str, Any]] = [
    {"id": 1, "title": "Emma", "pages": Decimal("3.0"), "tags": ["a", "b"], "lent": False, "by": "Austen"},
    {"id": 2, "title": "Ulysses", "pages": 700, "tags": [], "lent": True, "by": "Joyce"},
    {"id": 3, "title": "Dubliners", "pages": 200, "tags": ["b"], "lent": False, "by": "Joyce"},
]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, [1, 2, 3]),
        ({"by": "Joyce"}, [2, 3]),
        ({"by": "joyce"}, []),
        ({"by": "Joyce", "lent": False}, [3]),
        ({"by": None}, [1, 2, 3]),
        ({"id": [1, 3]}, [1, 3]),
        ({"tags": "b"}, [1, 3]),
        ({"pages": 3}, [1]),
        ({"search": "jOY"}, [2, 3]),
        ({"q": " emma "}, [1]),
        ({"search": ""}, [1, 2, 3]),
        ({"search": "x"}, []),
        ({"colour": "red"}, [1, 2, 3]),
        ({"limit": 2}, [1, 2]),
        ({"limit": Decimal("2.0")}, [1, 2]),
        ({"limit": 0}, []),
        ({"limit": 2, "offset": 2}, [3]),
        ({"offset": 1}, [2, 3]),
        ({"offset": 9}, []),
        ({"per_page": 2, "page": 2}, [3]),
        ({"pageSize": 1, "page": 3}, [3]),
        ({"page": 2}, [1, 2, 3]),
        ({"limit": "2"}, [1, 2, 3]),
        ({"limit": -1}, [1, 2, 3]),
        ({"limit": True}, [1, 2, 3]),
    ],
)
def test_a_query_selects(wanted: dict[str, Any], ids: list[int]) -> None:
    assert [item["id"] for item in select(BOOKS, wanted, None).items] == ids


def test_the_total_counts_what_fits_before_it_is_cut() -> None:
    assert select(BOOKS, {"by": "Joyce", "limit": 1}, None).total == 2


def test_members_are_filtered_inside_their_groups() -> None:
    groups = [{"name": "x", "books": BOOKS[:2]}, {"name": "y", "books": BOOKS[2:]}, {"name": "z"}]
    found = select(groups, {"lent": True}, "books").items
    assert [(group["name"], [book["id"] for book in group["books"]]) for group in found] == [("x", [2])]
    assert len(groups[0]["books"]) == 2


def test_the_memory_keeps_adds_removes_and_resets() -> None:
    memory = Memory({"books": [{"id": 1}]})
    first = memory.change("books", memory.items("books")[0], {"id": 7})
    memory.add("books", {"id": 8})
    assert memory.items("books") == [{"id": 7}, {"id": 8}]
    memory.remove("books", first, "id")
    assert memory.items("books") == [{"id": 8}]
    memory.reset()
    assert memory.items("books") == [{"id": 1}]


def test_only_the_very_item_is_removed() -> None:
    memory = Memory({"books": [{"id": 1}, {"id": 1}]})
    memory.remove("books", memory.items("books")[1], "id")
    assert memory.items("books") == [{"id": 1}]


def test_an_identifier_stays_known_after_its_item_is_gone() -> None:
    memory = Memory({"books": [{"id": "a"}, {"id": 4}]})
    for item in list(memory.items("books")):
        memory.remove("books", item, "id")
    assert memory.knows("a", "id")
    assert memory.knows("4", "id")
    assert not memory.knows("b", "id")
    assert sorted(map(str, memory.identifiers("books", "id"))) == ["4", "a"]
    memory.reset()
    assert memory.identifiers("books", "id") == ["a", 4]
