"""An old and a new contract go in; findings that tell what changed for callers come out, the gravest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.drift.versions import operations, securities, servers
from understudy.drift.versions.rules import severity_of
from understudy.drift.versions.schema_units import SchemaUnits
from understudy.drift.versions.scope import Scope
from understudy.finding import Finding, Severity

if TYPE_CHECKING:
    from understudy.contract.model import Contract
    from understudy.drift.versions.changes import Change

_REMEDIES = {
    Severity.ERROR: "Keep what callers rely on beside the new, or publish this as a new major version.",
    Severity.WARNING: "Make sure that no caller relies on what was, and tell them.",
    Severity.INFO: "",
}


def compare(old: Contract, new: Contract, *, texts: bool = False) -> list[Finding]:
    """Compare two versions of a contract. An error breaks callers, a warning may break them, a note is safe.

    Places are those in the new contract; the detail `before` tells the place in the old one, and `operations` which
    are affected where it is more than one. `texts` tells of changed titles, descriptions and examples too.
    """
    changes: list[tuple[str, Change]] = []
    scope = Scope(old, new, SchemaUnits(old, new, texts=texts), changes)
    servers.compare(scope)
    securities.compare_schemes(scope)
    operations.compare(scope)
    operations.compare_webhooks(scope)
    affected: dict[Change, dict[str, None]] = {}
    for operation, change in changes:
        affected.setdefault(change, {})[operation] = None
    findings = [_finding(old, new, change, list(names)) for change, names in affected.items()]
    ranks = list(Severity)
    return sorted(findings, key=lambda finding: ranks.index(finding.severity))


def _finding(old: Contract, new: Contract, change: Change, names: list[str]) -> Finding:
    weight = severity_of(change.rule)
    details = [("before", str(old.location(change.old)))]
    if len(names) > 1:
        details.append(("operations", ", ".join(names)))
    return Finding(
        change.rule,
        str(change.said),
        weight,
        _REMEDIES[weight],
        new.location(change.new, of_key=change.of_key),
        names[0],
        tuple(details),
        change.said,
    )
