"""A URL names a store, or is refused with what to write instead; a file that can't be a store is left as it is."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from understudy.errors import EnvironmentFailedError, UsageError
from understudy_mock.stores.opening import Place, open_store, shown

if TYPE_CHECKING:
    from pathlib import Path


NO_STORES = """
    sqlite  file.db  sqlite://  sqlite:///  sqlite://host/file.db  sqlite:///:memory:  sqlite:///a.db?x=1
    memory://x  postgres://localhost/x  redis://localhost:port/0  redis://localhost:99999/0  redis://h:1/0?prefix=a/b
    redis://localhost/0?no_such_option=1  redis://localhost/0?socket_timeout=x
"""


@pytest.mark.parametrize("url", ["", *NO_STORES.split()])
def test_a_url_that_names_no_store(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_store(Place(url))
    assert caught.value.remedy


def test_in_memory_there_is_no_store() -> None:
    assert open_store(Place("memory://")) is None
    assert open_store(Place("MEMORY://")) is None


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("redis://ann:secret@host:1/0", "redis://ann:…@host:1/0"),
        ("redis://:secret@host", "redis://:…@host"),
        ("redis://host:6379/0", "redis://host:6379/0"),
    ],
)
def test_a_password_is_not_shown(url: str, wanted: str) -> None:
    assert shown(url) == wanted


def test_a_refusal_shows_no_password() -> None:
    with pytest.raises(UsageError) as caught:
        open_store(Place("redis://:secret@host:1/0?nothing=1"))
    assert "secret" not in caught.value.message + caught.value.remedy


def refusal(path: Path) -> EnvironmentFailedError:
    with pytest.raises(EnvironmentFailedError) as caught:
        open_store(Place(f"sqlite:///{path}"))
    assert caught.value.remedy
    return caught.value


def make(path: Path) -> None:
    """Write a good file of ours."""
    store = open_store(Place(f"sqlite:///{path}"))
    assert store is not None
    asyncio.run(fill_and_close(store))


async def fill_and_close(store: object) -> None:
    await store.commit("ci", 0, {("g", str(number)): "x" * 1000 for number in range(100)})  # type: ignore[attr-defined] # any store
    await store.close()  # type: ignore[attr-defined] # any store


def test_a_file_and_its_name_with_blanks(tmp_path: Path) -> None:
    make(tmp_path / "a b%.db".replace("%", ""))
    store = open_store(Place(f"sqlite:///{tmp_path}/a%20b.db"))
    assert store is not None
    assert asyncio.run(store.names()) == ["ci"]
    asyncio.run(store.close())


def test_a_directory_that_is_missing(tmp_path: Path) -> None:
    assert "no directory" in refusal(tmp_path / "nowhere" / "state.db").message


def test_a_directory_in_its_place(tmp_path: Path) -> None:
    assert "is a directory" in refusal(tmp_path).message


def test_what_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Nothing but a text that somebody wrote. " * 100, "utf-8")
    before = file.read_bytes()
    error = refusal(file)
    assert "no SQLite database" in error.message
    assert "left as it is" in error.remedy
    assert file.read_bytes() == before
    assert os.listdir(tmp_path) == ["notes.txt"]  # noqa: PTH208 - the names are all that counts


@pytest.mark.parametrize("how", ["overwritten", "cut off"])
def test_a_damaged_file_is_left_as_it_is(tmp_path: Path, how: str) -> None:
    file = tmp_path / "state.db"
    make(file)
    content = bytearray(file.read_bytes())
    if how == "overwritten":
        content[4096:8192] = b"\xa5" * 4096
    file.write_bytes(content if how == "overwritten" else content[: len(content) // 2])
    before = file.read_bytes()
    error = refusal(file)
    assert "damaged" in error.message
    assert "left as it is" in error.remedy
    assert file.read_bytes() == before


def test_another_programs_database_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "theirs.db"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE theirs (x)")
    database.close()
    before = file.read_bytes()
    assert "another program's" in refusal(file).message
    assert file.read_bytes() == before


def test_a_newer_file_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    make(file)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    before = file.read_bytes()
    error = refusal(file)
    assert "newer Understudy" in error.message
    assert "Update" in error.remedy
    assert file.read_bytes() == before


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    file.touch()
    make(file)
    assert refusal_of_none(file) == ["ci"]


def refusal_of_none(file: Path) -> list[str]:
    store = open_store(Place(f"sqlite:///{file}"))
    assert store is not None
    names = asyncio.run(store.names())
    asyncio.run(store.close())
    return names


def test_a_file_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "state.db"
    make(file)
    monkeypatch.setattr(os, "access", lambda *_: False)  # whoever runs the tests may be root, who may write anything
    assert "can't be read and written" in refusal(file).message


def test_a_file_that_another_program_keeps_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy_mock.stores.sqlite_file._PATIENCE_SECONDS", 0.05)
    file = tmp_path / "state.db"
    make(file)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert "locked" in refusal(file).message
    finally:
        other.execute("COMMIT")
        other.close()
    assert refusal_of_none(file) == ["ci"]
