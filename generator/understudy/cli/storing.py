"""Where sessions are kept, and for how long: flags of `serve` go in; fields of the mock's settings come out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

import click

from understudy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Command = TypeVar("_Command", bound="Callable[..., Any]")

_DURATION = re.compile(r"([0-9]{1,9})(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_NEVER = "never"
_MONTH_SECONDS = 30 * 86400.0


def duration(value: Any) -> float:
    """Read a number with its unit as seconds, and `never` as infinity. Raises BadParameter."""
    text = str(value).strip().lower()
    match = _DURATION.fullmatch(text)
    if text == _NEVER:
        return float("inf")
    if match is None or not int(match[1]):
        raise click.BadParameter(f"{text[:40]!r} is no duration: write 90s, 30m, 24h, 7d or never.")
    return float(int(match[1]) * _SECONDS[match[2]])


_OPTIONS = (
    click.option(
        "--store",
        default="memory://",
        show_default=True,
        metavar="URL",
        help="Where sessions are kept: memory://, sqlite:///FILE (survives the process), redis://HOST:PORT/NUMBER "
        "(for several mocks; also rediss:// and unix://). A password is better told by UNDERSTUDY_STORE.",
    ),
    click.option(
        "--store-prefix",
        metavar="NAME",
        help="What keys on a Redis server begin with; mocks with the same prefix share their sessions.  "
        "[default: understudy]",
    ),
    click.option(
        "--session-lifetime",
        metavar="DURATION",
        type=duration,
        help="After so long without use a session is forgotten: 90s, 30m, 24h, 7d, never.  "
        "[default: never in memory, else 30d]",
    ),
)


def options(command: _Command) -> _Command:
    """Give a command these flags."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Read the fields of the settings from the flags. Raises UsageError for flags that exclude each other."""
    store, lifetime = str(given["store"]), given["session_lifetime"]
    in_memory = store.lower().startswith("memory:")
    if given["compat"] and not in_memory:
        raise UsageError("With --compat prism nothing is remembered.", "Leave out --store or --compat.")
    if lifetime is None:
        lifetime = None if in_memory else _MONTH_SECONDS
    elif lifetime == float("inf"):
        lifetime = None
    return {"store": store, "store_prefix": given["store_prefix"], "session_lifetime": lifetime}
