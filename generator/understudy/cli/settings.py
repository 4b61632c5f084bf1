"""A command and what a settings file or the environment says go in; the command with these defaults comes out.

A flag of `overlay apply` stands in `[overlay.apply]`, and its variable is `UNDERSTUDY_OVERLAY_APPLY_…`. The kinds of a
`ByKind` have such tables and variables too; what is said of the command itself holds for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from understudy.config import nearest, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from understudy.config import Settings

_PREFIX = "UNDERSTUDY"
_SHARED = "serve"
"""The command whose flags are known to the environment by their own name too: UNDERSTUDY_PORT."""
_REPORTING = ("FORMAT",)
"""Flags whose own name in the environment is about the reports of other commands."""
_BELOW = "a table for each kind"
"""The key of defaults that is no parameter."""


class _Lines(click.types.StringParamType):
    """Texts of which a variable has one on each line, for they have spaces in them."""

    envvar_list_splitter = "\n"


LINES = _Lines()


class ByKind(click.Command):
    """A command whose argument `kind` chooses the table and the variables that count before the command's own."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds there are."""
        chosen = next(one.type for one in self.params if one.name == "kind")
        return tuple(chosen.choices) if isinstance(chosen, click.Choice) else ()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line, with the defaults of its kind. Raises UsageError."""
        defaults = dict(ctx.default_map or {})
        given, _, _ = self.make_parser(ctx).parse_args(list(args))
        kind = given.get("kind") or defaults.get("kind")
        if kind in self.kinds:
            ctx.default_map = {**defaults, **defaults.get(_BELOW, {}).get(kind, {})}
            for option in _options(self):
                option.envvar = [*_variables(option, (str(ctx.info_name), str(kind))), *(option.envvar or ())]
        return super().parse_args(ctx, args)


def prepare(command: click.Command, name: str, commands: Iterable[str]) -> dict[str, Any]:
    """Give each flag its variable, and the defaults that a file sets, by parameter. Raises UsageError or InputError."""
    return _prepared(command, (name,), settings_for(name, commands))


def is_typed(parameter: str) -> bool:
    """Tell whether a flag stands on the command line: one from a file may be about other calls of the command."""
    return click.get_current_context().get_parameter_source(parameter) is ParameterSource.COMMANDLINE


def _prepared(command: click.Command, path: tuple[str, ...], settings: Settings) -> dict[str, Any]:
    if isinstance(command, click.Group):
        return _of_group(command, path, settings)
    for option in _options(command):
        own = [option.envvar] if isinstance(option.envvar, str) else list(option.envvar or ())
        kept = [name for name in own if not name.startswith(_variable(path, ""))]
        option.envvar = list(dict.fromkeys([*_variables(option, path), *kept]))
    if isinstance(command, ByKind):
        return _of_kinds(command, path, settings)
    return _defaults(command, path, settings)


def _of_group(group: click.Group, path: tuple[str, ...], settings: Settings) -> dict[str, Any]:
    for key in settings.values:
        if key not in group.commands:
            remedy = nearest(key, group.commands) or f"It knows {', '.join(group.commands)}."
            if holders := [settings.dotted(name) for name, one in group.commands.items() if key in _known(one)[0]]:
                remedy = f"Write it in [{'] or ['.join(holders)}]."
            settings.refuse(key, f"`{key}` is no command of `{' '.join(path)}`.", remedy)
    return {name: _prepared(one, (*path, name), settings.below(name)) for name, one in group.commands.items()}


def _of_kinds(command: ByKind, path: tuple[str, ...], settings: Settings) -> dict[str, Any]:
    below = {kind: _defaults(command, (*path, kind), settings.below(kind)) for kind in command.kinds}
    return {**_defaults(command, path, settings, command.kinds), _BELOW: below}


def _options(command: click.Command) -> list[click.Option]:
    return [one for one in command.params if isinstance(one, click.Option)]


def _variables(option: click.Option, path: tuple[str, ...]) -> list[str]:
    flag = _names(option)[0]
    own = _variable(path, flag)
    shared = _variable((), flag)
    is_shared = path == (_SHARED,) and flag.upper() not in _REPORTING
    return [own, shared] if is_shared else [own]


def _variable(path: tuple[str, ...], flag: str) -> str:
    return "_".join((_PREFIX, *path, flag)).upper().replace("-", "_")


def _names(option: click.Option) -> list[str]:
    """List how a flag is called, without dashes: the first is its name, others are those of other programs."""
    return [name.lstrip("-") for name in option.opts if name.startswith("--")]


def _defaults(
    command: click.Command, path: tuple[str, ...], settings: Settings, tables: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Read the defaults of one command; `tables` are keys that are read elsewhere."""
    known, negated = _known(command)
    found: dict[str, Any] = {}
    for key, value in settings.values.items():
        if key in tables:
            continue
        name = key if key in known else key.replace("_", "-")
        parameter = known.get(name)
        if parameter is None:
            remedy = nearest(name, (*known, *tables)) or f"It knows {', '.join(_listed(command))}."
            settings.refuse(key, f"`{key}` is no setting of `{' '.join(path)}`.", remedy)
        if str(parameter.name) in found:
            settings.refuse(key, f"`{key}` says again what another key of its table says.", "Remove one of the two.")
        checked = _checked(command, parameter, key, value, settings)
        found[str(parameter.name)] = not checked if name in negated and isinstance(checked, bool) else checked
    return found


def _known(command: click.Command) -> tuple[dict[str, click.Parameter], set[str]]:
    """List the parameters by their keys, and those keys that say the contrary, such as `no-cors`."""
    known: dict[str, click.Parameter] = {name: one for one in _options(command) for name in _names(one)}
    negated = {name.lstrip("-"): one for one in _options(command) for name in one.secondary_opts}
    arguments = {str(one.name): one for one in command.params if isinstance(one, click.Argument)}
    return {**known, **negated, **arguments}, set(negated)


def _listed(command: click.Command) -> list[str]:
    arguments = [str(one.name) for one in command.params if isinstance(one, click.Argument)]
    return [*(_names(one)[0] for one in _options(command)), *arguments]


def _checked(command: click.Command, parameter: click.Parameter, key: str, value: Any, settings: Settings) -> Any:
    many = parameter.multiple if isinstance(parameter, click.Option) else parameter.nargs != 1
    if many and isinstance(value, str):
        value = [value]
    parts = value if many and isinstance(value, list) else [value]
    if any(isinstance(part, dict | list) for part in parts):
        settings.refuse(key, f"`{key}` can't be a {type(value).__name__}.", "Write one value, or a list of texts.")
    try:
        cast = parameter.type_cast_value(click.Context(command), value)
    except click.BadParameter as error:
        settings.refuse(key, f"`{key}`: {error.message}", "See --help for what it takes.")
    return cast if isinstance(cast, bool) else value
