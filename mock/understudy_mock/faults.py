"""Rules, a wish and a request go in; what is to go wrong with its answer comes out, the same on every run.

Whether a share hits, and how long a random delay is, depends on nothing but the seed, the session, the operation, which
request of the session to the operation it is, and the rule itself. Requests are counted while rules are in force.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from understudy.contract.fault_grammar import EVERY, WIRE, FaultAction, FaultRule
from understudy_mock import rate_limits
from understudy_mock.exchange import Answer, Fault, RefusalError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from understudy.contract.fault_grammar import Delay
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange, Header
    from understudy_mock.rate_limits import Window

_ALWAYS = 100.0


class BrokenOffError(Exception):
    """The connection is to end without any answer; carries how."""

    def __init__(self, action: FaultAction) -> None:
        super().__init__(str(action))
        self.action = action


@dataclass(slots=True)
class Tally:
    """What one session has used up: requests by operation, and the windows of limits."""

    requests: dict[str, int] = field(default_factory=dict)
    windows: dict[str, Window] = field(default_factory=dict)

    def next(self, key: str) -> int:
        """Count a request; the first is 1."""
        self.requests[key] = self.requests.get(key, 0) + 1
        return self.requests[key]


@dataclass
class Faults:
    """The rules of one mock: those for everybody and those of single sessions."""

    seed: int = 0
    sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep, repr=False)
    clock: Callable[[], float] = field(default=time.time, repr=False)
    _rules: dict[str | None, tuple[FaultRule, ...]] = field(default_factory=dict)

    def add(self, rules: Iterable[FaultRule], session: str | None = None) -> None:
        """Put rules in force after those there are, for one session or, without a name, for all."""
        if added := tuple(rules):
            self._rules[session] = (*self._rules.get(session, ()), *added)

    def rules(self, session: str | None = None, operation: str | None = None) -> list[FaultRule]:
        """List the rules of one session or, without a name, those for everybody; of one operation if it is named."""
        return [rule for rule in self._rules.get(session, ()) if operation in (None, rule.operation)]

    def sessions(self) -> list[str | None]:
        """List whose rules there are; None stands for everybody."""
        return list(self._rules)

    def clear(self, session: str | None = None, operation: str | None = None) -> int:
        """Take the rules out that `list` would show; gives how many."""
        before = self._rules.pop(session, ())
        kept = () if operation is None else tuple(rule for rule in before if rule.operation != operation)
        self.add(kept, session)
        return len(before) - len(kept)

    def plan(self, exchange: Exchange) -> Mishap | None:
        """Gather what may go wrong with a request; None, quickly, where nothing can."""
        wish = exchange.wish
        if not self._rules and wish.fault is None and wish.delay is None:
            return None
        if exchange.session is None:
            return None
        wished = (wish.fault, None if wish.delay is None else FaultAction("delay", delay=wish.delay))
        own = self._rules.get(exchange.session.name, ())
        rules = (*(FaultRule(action) for action in wished if action), *own, *self._rules.get(None, ()))
        return Mishap(self, exchange, rules) if rules else None


@dataclass(slots=True)
class Mishap:
    """What goes wrong with one exchange. `struck` is what was decided on; delays are over by then."""

    faults: Faults
    exchange: Exchange
    rules: tuple[FaultRule, ...] = ()
    struck: FaultAction | None = None
    usage_headers: tuple[Header, ...] = ()

    async def begin(self) -> None:
        """Apply the rules for all operations, before anything is known of this one. Raises BrokenOffError."""
        await self._apply(EVERY, "")

    async def routed(self, operation: CompiledOperation) -> None:
        """Apply the rules of an operation. Raises RefusalError or BrokenOffError."""
        key = f"{operation.contract.name}/{operation.operation.id}"
        await self._apply(operation.operation.id, key)
        self._limit(operation, key)
        if refusal := self.refusal():
            raise refusal

    async def strike(self, delay: Delay | None, action: FaultAction | None, about: str) -> None:
        """Let go wrong what was decided on elsewhere; `about` tells it from its like. Raises BrokenOffError."""
        if delay is not None:
            await self.faults.sleep(delay.seconds(self._draw(about)))
        self.struck = self.struck or action
        self._break_off()

    def refusal(self) -> RefusalError | None:
        """Write the refusal that a status fault is."""
        if self.struck is None or self.struck.kind != "status":
            return None
        fault = Fault("mock", (), "fault", f"the mock was told to fail: {self.struck}")
        return RefusalError("fault", (self.struck.status,), (fault,))

    def mark(self, answer: Answer) -> Answer:
        """Say in the answer what is wrong with it, and what is left of a limit."""
        if self.usage_headers:
            own = {name for name, _ in self.usage_headers}
            kept = tuple(header for header in answer.headers if header[0].lower() not in own)
            answer = replace(answer, headers=(*kept, *self.usage_headers))
        if self.struck is not None and self.struck.kind in WIRE:
            answer = replace(answer, reason=f"{answer.reason}; fault {self.struck}")
        return answer

    async def _apply(self, operation: str, key: str) -> None:
        rules = [rule for rule in self.rules if rule.operation == operation and rule.action.kind != "limit"]
        if not rules:
            return
        number = self._session_tally().next(key)
        for rule in rules:
            if rule.percent == _ALWAYS or self._draw(f"{key}\x1f{number}\x1f{rule}") * 100 < rule.percent:
                if rule.action.delay is not None:
                    await self.faults.sleep(rule.action.delay.seconds(self._draw(f"{key}\x1f{number}\x1f{rule}\x1fms")))
                else:
                    self.struck = self.struck or rule.action
        self._break_off()

    def _break_off(self) -> None:
        if self.struck is not None and self.struck.kind in ("reset", "empty"):
            raise BrokenOffError(self.struck)

    def _limit(self, operation: CompiledOperation, key: str) -> None:
        for rule in self.rules:
            if rule.action.limit is None or rule.operation not in (EVERY, operation.operation.id):
                continue
            windows = self._session_tally().windows
            usage = rate_limits.count(windows, f"{key}\x1f{rule}", rule.action.limit, self.faults.clock())
            self.usage_headers = rate_limits.headers(operation, usage)
            if usage.is_exceeded:
                message = f"more than {usage.limit.requests} requests in {usage.limit.seconds} seconds"
                raise RefusalError("fault", (429,), (Fault("mock", (), "limit", message),))

    def _session_tally(self) -> Tally:
        if self.exchange.session is None:
            raise TypeError("a mishap belongs to a session")
        return self.exchange.session.tally

    def _draw(self, about: str) -> float:
        """Draw from 0 up to 1."""
        session = self.exchange.session.name if self.exchange.session else ""
        seed = self.faults.seed if self.exchange.wish.seed is None else self.exchange.wish.seed
        digest = hashlib.blake2b(f"{seed}\x1f{session}\x1f{about}".encode(), digest_size=8).digest()
        return int.from_bytes(digest) / 2**64
