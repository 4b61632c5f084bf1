"""The events of a run go in one by one; counts, and each finding once with its shortest reproduction, come out."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from understudy.finding import Finding, Severity

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Operation

_ACCEPTED = range(200, 400)


@dataclass
class Tally:
    """What has been seen so far. Operations are known by Schemathesis' label, `METHOD /path`."""

    contract: Contract
    phases: dict[str, None] = field(default_factory=dict)
    tested: set[str] = field(default_factory=set)
    cases: int = 0
    checks: int = 0
    answers: int = 0
    seconds: float = 0.0
    ended: str = "completed"
    statuses: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    _findings: dict[str, tuple[Finding, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._operations = {f"{one.method} {one.path}": one for one in self.contract.operations}

    def operation(self, label: str | None) -> Operation | None:
        """Find the operation of a label; a label of something else has none."""
        return self._operations.get(label or "")

    def first_of_path(self, operation: Operation | None) -> Operation | None:
        """Find the first operation of the same path: it speaks for the path."""
        return next((one for one in self.contract.operations if operation and one.path == operation.path), None)

    def add(self, finding: Finding) -> None:
        """Keep a finding, or of equal ones the one that is shortest to reproduce; `times` counts them."""
        kept, times = self._findings.get(finding.fingerprint, (finding, 0))
        self._findings[finding.fingerprint] = (min(kept, finding, key=_effort), times + 1)

    def outside(self, excluded: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Share out the ids of all operations: tested, untested, excluded."""
        tested = tuple(one.id for label, one in self._operations.items() if label in self.tested)
        left = tuple(one.id for label, one in self._operations.items() if label in excluded - self.tested)
        known = {*tested, *left}
        return tested, tuple(one.id for one in self.contract.operations if one.id not in known), left

    def findings(self, excluded: frozenset[str]) -> tuple[Finding, ...]:
        """All findings, those about the run's reach included, in the order of the contract's operations."""
        for finding in (*self._untested(excluded), *self._never_accepted()):
            self.add(finding)
        order = {operation.id: place for place, operation in enumerate(self.contract.operations)}
        numbered = (
            replace(finding, details=(*finding.details, *((("times", str(times)),) if times > 1 else ())))
            for finding, times in self._heard()
        )
        return tuple(sorted(numbered, key=lambda one: (order.get(one.operation, -1), one.rule, one.message)))

    def _heard(self) -> list[tuple[Finding, int]]:
        """Give the findings and how often each was made; an answer that broke off when the server went is none."""
        found = list(self._findings.values())
        is_lost = any(finding.rule == "drift.server-lost" for finding, _ in found)
        return [one for one in found if not (is_lost and one[0].rule == "drift.broken-answer" and one[1] == 1)]

    def _untested(self, excluded: frozenset[str]) -> list[Finding]:
        if not self.tested:
            message = "Nothing was tested: no operation was exercised."
            place = self.contract.location(())
            return [Finding("drift.untested", message, remedy="See the other findings for why.", location=place)]
        return [
            self._about(label, "drift.untested", "No request to this operation was checked.", Severity.WARNING)
            for label in self._operations
            if label not in self.tested | excluded
        ]

    def _never_accepted(self) -> list[Finding]:
        """Operations of which no request was accepted: their success answers were never looked at."""
        refused = [label for label in self.tested if not any(one in _ACCEPTED for one in self.statuses[label])]
        severity = Severity.ERROR if len(refused) == len(self.tested) else Severity.WARNING
        return [
            self._about(label, "drift.never-accepted", self._refusals(label), severity) for label in sorted(refused)
        ]

    def _refusals(self, label: str) -> str:
        statuses = ", ".join(map(str, sorted(self.statuses[label])))
        return f"No request was accepted; the answers were {statuses or 'none'}."

    def _about(self, label: str, rule: str, message: str, severity: Severity) -> Finding:
        operation = self._operations[label]
        return Finding(
            rule,
            message,
            severity,
            remedy="Give it valid credentials and, as examples in the contract, identifiers that exist.",
            location=self.contract.location(operation.tokens),
            operation=operation.id,
        )


def _effort(finding: Finding) -> tuple[int, str]:
    curl = dict(finding.details).get("curl", "")
    return len(curl), curl
