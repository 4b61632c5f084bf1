"""`understudy scaffold`: a contract goes in; a runnable Connexion project comes out, or is brought up to date."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from understudy.generate.scaffolding import Outcome


_HELP = """\
Generate a Connexion project of your own for CONTRACT, or bring one up to date.

Every operation gets a typed function in handlers/. As long as it is marked @stub, the mock answers for it; what you
write answers for that operation alone, and is checked by the contract.

Called again, it adds what is new in the contract and renews what you have not touched. Your handlers, and files you
changed, are kept and named.

\b
Examples:
  understudy scaffold talkover -o talkover-server
  understudy scaffold ../contract/openapi.yaml -o .
"""


@click.command(help=_HELP)
@click.argument("contract")
@click.option(
    "-o", "--output", "directory", type=click.Path(path_type=Path), required=True, help="The project's directory."
)
def scaffold(contract: str, directory: Path) -> int:
    """Generate a Connexion project of your own for CONTRACT, or bring one up to date."""
    from understudy.contract.loading import load
    from understudy.generate.scaffolding import scaffold as write
    from understudy.report.terminal import write as show

    outcome = write(load(contract), directory)
    if outcome.notes:
        show(outcome.notes, sys.stderr)
    click.echo(told(outcome, directory), err=True)
    return 0


def told(outcome: Outcome, directory: Path) -> str:
    """Write what was done, what was left alone, and the next command to type."""
    count = f"{outcome.operations} operation{'' if outcome.operations == 1 else 's'}"
    lines = [f"{directory}: {'a new project' if outcome.is_new else 'the project'} for {count}"]
    lines += [f"  added    {file}: {', '.join(functions)}" for file, functions in outcome.added.items()]
    lines += [f"  written  {name}" for name in _grouped([one for one in outcome.written if one not in outcome.added])]
    lines += [f"  removed  {name}" for name in _grouped(outcome.removed)]
    for kept in outcome.kept:
        why = kept.why.replace("\n", "\n             ")
        lines.append(f"  kept     {kept.what} ({why})" if "\n" not in why else f"  kept     {kept.what}; {why}")
    if len(lines) == 1:
        lines.append("  everything is up to date")
    return "\n".join([*lines, "", "Next:", "", f"  {_command(directory)}", ""])


def _grouped(names: list[str]) -> list[str]:
    """Name a directory of generated code once."""
    models = [name for name in names if name.startswith("models/")]
    others = [name for name in names if name not in models]
    return [*others, *([f"models/ ({len(models)} files)"] if len(models) > 1 else models)]


def _command(directory: Path) -> str:
    start = "python app.py"
    return start if directory.resolve() == Path.cwd() else f"cd {shlex.quote(os.fspath(directory))} && {start}"
