"""A schema's place goes in; what it says about its properties, alternatives and references followed, comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Placed, Tokens

_COMBINERS = ("allOf", "anyOf", "oneOf")
_BRANCHES = ("then", "else", "if")


def parts(contract: Contract, tokens: Tokens) -> Iterator[Placed]:
    """Yield the schema and all it is combined of, each once; references are followed."""
    seen: set[Tokens] = set()
    waiting = [tokens]
    while waiting:
        first = waiting.pop()
        placed = contract.follow(first)
        if placed.tokens in seen or not isinstance(placed.value, dict):
            continue
        seen.add(placed.tokens)
        yield placed
        waiting.extend(_combined(placed))


def _combined(placed: Placed) -> Iterator[Tokens]:
    for name in _COMBINERS:
        listed = placed.value.get(name)
        for index in range(len(listed) if isinstance(listed, list) else 0):
            yield (*placed.tokens, name, index)
    for name in _BRANCHES:
        if name in placed.value:
            yield (*placed.tokens, name)


def declared(contract: Contract, schema: Tokens) -> set[str] | None:
    """Collect the names of all properties a schema declares; None if it leaves names open."""
    names: set[str] = set()
    for part in parts(contract, schema):
        if _open(part.value):
            return None
        properties = part.value.get("properties")
        names.update(properties if isinstance(properties, dict) else ())
    return names


def _open(schema: dict[str, Any]) -> bool:
    is_map = isinstance(schema.get("additionalProperties"), dict) or schema.get("additionalProperties") is True
    return is_map or "patternProperties" in schema or "$dynamicRef" in schema
