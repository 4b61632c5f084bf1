"""A file goes in; a store that outlives the process, and that all processes of one machine share, comes out.

The one door to sqlite3. What is in the file is told in `sqlite_file.py`'s schema. The write-ahead log lets readers and
the one writer go on at the same time. `synchronous` is NORMAL: a commit is in the kernel's hands before it is
acknowledged, so it survives the death of any process, kill -9 included; only a machine that loses power may lose the
last moments, and even then the file stays whole. FULL would wait for the disk with every request, which is more than
the state of a mock is worth.

Calls are short and made in the event loop itself, which is quicker than handing them to a thread. Nothing waits in
there for a lock: who finds the file locked lets other requests go first and tries again.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
from typing import TYPE_CHECKING, Any, TypeVar

from understudy.errors import EnvironmentFailedError
from understudy_mock.exchange import MISSING
from understudy_mock.stores import coding
from understudy_mock.stores.clock import Clocks, LastingClock
from understudy_mock.stores.sqlite_file import identity, keep_mark, opened
from understudy_mock.stores.sqlite_log import SqliteLog
from understudy_mock.stores.store import (
    COMMON,
    TOUCH_SHARE,
    ConflictError,
    Delta,
    StoreDownError,
    kept_for,
    next_version,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from understudy_mock.state.document import Changes
    from understudy_mock.stores.clock import Mark

_PATIENCE_SECONDS = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.0005, 0.02
_LOGGED_CHANGES = 64
_LOGGED_BYTES = 256 * 1024
"""Change sets that are larger are not kept: whoever lacks one reads the whole document."""
_LONGEST_SWEEP_INTERVAL = 60.0
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_PRIMARY_CODE = 0xFF
_T = TypeVar("_T")


class _BusyError(Exception):
    """Another connection writes at the moment."""


class SqliteStore(SqliteLog):
    """Documents in a file. Raises EnvironmentFailedError for a file that can't be one, or is somebody else's."""

    def __init__(self, path: Path, lifetime: float | None = None, clocks: Clocks | None = None) -> None:
        self._path, self._lifetime = path, kept_for(lifetime)
        self._clock = LastingClock(clocks or Clocks())
        self._interval = min((lifetime or 0) * TOUCH_SHARE, _LONGEST_SWEEP_INTERVAL)
        self._swept = 0.0
        self._identity: tuple[int, int] | None = None
        self._database: sqlite3.Connection | None = None
        self._open()

    async def fetch(self, known: Mapping[str, int]) -> dict[str, Delta]:
        """Tell what came after the versions at hand; documents without news are left out."""
        found = await self._patiently(lambda database: _fetch(database, known))
        if self._lifetime is not None and self._clock.now() - self._swept >= self._interval:
            self._sweep()
        return found

    async def commit(self, name: str, version: int, changes: Changes) -> int:
        """Make the changes if the document still has this version; gives the new one. Raises ConflictError."""
        now = self._clock.now
        return await self._patiently(lambda database: _commit(database, (name, version, now()), changes))

    async def forget(self, name: str) -> bool:
        """Take a document away; tells whether there was one."""
        return await self._patiently(lambda database: _forget(database, name))

    async def names(self) -> list[str]:
        """List the documents there are, the one used longest ago first."""
        query = "SELECT name FROM documents ORDER BY used, name"
        return await self._patiently(lambda database: [row[0] for row in database.execute(query)])

    async def touch(self, names: Mapping[str, float]) -> None:
        """Take note that documents were used so many seconds ago, so that they expire later."""
        now = self._clock.now()
        used = [(now - ago, name) for name, ago in names.items()]
        await self._patiently(lambda database: _touch(database, used))

    async def erase(self) -> None:
        """Remove the file, and what SQLite keeps beside it."""
        self._close()
        for name in ("", "-wal", "-shm"):
            self._path.with_name(f"{self._path.name}{name}").unlink(missing_ok=True)

    async def close(self) -> None:
        """Let go of the file."""
        self._close()

    def _open(self) -> sqlite3.Connection:
        self._database = opened(self._path, self._clock)
        self._identity = identity(self._path)
        self._swept = self._clock.now() - self._interval
        return self._database

    def _close(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            with contextlib.suppress(sqlite3.Error):
                database.close()

    def _connection(self) -> sqlite3.Connection:
        """Give the connection; one to a file that was taken away or replaced is opened anew."""
        if self._database is not None and identity(self._path) == self._identity:
            return self._database
        self._close()
        try:
            return self._open()
        except EnvironmentFailedError as error:
            raise StoreDownError(error.message) from None

    async def _patiently(self, action: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do something as soon as no other connection writes. Raises StoreDownError if one never stops."""
        waited, pause = 0.0, _FIRST_PAUSE
        while True:
            try:
                return self._done(action)
            except _BusyError:
                if waited >= _PATIENCE_SECONDS:
                    raise StoreDownError(f"another program keeps {self._path.name} locked") from None
            share = pause * (0.5 + random.random())  # noqa: S311 - so that those who wait do not come all at once
            await asyncio.sleep(share)
            waited, pause = waited + share, min(pause * 2, _LONGEST_PAUSE)

    def _done(self, action: Callable[[sqlite3.Connection], _T]) -> _T:
        database = self._connection()
        try:
            return action(database)
        except coding.DamagedError as error:
            raise StoreDownError(f"{self._path.name} is damaged: {error}") from None
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
            if code in _BUSY:
                raise _BusyError from None
            if code != sqlite3.SQLITE_FULL:  # a connection that met anything else may not be trusted
                self._close()
            raise StoreDownError(f"{self._path.name} can't be used: {error}") from None

    def _sweep(self) -> None:
        """Take away what has expired; if that can't be done now, the next one does it."""
        now = self._swept = self._clock.now()
        limit = now - (self._lifetime or 0)
        with contextlib.suppress(_BusyError, StoreDownError):
            self._done(lambda database: _sweep(database, limit, self._clock.leave_mark()))


