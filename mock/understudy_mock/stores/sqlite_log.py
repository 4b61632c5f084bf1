"""A connection to a store's file goes in; its logs come out: records by number, and counts.

Their tables stand in `sqlite_file.py`'s schema, with the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from understudy_mock.stores.log import Tail

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

    _T = TypeVar("_T")


_SLOTS = 1 << 20
"""How far the slots of two logs lie apart. A record is written where the one was that it pushes out: to delete nothing
takes half the time."""


class SqliteLog:
    """The logs of a store that knows how to wait for its file."""

    async def _patiently(self, action: Callable[[sqlite3.Connection], _T]) -> _T:
        raise NotImplementedError

    async def append(self, name: str, records: Sequence[bytes], counts: Mapping[str, int], keep: int) -> int:
        """Add records at the end, `counts` to what was counted, and keep so many; gives the number of the last."""
        return await self._patiently(lambda database: _append(database, name, (records, counts), keep))

    async def tail(self, name: str, known: int) -> Tail:
        """Give the records after the one that has this number, as far as they are kept."""
        return await self._patiently(lambda database: _tail(database, name, known))

    async def counts(self, name: str) -> dict[str, int]:
        """Tell what was counted, by key."""
        rows = "SELECT what, count FROM counts WHERE name = ?"
        return await self._patiently(lambda database: dict(database.execute(rows, (name,)).fetchall()))

    async def recount(self, name: str) -> None:
        """Begin to count anew."""
        await self._patiently(lambda database: database.execute("DELETE FROM counts WHERE name = ?", (name,)))


def _append(database: sqlite3.Connection, name: str, news: tuple[Sequence[bytes], Mapping[str, int]], keep: int) -> int:
    records, counts = news
    database.execute("BEGIN IMMEDIATE")
    log, last = _found(database, name) or _begun(database, name)
    rows = [(log + number % keep, number, record) for number, record in enumerate(records, last + 1)]
    database.executemany("INSERT OR REPLACE INTO log VALUES (?, ?, ?)", rows)
    database.execute("UPDATE logs SET last = ? WHERE name = ?", (last + len(rows), name))
    add = "INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count"
    database.executemany(add, [(name, what, count) for what, count in counts.items()])
    database.execute("COMMIT")
    return last + len(rows)


def _found(database: sqlite3.Connection, name: str) -> tuple[int, int] | None:
    """Give the first slot of a log and its last number."""
    row = database.execute("SELECT id, last FROM logs WHERE name = ?", (name,)).fetchone()
    return (row[0] * _SLOTS, row[1]) if row else None


def _begun(database: sqlite3.Connection, name: str) -> tuple[int, int]:
    made = database.execute("INSERT INTO logs (name, last) VALUES (?, 0) RETURNING id", (name,)).fetchone()
    return made[0] * _SLOTS, 0


def _tail(database: sqlite3.Connection, name: str, known: int) -> Tail:
    log, last = _found(database, name) or (0, 0)
    wanted = "SELECT number, record FROM log WHERE slot >= ? AND slot < ? AND number > ? ORDER BY number"
    rows = database.execute(wanted, (log, log + _SLOTS, known)).fetchall() if known < last else ()
    return Tail(rows[-1][0], tuple(record for _, record in rows)) if rows else Tail(last, ())
