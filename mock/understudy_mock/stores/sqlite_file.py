"""A path goes in; an open database of our schema comes out, made if it was not there, or why it can't be had.

With `sqlite.py`, the one door to sqlite3. A file that is damaged, somebody else's, or a newer Understudy's is only ever
read: nothing of it is written over, moved or mended.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING

from understudy.errors import EnvironmentFailedError
from understudy_mock.stores.clock import Mark

if TYPE_CHECKING:
    from pathlib import Path

    from understudy_mock.stores.clock import LastingClock

APPLICATION = 0x55535459
SCHEMA_VERSION = 1

_PATIENCE_SECONDS = 5.0
_PRIMARY_CODE = 0xFF
_ANOTHER = "Name another file: --store sqlite:///PATH."
_ASIDE = "It is left as it is. Move it away, or name another file: --store sqlite:///PATH."

_SCHEMA = """
CREATE TABLE documents (name TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, used REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE entries (
    document TEXT NOT NULL, "group" TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (document, "group", name)
) WITHOUT ROWID;
CREATE TABLE changes (
    document TEXT NOT NULL, version INTEGER NOT NULL, changes BLOB NOT NULL, PRIMARY KEY (document, version)
) WITHOUT ROWID;
CREATE TABLE sequence (last INTEGER NOT NULL);
INSERT INTO sequence VALUES (0);
CREATE TABLE logs (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last INTEGER NOT NULL);
CREATE TABLE log (slot INTEGER PRIMARY KEY, number INTEGER NOT NULL, record BLOB NOT NULL);
CREATE TABLE counts (
    name TEXT NOT NULL, what TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (name, what)
) WITHOUT ROWID;
CREATE TABLE clock (counted REAL NOT NULL, monotonic REAL NOT NULL, wall REAL NOT NULL, boot TEXT NOT NULL);
"""
"""`used` is in seconds of `clock`; `changes` are the last change sets of each document. For `log` and `counts` see
`sqlite_log.py`."""


def identity(path: Path) -> tuple[int, int] | None:
    """Tell which file a path leads to; None if there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - for every request; Path.stat takes twice the time
    except OSError:
        return None
    return found.st_dev, found.st_ino


def opened(path: Path, clock: LastingClock) -> sqlite3.Connection:
    """Open the file, or make it, and set the clock by it. Raises EnvironmentFailedError."""
    _look_at(path)
    try:
        is_new = not path.exists() or path.stat().st_size == 0
        if not is_new:
            is_new = _examined(path)
        database = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _prepare(database, is_new=is_new)
            _set(clock, database)
            database.execute("PRAGMA busy_timeout = 0")
        except BaseException:
            database.close()
            raise
    except sqlite3.Error as error:
        raise _refused(path, error) from None
    return database


def _look_at(path: Path) -> None:
    """Find what the system says against it, in better words than SQLite has."""
    if not path.parent.is_dir():
        raise EnvironmentFailedError(f"There is no directory {path.parent}.", f"Make it: mkdir -p {path.parent}")
    if path.is_dir():
        raise EnvironmentFailedError(f"{path} is a directory.", _ANOTHER)
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        raise EnvironmentFailedError(f"{path} can't be read and written.", "Change its rights, or name another file.")
    if not os.access(path.parent, os.W_OK):
        raise EnvironmentFailedError(f"Nothing can be written in {path.parent}.", _ANOTHER)


def _examined(path: Path) -> bool:
    """Look at a file without writing; tells whether it is still empty. Raises EnvironmentFailedError."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with contextlib.closing(
        sqlite3.connect(uri, uri=True, timeout=_PATIENCE_SECONDS, isolation_level=None)
    ) as database:
        application = database.execute("PRAGMA application_id").fetchone()[0]
        version = database.execute("PRAGMA user_version").fetchone()[0]
        tables = database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application != APPLICATION:
            if tables or application:
                raise EnvironmentFailedError(f"{path} is another program's database.", _ASIDE)
            return True
        if version > SCHEMA_VERSION:
            message = f"{path} was written by a newer Understudy (schema {version}; this one knows {SCHEMA_VERSION})."
            raise EnvironmentFailedError(message, f"Update this one, or name another file. {_ASIDE}")
        flaw = database.execute("PRAGMA quick_check(1)").fetchone()[0]
        if flaw != "ok":
            raise EnvironmentFailedError(f"{path} is damaged: {str(flaw).splitlines()[-1]}.", _ASIDE)
    return False


def _prepare(database: sqlite3.Connection, *, is_new: bool) -> None:
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    if is_new:
        database.execute("BEGIN IMMEDIATE")
        if database.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:  # nobody was quicker
            for statement in filter(str.strip, _SCHEMA.split(";")):
                database.execute(statement)
            database.execute(f"PRAGMA application_id = {APPLICATION}")
            database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        database.execute("COMMIT")


def _set(clock: LastingClock, database: sqlite3.Connection) -> None:
    """Let the clock count on from the mark in the file; where it can't, it leaves a mark of its own."""
    database.execute("BEGIN IMMEDIATE")
    row = database.execute("SELECT counted, monotonic, wall, boot FROM clock").fetchone()
    mark = Mark(*row) if row else None
    clock.resume(mark)
    if clock.mark is not mark:
        keep_mark(database, clock.leave_mark())
    database.execute("COMMIT")


def keep_mark(database: sqlite3.Connection, mark: Mark) -> None:
    """Write down what the clocks tell, within a transaction."""
    database.execute("DELETE FROM clock")
    insert = "INSERT INTO clock (counted, monotonic, wall, boot) VALUES (?, ?, ?, ?)"
    database.execute(insert, (mark.counted, mark.monotonic, mark.wall, mark.boot))


def _refused(path: Path, error: sqlite3.Error) -> EnvironmentFailedError:
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
    if code == sqlite3.SQLITE_NOTADB:
        return EnvironmentFailedError(f"{path} is no SQLite database.", _ASIDE)
    if code == sqlite3.SQLITE_CORRUPT:
        return EnvironmentFailedError(f"{path} is damaged: {error}.", _ASIDE)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        remedy = "Let that program end, or name another file: --store sqlite:///PATH."
        return EnvironmentFailedError(f"Another program keeps {path} locked.", remedy)
    if code == sqlite3.SQLITE_FULL:
        return EnvironmentFailedError(f"There is no room for {path}: the disk is full.", "Make room.")
    return EnvironmentFailedError(f"{path} can't be used: {error}.", _ANOTHER)
