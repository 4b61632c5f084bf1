"""A store for one run: nobody else's is seen or touched, and nothing of it is left."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import redis_server

from understudy.errors import EnvironmentFailedError, UsageError
from understudy_mock.stores.opening import MEMORY, Place, open_store
from understudy_mock.stores.passing import passing

if TYPE_CHECKING:
    from collections.abc import Callable

    from redis_server import RedisServer

COMMAND = str(Path(sysconfig.get_path("scripts")) / "understudy")
OURS = {("a", "b"): 1}


@pytest.fixture(params=["sqlite", "redis"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/state.db"
    return f"{request.getfixturevalue('server').url}?prefix={tmp_path.name}"


def kept(url: str, tmp_path: Path, server: RedisServer) -> list[str]:
    """List what there is: files, and keys that begin with our prefix or with what is derived from it."""
    if url.startswith("sqlite:"):
        return sorted(path.name for path in tmp_path.iterdir())
    return sorted(server.ask("KEYS", f"{{{tmp_path.name}*").decode().split()[1:])


def write(place: Place, name: str) -> None:
    async def written() -> None:
        store = open_store(place)
        assert store is not None
        await store.commit(name, 0, OURS)
        await store.append("journal", [b"x"], {"y": 1}, 10)
        await store.close()

    asyncio.run(written())


def names(place: Place) -> list[str]:
    async def told() -> list[str]:
        store = open_store(place)
        assert store is not None
        try:
            return await store.names()
        finally:
            await store.close()

    return asyncio.run(told())


def fail_after(action: Callable[[], None]) -> None:
    action()
    raise KeyError


def test_it_neither_sees_nor_leaves_anything(url: str, tmp_path: Path, server: RedisServer) -> None:
    write(Place(url), "others")
    before = kept(url, tmp_path, server)
    with passing(url, "run") as place, passing(url, "run") as second:
        assert names(place) == []
        write(place, "own")
        assert names(place) == ["own"]
        assert names(second) == []
        assert kept(url, tmp_path, server) != before
    assert kept(url, tmp_path, server) == before
    assert names(Place(url)) == ["others"]


def test_what_goes_wrong_meanwhile_is_told_and_leaves_nothing(url: str, tmp_path: Path, server: RedisServer) -> None:
    before = kept(url, tmp_path, server)
    with pytest.raises(KeyError), passing(url, "run") as place:
        fail_after(lambda: write(place, "own"))
    assert kept(url, tmp_path, server) == before


def test_a_file_goes_whole_though_somebody_has_it_open(tmp_path: Path) -> None:
    holding = open_store(Place(f"sqlite:///{tmp_path}/state.db"))
    store = open_store(Place(f"sqlite:///{tmp_path}/state.db"))
    assert holding is not None
    assert store is not None
    asyncio.run(store.commit("ci", 0, OURS))
    assert len(list(tmp_path.iterdir())) == 3
    asyncio.run(store.erase())
    assert list(tmp_path.iterdir()) == []
    asyncio.run(holding.close())


def test_memory_is_always_ones_own() -> None:
    with passing(MEMORY, "run") as place:
        assert place == Place()


@pytest.mark.parametrize("url", ["sqlite:///", "sqlite:///a.db?x=1", "postgres://x", "redis://h:1/0?prefix=a/b"])
def test_a_url_that_names_no_store(url: str) -> None:
    with pytest.raises(UsageError), passing(url, "run"):
        pytest.fail("there is none")


def test_a_server_that_is_away_or_goes_away(tmp_path: Path) -> None:
    with redis_server.running(tmp_path) as server:
        with pytest.raises(EnvironmentFailedError) as caught, passing(server.url, "run"):
            server.stop(signal.SIGKILL)
        assert "the Redis server" in caught.value.message
        with pytest.raises(EnvironmentFailedError), passing(server.url, "run"):
            pytest.fail("there is none")
        server.start()
        with pytest.raises(KeyError), passing(server.url, "run"):
            fail_after(lambda: server.stop(signal.SIGKILL))


def drifted(*words: str) -> subprocess.CompletedProcess[str]:
    command = [COMMAND, "drift", "talkturo", "--seed=1", "--max-examples=10", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_drift_runs_the_same_on_every_store(tmp_path: Path, server: RedisServer) -> None:
    urls = [MEMORY, f"sqlite:///{tmp_path}/state.db", f"{server.url}?prefix={tmp_path.name}"]
    runs = [drifted("--store", url) for url in urls]
    assert [(run.returncode, run.stdout) for run in runs] == [(0, "")] * len(runs), [run.stderr for run in runs]
    said = {re.sub(r"[0-9.]+ s,", "", run.stderr) for run in runs}
    assert len(said) == 1, said
    assert said.pop().startswith("talkturo: no finding; 3 of 3 operations")
    assert [name for url in urls[1:] for name in kept(url, tmp_path, server)] == []


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--against", "http://127.0.0.1:9", "--store", "sqlite:///a.db"), 2, "Leave out --store or --against."),
        (("--store", "postgres://x"), 2, "There is no store `postgres://x`."),
        (("--store", "sqlite:////nowhere/at/all/a.db"), 3, "There is no directory /nowhere/at/all."),
        (("--store", "redis://127.0.0.1:9/0"), 3, "The store can't be used: the Redis server: "),
    ],
)
def test_drift_says_what_is_wrong_with_it(words: tuple[str, ...], code: int, told: str) -> None:
    done = drifted(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
