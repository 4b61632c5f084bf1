"""`understudy drift CONTRACT --against OLD`: two versions go in; findings, a summary and an exit code come out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from understudy.cli.reporting import fails, read_report
from understudy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_OF_ANY_COMPARISON = ("contract", "against", "kind", "texts", "format_name", "reports", "fail_on")


def against_version(contract: str, options: Mapping[str, Any]) -> int:
    """Compare a contract with an older one and report. Raises UsageError for options that are about requests."""
    from understudy.contract.loading import load
    from understudy.contract.roles import OLDER
    from understudy.drift.versions import RULES, compare
    from understudy.report import Context, save, write
    from understudy.report.terminal import count

    _refuse_others()
    if contract == options["against"] == "-":
        raise UsageError("Only one of two contracts can come from standard input.", "Name the other's file.")
    files = [read_report(text) for text in options["reports"]]
    older, newer = load(options["against"], role=OLDER), load(contract)
    findings = compare(older, newer, texts=options["texts"])
    write(options["format_name"], findings, sys.stdout, Context(rules=RULES))
    for name, path in files:
        save(name, findings, path, Context(rules=RULES))
    compared = f"{len(newer.operations)} operations beside {len(older.operations)} of {options['against']}"
    click.echo(f"{newer.name}: {count(findings)}; {compared}", err=True)
    return int(fails(findings, options["fail_on"]))


def _refuse_others() -> None:
    """Refuse options given on the command line that have no meaning where nothing is sent."""
    context = click.get_current_context()
    for parameter in context.command.params:
        name = parameter.name or ""
        if name in _OF_ANY_COMPARISON or context.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        message = f"`{parameter.opts[-1]}` is about requests, and versions are compared without any."
        raise UsageError(message, "Leave it out, or name a server by --against URL.")
