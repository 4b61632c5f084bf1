"""A command and what a settings file or the environment says go in; the command with these defaults comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from understudy.config import nearest, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from understudy.config import Settings

_PREFIX = "UNDERSTUDY"
_SHARED = "serve"
"""The command whose flags are known to the environment by their own name too: UNDERSTUDY_PORT."""


def prepare(command: click.Command, name: str, commands: Iterable[str]) -> dict[str, Any]:
    """Give each flag its variable, and the defaults that a file sets, by parameter. Raises UsageError or InputError."""
    for option in _options(command):
        option.envvar = _variables(option, name)
    settings = settings_for(name, commands)
    return _defaults(command, settings) if settings.values else {}


def _options(command: click.Command) -> list[click.Option]:
    return [one for one in command.params if isinstance(one, click.Option)]


def _variables(option: click.Option, command: str) -> list[str]:
    flag = _flag(option).upper().replace("-", "_")
    own = [option.envvar] if isinstance(option.envvar, str) else list(option.envvar or ())
    shared = [f"{_PREFIX}_{flag}"] if command == _SHARED else []
    return list(dict.fromkeys([f"{_PREFIX}_{command.upper()}_{flag}", *own, *shared]))


def _flag(option: click.Option) -> str:
    return max(option.opts, key=len).lstrip("-")


def _defaults(command: click.Command, settings: Settings) -> dict[str, Any]:
    known: dict[str, click.Parameter] = {_flag(option): option for option in _options(command)}
    known |= {str(one.name): one for one in command.params if isinstance(one, click.Argument)}
    found = {}
    for key, value in settings.values.items():
        parameter = known.get(key.replace("_", "-")) or known.get(key)
        if parameter is None:
            remedy = nearest(key, known) or f"It knows {', '.join(known)}."
            settings.refuse(key, f"`{key}` is no setting of `{command.name}`.", remedy)
        found[str(parameter.name)] = _checked(command, parameter, key, value, settings)
    return found


def _checked(command: click.Command, parameter: click.Parameter, key: str, value: Any, settings: Settings) -> Any:
    many = parameter.multiple if isinstance(parameter, click.Option) else parameter.nargs != 1
    if many and isinstance(value, str):
        value = [value]
    parts = value if many and isinstance(value, list) else [value]
    if any(isinstance(part, dict | list) for part in parts):
        settings.refuse(key, f"`{key}` can't be a {type(value).__name__}.", "Write one value, or a list of texts.")
    try:
        parameter.type_cast_value(click.Context(command), value)
    except click.BadParameter as error:
        settings.refuse(key, f"`{key}`: {error.message}", "See --help for what it takes.")
    return value
