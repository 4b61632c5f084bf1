"""The bundle goes in; the same document without references comes out, save where a schema contains itself.

The one door to prance. Its resolver shares what is referred to from several places, so the size stays that of the
bundle; a `$ref` that would go round in a circle stays and still leads into `components`.
"""

from __future__ import annotations

from typing import Any

from prance.util.resolver import RESOLVE_INTERNAL, RefResolver, keep_ref_on_recursion

from understudy.contract import grammar

_ADDRESS = "file:///bundle"


class _Data:
    """Hides example data from the resolver: a `$ref` in there is not a reference."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __deepcopy__(self, memo: object) -> _Data:
        return self


_DATA_FIELDS = ("value", "example", "default", "enum", "const", "examples")


def resolve(document: dict[str, Any]) -> dict[str, Any]:
    """Replace every reference in a bundle by what it names (OpenAPI 3.1, section 4.8.23)."""
    resolver = RefResolver(
        _hide(document),
        _ADDRESS,
        resolve_types=RESOLVE_INTERNAL,
        recursion_limit_handler=keep_ref_on_recursion,
        strict=False,
    )
    resolver.resolve_references()
    shown = _show(resolver.specs, {})
    return shown if isinstance(shown, dict) else {}


def _hide(value: Any, kind: str = "openapi") -> Any:
    if not isinstance(value, dict):
        return value
    hidden = dict(value)
    for child_kind, below, child in grammar.children(kind, value):
        name = str(below[0])
        if len(below) == 1:
            hidden[name] = _hide(child, child_kind)
            continue
        if hidden[name] is value[name]:
            hidden[name] = type(value[name])(value[name])
        hidden[name][below[1]] = _hide(child, child_kind)
    for name in _DATA_FIELDS:
        if name in hidden and (kind == "schema" or name != "examples"):
            hidden[name] = _Data(hidden[name])
    hidden.update({name: _Data(item) for name, item in hidden.items() if name.startswith("x-")})
    return hidden


def _show(value: Any, seen: dict[int, Any]) -> Any:
    if isinstance(value, _Data):
        return value.value
    if not isinstance(value, dict | list):
        return value
    if id(value) not in seen:
        if isinstance(value, dict):
            made: Any = {}
            seen[id(value)] = made
            made.update((key, _show(item, seen)) for key, item in value.items())
        else:
            made = []
            seen[id(value)] = made
            made.extend(_show(item, seen) for item in value)
    return seen[id(value)]
