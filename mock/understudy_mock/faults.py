"""Rules, a wish and a request go in; what is to go wrong with its answer comes out, the same on every run.

Whether a share hits, and how long a random delay is, depends on nothing but the seed, the session, the operation, which
request of the session to the operation it is, and the rule itself. Requests are counted while rules are in force.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from understudy.contract.fault_grammar import EVERY, WIRE, FaultAction, FaultRule
from understudy_mock import rate_limits
from understudy_mock.exchange import Answer, Fault, RefusalError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from understudy.contract.fault_grammar import Delay
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange, Header
    from understudy_mock.session import Session
    from understudy_mock.sessions import Sessions

_ALWAYS = 100.0


class BrokenOffError(Exception):
    """The connection is to end without any answer; carries how."""

    def __init__(self, action: FaultAction) -> None:
        super().__init__(str(action))
        self.action = action


@dataclass
class Faults:
    """What plans misfortunes in one mock, and the seed, clock and patience it does so with."""

    seed: int = 0
    sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep, repr=False)
    clock: Callable[[], float] = field(default=time.time, repr=False)
    sessions: Sessions | None = field(default=None, repr=False)
    """Those whose rules these are; what is for everybody is kept in `sessions.common`."""

    def plan(self, exchange: Exchange) -> Mishap | None:
        """Gather what may go wrong with a request; None, quickly, where nothing can."""
        wish, session = exchange.wish, exchange.session
        if session is None or self.sessions is None:
            return None
        rules = (*session.rules, *self.sessions.common.rules)
        if wish.fault is not None or wish.delay is not None:
            wished = (wish.fault, None if wish.delay is None else FaultAction("delay", delay=wish.delay))
            rules = (*(FaultRule(action) for action in wished if action), *rules)
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
        await self._limit(operation, key)
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
        session = self._session()
        number = await session.transact(lambda: session.count("requests", key))
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

    async def _limit(self, operation: CompiledOperation, key: str) -> None:
        session = self._session()
        for rule in self.rules:
            if rule.action.limit is None or rule.operation not in (EVERY, operation.operation.id):
                continue
            count = partial(rate_limits.count, session, f"{key}\x1f{rule}", rule.action.limit, self.faults.clock())
            usage = await session.transact(count)
            self.usage_headers = rate_limits.headers(operation, usage)
            if usage.is_exceeded:
                message = f"more than {usage.limit.requests} requests in {usage.limit.seconds} seconds"
                raise RefusalError("fault", (429,), (Fault("mock", (), "limit", message),))

    def _session(self) -> Session:
        if self.exchange.session is None:
            raise TypeError("a mishap belongs to a session")
        return self.exchange.session

    def _draw(self, about: str) -> float:
        """Draw from 0 up to 1."""
        session = self.exchange.session.name if self.exchange.session else ""
        seed = self.faults.seed if self.exchange.seed is None else self.exchange.seed
        digest = hashlib.blake2b(f"{seed}\x1f{session}\x1f{about}".encode(), digest_size=8).digest()
        return int.from_bytes(digest) / 2**64
