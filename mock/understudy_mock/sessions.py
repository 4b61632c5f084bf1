"""A session's name goes in; its own memory, scenario and faults come out. What one session does, no other sees.

A session is named by the header `Understudy-Session`, else `Prefer: session=`, else the cookie `understudy-session`;
without a name it is `default`. It is made on first use and starts from the contracts' seeds.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from understudy_mock.state.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy_mock.compiling import CompiledContract
    from understudy_mock.exchange import Exchange

DEFAULT = "default"
MAX_SESSIONS = 10_000

_COOKIE = "understudy-session="


class Session:
    """What belongs to one client of the mock."""

    def __init__(self, name: str, contracts: list[CompiledContract], *, remember: bool) -> None:
        self.name = name
        self.memories = {entry.name: Memory(entry.resources.seeds()) for entry in contracts} if remember else {}

    def reset(self) -> None:
        """Forget everything since the start."""
        for memory in self.memories.values():
            memory.reset()


class Sessions:
    """All sessions, the one used longest ago first; beyond the limit that one is dropped."""

    def __init__(self, contracts: list[CompiledContract], *, remember: bool) -> None:
        self._contracts, self._remember = contracts, remember
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def open(self, name: str) -> Session:
        """Get a session, made on first use."""
        session = self._sessions.get(name)
        if session is None:
            session = self._sessions[name] = Session(name, self._contracts, remember=self._remember)
            if len(self._sessions) > MAX_SESSIONS:
                self._sessions.popitem(last=False)
        elif len(self._sessions) > 1:
            self._sessions.move_to_end(name)
        return session

    def close(self, name: str) -> bool:
        """Drop a session; tells whether there was one."""
        return self._sessions.pop(name, None) is not None

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._sessions.values()))


def name_of(exchange: Exchange) -> str:
    """Read which session a request belongs to."""
    if name := exchange.header(b"understudy-session"):
        return name
    if exchange.wish.session:
        return exchange.wish.session
    cookie = exchange.header(b"cookie")
    for part in cookie.split(";") if cookie and _COOKIE in cookie else ():
        if part.strip().startswith(_COOKIE):
            return part.strip()[len(_COOKIE) :] or DEFAULT
    return DEFAULT
