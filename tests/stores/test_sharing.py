"""What the control API does to several sessions at once is stored for each of them, whatever goes on beside it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from understudy_mock.sessions import Sessions
from understudy_mock.stores.local import LocalStore
from understudy_mock.stores.store import ConflictError

if TYPE_CHECKING:
    from understudy_mock.state.document import Changes

NAMES = ("one", "two", "three")


class SlowStore(LocalStore):
    """A store that lets others go first, as one over a network does."""

    async def commit(self, name: str, version: int, changes: Changes) -> int:
        await asyncio.sleep(0)
        return await super().commit(name, version, changes)


def mocks(count: int) -> list[Sessions]:
    store = SlowStore()
    return [Sessions([], remember=True, store=store) for _ in range(count)]


def revoke(sessions: Sessions) -> None:
    for name in NAMES:
        sessions.open(name).revoke("token")


def test_several_sessions_are_stored() -> None:
    first, second = mocks(2)

    async def play() -> list[bool]:
        revoke(first)
        await first.flush()
        await second.refresh_all()
        return ["token" in second.open(name).revoked for name in NAMES]

    assert asyncio.run(play()) == [True] * 3


def test_a_request_in_the_meantime_takes_nothing_away() -> None:
    first, second = mocks(2)

    async def play() -> list[tuple[bool, int]]:
        revoke(first)
        flush = asyncio.create_task(first.flush())
        counts = [session.transact(lambda held=session: held.count("n", "n")) for session in map(first.open, NAMES)]  # type: ignore[misc] # bound at once
        await asyncio.gather(*counts)
        try:
            await flush
        except ConflictError:
            revoke(first)
            await first.flush()
        await second.refresh_all()
        held = map(second.open, NAMES)
        return [("token" in session.revoked, session.document.get("n", "n")) for session in held]

    assert asyncio.run(play()) == [(True, 1)] * 3


def test_a_conflict_leaves_nothing_half_done_in_memory() -> None:
    first, second = mocks(2)

    async def play() -> None:
        other = second.open("one")
        await other.transact(lambda: other.count("n", "n"))
        revoke(first)
        with pytest.raises(ConflictError):
            await first.flush()
        assert [list(first.open(name).revoked) for name in NAMES[:1]] == [[]]
        assert not [name for name in NAMES if first.open(name).document.is_changed]

    asyncio.run(play())
