"""Finished exchanges of one process go in; those of all processes that share a store come out.

An answer leaves only after its entry is in the store's log: whoever has the answer can count on finding the entry,
whichever process is asked, and even if the one that answered dies. Answers that leave at the same time are written
together. What was cleared is told by the document that all sessions have in common.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from typing import TYPE_CHECKING

from understudy_mock.eager import under_task
from understudy_mock.journal import CAPACITY, Journal
from understudy_mock.packing import packed, unpacked
from understudy_mock.stores.store import StoreDownError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy_mock.coverage import Uses
    from understudy_mock.exchange import Answer, Exchange
    from understudy_mock.journal import Entry
    from understudy_mock.sessions import Sessions
    from understudy_mock.stores.log import Log

LOG = "journal"
CLEARED = "cleared"
"""The group of the common document that tells up to which number a session's entries are forgotten."""

_EVERY = "*"
_POLL_SECONDS = 0.1
"""How often the log is looked at while somebody watches."""


class SharedJournal(Journal):
    """The latest exchanges of all processes, as of when it was last brought up to date, and what they have covered."""

    is_shared = True

    def __init__(self, log: Log, sessions: Sessions, capacity: int = CAPACITY) -> None:
        super().__init__(capacity)
        self._log, self._sessions, self._capacity = log, sessions, capacity
        self._inbox = Journal(1)
        self._waiting: list[bytes] = []
        self._counts: Counter[str] = Counter()
        self._lock = asyncio.Lock()
        self._polling: asyncio.Task[None] | None = None

    @property
    def newest(self) -> Entry | None:
        """Nothing: what came last is not known, for others write too."""
        return None

    def record(self, exchange: Exchange, answer: Answer) -> None:
        """Take note of an exchange; it stands as soon as `written` has been waited for."""
        self._inbox.record(exchange, answer)
        self._wait()

    def repeat(self, entry: Entry, used: Uses | None, started: float) -> None:
        """Take note of an exchange that is like an earlier one in everything but its number and its time."""
        self._inbox.repeat(entry, used, started)
        self._wait()

    def _wait(self) -> None:
        entry = self._inbox.newest
        if entry is not None and len(self._waiting) < self._capacity:  # more pile up only while the store is away
            self._waiting.append(packed(entry))
        self._counts.update(self._inbox.coverage.take())

    async def written(self) -> None:
        """Wait until all that was recorded here is in the log; while the store is away, it goes there later."""
        await under_task
        await asyncio.sleep(0)  # others that are ready go along
        async with self._lock:
            if not self._waiting:
                return
            records, counts = self._waiting, self._counts
            self._waiting, self._counts = [], Counter()
            try:
                await self._log.append(LOG, records, counts, self._capacity)
            except StoreDownError:
                self._waiting, self._counts = [*records, *self._waiting], counts + self._counts

    async def catch_up(self) -> None:
        """Learn what all processes have recorded. Raises StoreDownError."""
        await self._learn()
        self.coverage.adopt(await self._log.counts(LOG))

    async def _learn(self) -> None:
        known = self.last
        tail = await self._log.tail(LOG, known)
        if self.last != known:  # somebody else has learned it in the meantime
            return
        if tail.last < known:  # the store has lost its memory
            self._entries.clear()
            self.last = 0
            await self._learn()
            return
        contracts = self._sessions.terms.contracts
        numbered = enumerate(tail.records, tail.first)
        self._entries.extend(unpacked(record, number, contracts) for number, record in numbered)
        self.last = tail.last
        if tail.records:
            for wake in self._wakers:
                wake()

    async def recount(self) -> None:
        """Begin to count anew what is covered, in all processes. Raises StoreDownError."""
        await self._log.recount(LOG)
        self.coverage.reset()

    def clear(self, session: str | None = None) -> None:
        """Forget all entries, or those of one session, in all processes, as soon as the common document is stored."""
        document = self._sessions.common.document
        for name, number in list(document.group(CLEARED).items()):
            if session is None or number <= self.last - self._capacity:
                document.drop(CLEARED, name)
        document.put(CLEARED, session or _EVERY, self.last)

    def since(self, number: int) -> list[Entry]:
        """List the entries that came after the one with this number, oldest first."""
        cleared = self._sessions.common.document.group(CLEARED)
        start = max(number, cleared.get(_EVERY, 0))
        found = [entry for entry in self._entries if entry.number > start]
        return [entry for entry in found if entry.number > cleared.get(entry.session, 0)] if cleared else found

    def has_all_since(self, number: int) -> bool:
        """Tell whether nothing that came after the number has been pushed out of the log."""
        lost = self.last - self._capacity
        cleared: int = self._sessions.common.document.get(CLEARED, _EVERY, 0)
        return number >= (0 if cleared >= lost else lost)

    def watch(self, wake: Callable[[], None]) -> None:
        """Have a function called after entries came; while anybody watches, the log is looked at often."""
        super().watch(wake)
        if self._polling is None:
            self._polling = asyncio.get_running_loop().create_task(self._poll())

    def unwatch(self, wake: Callable[[], None]) -> None:
        """Call it no longer."""
        super().unwatch(wake)
        if self._polling is not None and not self.watchers:
            self._polling.cancel()
            self._polling = None

    async def _poll(self) -> None:
        while True:
            with contextlib.suppress(StoreDownError):  # it may come back
                await self._sessions.common.refresh()
                await self._learn()
            await asyncio.sleep(_POLL_SECONDS)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.since(0))
