"""What every store does: tell what is new in documents, and take change sets on top of a known version or none."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from understudy_mock.stores.log import Log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from understudy_mock.state.document import Changes

COMMON = "*"
"""The document of what concerns all sessions; no session can have its name."""


TOUCH_SHARE = 0.1
"""After which share of its lifetime a document that is only read is touched again."""


def kept_for(lifetime: float | None) -> float | None:
    """Tell how long a store keeps what is not touched: longer than a session lives, for touches come late."""
    return None if lifetime is None else lifetime * (1 + TOUCH_SHARE)


def next_version(*seen: int) -> int:
    """Give a version later than all that were seen, and than any that was given before a store lost its memory.

    That is why it follows the clock (microseconds since the epoch) as long as the clock is ahead.
    """
    return max(*seen, time.time_ns() // 1000) + 1


class ConflictError(Exception):
    """The document has another version than the one that the change set was made from."""


class StoreDownError(Exception):
    """The store can't be had at the moment; `reason` is for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Delta:
    """What a document became. `is_whole` tells that `changes` are all its entries, and not only those that are new."""

    version: int
    changes: Changes
    is_whole: bool = False


class Store(Log, Protocol):
    """Documents by name. A version is a number that a store never gives twice; 0 is that of an empty document.

    Not even a store that lost everything, or went back to an older copy of it, gives one again: see `next_version`.
    Every method may raise StoreDownError. What `commit` has given a version for is not lost when a process dies.
    """

    async def fetch(self, known: Mapping[str, int]) -> dict[str, Delta]:
        """Tell what came after the versions at hand; documents without news are left out."""

    async def commit(self, name: str, version: int, changes: Changes) -> int:
        """Make the changes if the document still has this version; gives the new one. Raises ConflictError."""

    async def forget(self, name: str) -> bool:
        """Take a document away; tells whether there was one."""

    async def names(self) -> list[str]:
        """List the documents there are, the one used longest ago first."""

    async def touch(self, names: Mapping[str, float]) -> None:
        """Take note that documents were used so many seconds ago, so that they expire later."""

    async def erase(self) -> None:
        """Take away all that is kept, logs too, and let go of files and connections: no trace of the store is left."""

    async def close(self) -> None:
        """Let go of files and connections."""
