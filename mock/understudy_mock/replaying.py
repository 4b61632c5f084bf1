"""The bytes of a request go in; the bytes it was answered with come out, if it would be answered with the same again.

The same request in the same state gets the same answer: that is the law of the mock, and so an answer may be kept for
as long as nothing has changed that it can depend on. Whatever may be answered differently the next time is not kept.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from understudy_mock.coverage import uses

if TYPE_CHECKING:
    from understudy_mock.coverage import Uses
    from understudy_mock.exchange import Exchange
    from understudy_mock.journal import Entry
    from understudy_mock.runtime import Runtime
    from understudy_mock.session import Session

    State = tuple[int, int, int]
    """The versions of the mock, of what all sessions have in common, and of one session."""

MAX_REQUEST_BYTES = 8 * 1024
MAX_ANSWER_BYTES = 64 * 1024
_MAX_REPLAYS = 2048
_MAX_BYTES = 32 * 1024 * 1024
_OVERHEAD_BYTES = 2048
"""What a replay takes besides its bytes, roughly."""
_MAX_IN_VAIN = 256
_MARKS = 4096
_FAILED = 500


class Replay:
    """An answer that may be given again: `start` and `rest` are its bytes, between which the date belongs."""

    __slots__ = ("_uses", "entry", "exchange", "rest", "session", "start", "state")

    def __init__(self, exchange: Exchange, session: Session, state: State, entry: Entry) -> None:
        self.exchange, self.session, self.state, self.entry = exchange, session, state, entry
        self.start = self.rest = b""
        self._uses: Uses | None = None

    @property
    def uses(self) -> Uses | None:
        """What of the contract was used; worked out when it is first asked for."""
        exchange = self.exchange
        if self._uses is None and exchange.operation is not None and exchange.answer is not None:
            self._uses = uses(exchange.operation, exchange, exchange.answer)
        return self._uses


class Replays:
    """The answers that may be given again, the oldest first; beyond the limits that one goes. `count` is of replays.

    Where request after request is new, only what comes for a second time is kept: keeping costs a little, too.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._known: OrderedDict[bytes, Replay] = OrderedDict()
        self._bytes = 0
        self._in_vain = 0
        self._marks = [0] * _MARKS
        self.count = 0

    def play(self, request: bytes) -> Replay | None:
        """Find what the request is answered with, as long as that is still true, and record it as any other answer."""
        replay = self._known.get(request)
        if replay is None:
            return None
        started, runtime = time.time(), self._runtime
        session = runtime.sessions.open(replay.session.name)
        if session is not replay.session or replay.state != self._state(session) or runtime.draining:
            self._forget(request)
            return None
        self.count += 1
        self._in_vain = 0
        runtime.journal.repeat(replay.entry, replay.uses, started)
        return replay

    def keep(self, request: bytes, exchange: Exchange, start: bytes, rest: bytes) -> None:
        """Keep the answer of an exchange that is over and has never waited, if it would be the same again."""
        if self._in_vain >= _MAX_IN_VAIN and not self._has_come_before(request):
            return
        session, entry = exchange.session, self._runtime.journal.newest
        if session is None or entry is None or entry.headers is not exchange.headers or len(rest) > MAX_ANSWER_BYTES:
            return
        if not self._is_repeatable(exchange, session):
            return
        replay = self._known[request] = Replay(exchange, session, self._state(session), entry)
        replay.start, replay.rest = start, rest
        self._in_vain += 1
        self._bytes += _size(request, replay)
        while len(self._known) > _MAX_REPLAYS or self._bytes > _MAX_BYTES:
            self._bytes -= _size(*self._known.popitem(last=False))

    def __len__(self) -> int:
        return len(self._known)

    def _has_come_before(self, request: bytes) -> bool:
        mark = hash(request)
        is_known = self._marks[mark % _MARKS] == mark
        self._marks[mark % _MARKS] = mark
        return is_known

    def _is_repeatable(self, exchange: Exchange, session: Session) -> bool:
        if exchange.version != session.version or not session.is_local or self._runtime.settings.real_clock:
            return False
        if exchange.answer is None or exchange.answer.status >= _FAILED or exchange.mishap is not None:
            return False
        return exchange.operation is None or not exchange.operation.triggers

    def _state(self, session: Session) -> State:
        return self._runtime.version, self._runtime.sessions.common.version, session.version

    def _forget(self, request: bytes) -> None:
        if (replay := self._known.pop(request, None)) is not None:
            self._bytes -= _size(request, replay)


def _size(request: bytes, replay: Replay) -> int:
    return 2 * len(request) + len(replay.rest) + _OVERHEAD_BYTES
