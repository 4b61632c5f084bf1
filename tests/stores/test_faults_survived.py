"""What happens to a store happens: it says so, keeps what it acknowledged, and goes on as soon as it can."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import redis_server
from redis.exceptions import ConnectionError as LostError

from understudy_mock.exchange import MISSING
from understudy_mock.stores import sqlite as sqlite_module
from understudy_mock.stores.opening import Place, open_store
from understudy_mock.stores.redis import RedisStore
from understudy_mock.stores.sqlite import SqliteStore
from understudy_mock.stores.store import ConflictError, StoreDownError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from redis_server import RedisServer

    from understudy_mock.stores.store import Store

ENTRY = {("g", "n"): 1}


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RedisServer]:
    """Give a server that a test may do anything to."""
    with redis_server.running(tmp_path / "redis") as found:
        yield found


async def acknowledged(store: Store, count: int, name: str = "ci") -> int:
    """Commit so many entries one by one; gives the last version."""
    version = 0
    for number in range(count):
        version = await store.commit(name, version, {("n", str(number)): number})
    return version


# A server


def test_a_server_that_is_not_there_yet(tmp_path: Path) -> None:
    server = redis_server.RedisServer(tmp_path / "redis")

    async def play() -> None:
        store = RedisStore(server.url, "late")
        for action in (store.fetch({"ci": 0}), store.commit("ci", 0, ENTRY), store.names(), store.forget("ci")):
            with pytest.raises(StoreDownError, match="Redis server"):
                await action
        server.start()
        await store.commit("ci", 0, ENTRY)
        assert await store.names() == ["ci"]
        await store.close()

    try:
        asyncio.run(play())
    finally:
        server.stop(signal.SIGKILL)


def test_a_server_that_was_killed_and_started_again_has_everything(own_server: RedisServer) -> None:
    async def play() -> None:
        store = RedisStore(own_server.url, "killed")
        version = await acknowledged(store, 50)
        own_server.stop(signal.SIGKILL)
        with pytest.raises(StoreDownError):
            await store.commit("ci", version, ENTRY)
        own_server.start()
        found = (await store.fetch({"ci": 0}))["ci"]
        assert found.changes == {("n", str(number)): number for number in range(50)}
        assert await store.fetch({"ci": found.version}) == {}
        assert await store.commit("ci", version, ENTRY) > version
        await store.close()

    asyncio.run(play())


def test_idle_connections_that_a_restart_has_cut_are_no_failure(own_server: RedisServer) -> None:
    async def play() -> None:
        store = RedisStore(own_server.url, "idle")
        version = await store.commit("ci", 0, ENTRY)
        await asyncio.gather(*(store.fetch({"ci": 0}) for _ in range(20)))
        own_server.stop()
        own_server.start()
        assert await store.commit("ci", version, ENTRY) > version
        await asyncio.gather(*(store.fetch({"ci": 0}) for _ in range(20)))
        await store.close()

    asyncio.run(play())


def test_a_server_that_lost_everything_is_noticed(own_server: RedisServer) -> None:
    async def play() -> None:
        first, second = RedisStore(own_server.url, "empty"), RedisStore(own_server.url, "empty")
        old = await acknowledged(first, 20)
        own_server.stop(signal.SIGKILL)
        own_server.empty()
        own_server.start()
        news = (await first.fetch({"ci": old}))["ci"]
        assert (news.version, news.changes, news.is_whole) == (0, {}, True)
        with pytest.raises(ConflictError):
            await first.commit("ci", old, ENTRY)
        new = await acknowledged(second, 20)
        news = (await first.fetch({"ci": old}))["ci"]
        assert new > old
        assert (news.version, len(news.changes), news.is_whole) == (new, 20, True)
        await first.close()
        await second.close()

    asyncio.run(play())


def test_a_version_is_later_than_all_that_were_seen_though_the_clock_was_set_back(own_server: RedisServer) -> None:
    async def play() -> None:
        store = RedisStore(own_server.url, "clock")
        own_server.ask("SET", "{clock}:sequence", "9000000000000000")
        version = await store.commit("ci", 0, ENTRY)
        assert version == 9_000_000_000_000_001
        own_server.ask("FLUSHALL")
        assert await store.commit("ci", 0, ENTRY) > version
        await store.close()

    asyncio.run(play())


def test_a_commit_whose_answer_got_lost_is_made_once(own_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        store, other = RedisStore(own_server.url, "lost"), RedisStore(own_server.url, "lost")
        version = await store.commit("ci", 0, ENTRY)
        send, answers = store._send, iter([LostError("the answer got lost")])  # noqa: SLF001 - the wire of it

        async def lossy(words: tuple[Any, ...]) -> Any:
            told = await send(words)
            if (error := next(answers, None)) is not None:
                await other.commit("ci", int(told), {("between", "n"): 1})
                raise error
            return told

        monkeypatch.setattr(store, "_send", lossy)
        second = await store.commit("ci", version, {("g", "n"): 2})
        found = (await other.fetch({"ci": version}))["ci"]
        assert found.changes == {("g", "n"): 2, ("between", "n"): 1}
        assert second < found.version
        await store.close()
        await other.close()

    asyncio.run(play())


def test_a_server_that_takes_no_more_is_down(own_server: RedisServer) -> None:
    async def play() -> None:
        store = RedisStore(own_server.url, "full")
        version = await store.commit("ci", 0, ENTRY)
        own_server.ask("CONFIG", "SET", "maxmemory", "1")
        with pytest.raises(StoreDownError, match="memory"):
            await store.commit("ci", version, {("g", "n"): "x" * 1000})
        own_server.ask("CONFIG", "SET", "maxmemory", "0")
        assert await store.commit("ci", version, ENTRY) > version
        await store.close()

    asyncio.run(play())


def test_a_server_that_wants_a_password_is_down_and_the_reason_tells_none(own_server: RedisServer) -> None:
    async def play() -> str:
        own_server.ask("CONFIG", "SET", "requirepass", "sesame")
        store = RedisStore(own_server.url.replace("//", "//:wrong-one@"), "locked")
        with pytest.raises(StoreDownError) as caught:
            await store.fetch({"ci": 0})
        await store.close()
        good = RedisStore(own_server.url.replace("//", "//:sesame@"), "locked")
        await good.commit("ci", 0, ENTRY)
        await good.close()
        return caught.value.reason

    assert "wrong-one" not in asyncio.run(play())


def test_two_prefixes_share_nothing(own_server: RedisServer) -> None:
    async def play() -> None:
        stores = [open_store(Place(f"{own_server.url}?prefix=one")), open_store(Place(own_server.url, "two"))]
        for store in stores:
            assert store is not None
            assert await store.names() == []
            await store.commit("ci", 0, ENTRY)
            await store.close()

    asyncio.run(play())
    assert b"{one}:document:ci" in own_server.ask("KEYS", "*")
    assert b"{two}:document:ci" in own_server.ask("KEYS", "*")


# A file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


def contents(file: Path) -> dict[Any, Any]:
    async def play() -> dict[Any, Any]:
        store = SqliteStore(file)
        news = (await store.fetch({"ci": 0})).get("ci")
        await store.close()
        return news.changes if news else {}

    return asyncio.run(play())


def test_a_full_disk_loses_nothing(file: Path) -> None:
    async def play() -> int:
        store = SqliteStore(file)
        store._connection().execute("PRAGMA max_page_count = 60")  # noqa: SLF001 - as much room as a small disk has
        version = count = 0
        reason = ""
        while not reason:
            try:
                version = await store.commit("ci", version, {("n", str(count)): "x" * 3000})
                count += 1
            except StoreDownError as error:
                reason = error.reason
        assert "full" in reason
        found = (await store.fetch({"ci": 0}))["ci"]
        assert (found.version, len(found.changes)) == (version, count)
        version = await store.commit("ci", version, {("n", str(number)): MISSING for number in range(count - 1)})
        await store.commit("ci", version, {("n", "again"): 1})
        await store.close()
        return count

    count = asyncio.run(play())
    assert count > 3
    assert set(contents(file)) == {("n", str(count - 1)), ("n", "again")}


@contextmanager
def locked(file: Path) -> Iterator[None]:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("COMMIT")
        other.close()


def test_while_another_program_writes_others_are_served(file: Path) -> None:
    async def play() -> None:
        store = SqliteStore(file)
        version = await store.commit("ci", 0, ENTRY)
        with locked(file):
            commit = asyncio.create_task(store.commit("ci", version, {("g", "n"): 2}))
            for _ in range(10):
                await asyncio.sleep(0.001)
                assert (await store.fetch({"ci": 0}))["ci"].changes == ENTRY
            assert not commit.done()
        assert await commit > version
        await store.close()

    asyncio.run(play())
    assert contents(file) == {("g", "n"): 2}


def test_a_lock_that_is_never_given_back_is_an_outage(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_module, "_PATIENCE_SECONDS", 0.02)

    async def play() -> None:
        store = SqliteStore(file)
        with locked(file), pytest.raises(StoreDownError, match="locked"):
            await store.commit("ci", 0, ENTRY)
        await store.commit("ci", 0, ENTRY)
        await store.close()

    asyncio.run(play())


def damage(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))


def test_a_file_that_is_damaged_meanwhile_is_an_outage(file: Path) -> None:
    async def play() -> None:
        store = SqliteStore(file)
        await acknowledged(store, 100)
        await store.close()
        damage(file)
        with pytest.raises(StoreDownError, match="damaged"):
            await store.fetch({"ci": 0})
        await store.close()

    asyncio.run(play())


def test_a_file_that_was_taken_away_begins_anew(file: Path) -> None:
    async def play() -> None:
        store = SqliteStore(file)
        old = await acknowledged(store, 10)
        for part in file.parent.iterdir():
            part.unlink()
        news = (await store.fetch({"ci": old}))["ci"]
        assert (news.version, news.is_whole) == (0, True)
        assert await store.commit("ci", 0, ENTRY) > old
        await store.close()

    asyncio.run(play())
    assert contents(file) == ENTRY


def test_an_older_copy_of_a_file_is_noticed(file: Path) -> None:
    async def play() -> None:
        store = SqliteStore(file)
        first = await acknowledged(store, 3)
        await store.close()
        copy = shutil.copy(file, file.with_suffix(".copy"))
        second = await store.commit("ci", first, {("later", "n"): 1})
        await store.close()
        shutil.move(copy, file)
        news = (await store.fetch({"ci": second}))["ci"]
        assert (news.version, news.is_whole, len(news.changes)) == (first, True, 3)
        assert await store.commit("ci", first, ENTRY) > second
        news = (await store.fetch({"ci": second}))["ci"]
        assert (news.is_whole, ("later", "n") in news.changes) == (True, False)
        await store.close()

    asyncio.run(play())


WRITER = """\
import asyncio, sys
from understudy_mock.stores.opening import Place, open_store

async def write():
    store, version, number = open_store(Place(sys.argv[1])), 0, 0
    while True:
        version = await store.commit("ci", version, {("n", str(number)): number, ("n", "last"): number})
        print(number, flush=True)
        number += 1

asyncio.run(write())
"""


@pytest.mark.parametrize("kind", ["sqlite", "redis"])
def test_a_writer_that_is_killed_loses_nothing(kind: str, file: Path, own_server: RedisServer) -> None:
    for count in (1, 40, 333):
        url = f"sqlite:///{file}" if kind == "sqlite" else own_server.url
        with subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            for _ in range(count):
                writer.stdout.readline()
            writer.kill()
            told = count + len(writer.stdout.read().splitlines())

        async def check(url: str = url, told: int = told) -> None:
            store = open_store(Place(url))
            assert store is not None
            found = (await store.fetch({"ci": 0}))["ci"].changes
            last = found.pop(("n", "last"))
            assert last >= told - 1
            assert found == {("n", str(number)): number for number in range(last + 1)}, "all of each change, or nothing"
            assert await store.forget("ci")
            await store.close()

        asyncio.run(check())
