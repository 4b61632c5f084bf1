"""The options by which a command that finds things reports them, and what they mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from understudy.errors import UsageError
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from understudy.finding import Finding

FORMATS = ("terminal", "json", "junit", "sarif", "github")

C = TypeVar("C", bound="Callable[..., Any]")


def report_options(fail_on: str) -> Callable[[C], C]:
    """Give a command --format, --report and --fail-on; `fail_on` is what the last is by default."""
    options = (
        click.option(
            "--format",
            "format_name",
            type=click.Choice(FORMATS),
            default="terminal",
            envvar="UNDERSTUDY_FORMAT",
            show_default=True,
            help="How findings are written to standard output.",
        ),
        click.option(
            "--report",
            "reports",
            metavar="FORMAT=PATH",
            multiple=True,
            envvar="UNDERSTUDY_REPORT",
            help="Write a report to a file as well. Repeatable.",
        ),
        click.option(
            "--fail-on",
            type=click.Choice(("error", "warning", "info", "none")),
            default=fail_on,
            envvar="UNDERSTUDY_FAIL_ON",
            show_default=True,
            help="The least severity that makes the exit code 1.",
        ),
    )

    def decorate(command: C) -> C:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def read_report(text: str) -> tuple[str, Path]:
    """Read one FORMAT=PATH. Raises UsageError."""
    name, _, path = text.partition("=")
    if name not in FORMATS or not path:
        remedy = f"Write FORMAT=PATH, where FORMAT is one of {', '.join(FORMATS)}."
        raise UsageError(f"`--report {text}` names no format and file.", remedy)
    return name, Path(path)


def fails(findings: Sequence[Finding], fail_on: str) -> bool:
    """Tell whether any finding weighs enough to make the exit code 1."""
    return fail_on != "none" and any(finding.severity.at_least(Severity(fail_on)) for finding in findings)
