"""`understudy bundle`: a contract goes in; one document comes out on stdout or in a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from understudy.contract.model import Contract
    from understudy.finding import Finding


_HELP = """\
Write CONTRACT as one document in which every component keeps its name.

With --to 3.0, what the older version can say in other words is said so. What it can't say is left out, never made
stricter, and listed on standard error.

\b
Examples:
  understudy bundle talkover > talkover.yaml
  understudy bundle ./spec/openapi.yaml -o bundle.json
  understudy bundle talkturo --to 3.0 --dereference --format json
"""


@click.command(help=_HELP)
@click.argument("contract")
@click.option(
    "--format", "form", type=click.Choice(["yaml", "json"]), help="What to write. Default: as FILE is named, else yaml."
)
@click.option("--to", "version", type=click.Choice(["3.0"]), help="Say it in this older version of OpenAPI.")
@click.option("--dereference", is_flag=True, help="Put what a reference names in its place; only circles stay.")
@click.option(
    "-o", "--output", "file", type=click.Path(path_type=Path), help="Write to this file, whole or not at all."
)
def bundle(contract: str, form: str | None, version: str | None, dereference: bool, file: Path | None) -> int:
    """Write one contract as one document."""
    from understudy.contract.loading import load
    from understudy.contract.writing import FORMATS

    loaded = load(contract)
    document = loaded.document
    if version:
        document, findings = lowered(loaded)
        if findings:
            from understudy.report.terminal import write

            write(findings, sys.stderr)
    if dereference:
        document = _dereferenced(document)
    write_out(FORMATS[form or form_of(file)](document), file)
    return 0


def write_out(text: str, file: Path | None) -> None:
    """Write to a file, whole or not at all, or to standard output where none or `-` is named."""
    from understudy.contract.writing import save

    if file and str(file) != "-":
        save(file, text)
    else:
        _print(text.encode())


def _print(content: bytes) -> None:
    """Write all of it: an unbuffered stream may take only a part when its reader goes away."""
    while content:
        content = content[sys.stdout.buffer.write(content) :]


def lowered(contract: Contract) -> tuple[dict[str, Any], list[Finding]]:
    """Say a contract in OpenAPI 3.0, with a finding for each thing that can't be said."""
    from understudy.contract.lowering import lower
    from understudy.finding import Finding

    result = lower(contract.document)
    findings = [
        Finding("lowering-loss", loss.message, loss.severity, loss.remedy, contract.location(loss.tokens, of_key=True))
        for loss in result.losses
    ]
    return result.document, findings


def _dereferenced(document: dict[str, Any]) -> dict[str, Any]:
    from understudy.contract.resolving import resolve

    return resolve(document)


def form_of(file: Path | None) -> str:
    """Say in which format a file of this name is written."""
    return "json" if file and file.suffix == ".json" else "yaml"
