"""`understudy export`: a contract goes in; what a frontend takes home of its mock comes out in a directory."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from understudy.cli.settings import ByKind, is_typed
from understudy.errors import UsageError

if TYPE_CHECKING:
    from understudy.contract.model import Contract
    from understudy.finding import Finding
    from understudy.generate.exporting.answers import Operation, Repertoire
    from understudy_mock.compiling import CompiledContract, CompiledOperation

KINDS = ("fixtures", "msw", "types", "helper")

_Export = tuple[dict[str, bytes], "tuple[Finding, ...]"]

_HELP = """\
Write what a frontend takes home of CONTRACT.

\b
fixtures  each documented answer in a file, OPERATION.STATUS.EXAMPLE.json, with the bytes
          that the mock sends, and a manifest.json that tells status, headers and file
msw       handlers.ts for Mock Service Worker 2 and 3: the documented answers without a
          server; the same wishes choose others (Prefer: code=409, example=name)
types     types.ts, by openapi-typescript, which npx fetches if it isn't there yet
helper    understudy.ts for Playwright and Vitest: a session per test, reset, scenarios,
          the journal and assertions; with CONTRACT it knows its operations by name;
          and understudy-server.ts, which starts a mock

Other files in DIR are kept; one that was not exported here is never overwritten.

\b
Examples:
  understudy export msw talkover -o src/mocks
  understudy export fixtures openapi.yaml -o tests/fixtures --check
"""


@click.command(cls=ByKind, help=_HELP)
@click.argument("kind", metavar="fixtures|msw|types|helper", type=click.Choice(KINDS))
@click.argument("contract", required=False)
@click.option(
    "-o",
    "--output",
    "directory",
    metavar="DIR",
    type=click.Path(path_type=Path),
    required=True,
    help="The directory of the files; it is made if it isn't there.",
)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; report every file that is not up to date.")
@click.option("--offline", is_flag=True, help="With types: use what npx has fetched before, and no network.")
def export(kind: str, contract: str | None, directory: Path, only_check: bool, offline: bool) -> int:
    """Write one kind of export."""
    from understudy.generate.exporting.folder import differences, write
    from understudy.report.terminal import write as show

    if offline and kind != "types" and is_typed("offline"):
        raise UsageError(f"`export {kind}` needs no network anyway.", "Leave out --offline.")
    files, notes = _exported(kind, contract, offline=offline)
    if notes:
        show(notes, sys.stderr)
    if only_check:
        findings = list(differences(directory, files, kind))
        show(findings, sys.stdout)
        return 1 if findings else 0
    write(directory, files, kind)
    click.echo(f"{directory}: {', '.join(files) if len(files) == 1 else f'{len(files)} files'}", err=True)
    return 0


def _exported(kind: str, reference: str | None, *, offline: bool) -> _Export:
    """Make the files of one kind, and what is to be said of them."""
    from understudy.contract.loading import load

    if reference is None:
        if kind != "helper":
            raise UsageError(f"`export {kind}` wants a CONTRACT.", f"As in `understudy export {kind} talkover -o DIR`.")
        return _helper(None)
    contract = load(reference)
    if kind == "types":
        from understudy.generate.exporting.types import types

        return types(contract, lambda text: click.echo(text, err=True), offline=offline), ()
    return {"fixtures": _fixtures, "msw": _msw, "helper": _helper}[kind](contract)


def _fixtures(contract: Contract) -> _Export:
    from understudy.generate.exporting.fixtures import fixtures

    found, notes = repertoire(contract)
    return fixtures(found), notes


def _msw(contract: Contract) -> _Export:
    from understudy.generate.exporting.msw import handlers

    found, notes = repertoire(contract)
    files, more = handlers(found)
    return files, (*notes, *more)


def _helper(contract: Contract | None) -> _Export:
    from understudy.generate.exporting.helper import helper

    if contract is None:
        return helper(None), ()
    found, notes = repertoire(contract)
    return helper(found), notes


def repertoire(contract: Contract) -> tuple[Repertoire, tuple[Finding, ...]]:
    """Ask the contract's own mock, in process, for all that it documents; what could not be understood is told."""
    from understudy.generate.exporting.answers import Repertoire
    from understudy_mock.compiling import compile_contract

    compiled = compile_contract(contract, auth="off")
    info = contract.document.get("info")
    told = info if isinstance(info, dict) else {}
    found = Repertoire(
        name=contract.name,
        title=str(told.get("title") or contract.name),
        version=str(told.get("version") or ""),
        base_path=compiled.base_path,
        operations=tuple(_operation(one) for one in compiled.operations.values() if not one.defect),
        scenarios=tuple(compiled.scenarios),
    )
    return found, (*compiled.flaws, *_defects(compiled))


def _operation(compiled: CompiledOperation) -> Operation:
    from understudy.generate.exporting.answers import Answer, Operation
    from understudy_mock.documented import documented, success_key

    answers = tuple(
        Answer(
            key=one.key,
            status=one.answer.status,
            example=one.answer.example,
            media_type=one.media_type,
            headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in one.answer.headers),
            body=one.answer.body,
            is_rendered=one.is_rendered,
        )
        for one in documented(compiled)
    )
    known = compiled.operation
    return Operation(known.id, known.method, known.path, success_key(compiled), answers)


def _defects(compiled: CompiledContract) -> list[Finding]:
    from understudy.finding import Finding, Severity

    spoilt = [one for one in compiled.operations.values() if one.defect]
    return [
        Finding("export-left-out", f"`{one.operation.id}` can't answer: {one.defect}", Severity.WARNING)
        for one in spoilt
    ]
