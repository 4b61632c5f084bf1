"""Records go in and come out by number: the log of a store in this process, with which the others are compared."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from understudy_mock.stores.log import Tail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass
class _Kept:
    last: int = 0
    records: deque[bytes] = field(default_factory=deque)
    counts: Counter[str] = field(default_factory=Counter)


class LocalLog:
    """Logs for as long as this process lives."""

    def __init__(self) -> None:
        self._logs: dict[str, _Kept] = {}

    async def append(self, name: str, records: Sequence[bytes], counts: Mapping[str, int], keep: int) -> int:
        """Add records at the end, `counts` to what was counted, and keep so many; gives the number of the last."""
        kept = self._logs.setdefault(name, _Kept())
        kept.last += len(records)
        kept.records = deque([*kept.records, *records], keep)
        kept.counts.update(counts)
        return kept.last

    async def tail(self, name: str, known: int) -> Tail:
        """Give the records after the one that has this number, as far as they are kept."""
        kept = self._logs.get(name, _Kept())
        wanted = min(max(kept.last - known, 0), len(kept.records))
        return Tail(kept.last, tuple(kept.records)[len(kept.records) - wanted :])

    async def counts(self, name: str) -> dict[str, int]:
        """Tell what was counted, by key."""
        return dict(self._logs.get(name, _Kept()).counts)

    async def recount(self, name: str) -> None:
        """Begin to count anew."""
        self._logs.get(name, _Kept()).counts.clear()
