"""A schema goes in; its readings come out: what it says once its `allOf` is united and its alternatives are decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy_mock.inheritance import heirs, property_name, value_of
from understudy_mock.schema_facts import declared_types, widened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Placed, Tokens

DISCRIMINATED = "x-understudy-discriminated"
"""A keyword that no contract has: the property by which the chosen branch is known, and its value."""

_CONDITIONS = (("if", "then"), ("else",))
"""What applies where a condition holds, and where it does not."""
_MAX_DEPTH = 32
_MAX_READINGS = 16
_LOWER = ("minimum", "minLength", "minItems", "minProperties")
_UPPER = ("maximum", "maxLength", "maxItems", "maxProperties")

Part = tuple["Tokens", dict[str, Any]]


@dataclass(frozen=True)
class Reading:
    """One way to read a schema. `parts` are the schemas it is put together from, each with its place."""

    parts: tuple[Part, ...]
    keywords: dict[str, Any] = field(repr=False)
    types: frozenset[str]
    properties: dict[str, tuple[Tokens, ...]] = field(repr=False)
    required: frozenset[str]

    def places(self, keyword: str) -> tuple[Tokens, ...]:
        """Find where the parts declare a schema under a keyword, such as `items`."""
        return tuple((*place, keyword) for place, schema in self.parts if isinstance(schema.get(keyword), dict))


def readings(contract: Contract, places: tuple[Tokens, ...]) -> list[Reading]:
    """Read schemas that all apply to one value, each alternative in turn; those that allow no type at all go last."""
    widest = 1
    found: list[Reading] = []
    while len(found) < min(widest, _MAX_READINGS):
        parts: list[Part] = []
        for place in places:
            for tokens, schema, count in _parts(contract, place, len(found), 0):
                parts.append((tokens, schema))
                widest = max(widest, count)
        found.append(_united(tuple(parts)))
    return sorted(found, key=lambda reading: not reading.types)


def _parts(contract: Contract, tokens: Tokens, turn: int, depth: int) -> Iterator[tuple[Tokens, dict[str, Any], int]]:
    """Yield the schema, all of its `allOf`, and of `anyOf` and `oneOf` the branch whose turn it is."""
    placed = contract.follow(tokens)
    if not isinstance(placed.value, dict) or depth > _MAX_DEPTH:
        return
    branches = {name: placed.value[name] for name in ("anyOf", "oneOf") if isinstance(placed.value.get(name), list)}
    conditions = _CONDITIONS if "if" in placed.value else ()
    kin = list(heirs(contract, placed).values()) if depth == 0 else []
    yield placed.tokens, placed.value, max((*map(len, branches.values()), len(conditions), len(kin)), default=1)
    if kin:
        yield from _parts(contract, kin[turn % len(kin)], turn, depth + 1)
        yield from _told_apart(contract, placed, kin[turn % len(kin)])
    for name in conditions[turn % len(conditions)] if conditions else ():
        if name in placed.value:
            yield from _parts(contract, (*placed.tokens, name), turn, depth + 1)
    united = placed.value.get("allOf")
    for index in range(len(united) if isinstance(united, list) else 0):
        yield from _parts(contract, (*placed.tokens, "allOf", index), turn, depth + 1)
    dependent, properties = placed.value.get("dependentSchemas"), placed.value.get("properties")
    for name in dependent if isinstance(dependent, dict) else ():
        if isinstance(properties, dict) and name in properties:
            yield from _parts(contract, (*placed.tokens, "dependentSchemas", name), turn, depth + 1)
    for name, alternatives in branches.items():
        if alternatives:
            branch = (*placed.tokens, name, turn % len(alternatives))
            yield from _parts(contract, branch, turn, depth + 1)
            yield from _told_apart(contract, placed, branch)


def _told_apart(contract: Contract, placed: Placed, branch: Tokens) -> Iterator[tuple[Tokens, dict[str, Any], int]]:
    """Say, as a part of its own, which value of the discriminator belongs to a branch."""
    name = property_name(placed.value)
    value = value_of(placed.value, contract.follow(branch).tokens) if name is not None else None
    if value is not None:
        yield placed.tokens, {DISCRIMINATED: (name, value)}, 1


def _united(parts: tuple[Part, ...]) -> Reading:
    keywords: dict[str, Any] = {}
    types = frozenset(("null", "boolean", "integer", "number", "string", "array", "object"))
    properties: dict[str, tuple[Tokens, ...]] = {}
    required: set[str] = set()
    for place, schema in parts:
        for keyword, value in schema.items():
            keywords[keyword] = _tighter(keyword, keywords[keyword], value) if keyword in keywords else value
        types &= widened(declared_types(schema))
        declared = schema.get("properties")
        for name in declared if isinstance(declared, dict) else ():
            properties[name] = (*properties.get(name, ()), (*place, "properties", name))
        named = schema.get("required")
        required.update(name for name in (named if isinstance(named, list) else ()) if isinstance(name, str))
    required.update(_dependent(parts, required | properties.keys()))
    return Reading(parts, keywords, types, properties, frozenset(required))


def _dependent(parts: tuple[Part, ...], present: set[str]) -> Iterator[str]:
    """Name what `dependentRequired` asks for beside properties that may be there (JSON Schema validation, 6.5.4)."""
    for _, schema in parts:
        dependent = schema.get("dependentRequired")
        for name, wanted in dependent.items() if isinstance(dependent, dict) else ():
            if name in present and isinstance(wanted, list):
                yield from (one for one in wanted if isinstance(one, str))


def _tighter(keyword: str, one: Any, other: Any) -> Any:
    if keyword == "enum" and isinstance(one, list) and isinstance(other, list):
        return [value for value in one if value in other]
    if keyword in _LOWER:
        return max(one, other)
    return min(one, other) if keyword in _UPPER else one
