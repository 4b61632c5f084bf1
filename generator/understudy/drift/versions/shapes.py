"""A node goes in; what it takes comes out keyword by keyword, each the strictest of all schemas that have it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from understudy.contract.dialect import RANGES
from understudy.contract.validating import SchemaError, SchemaSet
from understudy.drift.versions.nodes import listed, mapped
from understudy.drift.versions.schema_changes import BOUNDS, LOWER_BOUNDS
from understudy.drift.versions.values import is_whole, json_type, key
from understudy.drift.versions.writing_out import written_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.validating import Validator
    from understudy.drift.versions.nodes import Flat, Group, Node, Schemas, Tokens

TYPES = frozenset(("boolean", "integer", "number", "string", "array", "object"))
"""All but null; `number` stands for what is no integer."""
NUMERIC = frozenset(("integer", "number"))

_EXCLUSIVE = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}
_CONDITIONS = {
    "not": ("not",),
    "if": ("if", "then", "else"),
    "contains": ("contains", "minContains", "maxContains"),
    "propertyNames": ("propertyNames",),
    "dependentRequired": ("dependentRequired",),
    "dependentSchemas": ("dependentSchemas",),
    "dependencies": ("dependencies",),
}
"""Keyword → the keywords that say one thing together with it."""
_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
_CONTENT = ("contentEncoding", "contentMediaType", "contentSchema")


@dataclass(frozen=True)
class Told:
    """A keyword's value and where it stands."""

    value: Any
    place: Tokens


@dataclass(frozen=True)
class Bound:
    """A limit; `is_open` if the number itself is not taken."""

    value: Any
    place: Tokens
    is_open: bool = False

    def is_stricter(self, other: Bound, *, is_lower: bool) -> bool:
        """Tell whether fewer numbers are within this limit than within the other."""
        if self.value == other.value:
            return self.is_open and not other.is_open
        return bool(self.value > other.value) is is_lower