def _fetch(database: sqlite3.Connection, known: Mapping[str, int]) -> dict[str, Delta]:
    found = {}
    for name, version in known.items():
        row = database.execute("SELECT version FROM documents WHERE name = ?", (name,)).fetchone()
        current: int = row[0] if row else 0
        if current != version:
            found[name] = _in_one_view(database, name, version)
    return found


def _in_one_view(database: sqlite3.Connection, name: str, known: int) -> Delta:
    """Read what is new in a document, all of it as it was at one moment."""
    database.execute("BEGIN")
    try:
        row = database.execute("SELECT version FROM documents WHERE name = ?", (name,)).fetchone()
        current: int = row[0] if row else 0
        since = "SELECT version, changes FROM changes WHERE document = ? AND version >= ? ORDER BY version"
        rows = database.execute(since, (name, known)).fetchall()
        if current and rows and rows[0][0] == known:
            return Delta(current, _merged(rows[1:]))
        whole = 'SELECT "group", name, value FROM entries WHERE document = ?'
        entries = {(row[0], row[1]): coding.load_value(row[2]) for row in database.execute(whole, (name,))}
        return Delta(current, entries, is_whole=True)
    finally:
        database.execute("COMMIT")


def _merged(rows: list[Any]) -> Changes:
    changes: Changes = {}
    for _, content in rows:
        changes |= coding.load(content)
    return changes


@contextlib.contextmanager
def _writing(database: sqlite3.Connection) -> Iterator[None]:
    """Do all or nothing, with nobody else writing in the meantime."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            database.rollback()
        raise


def _commit(database: sqlite3.Connection, about: tuple[str, int, float], changes: Changes) -> int:
    name, version, now = about
    content = coding.dump(changes)
    with _writing(database):
        row = database.execute("SELECT version FROM documents WHERE name = ?", (name,)).fetchone()
        if (row[0] if row else 0) != version:
            raise ConflictError
        last = database.execute("SELECT last FROM sequence").fetchone()
        new = next_version(last[0], version)
        database.execute("UPDATE sequence SET last = ?", (new,))
        database.execute("INSERT OR REPLACE INTO documents (name, version, used) VALUES (?, ?, ?)", (name, new, now))
        _write(database, name, changes)
        _log(database, name, new, content)
    return new


def _write(database: sqlite3.Connection, name: str, changes: Changes) -> None:
    put = [(name, *key, coding.dump_value(value)) for key, value in changes.items() if value is not MISSING]
    gone = [(name, *key) for key, value in changes.items() if value is MISSING]
    database.executemany('INSERT OR REPLACE INTO entries (document, "group", name, value) VALUES (?, ?, ?, ?)', put)
    if gone:
        database.executemany('DELETE FROM entries WHERE document = ? AND "group" = ? AND name = ?', gone)


def _log(database: sqlite3.Connection, name: str, version: int, content: bytes) -> None:
    """Keep a change set beside the document; now and then those that are too old are dropped."""
    if len(content) > _LOGGED_BYTES:
        database.execute("DELETE FROM changes WHERE document = ?", (name,))
        content = b"[]"
    insert = "INSERT INTO changes (document, version, changes) VALUES (?, ?, ?)"
    database.execute(insert, (name, version, content))
    if version % (_LOGGED_CHANGES // 4) == 0:
        oldest = "SELECT version FROM changes WHERE document = ? ORDER BY version DESC LIMIT 1 OFFSET ?"
        row = database.execute(oldest, (name, _LOGGED_CHANGES)).fetchone()
        if row:
            database.execute("DELETE FROM changes WHERE document = ? AND version <= ?", (name, row[0]))


def _forget(database: sqlite3.Connection, name: str) -> bool:
    with _writing(database):
        return _erase(database, name)


def _erase(database: sqlite3.Connection, name: str) -> bool:
    database.execute("DELETE FROM entries WHERE document = ?", (name,))
    database.execute("DELETE FROM changes WHERE document = ?", (name,))
    return database.execute("DELETE FROM documents WHERE name = ?", (name,)).rowcount > 0


def _touch(database: sqlite3.Connection, used: list[tuple[float, str]]) -> None:
    with _writing(database):
        database.executemany("UPDATE documents SET used = max(used, ?) WHERE name = ?", used)


def _sweep(database: sqlite3.Connection, limit: float, mark: Mark) -> None:
    """Drop the documents that were used before a limit, and leave a mark of the time."""
    with _writing(database):
        expired = "SELECT name FROM documents WHERE used < ? AND name <> ?"
        for (name,) in database.execute(expired, (limit, COMMON)).fetchall():
            _erase(database, name)
        keep_mark(database, mark)
