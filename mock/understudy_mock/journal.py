"""Finished exchanges go in; the latest of them can be read back. A ring of raw facts, rendered only when asked for."""

from __future__ import annotations

import itertools
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy_mock.exchange import Answer, Exchange

CAPACITY = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One request and the answer it got; `at` is seconds since the epoch."""

    number: int
    at: float
    exchange: Exchange
    answer: Answer


class Journal:
    """The latest exchanges, oldest first."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._entries: deque[Entry] = deque(maxlen=capacity)
        self._numbers = itertools.count(1)

    def record(self, exchange: Exchange, answer: Answer) -> None:
        """Keep an exchange."""
        self._entries.append(Entry(next(self._numbers), time.time(), exchange, answer))

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))
