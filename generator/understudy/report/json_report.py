"""Findings go in; one JSON object comes out. Its shape is a promise: fields are added, never renamed.

{"tool": {"name", "version"},
 "summary": {"error": 0, "warning": 0, "info": 0},
 "findings": [{"rule", "severity", "message", "remedy", "operation", "fingerprint",
               "location": {"path", "line", "column", "pointer"} or null, "details": {…}}]}
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from understudy import __version__
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from understudy.finding import Finding


def write(findings: Sequence[Finding], stream: TextIO, rules: Mapping[str, str] | None = None) -> None:
    """Write the object, indented, in ASCII, with a final line end."""
    del rules
    counted = {severity.value: sum(one.severity is severity for one in findings) for severity in Severity}
    document = {
        "tool": {"name": "understudy", "version": __version__},
        "summary": counted,
        "findings": [_finding(finding) for finding in findings],
    }
    stream.write(json.dumps(document, indent=2) + "\n")


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.location
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "remedy": finding.remedy,
        "operation": finding.operation,
        "fingerprint": finding.fingerprint,
        "location": {"path": place.path, "line": place.line, "column": place.column, "pointer": place.pointer}
        if place
        else None,
        "details": dict(finding.details),
    }
