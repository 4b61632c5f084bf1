"""A session: what belongs to one client of the mock, as one document and what is read out of it.

With a store, the document is read before a request, and what a request changed is stored before it is answered.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from understudy.contract.fault_grammar import parse_rule
from understudy_mock.exchange import Fault, RefusalError
from understudy_mock.scenarios import seeds
from understudy_mock.sharing import learn
from understudy_mock.snapshots import GROUP as SNAPSHOTS
from understudy_mock.state.document import Document
from understudy_mock.state.memory import Memory
from understudy_mock.stores.store import COMMON, ConflictError, StoreDownError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from understudy.contract.fault_grammar import FaultRule
    from understudy_mock.compiling import CompiledContract
    from understudy_mock.state.document import Changes
    from understudy_mock.state.memory import Seeds
    from understudy_mock.stores.store import Store

_MOST_TRIES = 100
_RETRY_SECONDS = 1
_T = TypeVar("_T")


@dataclass
class Terms:
    """What all sessions of one mock have in common: contracts, what a session starts with, and where it is kept."""

    contracts: dict[str, CompiledContract]
    remember: bool
    scenario: str | None = None
    store: Store | None = None
    rules: dict[str, tuple[FaultRule, ...]] = field(default_factory=dict)
    """The faults that are in force from the start, by session; those of `COMMON` hit everybody."""
    limits: tuple[FaultRule, ...] = ()
    """The limits that the contracts declare, for everybody; other ones after a reload."""
    _seeds: dict[tuple[str, str | None], Seeds] = field(default_factory=dict)

    def seeds(self, contract: str, scenario: str | None) -> Seeds:
        """Give what a contract's memory starts with, in a scenario if the contract has it."""
        found = self._seeds.get((contract, scenario))
        if found is None:
            compiled = self.contracts[contract]
            found = seeds(compiled.resources, compiled.scenarios.get(scenario or ""))
            self._seeds[contract, scenario] = found
        return found

    def standing(self, name: str) -> tuple[FaultRule, ...]:
        """Give the faults that are in force for a session, or for everybody, unless others were put in their place."""
        return (*self.rules.get(name, ()), *(self.limits if name == COMMON else ()))

    def adopt(self, contracts: Iterable[CompiledContract]) -> None:
        """Go on with contracts that were read again."""
        self.contracts = {entry.name: entry for entry in contracts}
        self._seeds = {}


