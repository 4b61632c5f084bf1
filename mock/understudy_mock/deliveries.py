"""What is known of one request that the API makes of its own accord: what was sent, where to, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field

CAPACITY = 1000


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: when (seconds since the epoch), and the status that came back or why none did."""

    at: float
    status: int = 0
    error: str = ""


@dataclass(slots=True)
class Delivery:
    """One request of the API and what became of it: pending, sent, failed, refused or abandoned; `reason` says why."""

    number: int
    name: str
    session: str
    operation: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    state: str = "pending"
    reason: str = ""
    attempts: list[Attempt] = field(default_factory=list)
