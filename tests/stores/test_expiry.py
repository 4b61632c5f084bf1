"""A session that nobody uses is forgotten after its lifetime, whatever the wall clock is set to; one in use is not."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from understudy_mock import session as session_module
from understudy_mock import sessions as sessions_module
from understudy_mock.sessions import Sessions
from understudy_mock.stores.clock import Clocks, LastingClock
from understudy_mock.stores.local import LocalStore
from understudy_mock.stores.redis import RedisStore
from understudy_mock.stores.sqlite import SqliteStore
from understudy_mock.stores.store import COMMON

if TYPE_CHECKING:
    from pathlib import Path

    from redis_server import RedisServer

    from understudy_mock.stores.store import Store

LIFETIME = 100.0
ENTRY = {("g", "n"): 1}


@dataclass
class Machine:
    """A machine whose clocks stand still until they are moved."""

    monotonic: float = 1000.0
    wall: float = 1_700_000_000.0
    boot: str = "first"

    def pass_by(self, seconds: float) -> None:
        self.monotonic += seconds
        self.wall += seconds

    def restart(self, wall_seconds: float) -> None:
        self.monotonic, self.boot = 3.0, self.boot + "+"
        self.wall += wall_seconds

    @property
    def clocks(self) -> Clocks:
        return Clocks(lambda: self.monotonic, lambda: self.wall, lambda: self.boot)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture(params=["local", "sqlite"])
def store(request: pytest.FixtureRequest, machine: Machine, tmp_path: Path) -> Store:
    if request.param == "local":
        return LocalStore(LIFETIME, machine.clocks.monotonic)
    return SqliteStore(tmp_path / "state.db", LIFETIME, machine.clocks)


def test_what_nobody_uses_expires(store: Store, machine: Machine) -> None:
    async def play() -> list[list[str]]:
        await store.commit("ci", 0, ENTRY)
        await store.commit(COMMON, 0, ENTRY)
        seen = []
        for _ in range(13):
            machine.pass_by(10)
            await store.fetch({"ci": 0})
            seen.append(await store.names())
        await store.close()
        return seen

    seen = asyncio.run(play())
    assert all("ci" in names for names in seen[:10]), "not before its lifetime is over"
    assert seen[-1] == [COMMON], "and what concerns all sessions never does"


def test_what_is_touched_lives_on(store: Store, machine: Machine) -> None:
    async def play() -> list[str]:
        for name in ("ci", "idle"):
            await store.commit(name, 0, ENTRY)
        for _ in range(50):
            machine.pass_by(10)
            await store.touch({"ci": 2.5, "nobody": 0.0})
            await store.fetch({"ci": 0})
        names = await store.names()
        await store.close()
        return names

    assert asyncio.run(play()) == ["ci"]


def test_a_touch_of_long_ago_does_not_make_older(store: Store, machine: Machine) -> None:
    async def play() -> list[str]:
        machine.pass_by(1000)
        await store.commit("ci", 0, ENTRY)
        await store.touch({"ci": 500.0})
        machine.pass_by(20)
        await store.fetch({"ci": 0})
        names = await store.names()
        await store.close()
        return names

    assert asyncio.run(play()) == ["ci"]


@pytest.mark.parametrize("jump", [-1e9, -200.0, 200.0, 1e9])
def test_setting_the_wall_clock_changes_nothing(store: Store, machine: Machine, jump: float) -> None:
    async def play() -> tuple[list[str], list[str]]:
        await store.commit("ci", 0, ENTRY)
        machine.wall += jump
        machine.pass_by(90)
        await store.fetch({"ci": 0})
        alive = await store.names()
        machine.wall -= 2 * jump
        machine.pass_by(40)
        await store.fetch({"ci": 0})
        gone = await store.names()
        await store.close()
        return alive, gone

    assert asyncio.run(play()) == (["ci"], [])


@pytest.mark.parametrize(
    ("off", "left"), [(10.0, ["ci"]), (1000.0, []), (-1000.0, ["ci"])], ids=["short", "long", "set back"]
)
def test_the_time_a_machine_was_off_counts(machine: Machine, tmp_path: Path, off: float, left: list[str]) -> None:
    async def play() -> list[str]:
        first = SqliteStore(tmp_path / "state.db", LIFETIME, machine.clocks)
        await first.commit("ci", 0, ENTRY)
        machine.pass_by(50)
        await first.fetch({"ci": 0})
        await first.close()
        machine.restart(off)
        second = SqliteStore(tmp_path / "state.db", LIFETIME, machine.clocks)
        await second.fetch({"ci": 0})
        names = await second.names()
        machine.pass_by(70)
        await second.fetch({"ci": 0})
        assert await second.names() == [], "and it goes on from there"
        await second.close()
        return names

    assert asyncio.run(play()) == left


def test_whoever_opens_a_file_counts_on(machine: Machine, tmp_path: Path) -> None:
    async def play() -> list[str]:
        first = SqliteStore(tmp_path / "state.db", None, machine.clocks)
        machine.pass_by(200)
        second = SqliteStore(tmp_path / "state.db", LIFETIME, machine.clocks)
        await first.commit("ci", 0, ENTRY)
        machine.pass_by(50)
        await second.fetch({"ci": 0})
        names = await second.names()
        machine.pass_by(70)
        await second.fetch({"ci": 0})
        assert await second.names() == []
        await first.close()
        await second.close()
        return names

    assert asyncio.run(play()) == ["ci"]


def test_processes_of_one_machine_count_alike(machine: Machine) -> None:
    first, second = LastingClock(machine.clocks), LastingClock(machine.clocks)
    first.resume(None)
    machine.pass_by(70)
    machine.wall -= 1e6
    second.resume(first.leave_mark())
    machine.pass_by(5)
    assert first.now() == second.now() == 75


def test_on_a_server_documents_expire(server: RedisServer) -> None:
    async def play() -> bool:
        store = RedisStore(server.url, "expiry", 0.05)
        version = await store.commit("ci", 0, ENTRY)
        await store.commit(COMMON, 0, ENTRY)
        for _ in range(3000):
            if await store.names() == [COMMON]:
                break
            await asyncio.sleep(0.01)
        news = await store.fetch({"ci": version})
        assert (news["ci"].version, news["ci"].changes, news["ci"].is_whole) == (0, {}, True)
        again = await store.commit("ci", 0, ENTRY)
        await store.close()
        return again > version

    assert asyncio.run(play())


def test_on_a_server_a_touch_renews(server: RedisServer) -> None:
    def rest(key: str) -> int:
        return int(server.ask("PTTL", f"{{touch}}:{key}:ci").strip(b":\r\n"))

    async def play() -> None:
        store, longer = RedisStore(server.url, "touch", 100), RedisStore(server.url, "touch", 1000)
        await store.commit("ci", 0, ENTRY)
        assert rest("document") <= 110_000
        await longer.touch({"ci": 500.0, "nobody": 0.0})
        assert 110_000 < rest("document") <= 600_000
        assert 110_000 < rest("changes") <= 600_000
        await store.touch({"ci": 0.0})
        assert rest("document") > 110_000, "a touch never shortens"
        assert await store.names() == ["ci"]
        await store.close()
        await longer.close()

    asyncio.run(play())


def test_a_session_that_only_reads_is_touched(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (session_module, sessions_module):
        monkeypatch.setattr(module, "time", _Time(machine))
    store = LocalStore(LIFETIME, machine.clocks.monotonic)

    async def play() -> int:
        mine, other = (Sessions([], remember=True, store=store, lifetime=LIFETIME) for _ in range(2))
        session = mine.open("ci")
        await session.transact(lambda: session.count("requests", "k"))
        for _ in range(30):
            machine.pass_by(9)
            await other.refresh(other.open("ci"))
        count: int = other.open("ci").document.get("requests", "k", 0)
        return count

    assert asyncio.run(play()) == 1


@dataclass
class _Time:
    machine: Machine

    def monotonic(self) -> float:
        return self.machine.monotonic


def test_in_memory_a_session_expires(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (session_module, sessions_module):
        monkeypatch.setattr(module, "time", _Time(machine))
    sessions = Sessions([], remember=True, lifetime=LIFETIME)
    for name in ("used", "idle", "other"):
        session = sessions.open(name)
        session.at_once(lambda held=session: held.count("requests", "k"))  # type: ignore[misc] # bound at once
    for _ in range(11):
        machine.pass_by(10)
        sessions.open("used")
    assert [session.name for session in sessions] == ["used"]
    assert sessions.find("idle") is None
    assert sessions.open("used").document.get("requests", "k") == 1
    assert sessions.open("idle").document.get("requests", "k") is None


def test_in_memory_expired_sessions_make_room(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (session_module, sessions_module):
        monkeypatch.setattr(module, "time", _Time(machine))
    sessions = Sessions([], remember=True, lifetime=LIFETIME)
    for number in range(50):
        sessions.open(f"s{number}")
    machine.pass_by(101)
    sessions.open("new")
    assert len(sessions._sessions) == 1  # noqa: SLF001 - nobody sees them, but they take room


def test_without_a_lifetime_a_session_lives_for_ever(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (session_module, sessions_module):
        monkeypatch.setattr(module, "time", _Time(machine))
    sessions = Sessions([], remember=True)
    kept = sessions.open("ci")
    machine.pass_by(1e9)
    assert sessions.open("ci") is kept
