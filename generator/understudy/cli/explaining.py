"""`understudy serve --explain-state`: what the mock would remember, and why, instead of serving it."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from understudy.contract.model import Contract

    _Command = TypeVar("_Command", bound=Callable[..., Any])

_WIDTH = 100
_LABEL = 12
_OPTIONS = (
    click.option(
        "--explain-state",
        is_flag=True,
        help="Print what would be remembered, how it was recognised and how sure that is, and exit.",
    ),
    click.option(
        "--format",
        "explain_format",
        default="terminal",
        show_default=True,
        type=click.Choice(["terminal", "json"]),
        help="How --explain-state prints.",
    ),
)


def options(command: _Command) -> _Command:
    """Give a command these flags."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def run(contracts: Sequence[Contract], flags: Mapping[str, Any]) -> int:
    """Print what is remembered of each contract. Raises InputError for a behaviour file that can't be understood."""
    from understudy_mock.compiling import compile_contract
    from understudy_mock.explaining import explain

    told = [explain(compile_contract(one)) for one in contracts]
    if flags["explain_format"] == "json":
        click.echo(json.dumps({"contracts": told}, indent=2, ensure_ascii=False))
    else:
        click.echo("\n\n".join("\n".join(_contract(one)) for one in told))
    return 0


def _contract(told: dict[str, Any]) -> Iterator[str]:
    resources = told["resources"]
    count = f"{len(resources)} resource{'' if len(resources) == 1 else 's'}"
    yield f"{told['contract']}: {count} remembered"
    for resource in resources:
        yield ""
        yield from _resource(resource)
    if told["answeredByExample"]:
        yield ""
        yield "Answered by the example, whatever happened before:"
        names = ", ".join(told["answeredByExample"])
        yield from textwrap.wrap(names, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _resource(told: dict[str, Any]) -> Iterator[str]:
    yield f"{told['name']}  ({told['kind']}, confidence {told['confidence']})"
    yield from _line("path", told["path"])
    yield from _line("item", told["item"])
    yield from _line("id", told["id"] and f"{told['id']}{_pattern(told['idPattern'])}")
    yield from _line("parents", ", ".join(f"{{{name}}} is {held}" for name, held in told["parents"].items()))
    yield from _line("kept in", told["in"])
    yield from _line("members", told["members"])
    yield from _line("items at", "the whole answer" if told["items"] == "" else told["items"])
    count = told["seeds"] or told["madeUp"]
    yield from _line(
        "starts with", f"{count}{' made-up' if count > told['seeds'] else ''} item{'' if count == 1 else 's'}"
    )
    for label, rows in (("operations", told["operations"]), ("query", told["query"])):
        width = max(map(len, rows), default=0)
        for number, (name, meaning) in enumerate(rows.items()):
            yield from _line(label if number == 0 else "", f"{name:<{width}}  {meaning}")
    yield from _line("because", "; ".join(told["reasons"]))


def _pattern(pattern: str | None) -> str:
    return f", made like {pattern}" if pattern else ""


def _line(label: str, text: str | None) -> Iterator[str]:
    if text:
        start = f"  {label:<{_LABEL}}"
        yield from textwrap.wrap(
            text, _WIDTH, initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False
        )
