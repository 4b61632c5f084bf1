"""Documents in this process: the store that the others are compared with, and what tests share between mocks.

It does what a store must do and nothing to last: what `sqlite.py` and `redis.py` do differs only in where it is kept.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from understudy_mock.exchange import MISSING
from understudy_mock.stores import coding
from understudy_mock.stores.local_log import LocalLog
from understudy_mock.stores.store import COMMON, ConflictError, Delta, kept_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from understudy_mock.state.document import Changes

LOGGED_CHANGES = 64
"""How many of the last change sets of a document are kept, for those who only lack these."""


@dataclass
class _Kept:
    """A document, its last change sets, and when it was used."""

    version: int = 0
    entries: Changes = field(default_factory=dict)
    log: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=LOGGED_CHANGES))
    used: float = 0.0


class LocalStore(LocalLog):
    """A store for as long as this process lives; `lifetime` is in seconds, `clock` never goes back."""

    def __init__(self, lifetime: float | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._lifetime, self._clock = kept_for(lifetime), clock
        self._documents: OrderedDict[str, _Kept] = OrderedDict()
        self._sequence = 0

    async def fetch(self, known: Mapping[str, int]) -> dict[str, Delta]:
        """Tell what came after the versions at hand; documents without news are left out."""
        self._expire()
        found = {name: self._news(self._documents.get(name, _Kept()), version) for name, version in known.items()}
        return {name: delta for name, delta in found.items() if delta is not None}

    async def commit(self, name: str, version: int, changes: Changes) -> int:
        """Make the changes if the document still has this version; gives the new one. Raises ConflictError."""
        self._expire()
        kept = self._documents.get(name, _Kept())
        if kept.version != version:
            raise ConflictError
        self._sequence += 1
        kept.version, kept.used = self._sequence, self._clock()
        content = coding.dump(changes)
        kept.log.append((kept.version, content))
        _apply(kept.entries, coding.load(content))
        self._documents[name] = kept
        self._documents.move_to_end(name)
        return kept.version

    async def forget(self, name: str) -> bool:
        """Take a document away; tells whether there was one."""
        self._expire()
        return self._documents.pop(name, None) is not None

    async def names(self) -> list[str]:
        """List the documents there are, the one used longest ago first."""
        self._expire()
        return sorted(self._documents, key=lambda name: self._documents[name].used)

    async def touch(self, names: Mapping[str, float]) -> None:
        """Take note that documents were used so many seconds ago, so that they expire later."""
        self._expire()
        for name, ago in names.items():
            if (kept := self._documents.get(name)) is not None:
                kept.used = max(kept.used, self._clock() - ago)

    async def erase(self) -> None:
        """Take away all that is kept."""
        self._documents.clear()
        self._logs.clear()

    async def close(self) -> None:
        """Let go of nothing: another mock in this process may go on with it."""

    def _news(self, kept: _Kept, known: int) -> Delta | None:
        if kept.version == known:
            return None
        versions = [version for version, _ in kept.log]
        if known not in versions:
            return Delta(kept.version, dict(kept.entries), is_whole=True)
        changes: Changes = {}
        for version, content in kept.log:
            changes |= coding.load(content) if version > known else {}
        return Delta(kept.version, changes)

    def _expire(self) -> None:
        if self._lifetime is None:
            return
        limit = self._clock() - self._lifetime
        for name in [name for name, kept in self._documents.items() if kept.used < limit and name != COMMON]:
            del self._documents[name]


def _apply(entries: Changes, changes: Changes) -> None:
    for key, value in changes.items():
        if value is MISSING:
            entries.pop(key, None)
        else:
            entries[key] = value
