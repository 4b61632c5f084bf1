"""Findings go in; a SARIF 2.1.0 log (OASIS standard) comes out, as code scanning services read it."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

from understudy import __version__
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from understudy.finding import Finding, Location

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def write(findings: Sequence[Finding], stream: TextIO, rules: Mapping[str, str] | None = None) -> None:
    """Write a log with one run; its rules are all that were asked, with their help."""
    known = {**dict.fromkeys(dict.fromkeys(finding.rule for finding in findings), ""), **(rules or {})}
    ids = sorted(known)
    remedies = {finding.rule: finding.remedy for finding in reversed(findings)}
    driver = {
        "name": "understudy",
        "version": __version__,
        "rules": [_rule(rule, known[rule], remedies.get(rule, "")) for rule in ids],
    }
    results = [_result(finding, ids.index(finding.rule)) for finding in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    stream.write(json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n")


def _rule(rule: str, sentence: str, remedy: str) -> dict[str, Any]:
    text = sentence or rule
    return {
        "id": rule,
        "shortDescription": {"text": text},
        "help": {"text": f"{text} {remedy}".strip()},
    }


def _result(finding: Finding, index: int) -> dict[str, Any]:
    text = f"{finding.message} {finding.remedy}".strip()
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
        "partialFingerprints": {"understudy/v1": finding.fingerprint},
    }
    if finding.location:
        location: dict[str, Any] = {"physicalLocation": _physical(finding.location)}
        if finding.operation:
            location["logicalLocations"] = [{"name": finding.operation, "kind": "function"}]
        result["locations"] = [location]
    return result


def _physical(place: Location) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.path)}}
    if place.line:
        physical["region"] = {"startLine": place.line, "startColumn": max(1, place.column)}
    return physical


def _uri(path: str) -> str:
    if path.startswith(("http://", "https://")):
        return path
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())
