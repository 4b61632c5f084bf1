"""A session's name goes in; its own memory, scenario and faults come out. What one session does, no other sees.

A session is named by the header `Understudy-Session`, else `Prefer: session=`, else the cookie `understudy-session`;
without a name it is `default`. It is made on first use and starts from the contracts' seeds. Its whole state is one
document; with a store, that is read before a request and what a request changed is stored before it is answered.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from understudy.errors import UsageError
from understudy_mock.exchange import Fault, RefusalError
from understudy_mock.preferences import SESSION
from understudy_mock.session import Session, Terms
from understudy_mock.sharing import hand_in, learn
from understudy_mock.stores.store import COMMON, TOUCH_SHARE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from understudy_mock.compiling import CompiledContract
    from understudy_mock.exchange import Exchange
    from understudy_mock.stores.store import Store

DEFAULT = "default"
MAX_SESSIONS = 10_000

_COOKIE = "understudy-session="


class Sessions:
    """All sessions, the one used longest ago first; beyond the limit that one is dropped, and so is one that expired.

    `lifetime` is how many seconds a session may be without use; None is for ever.
    """

    def __init__(
        self,
        contracts: Iterable[CompiledContract],
        *,
        remember: bool,
        scenario: str | None = None,
        store: Store | None = None,
        lifetime: float | None = None,
    ) -> None:
        self.terms = Terms({entry.name: entry for entry in contracts}, remember, store=store)
        self.terms.scenario = self._known(scenario)
        self.lifetime = lifetime
        self.common = Session(COMMON, self.terms)
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._ended: set[str] = set()

    @property
    def is_local(self) -> bool:
        """Tell whether this process alone has the sessions."""
        return self.terms.store is None

    def open(self, name: str) -> Session:
        """Get a session, made on first use."""
        session = self._sessions.get(name)
        if session is None or (self.lifetime is not None and self._has_expired(session)):
            session = self._sessions[name] = Session(name, self.terms)
            self._make_room()
        if len(self._sessions) > 1:
            self._sessions.move_to_end(name)
        return session

    def _make_room(self) -> None:
        """Drop the session used longest ago if there are too many, and those before it that are over."""
        oldest = next(iter(self._sessions.values()))
        while len(self._sessions) > MAX_SESSIONS or self._is_over(oldest):
            del self._sessions[oldest.name]
            oldest = next(iter(self._sessions.values()))

    def _has_expired(self, session: Session) -> bool:
        """Tell whether it is over; if it isn't, it is used now. Documents in a store expire there."""
        if not self.is_local:
            return False
        is_over = self._is_over(session)
        session.used = time.monotonic()
        return is_over

    def scenarios(self) -> dict[str, list[str]]:
        """List the scenarios there are: name → the contracts that have it."""
        found: dict[str, list[str]] = {}
        for entry in self.terms.contracts.values():
            for name in entry.scenarios:
                found.setdefault(name, []).append(entry.name)
        return found

    def play(self, name: str, scenario: str | None) -> Session:
        """Begin a scenario in a session, or leave scenarios with None. Raises UsageError for one that is unknown."""
        known = self._known(scenario)
        session = self.open(name)
        session.play(known)
        return session

    def _known(self, scenario: str | None) -> str | None:
        if scenario is not None and scenario not in (known := self.scenarios()):
            raise UsageError(f"There is no scenario `{scenario}`.", f"There are: {', '.join(sorted(known)) or 'none'}.")
        return scenario

    def find(self, name: str) -> Session | None:
        """Look a session up; None if no request has used it yet."""
        session = self._sessions.get(name)
        return None if session is None or self._is_over(session) else session

    def _is_over(self, session: Session) -> bool:
        return self.is_local and self.lifetime is not None and time.monotonic() - session.used > self.lifetime

    def adopt(self, contracts: Iterable[CompiledContract]) -> None:
        """Let all sessions go on with contracts that were read again."""
        self.terms.adopt(contracts)

    def close(self, name: str) -> bool:
        """Drop a session; tells whether there was one."""
        if (is_known := self._sessions.pop(name, None) is not None) and not self.is_local:
            self._ended.add(name)
        return is_known

    async def refresh(self, session: Session) -> None:
        """Learn what other processes have changed for one session and for all. Raises StoreDownError."""
        store = self.terms.store
        if store is not None:
            await learn(store, (session, self.common))
            await self._touch(store, session)

    async def _touch(self, store: Store, session: Session) -> None:
        """Let the store know of a use now and then, so that a session that only reads does not expire there."""
        now = time.monotonic()
        if self.lifetime is None or not session.document.version or now - session.touched < self.lifetime * TOUCH_SHARE:
            return
        session.touched = now
        await store.touch({session.name: 0.0})

    async def close_store(self) -> None:
        """Let go of the store's files and connections."""
        if self.terms.store is not None:
            await self.terms.store.close()

    async def refresh_all(self) -> None:
        """Learn of all sessions that any process has. Raises StoreDownError."""
        store = self.terms.store
        if store is None:
            return
        names = set(await store.names()) - {COMMON}
        for name in [name for name, held in self._sessions.items() if held.document.version and name not in names]:
            del self._sessions[name]
        held = [self._sessions.setdefault(name, Session(name, self.terms)) for name in sorted(names)]
        await learn(store, (self.common, *held))

    async def flush(self) -> None:
        """Store what was changed in any session, end those that were closed. Raises ConflictError, StoreDownError."""
        store = self.terms.store
        changed = [session for session in (self.common, *self._sessions.values()) if session.document.is_changed]
        if store is None:
            for session in changed:
                session.document.settle()
            return
        await hand_in(store, changed)
        ended, self._ended = self._ended, set()
        for name in ended:
            await store.forget(name)

    def __iter__(self) -> Iterator[Session]:
        return iter([session for session in self._sessions.values() if not self._is_over(session)])


def session_of(exchange: Exchange) -> Session:
    """Give the session of an exchange that is past the boundary."""
    if exchange.session is None:
        raise TypeError("the boundary gives every exchange a session")
    return exchange.session


def name_of(exchange: Exchange) -> str:
    """Read which session a request belongs to. Raises RefusalError for a name that can't be one."""
    if name := exchange.header(b"understudy-session"):
        return _name(name)
    if exchange.wish.session:
        return exchange.wish.session
    cookie = exchange.header(b"cookie")
    for part in cookie.split(";") if cookie and _COOKIE in cookie else ():
        if part.strip().startswith(_COOKIE):
            return _name(part.strip()[len(_COOKIE) :] or DEFAULT)
    return DEFAULT


def _name(text: str) -> str:
    if not SESSION.fullmatch(text):
        message = "up to 100 letters, digits, points, hyphens and underscores are wanted"
        raise RefusalError("unknown-wish", (422,), (Fault("session", (), "malformed", message),))
    return text
