"""What a store keeps besides documents: records one after the other under rising numbers, and how often things were.

What all processes tell of their own accord, such as what they were asked and answered, is put together here. It is
never changed, so no version is wanted: records are only added at the end, and beyond so many the oldest are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Tail:
    """The last records of a log, oldest first, and the number of the last one; 0 if there never was any."""

    last: int
    records: tuple[bytes, ...]

    @property
    def first(self) -> int:
        """The number of the first of them."""
        return self.last - len(self.records) + 1


class Log(Protocol):
    """Logs by name, each with counts by key. Every method may raise StoreDownError.

    What `append` has given a number for is seen by whoever asks afterwards, in every process.
    """

    async def append(self, name: str, records: Sequence[bytes], counts: Mapping[str, int], keep: int) -> int:
        """Add records at the end, `counts` to what was counted, and keep so many; gives the number of the last."""

    async def tail(self, name: str, known: int) -> Tail:
        """Give the records after the one that has this number, as far as they are kept."""

    async def counts(self, name: str) -> dict[str, int]:
        """Tell what was counted, by key."""

    async def recount(self, name: str) -> None:
        """Begin to count anew."""
