"""Findings go in; text with a code frame for a person comes out."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from understudy.errors import InputError
from understudy.finding import Severity
from understudy.report.frame import frame, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from understudy.errors import UnderstudyError
    from understudy.finding import Finding

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_BOLD, _DIM = "1", "2"


@dataclass(frozen=True)
class _Pen:
    """Writes on one stream: with colour on a terminal, in ASCII where the encoding knows no more."""

    stream: TextIO
    colour: bool
    box: bool

    def paint(self, text: str, *codes: str) -> str:
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if self.colour else text

    def line(self, text: str = "") -> None:
        encoding = self.stream.encoding or "utf-8"
        self.stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")

    @property
    def rule(self) -> str:
        return self.paint("│" if self.box else "|", _DIM)

    @property
    def corner(self) -> str:
        return self.paint("╭─" if self.box else "-->", _DIM)


def write(findings: Sequence[Finding], stream: TextIO, rules: Mapping[str, str] | None = None) -> None:
    """Show each finding with its lines, then one line that counts them. No finding, no text."""
    del rules
    pen = _pen(stream)
    for finding in findings:
        _show(pen, finding)
        pen.line()
    if findings:
        pen.line(_summary(pen, findings))


def show_error(error: UnderstudyError, stream: TextIO) -> None:
    """Print what stopped a command, with the lines it is about where there are any."""
    pen = _pen(stream)
    if isinstance(error, InputError):
        _show(pen, error.finding)
        return
    pen.line(f"{pen.paint('error', _BOLD, _COLOURS[Severity.ERROR])}: {printable(error.message)}")
    if error.remedy:
        pen.line(f"  {printable(error.remedy)}")


def count(findings: Sequence[Finding]) -> str:
    """Say how many there are of each severity, such as `2 errors, 1 warning`."""
    numbers = Counter(finding.severity for finding in findings)
    words = {Severity.INFO: ("note", "notes")}
    parts = []
    for severity in Severity:
        if number := numbers[severity]:
            one, many = words.get(severity, (severity.value, f"{severity.value}s"))
            parts.append(f"{number} {one if number == 1 else many}")
    return ", ".join(parts) or "no finding"


def _show(pen: _Pen, finding: Finding) -> None:
    colour = _COLOURS[finding.severity]
    head = pen.paint(f"{finding.severity}[{printable(finding.rule)}]", _BOLD, colour)
    pen.line(f"{head} {pen.paint(printable(finding.message), _BOLD)}")
    lines = frame(finding.location) if finding.location else []
    margin = " " * len(str(lines[-1].number if lines else 0))
    if finding.location:
        operation = f"  {pen.paint(f'({printable(finding.operation)})', _DIM)}" if finding.operation else ""
        pen.line(f"{margin} {pen.corner} {printable(str(finding.location))}{operation}")
    for line in lines:
        number = pen.paint(str(line.number).rjust(len(margin)), _DIM)
        pen.line(f"{number} {pen.rule} {line.text}".rstrip())
        if line.length:
            mark = pen.paint("^" * line.length, _BOLD, colour)
            pen.line(f"{margin} {pen.rule} {' ' * line.indent}{mark}")
    for name, value in finding.details:
        pen.line(f"{margin} {pen.paint('=', _DIM)} {printable(name)}: {printable(value)}")
    if finding.remedy:
        pen.line(f"{margin} {pen.paint('=', _DIM)} {printable(finding.remedy)}")


def _summary(pen: _Pen, findings: Sequence[Finding]) -> str:
    places = {finding.location.path for finding in findings if finding.location}
    where = f" in {len(places)} files" if len(places) > 1 else ""
    worst = next(severity for severity in Severity if any(one.severity is severity for one in findings))
    return pen.paint(f"{count(findings)}{where}", _BOLD, _COLOURS[worst])


def _pen(stream: TextIO) -> _Pen:
    colour = stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    try:
        "│╭─…".encode(stream.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return _Pen(stream, colour, box=False)
    return _Pen(stream, colour, box=True)
