"""A session's name goes in; its own memory, scenario and faults come out. What one session does, no other sees.

A session is named by the header `Understudy-Session`, else `Prefer: session=`, else the cookie `understudy-session`;
without a name it is `default`. It is made on first use and starts from the contracts' seeds.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from understudy.errors import UsageError
from understudy_mock.exchange import Fault, RefusalError
from understudy_mock.faults import Tally
from understudy_mock.preferences import SESSION
from understudy_mock.scenarios import Play, seeds
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
        self.revoked: set[str] = set()
        self.tally = Tally()
        self.scenario: str | None = None
        self.plays: dict[tuple[str, str], Play] = {}
        self.memories = {entry.name: Memory(entry.resources.seeds()) for entry in contracts} if remember else {}

    def reset(self) -> None:
        """Forget everything since the start."""
        self.revoked.clear()
        self.tally = Tally()
        self.plays.clear()
        for memory in self.memories.values():
            memory.reset()

    def play(self, scenario: str | None, contracts: list[CompiledContract]) -> None:
        """Begin a scenario, or none: memory as it is given, and every operation at its first step."""
        self.scenario = scenario
        self.plays.clear()
        for entry in contracts if self.memories else ():
            self.memories[entry.name] = Memory(seeds(entry.resources, entry.scenarios.get(scenario or "")))

    def adopt(self, contracts: list[CompiledContract]) -> None:
        """Go on with contracts that were read again: their memories keep what they hold, as far as it has a place."""
        kept = self.memories
        self.memories = {entry.name: Memory(entry.resources.seeds()) for entry in contracts}
        for entry in contracts:
            if (memory := kept.get(entry.name)) is not None:
                memory.adopt(seeds(entry.resources, entry.scenarios.get(self.scenario or "")))
                self.memories[entry.name] = memory


class Sessions:
    """All sessions, the one used longest ago first; beyond the limit that one is dropped."""

    def __init__(self, contracts: list[CompiledContract], *, remember: bool, scenario: str | None = None) -> None:
        self._contracts, self._remember = contracts, remember
        self._scenario = self._known(scenario)
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def open(self, name: str) -> Session:
        """Get a session, made on first use."""
        session = self._sessions.get(name)
        if session is None:
            session = self._sessions[name] = Session(name, self._contracts, remember=self._remember)
            if self._scenario is not None:
                session.play(self._scenario, self._contracts)
            if len(self._sessions) > MAX_SESSIONS:
                self._sessions.popitem(last=False)
        elif len(self._sessions) > 1:
            self._sessions.move_to_end(name)
        return session

    def scenarios(self) -> dict[str, list[str]]:
        """List the scenarios there are: name → the contracts that have it."""
        found: dict[str, list[str]] = {}
        for entry in self._contracts:
            for name in entry.scenarios:
                found.setdefault(name, []).append(entry.name)
        return found

    def play(self, name: str, scenario: str | None) -> Session:
        """Begin a scenario in a session, or leave scenarios with None. Raises UsageError for one that is unknown."""
        known = self._known(scenario)
        session = self.open(name)
        session.play(known, self._contracts)
        return session

    def _known(self, scenario: str | None) -> str | None:
        if scenario is not None and scenario not in (known := self.scenarios()):
            raise UsageError(f"There is no scenario `{scenario}`.", f"There are: {', '.join(sorted(known)) or 'none'}.")
        return scenario

    def find(self, name: str) -> Session | None:
        """Look a session up; None if no request has used it yet."""
        return self._sessions.get(name)

    def adopt(self, contracts: list[CompiledContract]) -> None:
        """Let all sessions go on with contracts that were read again."""
        self._contracts = contracts
        for session in self._sessions.values() if self._remember else ():
            session.adopt(contracts)

    def close(self, name: str) -> bool:
        """Drop a session; tells whether there was one."""
        return self._sessions.pop(name, None) is not None

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._sessions.values()))


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
