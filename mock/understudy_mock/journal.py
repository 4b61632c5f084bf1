"""Finished exchanges go in; the latest of them can be read back. A ring of raw facts, rendered only when asked for.

What it may hold is bounded: so many entries, and of each body so many bytes. Of a session it keeps the name only.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from understudy_mock.coverage import Coverage, uses
from understudy_mock.exchange import MISSING, RefusalError
from understudy_mock.media import MalformedError
from understudy_mock.sessions import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.coverage import Uses
    from understudy_mock.exchange import Answer, Exchange, Fault, Header
    from understudy_mock.near_misses import NearMiss
    from understudy_mock.preferences import Wish

CAPACITY = 1000
KEPT_BYTES = 64 * 1024
"""How much of a body is kept; what goes beyond is cut off, and the entry says so."""

VERDICTS = ("answered", "refused", "no-route", "unanswerable", "fault", "failed", "options")
_VERDICT_OF = {
    "": "answered",
    "no-route": "no-route",
    "no-method": "no-route",
    "unknown-schema": "unanswerable",
    "ungeneratable": "unanswerable",
    "broken-example": "unanswerable",
    "no-response": "unanswerable",
    "fault": "fault",
    "limit": "fault",
    "internal": "failed",
    "handler": "failed",
    "options": "options",
}


class Entry(NamedTuple):
    """One request and the answer it got. `at` is seconds since the epoch; sizes are those of the whole bodies."""

    number: int
    at: float
    seconds: float
    session: str
    method: str
    path: str
    query: bytes
    headers: list[Header]
    operation: CompiledOperation | None
    values: dict[str, dict[str, Any]]
    wish: Wish
    content: bytes
    request_bytes: int
    status: int
    answer_headers: tuple[Header, ...]
    answer_body: bytes
    answer_bytes: int
    reason: str
    kind: str
    faults: tuple[Fault, ...]
    nearest: tuple[NearMiss, ...]
    scheme: str

    @property
    def verdict(self) -> str:
        """What became of the request, as one of `VERDICTS`."""
        return _VERDICT_OF.get(self.kind, "refused")

    def header(self, name: bytes) -> str | None:
        """Read a header of the request; several of one name are joined by commas (RFC 9110, 5.2)."""
        found = [value for key, value in self.headers if key == name]
        return b", ".join(found).decode("latin-1") if found else None

    def body(self) -> Any:
        """Read the request's body again; MISSING if there was none, if it can't be read, or if it was cut."""
        declared = self.operation.body if self.operation else None
        if declared is None or not self.content or self.request_bytes > len(self.content):
            return MISSING
        content_type = self.header(b"content-type")
        try:
            chosen = declared.choose(content_type)
            return chosen.decode(content_type or chosen.media_range, self.content)
        except (MalformedError, RefusalError):
            return MISSING


_entry = tuple.__new__
"""Makes an entry from its facts in order, without the detour over a function of a parameter for each."""


class Journal:
    """The latest exchanges, oldest first, and what all of them together have covered of the contracts."""

    is_shared = False
    """Whether an entry stands only after `written`, and others' only after `catch_up`."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._entries: deque[Entry] = deque(maxlen=capacity)
        self._wakers: tuple[Callable[[], None], ...] = ()
        self.coverage = Coverage()
        self.last = 0
        self._lost = 0
        self.is_closed = False

    def record(self, exchange: Exchange, answer: Answer) -> None:
        """Keep an exchange."""
        self.last = number = self.last + 1
        content, body, session, started = exchange.content, answer.body, exchange.session, exchange.started
        facts = (
            number,
            started,
            time.time() - started,
            session.name if session else DEFAULT,
            exchange.method,
            exchange.path,
            exchange.query,
            exchange.headers,
            exchange.operation,
            exchange.values,
            exchange.wish,
            content if len(content) <= KEPT_BYTES else content[:KEPT_BYTES],
            len(content),
            answer.status,
            answer.headers,
            body if len(body) <= KEPT_BYTES else body[:KEPT_BYTES],
            len(body),
            answer.reason,
            exchange.kind or answer.kind or ("fault" if exchange.mishap is not None and exchange.mishap.struck else ""),
            exchange.faults,
            exchange.nearest,
            exchange.scheme,
        )
        self._entries.append(_entry(Entry, facts))
        if exchange.operation is not None:
            self.coverage.add(uses(exchange.operation, exchange, answer))
        for wake in self._wakers:
            wake()

    @property
    def newest(self) -> Entry | None:
        """The entry that came last, unless it is forgotten."""
        return self._entries[-1] if self._entries else None

    def repeat(self, entry: Entry, used: Uses | None, started: float) -> None:
        """Keep an exchange that is like an earlier one in everything but its number and its time."""
        self.last = number = self.last + 1
        self._entries.append(_entry(Entry, (number, started, time.time() - started, *entry[3:])))
        if used is not None:
            self.coverage.add(used)
        for wake in self._wakers:
            wake()

    def clear(self, session: str | None = None) -> None:
        """Forget all entries, or those of one session; numbers go on from where they are."""
        kept = [entry for entry in self._entries if session is not None and entry.session != session]
        is_full = len(self._entries) == self._entries.maxlen
        self._lost = 0 if session is None else self._entries[0].number - 1 if is_full else self._lost
        self._entries.clear()
        self._entries.extend(kept)

    def since(self, number: int) -> list[Entry]:
        """List the entries that came after the one with this number, oldest first."""
        if number >= self.last:
            return []
        return [entry for entry in self._entries if entry.number > number]

    def has_all_since(self, number: int) -> bool:
        """Tell whether nothing that came after the number has been pushed out of the ring."""
        entries = self._entries
        is_full = len(entries) == entries.maxlen
        return number >= (entries[0].number - 1 if is_full and entries[0].number > 1 else self._lost)

    async def written(self) -> None:
        """Wait until what was recorded stands."""

    async def catch_up(self) -> None:
        """Learn what other processes have recorded."""

    async def recount(self) -> None:
        """Begin to count anew what is covered."""
        self.coverage.reset()

    def watch(self, wake: Callable[[], None]) -> None:
        """Have a function called after every entry, and when the mock is told to stop; it must not block."""
        self._wakers = (*self._wakers, wake)

    @property
    def watchers(self) -> int:
        """How many watch."""
        return len(self._wakers)

    def unwatch(self, wake: Callable[[], None]) -> None:
        """Call it no longer."""
        self._wakers = tuple(kept for kept in self._wakers if kept is not wake)

    def close(self) -> None:
        """Let those who watch come to an end."""
        self.is_closed = True
        for wake in self._wakers:
            wake()

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))
