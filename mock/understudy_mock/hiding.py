"""The place of a schema goes in; the function that takes out of a value what no answer may show comes out.

OpenAPI, Schema Object: a `writeOnly` property SHOULD NOT be sent as part of a response. It is taken out wherever a
value holds it, through references, combinations, items, patterns and further properties. Worked out at the start:
where a schema hides nothing, the function gives back what it was given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract import directions, grammar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy.contract.validating import SchemaSet

_IN_PLACE = ("allOf", "anyOf", "oneOf", "then", "else", "dependentSchemas")
_BELOW = ("properties", "patternProperties", "additionalProperties", "unevaluatedProperties", "items", "prefixItems")
_BELOW_ITEMS = ("items", "prefixItems", "contains", "unevaluatedItems")

Schema = dict[str, Any]


def hider(schemas: SchemaSet, schema: Any) -> Callable[[Any], Any]:
    """Make the function that shows of a value what may be seen."""
    hiding = _Hiding(schemas.lifted, {})
    if schemas.of_responses is schemas or not hiding.hides(schema):
        return _whole
    start = hiding.level((schema,))
    return start.show


def _whole(value: Any) -> Any:
    return value


@dataclass
class _Level:
    """What is known of one instance: the schemas that speak of it, and the levels below, worked out when first met."""

    hiding: _Hiding
    parts: tuple[Schema, ...] = field(repr=False)
    names: dict[str, _Level | None] = field(default_factory=dict, repr=False)
    positions: dict[int, _Level] = field(default_factory=dict, repr=False)

    def show(self, value: Any) -> Any:
        """Give a copy without what is hidden."""
        if isinstance(value, dict):
            below = ((name, item, self._named(name)) for name, item in value.items())
            return {name: level.show(item) for name, item, level in below if level is not None}
        if isinstance(value, list):
            return [self._at(index).show(item) for index, item in enumerate(value)]
        return value

    def _named(self, name: str) -> _Level | None:
        """Find the level of a property; None if it is hidden."""
        if name not in self.names:
            schemas = [schema for part in self.parts for schema in _of_property(part, name)]
            marked = any(directions.is_marked(self.hiding.document, schema, "writeOnly") for schema in schemas)
            self.names[name] = None if marked else self.hiding.level(tuple(schemas))
        return self.names[name]

    def _at(self, index: int) -> _Level:
        first = max((len(_listed(part, "prefixItems")) for part in self.parts), default=0)
        index = min(index, first)
        if index not in self.positions:
            schemas = [schema for part in self.parts for schema in _of_item(part, index)]
            self.positions[index] = self.hiding.level(tuple(schemas))
        return self.positions[index]


@dataclass
class _Hiding:
    """The schemas of one document, and the levels that were made for them."""

    document: Schema
    levels: dict[tuple[int, ...], _Level] = field(repr=False)

    def level(self, schemas: tuple[Any, ...]) -> _Level:
        """Find the level of an instance that these schemas apply to."""
        parts = {id(part): part for schema in schemas for part in self._parts(schema)}
        key = tuple(sorted(parts))
        if key not in self.levels:
            self.levels[key] = _Level(self, tuple(parts.values()))
        return self.levels[key]

    def _parts(self, schema: Any) -> Iterator[Schema]:
        """Yield a schema and all that it applies to the same instance."""
        return self._reached(schema, _IN_PLACE)

    def hides(self, schema: Any) -> bool:
        """Tell whether anything at or below a schema is for requests only."""
        return any(part.get("writeOnly") is True for part in self._reached(schema, (*_IN_PLACE, *_BELOW, "contains")))

    def _reached(self, schema: Any, keywords: tuple[str, ...]) -> Iterator[Schema]:
        seen: set[int] = set()
        waiting = [schema]
        while waiting:
            part = waiting.pop()
            if isinstance(part, dict) and id(part) not in seen:
                seen.add(id(part))
                yield part
                waiting.append(directions.referred(self.document, part))
                inside = grammar.children("schema", part)
                waiting.extend(child for _, below, child in inside if below[0] in keywords)


def _of_property(part: Schema, name: str) -> Iterator[Any]:
    """Yield the schemas of a property: by name, by pattern, or else as a further one (JSON Schema, 10.3.2)."""
    properties, patterned = part.get("properties"), part.get("patternProperties")
    found = [properties[name]] if isinstance(properties, dict) and name in properties else []
    found += [one for text, one in patterned.items() if _matches(text, name)] if isinstance(patterned, dict) else []
    yield from found or (part[key] for key in ("additionalProperties", "unevaluatedProperties") if key in part)


def _matches(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:  # a pattern of another dialect: whether it is meant can't be told
        return False


def _of_item(part: Schema, index: int) -> Iterator[Any]:
    first = _listed(part, "prefixItems")
    if index < len(first):
        yield first[index]
        return
    yield from (part[key] for key in _BELOW_ITEMS if isinstance(part.get(key), dict))


def _listed(part: Schema, keyword: str) -> list[Any]:
    value = part.get(keyword)
    return value if isinstance(value, list) else []
