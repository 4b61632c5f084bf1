"""`x-understudy-resource`, or an entry of `resources` in `behaviour.yaml`, goes in; what can't be understood comes out.

It corrects what the mock infers (docs/state.md). On a path item it is about the resource of that path, on a schema
about the resource whose items have it, on an operation about what that does; `behaviour.yaml` names the resource.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from understudy.contract import grammar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Tokens

KEY = "x-understudy-resource"
EFFECTS = ("list", "search", "count", "create", "read", "update", "delete", "clear", "action", "none")
REMEDY = "docs/state.md tells what may stand here."

_TEXTS = ("name", "path", "item", "id", "in", "members", "resource")
_POINTERS = ("items",)
_TRUTHS = ("singleton", "ignore")
_FACTS = ("path", "item", "id", "in", "members", "parents", "singleton", "items", "ignore")
_KEYS = {
    "path": ("name", *_FACTS),
    "schema": ("id", "parents"),
    "operation": ("resource", "effect", "items", "item", "ignore"),
    "behaviour": (*_FACTS, "seed", "operations"),
}
"""Where it stands → what it may say there."""

Fault = tuple[tuple[str, ...], str]


def faults(declared: Any, level: str) -> Iterator[Fault]:
    """Yield what is wrong with one of them: the tokens in it, and a sentence."""
    if not isinstance(declared, dict):
        yield (), f"{KEY if level != 'behaviour' else 'A resource'} must be a mapping."
        return
    known = _KEYS[level]
    for key, value in declared.items():
        if key not in known:
            yield (key,), f"`{key}` is no key that may stand here."
        elif key not in ("seed", "operations") and (message := _fault(key, value, level)):
            yield (key,), message
    for name, effect in _mapping(declared.get("operations")).items():
        if effect not in EFFECTS:
            yield ("operations", name), f"`{effect}` is no effect: {', '.join(EFFECTS)}."
    if "operations" in declared and not isinstance(declared["operations"], dict):
        yield ("operations",), "`operations` must map operations to effects."


def _fault(key: str, value: Any, level: str) -> str:
    if key == "effect":
        return "" if value in EFFECTS else f"`{value}` is no effect: {', '.join(EFFECTS)}."
    if key == "parents":
        is_map = isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
        return "" if is_map else "`parents` must map templates of the path to properties of the item."
    if key in _TRUTHS:
        return "" if isinstance(value, bool) else f"`{key}` must be true or false."
    is_pointer = key in _POINTERS or (key == "item" and level == "operation")
    if is_pointer:
        fits = isinstance(value, str) and (not value or value.startswith("/"))
        return "" if fits else f"`{key}` must be a JSON pointer, such as /data/users."
    return "" if isinstance(value, str) and value else f"`{key}` must be a text."


def unknown(declared: Any, level: str, contract: Contract) -> Iterator[Fault]:
    """Yield each name that the contract does not have: paths, operations, templates of the path that is told."""
    said = _mapping(declared)
    paths = _mapping(contract.document.get("paths"))
    for key in ("path", "item"):
        if level in ("path", "behaviour") and isinstance(said.get(key), str) and said[key] not in paths:
            yield (key,), f"The contract has no path `{said[key]}`."
    known = {operation.id for operation in contract.operations}
    for name in _mapping(said.get("operations")):
        if name not in known:
            yield ("operations", name), f"The contract has no operation `{name}`."
    told = [said[key] for key in ("path", "item") if isinstance(said.get(key), str)]
    templates = {name for path in told for name in re.findall(r"\{([^{}]+)\}", path)}
    for name in _mapping(said.get("parents")):
        if told and name not in templates:
            yield ("parents", name), f"No template of the path is called `{name}`."


def known_keys(level: str) -> tuple[str, ...]:
    """List what may be said at a place."""
    return _KEYS[level]


def sound(declared: Any, level: str) -> dict[str, Any]:
    """Give what can be understood of it."""
    if not isinstance(declared, dict):
        return {}
    wrong = {tokens[0] for tokens, _ in faults(declared, level) if tokens}
    return {key: value for key, value in declared.items() if key not in wrong}


def on_schemas(contract: Contract) -> Iterator[tuple[Tokens, Any]]:
    """Yield each extension that stands on a schema, with the tokens of that."""
    for node in grammar.walk(contract.document):
        if node.kind == "schema" and isinstance(node.value, dict) and KEY in node.value:
            yield node.tokens, node.value[KEY]


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
