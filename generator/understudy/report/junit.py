"""Findings go in; JUnit XML comes out: a failed test case per finding, a passed one per rule that found nothing.

A finding that only informs is a passed test case with its text as output, so that it fails no build.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO
from xml.etree import ElementTree as ET

from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from understudy.finding import Finding

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""All that is no Char (XML 1.0, section 2.2)."""


def write(findings: Sequence[Finding], stream: TextIO, rules: Mapping[str, str] | None = None) -> None:
    """Write one suite named understudy."""
    clean = sorted(set(rules or {}) - {finding.rule for finding in findings})
    failures = sum(finding.severity is not Severity.INFO for finding in findings)
    counts = {"tests": str(len(findings) + len(clean)), "failures": str(failures), "errors": "0", "skipped": "0"}
    root = ET.Element("testsuites", {"name": "understudy", **counts})
    suite = ET.SubElement(root, "testsuite", {"name": "understudy", **counts})
    for finding in findings:
        _case(suite, finding)
    for rule in clean:
        ET.SubElement(suite, "testcase", classname=f"understudy.{rule}", name=rule)
    ET.indent(root)
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.write(ET.tostring(root, encoding="unicode") + "\n")


def _case(suite: ET.Element, finding: Finding) -> None:
    place = finding.location
    name = _safe(f"{finding.rule} {place}" if place else finding.rule)
    case = ET.SubElement(suite, "testcase", classname=f"understudy.{_safe(finding.rule)}", name=name)
    if place:
        case.set("file", _safe(place.path))
        case.set("line", str(place.line))
    if finding.severity is Severity.INFO:
        told = ET.SubElement(case, "system-out")
    else:
        told = ET.SubElement(case, "failure", type=finding.severity.value, message=_safe(finding.message))
    told.text = _safe(_text(finding))


def _text(finding: Finding) -> str:
    operation = f"operation: {finding.operation}" if finding.operation else ""
    place = str(finding.location) if finding.location else ""
    details = [f"{name}: {value}" for name, value in finding.details]
    parts = [finding.message, place, operation, *details, finding.remedy, f"fingerprint: {finding.fingerprint}"]
    return "\n".join(part for part in parts if part)


def _safe(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
