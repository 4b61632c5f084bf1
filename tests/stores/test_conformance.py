"""What every store does, whichever it is: versions, conflicts, news, and what is exactly kept."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from understudy_mock.exchange import MISSING
from understudy_mock.stores.store import COMMON, ConflictError

if TYPE_CHECKING:
    from conftest import Stores
    from understudy_mock.stores.store import Delta, Store

ITEM = {("items/shop/pets", "t000000000001"): {"id": 1, "name": "Rex"}}


def commit(stores: Stores, store: Store, changes: dict[Any, Any], version: int = 0, name: str = "ci") -> int:
    return stores.run(store.commit(name, version, changes))


def fetch(stores: Stores, store: Store, known: int = 0, name: str = "ci") -> Delta | None:
    return stores.run(store.fetch({name: known})).get(name)


def test_a_document_that_nobody_wrote_has_no_news(stores: Stores, store: Store) -> None:
    assert stores.run(store.fetch({"ci": 0, COMMON: 0})) == {}
    assert stores.run(store.fetch({})) == {}


def test_what_was_committed_is_fetched_by_others(stores: Stores, store: Store) -> None:
    version = commit(stores, store, ITEM)
    found = fetch(stores, stores.open())
    assert found is not None
    assert (found.version, found.changes, found.is_whole) == (version, ITEM, True)
    assert fetch(stores, store, version) is None


def test_only_what_is_new_comes(stores: Stores, store: Store) -> None:
    first = commit(stores, store, ITEM)
    second = commit(stores, store, {("a", "x"): 1, ("a", "y"): 2}, first)
    third = commit(stores, store, {("a", "x"): MISSING, ("b", "x"): None}, second)
    found = fetch(stores, stores.open(), first)
    assert found is not None
    assert (found.version, found.is_whole) == (third, False)
    assert found.changes == {("a", "x"): MISSING, ("a", "y"): 2, ("b", "x"): None}


def test_after_many_changes_the_whole_comes_or_all_that_is_new(stores: Stores, store: Store) -> None:
    first = version = commit(stores, store, ITEM)
    for number in range(300):
        version = commit(stores, store, {("n", str(number % 7)): number}, version)
    found = fetch(stores, stores.open(), first)
    assert found is not None
    assert found.version == version
    numbers = {("n", str(number % 7)): number for number in range(300)}
    assert found.changes == ({**ITEM, **numbers} if found.is_whole else numbers)


def test_large_changes_arrive_as_well(stores: Stores, store: Store) -> None:
    first = commit(stores, store, ITEM)
    large = {("items/shop/pets", f"t{number:012d}"): {"text": "x" * 500} for number in range(2000)}
    commit(stores, store, large, first)
    found = fetch(stores, stores.open(), first)
    assert found is not None
    assert {**ITEM, **found.changes} == {**ITEM, **large}


def test_on_another_version_nothing_is_changed(stores: Stores, store: Store) -> None:
    first = commit(stores, store, ITEM)
    second = commit(stores, store, {("a", "x"): 1}, first)
    for version in (0, first, second + 1):
        with pytest.raises(ConflictError):
            commit(stores, store, {("a", "x"): 2}, version)
    found = fetch(stores, store)
    assert found is not None
    assert (found.version, found.changes) == (second, {**ITEM, ("a", "x"): 1})


def test_of_many_at_once_exactly_one_wins(stores: Stores, store: Store) -> None:
    others = [store, *(stores.open() for _ in range(7))]

    async def all_at_once() -> list[Any]:
        commits = [other.commit("ci", 0, {("who", "won"): number}) for number, other in enumerate(others)]
        return await asyncio.gather(*commits, return_exceptions=True)

    outcomes = stores.run(all_at_once())
    winners = [number for number, outcome in enumerate(outcomes) if isinstance(outcome, int)]
    assert len(winners) == 1
    assert [outcome for outcome in outcomes if not isinstance(outcome, int | ConflictError)] == []
    found = fetch(stores, store)
    assert found is not None
    assert found.changes == {("who", "won"): winners[0]}


def test_a_version_is_never_given_twice(stores: Stores, store: Store) -> None:
    seen = [commit(stores, store, ITEM)]
    seen.append(commit(stores, store, ITEM, name="other"))
    assert stores.run(store.forget("ci")) is True
    seen.append(commit(stores, store, ITEM))
    seen.append(commit(stores, stores.open(), ITEM, seen[-1]))
    assert sorted(set(seen)) == seen


def test_what_was_forgotten_is_empty_for_all(stores: Stores, store: Store) -> None:
    version = commit(stores, store, ITEM)
    assert stores.run(store.forget("ci")) is True
    assert stores.run(store.forget("ci")) is False
    found = fetch(stores, stores.open(), version)
    assert found is not None
    assert (found.version, found.changes, found.is_whole) == (0, {}, True)
    assert fetch(stores, store) is None
    with pytest.raises(ConflictError):
        commit(stores, store, ITEM, version)


def test_what_was_forgotten_and_begun_again_comes_whole(stores: Stores, store: Store) -> None:
    old = commit(stores, store, ITEM)
    stores.run(store.forget("ci"))
    new = commit(stores, store, {("a", "x"): 1})
    found = fetch(stores, stores.open(), old)
    assert found is not None
    assert (found.version, found.changes, found.is_whole) == (new, {("a", "x"): 1}, True)


def test_documents_are_listed_by_use(stores: Stores, store: Store) -> None:
    for name in ("one", "two", "three"):
        commit(stores, store, ITEM, name=name)
    version = fetch(stores, store, name="one")
    assert version is not None
    commit(stores, store, {("a", "x"): 1}, version.version, "one")
    assert stores.run(stores.open().names()) == ["two", "three", "one"]


def test_documents_do_not_mix(stores: Stores, store: Store) -> None:
    commit(stores, store, {("a", "x"): 1}, name="one")
    commit(stores, store, {("a", "x"): 2}, name=COMMON)
    found = stores.run(store.fetch({"one": 0, "two": 0, COMMON: 0}))
    assert {name: delta.changes for name, delta in found.items()} == {"one": {("a", "x"): 1}, COMMON: {("a", "x"): 2}}


VALUES = [None, True, 0, -(10**30), 2**64, "", "\x00\x1f\u2028\U0001f600", [], {}, [[1], {"": None}], {"b": 1, "a": 2}]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_are_kept(stores: Stores, store: Store, value: Any) -> None:
    commit(stores, store, {("g", "n"): value})
    found = fetch(stores, store)
    assert found is not None
    assert repr(found.changes) == repr({("g", "n"): value})


@pytest.mark.parametrize("text", ["1.00", "-0.10", "1E+2", "0.1", "12345678901234567890.123456789", "1E-7"])
def test_fractions_are_kept_as_they_were_written(stores: Stores, store: Store, text: str) -> None:
    commit(stores, store, {("g", "n"): {"price": [Decimal(text)]}})
    found = fetch(stores, store)
    assert found is not None
    assert str(found.changes["g", "n"]["price"][0]) == text


@pytest.mark.parametrize(
    "key", [("", ""), ("", "x"), ("a:b", "c"), ("1:", ":"), ("a\x1fb", "\x00"), ("é", "ü/%"), ("items/a/b", "s=1 2")]
)
def test_keys_are_kept(stores: Stores, store: Store, key: tuple[str, str]) -> None:
    version = commit(stores, store, {key: 1, ("other", "entry"): 2})
    commit(stores, store, {key: MISSING}, version)
    assert [delta and delta.changes for delta in (fetch(stores, store, version), fetch(stores, store))] == [
        {key: MISSING},
        {("other", "entry"): 2},
    ]


def test_tuples_come_back_as_lists(stores: Stores, store: Store) -> None:
    commit(stores, store, {("g", "n"): (1, (2, 3))})
    found = fetch(stores, store)
    assert found is not None
    assert found.changes == {("g", "n"): [1, [2, 3]]}


def test_after_closing_it_goes_on(stores: Stores, store: Store) -> None:
    version = commit(stores, store, ITEM)
    stores.run(store.close())
    assert fetch(stores, store, version) is None
    commit(stores, store, {("a", "x"): 1}, version)


def test_what_is_erased_leaves_no_trace(stores: Stores, store: Store) -> None:
    for number in range(600):
        commit(stores, store, ITEM, name=f"ci-{number}")
    stores.run(store.append("journal", [b"a", b"b"], {"x": 3}, 10))
    stores.run(store.erase())
    again = stores.open()
    assert stores.run(again.names()) == []
    assert fetch(stores, again, name="ci-0") is None
    assert stores.run(again.tail("journal", 0)).last == 0
    assert stores.run(again.counts("journal")) == {}
    assert commit(stores, store, ITEM, name="ci-0")
