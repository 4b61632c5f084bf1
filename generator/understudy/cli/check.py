"""`understudy check CONTRACT…`: contracts go in; findings and an exit code come out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from understudy.cli.reporting import fails, read_report, report_options
from understudy.errors import InputError, UnderstudyError

if TYPE_CHECKING:
    from understudy.finding import Finding


@click.command(name="check")
@click.argument("contracts", metavar="CONTRACT...", nargs=-1, required=True)
@report_options("warning")
def check(contracts: tuple[str, ...], format_name: str, reports: tuple[str, ...], fail_on: str) -> int:
    """Validate contracts, their examples, rules and ledger.

    CONTRACT is the name of a shipped contract, a file, a directory with an openapi.yaml, a URL, or - for standard
    input. Findings go to standard output; a contract without any says so on standard error.
    """
    from understudy.check import sentences
    from understudy.report import Context, save, write

    files = [read_report(text) for text in reports]
    findings: list[Finding] = []
    exit_code = 0
    for reference in contracts:
        found, code = _check(reference)
        findings += found
        exit_code = max(exit_code, code)
    context = Context(rules=sentences())
    write(format_name, findings, sys.stdout, context)
    for name, path in files:
        save(name, findings, path, context)
    return exit_code or int(fails(findings, fail_on))


def _check(reference: str) -> tuple[list[Finding], int]:
    """Check one contract. One that can't be read is a finding too, or an error told at once, and spares the others."""
    from understudy.check import check as findings_of
    from understudy.contract.loading import load
    from understudy.report.terminal import show_error

    try:
        contract = load(reference, lenient=True)
    except InputError as error:
        return [error.finding], error.exit_code
    except UnderstudyError as error:
        show_error(error, sys.stderr)
        return [], error.exit_code
    if contract.findings:
        return list(contract.findings), InputError.exit_code
    findings = sorted(findings_of(contract), key=_place)
    if not findings:
        from understudy.check.examples import count

        numbers = f"{_number(len(contract.operations), 'operation')}, {_number(count(contract), 'example')}"
        click.echo(f"{contract.name}: {numbers}, no finding", err=True)
    return findings, 0


def _place(finding: Finding) -> tuple[str, int, int]:
    place = finding.location
    return (place.path, place.line, place.column) if place else ("", 0, 0)


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