class Session:
    """What belongs to one client of the mock."""

    def __init__(self, name: str, terms: Terms) -> None:
        self.name, self.document = name, Document()
        self.used, self.touched = time.monotonic(), float("-inf")
        self._terms = terms
        self._memories: dict[str, tuple[Seeds, Memory]] = {}
        self._rules: tuple[int, tuple[FaultRule, ...], tuple[FaultRule, ...]] = (-1, (), ())
        self._lock = asyncio.Lock()

    @property
    def is_local(self) -> bool:
        """Tell whether this process alone has the session."""
        return self._terms.store is None

    @property
    def version(self) -> int:
        """A number that grows with everything that an answer may depend on."""
        return self.document.stamp

    @property
    def scenario(self) -> str | None:
        """The name of the scenario that is played."""
        found: str | None = self.document.get("session", "scenario", self._terms.scenario)
        return found

    @property
    def memories(self) -> dict[str, Memory]:
        """What is remembered of each contract; nothing with `--state off`."""
        names = self._terms.contracts if self._terms.remember else ()
        return {name: self._memory(name, name, self.scenario) for name in names}

    def memory(self, contract: str, scenario: str | None = None) -> Memory | None:
        """Give what is remembered of a contract, in the session's scenario or in one that a request wishes for."""
        if not self._terms.remember or contract not in self._terms.contracts:
            return None
        if scenario is None or scenario == self.scenario:
            return self._memory(contract, contract, self.scenario)
        return self._memory(f"{contract}@{scenario}", contract, scenario)

    def _memory(self, scope: str, contract: str, scenario: str | None) -> Memory:
        start = self._terms.seeds(contract, scenario)
        held = self._memories.get(scope)
        if held is None or held[0] is not start:
            held = self._memories[scope] = (start, Memory(start, self.document, scope))
        return held[1]

    @property
    def revoked(self) -> Collection[str]:
        """The credentials that are no longer good."""
        return self.document.group("revoked").keys()

    def revoke(self, credential: str) -> None:
        """Let a credential be good no longer."""
        self.document.put("revoked", credential, value=True)

    def allow(self, credential: str) -> None:
        """Let a credential be good again."""
        self.document.drop("revoked", credential)

    @property
    def rules(self) -> tuple[FaultRule, ...]:
        """The faults that are in force for this session alone."""
        stamp, limits = self.document.stamp_of("faults"), self._terms.limits
        if self._rules[0] != stamp or self._rules[1] is not limits:
            texts = self.document.get("faults", "rules")
            found = self._terms.standing(self.name) if texts is None else tuple(map(parse_rule, texts))
            self._rules = (stamp, limits, found)
        return self._rules[2]

    @rules.setter
    def rules(self, rules: Iterable[FaultRule]) -> None:
        self.document.put("faults", "rules", [str(rule) for rule in rules])

    def count(self, group: str, name: str) -> int:
        """Count once more; the first is 1."""
        number: int = self.document.get(group, name, 0) + 1
        self.document.put(group, name, number)
        return number

    def reset(self) -> None:
        """Forget everything since the start, but for the scenario."""
        scenario = self.scenario
        self.clear()
        if scenario != self.scenario:
            self.document.put("session", "scenario", scenario)

    def clear(self) -> None:
        """Forget everything but the snapshots."""
        for group in [group for group in self.document.groups() if group != SNAPSHOTS]:
            self.document.clear(group)

    @property
    def seed(self) -> int | None:
        """What is made up for the session, and which faults hit, depends on; None leaves it to the mock."""
        found: int | None = self.document.get("session", "seed")
        return found

    @seed.setter
    def seed(self, seed: int | None) -> None:
        if seed is None:
            self.document.drop("session", "seed")
        else:
            self.document.put("session", "seed", seed)

    @property
    def standing_scenario(self) -> str | None:
        """The scenario that every session begins in."""
        return self._terms.scenario

    def beginning(self, contract: str, scenario: str | None) -> Seeds:
        """Give what is remembered of a contract at the start."""
        return self._terms.seeds(contract, scenario)

    def play(self, scenario: str | None) -> None:
        """Begin a scenario, or none: memory as it is given, and every operation at its first step."""
        for group in ("items/", "spent/", "positions"):
            self.document.clear(group)
        self.document.put("session", "scenario", scenario)

    def at_once(self, action: Callable[[], _T]) -> _T:
        """Do something that may change a session that this process alone has: all of it, or nothing if it fails."""
        document = self.document
        document.settle()
        try:
            result = action()
        except BaseException:
            document.roll_back()
            raise
        document.settle()
        return result

    async def refresh(self) -> None:
        """Learn what other processes have changed. Raises StoreDownError."""
        if self._terms.store is not None:
            await learn(self._terms.store, [self])

    async def transact(self, action: Callable[[], _T]) -> _T:
        """Do something that may change the session, as if nobody else did at the time; done again if somebody did.

        `action` must be pure but for the session. Raises RefusalError with 503 where no store accepts the change.
        """
        version = self.document.version
        result, changes = self._attempt(action)
        if not changes or self._terms.store is None:
            return result
        try:
            async with self._lock:
                for attempt in range(_MOST_TRIES):
                    if attempt or self.document.version != version:
                        version = self.document.version
                        result, changes = self._attempt(action)
                    if not changes or await self._commit(version, changes):
                        return result
                    await self.refresh()
        except StoreDownError as error:
            raise down(error.reason) from None
        raise down("too many others change the same session")

    def _attempt(self, action: Callable[[], _T]) -> tuple[_T, Changes]:
        """Do it on trial. With a store nothing stands until that has accepted it."""
        document = self.document
        if self._terms.store is None:
            return self.at_once(action), {}
        try:
            result = action()
        except BaseException:
            document.roll_back()
            raise
        changes = document.changes()
        document.roll_back()
        return result, changes

    async def _commit(self, version: int, changes: Changes) -> bool:
        if self._terms.store is None:
            return True
        try:
            accepted = await self._terms.store.commit(self.name, version, changes)
        except ConflictError:
            return False
        if self.document.version == version:
            self.document.absorb(changes, accepted)
        return True


def down(reason: str) -> RefusalError:
    """Write the refusal of a request whose session can't be read or changed at the moment (RFC 9110, 15.6.4)."""
    fault = Fault("store", (), "unavailable", f"the mock's store can't be used: {reason}")
    return RefusalError("store", (503,), (fault,), ((b"retry-after", str(_RETRY_SECONDS).encode()),))
