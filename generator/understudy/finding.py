"""One thing to say about a contract or a server: what every stage yields and every report prints."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy.sentence import Sentence


class Severity(StrEnum):
    """How much a finding weighs; the order is from heaviest to lightest."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    def at_least(self, other: Severity) -> bool:
        """Tell whether this severity weighs as much as `other` or more."""
        ranks = list(Severity)
        return ranks.index(self) <= ranks.index(other)


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file: line and column count from 1; pointer is an RFC 6901 pointer inside that file."""

    path: str
    line: int = 0
    column: int = 0
    pointer: str = ""

    def __str__(self) -> str:
        parts = [self.path, *(str(number) for number in (self.line, self.column) if number)]
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, where, how bad, and what to do about it."""

    rule: str
    message: str
    severity: Severity = Severity.ERROR
    remedy: str = ""
    location: Location | None = None
    operation: str = ""
    details: tuple[tuple[str, str], ...] = field(default=())
    said: Sentence | None = field(default=None, compare=False, repr=False)
    """The message in parts, where it may have to be said in another language. No report prints it."""

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that stay the same when unrelated lines move."""
        pointer = self.location.pointer if self.location else ""
        subject = f"{self.rule}\x1f{self.operation}\x1f{pointer}\x1f{self.message}"
        return hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()[:16]
