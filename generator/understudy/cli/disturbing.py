"""What `serve` lets go wrong or sends of its own accord: flags go in; fields of the mock's settings come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Command = TypeVar("_Command", bound="Callable[..., Any]")

_OPTIONS = (
    click.option(
        "--fault",
        metavar="SPEC",
        multiple=True,
        help="Misbehave: createDid:status=503@10%, *:delay=lognormal(120,0.4), *:limit=10/60s, *:reset@5%; also "
        "empty, truncate, drip=32. Repeatable.",
    ),
    click.option("--faults", metavar="FILE", help="A YAML file with a list `faults` of such rules."),
    click.option("--scenario", metavar="NAME", help="Begin every session in this scenario of the contract."),
    click.option("--webhook-to", metavar="URL", help="Where webhooks are sent; callbacks go where the request says."),
    click.option(
        "--webhook-secret",
        metavar="TEXT",
        envvar="UNDERSTUDY_WEBHOOK_SECRET",
        help="Sign callbacks and webhooks with HMAC-SHA256; better told by UNDERSTUDY_WEBHOOK_SECRET.",
    ),
    click.option(
        "--allow-callbacks-to",
        metavar="HOST",
        multiple=True,
        help="Let callbacks and webhooks leave this machine for HOST or HOST:PORT. Repeatable.",
    ),
)


def options(command: _Command) -> _Command:
    """Give a command these flags."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def settings(options: Mapping[str, Any]) -> dict[str, Any]:
    """Read the fields of the settings from the flags."""
    return {
        "faults": options["fault"],
        "fault_profile": options["faults"],
        "scenario": options["scenario"],
        "webhook_to": options["webhook_to"],
        "webhook_secret": options["webhook_secret"],
        "callback_hosts": tuple(host.lower() for host in options["allow_callbacks_to"]),
    }
