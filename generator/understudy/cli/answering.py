"""How `serve` answers: its flags for errors and for Prism's ways go in; settings of the mock come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from understudy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from understudy_mock.app import MockApp

_Command = TypeVar("_Command", bound="Callable[..., Any]")

_OPTIONS = (
    click.option(
        "--error-format",
        default="contract",
        show_default=True,
        type=click.Choice(["contract", "problem"]),
        help="contract: refusals in the contract's own error schema; problem: in problem+json (RFC 9457).",
    ),
    click.option(
        "--seed",
        metavar="N",
        type=click.IntRange(-(10**18) + 1, 10**18 - 1),
        help="Make up other values, and let other faults hit, as `Prefer: seed=N` does for one request.",
    ),
    click.option(
        "--locale",
        metavar="TAG",
        help="Make up names, addresses and numbers of this language and country, as in pt-BR; en-US without it.",
    ),
    click.option(
        "--compat",
        type=click.Choice(["prism"]),
        help="Answer as Stoplight's Prism does: its routing, samples, fallbacks and errors; no state, no handlers.",
    ),
    click.option("--errors", is_flag=True, help="With --compat prism: an answer that breaks its contract is a 500."),
)


def options(command: _Command) -> _Command:
    """Give a command the flags."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Read the flags as settings of the mock. Raises UsageError for flags that exclude each other."""
    if given["errors"] and not given["compat"]:
        raise UsageError("--errors is a flag of Prism's.", "Add --compat prism, or leave it out.")
    if given["compat"] and given["handlers"]:
        raise UsageError("With --compat prism no handlers are called.", "Leave out --handlers or --compat.")
    told = {name: given[name] for name in ("error_format", "seed", "locale", "compat")}
    return {**told, "violations_fail": given["errors"]}


def credential_lines(app: MockApp) -> Iterator[str]:
    """Say which credentials are good, where no others are."""
    if app.runtime.settings.auth != "strict" or app.runtime.settings.compat:
        return
    for mount in app.mounts:
        found = app.personas(mount.compiled.contract)
        if found:
            yield from ("", f"Credentials of {mount.compiled.name}:")
        for scheme, persona in found:
            scopes = "" if persona.scopes is None else f"  scopes: {' '.join(persona.scopes) or 'none'}"
            yield f"  {scheme}  {persona.name + '  ' if persona.name else ''}{persona.credential}{scopes}"
