"""The logs of a store: what one process adds, every other finds, in order and under one numbering; the oldest go."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Stores
    from understudy_mock.stores.log import Tail

KEEP = 5


def numbered(tail: Tail) -> list[tuple[int, bytes]]:
    return list(enumerate(tail.records, tail.first))


def test_a_log_that_nobody_has_written_is_empty(stores: Stores) -> None:
    tail = stores.run(stores.open().tail("journal", 0))
    assert (tail.last, tail.records) == (0, ())


def test_records_come_back_by_number(stores: Stores) -> None:
    one, other = stores.open(), stores.open()
    assert stores.run(one.append("journal", [b"a", b"b\x00\xff"], {}, KEEP)) == 2
    assert stores.run(other.append("journal", [b"c"], {}, KEEP)) == 3
    assert numbered(stores.run(one.tail("journal", 0))) == [(1, b"a"), (2, b"b\x00\xff"), (3, b"c")]
    assert numbered(stores.run(other.tail("journal", 2))) == [(3, b"c")]
    assert numbered(stores.run(one.tail("journal", 3))) == []


def test_only_so_many_are_kept_and_numbers_go_on(stores: Stores) -> None:
    store = stores.open()
    for number in range(1, 13):
        stores.run(store.append("journal", [b"%d" % number], {}, KEEP))
    assert numbered(stores.run(store.tail("journal", 0))) == [(number, b"%d" % number) for number in range(8, 13)]
    assert numbered(stores.run(store.tail("journal", 10))) == [(11, b"11"), (12, b"12")]


def test_more_at_once_than_are_kept(stores: Stores) -> None:
    store = stores.open()
    assert stores.run(store.append("journal", [b"%d" % number for number in range(1, 9)], {}, KEEP)) == 8
    assert numbered(stores.run(store.tail("journal", 0))) == [(number, b"%d" % number) for number in range(4, 9)]


def test_a_number_from_a_store_that_lost_its_memory(stores: Stores) -> None:
    store = stores.open()
    stores.run(store.append("journal", [b"a"], {}, KEEP))
    tail = stores.run(store.tail("journal", 40))
    assert (tail.last, tail.records) == (1, ())


def test_logs_and_their_counts_are_apart(stores: Stores) -> None:
    store = stores.open()
    stores.run(store.append("journal", [b"a"], {"x": 1}, KEEP))
    stores.run(store.append("fates", [b"z"], {"x": 5}, KEEP))
    assert numbered(stores.run(store.tail("fates", 0))) == [(1, b"z")]
    assert numbered(stores.run(store.tail("journal", 0))) == [(1, b"a")]
    assert (stores.run(store.counts("journal")), stores.run(store.counts("fates"))) == ({"x": 1}, {"x": 5})


def test_counts_add_up_over_processes_until_they_begin_anew(stores: Stores) -> None:
    one, other = stores.open(), stores.open()
    stores.run(one.append("journal", [b"a"], {"x": 1, 'odd "name" ü': 2}, KEEP))
    stores.run(other.append("journal", [b"b"], {"x": 3}, KEEP))
    assert stores.run(one.counts("journal")) == {"x": 4, 'odd "name" ü': 2}
    stores.run(other.recount("journal"))
    assert stores.run(one.counts("journal")) == {}
    assert stores.run(one.tail("journal", 0)).last == 2


def test_documents_and_logs_do_not_meet(stores: Stores) -> None:
    store = stores.open()
    stores.run(store.append("journal", [b"a"], {"x": 1}, KEEP))
    assert stores.run(store.names()) == []
    stores.run(store.commit("journal", 0, {("g", "n"): 1}))
    stores.run(store.forget("journal"))
    assert numbered(stores.run(store.tail("journal", 0))) == [(1, b"a")]


def test_many_writers_lose_nothing_and_share_no_number(stores: Stores) -> None:
    opened = [stores.open() for _ in range(4)]

    async def write() -> list[int]:
        adding = (
            store.append("journal", [b"%d/%d" % (index, number)], {"n": 1}, 1000)
            for number in range(25)
            for index, store in enumerate(opened)
        )
        return list(await asyncio.gather(*adding))

    numbers = stores.run(write())
    assert sorted(numbers) == list(range(1, 101))
    tail = stores.run(opened[0].tail("journal", 0))
    written = (b"%d/%d" % (index, number) for number in range(25) for index in range(4))
    assert dict(numbered(tail)) == dict(zip(numbers, written, strict=True))
    assert stores.run(opened[1].counts("journal")) == {"n": 100}


@pytest.mark.parametrize("kind", ["redis"], indirect=True)  # only over a network may an answer be lost on its way
def test_an_append_that_is_sent_twice_counts_once(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    store: Any = stores.open()
    run = store._run  # noqa: SLF001 - there is no other way to lose an answer at this very moment

    async def twice(*words: Any) -> Any:
        await run(*words)
        return await run(*words)

    monkeypatch.setattr(store, "_run", twice)
    assert stores.run(store.append("journal", [b"a"], {"x": 1}, KEEP)) == 1
    monkeypatch.undo()
    assert stores.run(store.tail("journal", 0)).records == (b"a",)
    assert stores.run(store.counts("journal")) == {"x": 1}


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_failing_append_leaves_nothing(stores: Stores, tmp_path: Path) -> None:
    store = stores.open()
    with closing(sqlite3.connect(tmp_path / "state.db")) as database, database:
        database.execute("CREATE TRIGGER no BEFORE INSERT ON counts BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(Exception, match="no"):
        stores.run(store.append("journal", [b"a"], {"x": 1}, KEEP))
    assert stores.run(stores.open().tail("journal", 0)).records == ()
