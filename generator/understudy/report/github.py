"""Findings go in; GitHub Actions workflow commands come out, which show them beside the lines of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from understudy.finding import Severity
from understudy.report.frame import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from understudy.finding import Finding

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write(findings: Sequence[Finding], stream: TextIO, rules: Mapping[str, str] | None = None) -> None:
    """Write one command a line."""
    del rules
    stream.writelines(_command(finding) + "\n" for finding in findings)


def _command(finding: Finding) -> str:
    properties: dict[str, str] = {}
    if place := finding.location:
        properties["file"] = place.path
        properties.update({"line": str(place.line)} if place.line else {})
        properties.update({"col": str(place.column)} if place.column else {})
    properties["title"] = f"{finding.rule} ({finding.operation})" if finding.operation else finding.rule
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = f"{printable(finding.message)}\n{printable(finding.remedy)}".strip()
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(message)}"


def _data(text: str) -> str:
    """Escape as the runner unescapes the text after the second pair of colons."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
