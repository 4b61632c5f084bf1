"""What drift is handed and what it hands back: the other side, the settings of a run, its progress, its outcome."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from understudy.contract.model import Contract
    from understudy.finding import Finding

Message = MutableMapping[str, Any]
AsgiApp = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Target:
    """The other side: an ASGI application called in process, or else a server at a URL.

    `headers` travel with every request. With an application the URL is the address that reproductions show.
    """

    url: str = "http://127.0.0.1:4010"
    app: AsgiApp | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def base_url(self, contract: Contract) -> str:
        """Say where the contract's paths begin: a URL that has a path is used as it is, else the server's is added."""
        address = self.url.rstrip("/")
        return address if urlsplit(address).path else address + contract.base_path


@dataclass(frozen=True)
class Settings:
    """How hard to look. `None` leaves Schemathesis' own default; times are in seconds.

    `max_time` is a budget that is used up: generation goes on until it is spent. `rate_limit` reads `10/s`, `100/m`,
    `1000/h` or `auto`.
    """

    seed: int
    max_examples: int | None = None
    max_steps: int | None = None
    workers: int = 1
    safe: bool = False
    rate_limit: str | None = None
    max_time: int | None = None
    max_response_time: float | None = None


@dataclass(frozen=True)
class Progress:
    """How far a run is: `done` of `total` operations of the phase (0 where nobody can know), and counts so far."""

    phase: str = ""
    done: int = 0
    total: int = 0
    cases: int = 0
    checks: int = 0


@dataclass(frozen=True)
class Summary:
    """What was done. `tested`, `untested` and `excluded` are operation ids and share out the contract's operations."""

    seed: int
    phases: tuple[str, ...]
    tested: tuple[str, ...]
    untested: tuple[str, ...]
    excluded: tuple[str, ...]
    cases: int
    checks: int
    seconds: float
    ended: str

    def __str__(self) -> str:
        total = len(self.tested) + len(self.untested) + len(self.excluded)
        parts = [
            f"{len(self.tested)} of {total} operations",
            f"{len(self.phases)} phases ({', '.join(self.phases)})",
            f"{self.cases} cases",
            f"{self.checks} checks",
            f"{self.seconds:.1f} s",
            f"--seed {self.seed}",
        ]
        line = ", ".join(parts)
        for label, ids in (("not exercised", self.untested), ("left out by --safe", self.excluded)):
            if ids:
                line += f"\n  {label}: {', '.join(ids)}"
        return line if self.ended == "completed" else f"{line}\n  ended early: {self.ended.replace('_', ' ')}"


@dataclass(frozen=True)
class Outcome:
    """Every finding of a run, in the order of the contract, and what the run did."""

    findings: tuple[Finding, ...]
    summary: Summary
