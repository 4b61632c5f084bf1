"""`understudy models`: a contract goes in; a typed Pydantic package comes out in a directory."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.finding import Finding

_PATIENCE = 1.0
"""Seconds after which a person wants to see that something goes on."""


_HELP = """\
Generate a typed Pydantic v2 package with every schema, request, response and error of CONTRACT.

The directory becomes the package. It needs pydantic and email-validator, not understudy. Files in it that were
not generated are kept; a directory that was not generated is refused.

\b
Examples:
  understudy models talkover -o src/talkover_models
  understudy models openapi.yaml -o src/models --check
"""


@click.command(help=_HELP)
@click.argument("contract")
@click.option(
    "-o", "--output", "directory", type=click.Path(path_type=Path), required=True, help="The package's directory."
)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; report every file that is not up to date.")
def models(contract: str, directory: Path, only_check: bool) -> int:
    """Generate the package of one contract."""
    from understudy.generate.directory import differences, replace
    from understudy.report.terminal import write

    with _spinner(f"Generating models of {contract}"):
        files, notes = _package(contract)
    if notes:
        write(notes, sys.stderr)
    if only_check:
        findings = list(differences(directory, files))
        write(findings, sys.stdout)
        return 1 if findings else 0
    replace(directory, files)
    click.echo(f"{directory}: {len(files) - 1} files", err=True)
    return 0


def _package(contract: str) -> tuple[dict[str, str], tuple[Finding, ...]]:
    from understudy.contract.loading import load
    from understudy.generate.package import package

    return package(load(contract))


@contextmanager
def _spinner(text: str) -> Iterator[None]:
    """Show on a terminal that work goes on, once it has gone on for a while."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    status = Console(stderr=True).status(text)
    timer = threading.Timer(_PATIENCE, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        status.stop()