@dataclass(frozen=True)
class Shape:
    """What a node takes."""

    schemas: Schemas = field(repr=False)
    node: Node

    @cached_property
    def flat(self) -> Flat:
        """Its schema objects."""
        return self.schemas.flat(self.node)

    @property
    def place(self) -> Tokens:
        """Where its first schema stands; the root's for a node that takes anything."""
        return self.node.places[0] if self.node.places else ()

    @property
    def groups(self) -> tuple[Group, ...]:
        """Its alternatives."""
        return self.flat.groups

    @cached_property
    def has_null(self) -> bool:
        """Whether null is taken."""
        return self.schemas.takes_null(self.node)

    @cached_property
    def types(self) -> frozenset[str]:
        """The JSON types taken, but null."""
        types = TYPES if not self.flat.is_impossible else frozenset()
        for schema, _ in self.flat.parts:
            types &= _types(schema.get("type"))
        if self.values is not None:
            types &= {json_type(told.value) for told in self.values.values()}
        return types

    @cached_property
    def declared_types(self) -> frozenset[str]:
        """The types without regard to listed values."""
        types = TYPES
        for schema, _ in self.flat.parts:
            types &= _types(schema.get("type"))
        return types

    @cached_property
    def values(self) -> dict[str, Told] | None:
        """The values listed by `enum` or `const` that are of a type taken, but null; None where any is taken."""
        found: dict[str, Told] | None = None
        for schema, place in self.flat.parts:
            for keyword, values in _listings(schema):
                told = {key(value): Told(value, (*place, keyword)) for value in values if value is not None}
                found = told if found is None else {name: one for name, one in found.items() if name in told}
        if found is None:
            return None
        return {name: one for name, one in found.items() if json_type(one.value) in self.declared_types}

    @cached_property
    def bounds(self) -> dict[str, Bound]:
        """The limits, by keyword; those that a number's format implies are left to the format."""
        found: dict[str, Bound] = {}
        for schema, place in self.flat.parts:
            implied = RANGES.get(str(schema.get("format")), ())
            for keyword in BOUNDS:
                for bound in _bounds(schema, keyword, place):
                    is_lower = keyword in LOWER_BOUNDS
                    if bound.value in implied or (is_lower and keyword != "minimum" and bound.value <= 0):
                        continue
                    closed = self._closed(bound, is_lower=is_lower)
                    if keyword not in found or closed.is_stricter(found[keyword], is_lower=is_lower):
                        found[keyword] = closed
        return found

    def _closed(self, bound: Bound, *, is_lower: bool) -> Bound:
        """Say of an integer `> 0` as `>= 1`."""
        if self.declared_types & NUMERIC == {"integer"} and bound.is_open and is_whole(bound.value):
            return Bound(bound.value + (1 if is_lower else -1), bound.place)
        return bound

    def told(self, keyword: str) -> dict[str, Told]:
        """Give the values that a keyword has in any schema, by their keys."""
        parts = ((schema[keyword], (*place, keyword)) for schema, place in self.flat.parts if keyword in schema)
        return {key(value): Told(value, place) for value, place in parts}

    @cached_property
    def formats(self) -> dict[str, Told]:
        """The formats."""
        return {name: told for name, told in self.told("format").items() if isinstance(told.value, str)}

    @property
    def is_unique(self) -> bool:
        """Whether items have to differ."""
        return any(schema.get("uniqueItems") is True for schema, _ in self.flat.parts)

    @cached_property
    def required(self) -> dict[str, Tokens]:
        """The names of properties that must be there, and where that is said."""
        found: dict[str, Tokens] = {}
        for schema, place in self.flat.parts:
            for name in listed(schema, "required"):
                if isinstance(name, str):
                    found.setdefault(name, (*place, "required"))
        return found

    @cached_property
    def tellers(self) -> dict[str, frozenset[str]]:
        """The required properties that take listed values only, and these values."""
        found = {}
        for name in self.required:
            inside = Shape(self.schemas, self.named(name))
            if inside.values is not None and not inside.has_null:
                found[name] = frozenset(inside.values)
        return found

    @cached_property
    def properties(self) -> dict[str, tuple[Tokens, ...]]:
        """The names declared, and where."""
        found: dict[str, tuple[Tokens, ...]] = {}
        for schema, place in self.flat.parts:
            for name in mapped(schema, "properties"):
                found[name] = (*found.get(name, ()), (*place, "properties", name))
        return found

    @cached_property
    def patterns(self) -> dict[str, tuple[Tokens, ...]]:
        """The patterns of names declared, and where."""
        found: dict[str, tuple[Tokens, ...]] = {}
        for schema, place in self.flat.parts:
            for name in mapped(schema, "patternProperties"):
                found[name] = (*found.get(name, ()), (*place, "patternProperties", name))
        return found

    def named(self, name: str) -> Node:
        """Give what the value under a name has to fit."""
        return self.schemas.node(*self._of_name(name))

    def _of_name(self, name: str) -> Iterator[Tokens]:
        for schema, place in self.flat.parts:
            places = [(*place, "properties", name)] if name in mapped(schema, "properties") else []
            places += [
                (*place, "patternProperties", pattern)
                for pattern in mapped(schema, "patternProperties")
                if _matches(pattern, name)
            ]
            if not places and "additionalProperties" in schema:
                places = [(*place, "additionalProperties")]
            yield from places
        if name not in self.properties and not self.has_rest:
            yield from self._rest_of("unevaluatedProperties")

    @cached_property
    def other_properties(self) -> Node:
        """Give what the value under a name has to fit that is not declared."""
        keyword = "additionalProperties" if self.has_rest else "unevaluatedProperties"
        return self.schemas.node(*self._rest_of(keyword))

    @cached_property
    def has_rest(self) -> bool:
        """Whether `additionalProperties` speaks of all names, so that none is left for `unevaluatedProperties`."""
        return any("additionalProperties" in schema for schema, _ in self.flat.parts)

    @cached_property
    def unevaluated(self) -> str:
        """All that is said, where what `unevaluated…` speaks of can't be told from one schema; else empty."""
        owners = [place for schema, place in self.flat.parts if schema.keys() & set(_UNEVALUATED)]
        is_around_all = owners == [place for place in self.node.places if place in owners] and not self.has_rest
        is_simple = is_around_all and len(self.node.places) == 1 and not self.groups and not self.conditions
        is_alone = len(self.flat.parts) == 1 and not self.groups and not self.conditions
        if not owners or is_alone or is_simple:
            return ""
        return written_out(self.schemas, [schema for schema, _ in self.flat.parts])

    @property
    def is_open(self) -> bool:
        """Whether nothing at all is said of names that are not declared."""
        return not any(
            "additionalProperties" in schema or "unevaluatedProperties" in schema for schema, _ in self.flat.parts
        )

    def _rest_of(self, keyword: str) -> Iterator[Tokens]:
        return ((*place, keyword) for schema, place in self.flat.parts if keyword in schema)

    @cached_property
    def positions(self) -> int:
        """How many items have a schema of their own."""
        return max((len(listed(schema, "prefixItems")) for schema, _ in self.flat.parts), default=0)

    def item(self, position: int) -> Node:
        """Give what the item at a position has to fit, counted from 0."""
        return self.schemas.node(*self._of_item(position))

    def _of_item(self, position: int) -> Iterator[Tokens]:
        for schema, place in self.flat.parts:
            if position < len(listed(schema, "prefixItems")):
                yield (*place, "prefixItems", position)
            elif "items" in schema and isinstance(schema["items"], dict | bool):
                yield (*place, "items")
            elif "unevaluatedItems" in schema:
                yield (*place, "unevaluatedItems")

    @cached_property
    def conditions(self) -> dict[str, dict[str, Tokens]]:
        """What has to be met besides: keyword → what is said, references followed → where."""
        found: dict[str, dict[str, Tokens]] = {}
        for schema, place in self.flat.parts:
            for keyword, together in _CONDITIONS.items():
                if keyword in schema and (schema[keyword] != {} or not keyword.startswith("depend")):
                    said = {name: schema[name] for name in together if name in schema}
                    found.setdefault(keyword, {})[written_out(self.schemas, said)] = (*place, keyword)
        return found

    @property
    def content(self) -> str:
        """What its text stands for."""
        told = [{name: schema[name] for name in _CONTENT if name in schema} for schema, _ in self.flat.parts]
        return written_out(self.schemas, [one for one in told if one])


def _types(declared: Any) -> frozenset[str]:
    if declared is None:
        return TYPES
    names = {name for name in (declared if isinstance(declared, list) else [declared]) if isinstance(name, str)}
    return frozenset((names | {"integer"} if "number" in names else names) - {"null"})


def _listings(schema: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(schema.get("enum"), list):
        yield "enum", schema["enum"]
    if "const" in schema:
        yield "const", [schema["const"]]


def _bounds(schema: dict[str, Any], keyword: str, place: Tokens) -> Iterator[Bound]:
    for name in (keyword, _EXCLUSIVE.get(keyword, "")):
        value = schema.get(name)
        if value is not None and not isinstance(value, bool | str | list | dict):
            yield Bound(value, (*place, name), is_open=name != keyword)


def _matches(pattern: str, name: str) -> bool:
    tester = _tester(pattern)
    return tester is None or bool(tester.is_valid(name))


@lru_cache(maxsize=1024)
def _tester(pattern: str) -> Validator | None:
    """Compile a pattern; one that is no regular expression is None, and may fit any name."""
    try:
        return SchemaSet({}).compile({"pattern": pattern})
    except SchemaError:
        return None
