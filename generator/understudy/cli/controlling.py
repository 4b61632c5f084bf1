"""Who may use the mock's own API: flags of `serve` go in; fields of the mock's settings come out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

import click

from understudy.cli import documenting
from understudy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from understudy_mock.app import MockApp
    from understudy_mock.mounting import Mount

_Command = TypeVar("_Command", bound="Callable[..., Any]")

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
"""RFC 6750, 2.1."""

_OPTIONS = (
    click.option(
        "--control",
        default="on",
        show_default=True,
        type=click.Choice(["on", "off"]),
        envvar="UNDERSTUDY_CONTROL",
        help="The mock's own API under /__understudy__/, and a page for people: journal, state, sessions, scenarios …",
    ),
    click.option(
        "--control-token",
        metavar="TOKEN",
        envvar="UNDERSTUDY_CONTROL_TOKEN",
        help="Let whoever sends this as a bearer token use it; without one only this machine may. Better told by "
        "UNDERSTUDY_CONTROL_TOKEN.",
    ),
)


def options(command: _Command) -> _Command:
    """Give a command these flags."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def settings(options: Mapping[str, Any]) -> dict[str, Any]:
    """Read the fields of the settings from the flags. Raises UsageError for what can't be a bearer token."""
    token = options["control_token"]
    if token is not None and not _TOKEN.fullmatch(token):
        remedy = "Take letters, digits and - . _ ~ + / only; `openssl rand -hex 16` makes a good one."
        raise UsageError("The control token is no bearer token.", remedy)
    return {"control": options["control"] == "on", "control_token": token}


def page_lines(app: MockApp, url: str) -> list[str]:
    """Say where people look: one line for the control page and the documentation, as far as they are there."""
    settings = app.runtime.settings
    page = [f"Control page {url}/__understudy__/"] if settings.control else []
    told = [*page, *([f"documentation {url}/__docs/"] if documenting.is_shown(app) else [])]
    line = " · ".join(told)
    return [f"{line[0].upper()}{line[1:]}"] if line else []


def shadowed_lines(mount: Mount) -> list[str]:
    """Name the operations that nobody reaches, because the control API has their paths."""
    from understudy_mock.boundary import is_control

    contract = mount.compiled.contract
    operations = [entry.operation for entry in mount.compiled.operations.values()]
    lost = [one for one in operations if all(is_control(prefix + one.path) for prefix in mount.prefixes)]
    reason = "can't be reached, for the control API has its path; --control off frees it."
    return [f"  {contract.location(one.tokens, of_key=True)}: {one.method} {one.path} {reason}" for one in lost]
