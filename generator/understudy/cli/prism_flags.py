"""The flags of `serve` that people know from Prism: they go in; fields of the mock's settings come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Command = TypeVar("_Command", bound="Callable[..., Any]")

_TALKATIVE = ("trace", "debug", "info")
_QUIET = ("warn", "error", "fatal", "silent")
_OPTIONS = (
    click.option("-d", "--dynamic", is_flag=True, help="Make up every answer, as `Prefer: dynamic=true` does for one."),
    click.option(
        "--ignore-examples",
        "--ignoreExamples",
        is_flag=True,
        help="Take the contract to have no examples, other than those of its schemas.",
    ),
    click.option(
        "--fill-properties/--no-fill-properties",
        "--json-schema-faker-fillProperties/--no-json-schema-faker-fillProperties",
        default=None,
        help="Give made-up objects more properties than are declared, where they take more.",
    ),
    click.option("--cors/--no-cors", default=True, show_default=True, help="Let pages of other origins read answers."),
    click.option(
        "-v",
        "--verbose-level",
        "--verboseLevel",
        type=click.Choice([*_TALKATIVE, *_QUIET]),
        help="Prism's way to say --log: text down to info, off above.",
    ),
    click.option(
        "-m", "--multiprocess", is_flag=True, help="Taken because Prism has it; the log needs no other process here."
    ),
)


def options(command: _Command) -> _Command:
    """Give a command the flags."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Read the fields of the settings from the flags."""
    return {name: given[name] for name in ("dynamic", "ignore_examples", "fill_properties", "cors")}


def log(given: Mapping[str, Any]) -> str | None:
    """Read how to log: `--log` counts, else Prism's level; None where nobody said."""
    level = given.get("verbose_level")
    usual = None if level is None else "text" if level in _TALKATIVE else "off"
    return given["log"] or usual
