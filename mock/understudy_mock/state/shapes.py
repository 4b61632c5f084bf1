"""An operation's good answer goes in; where in it the items stand, and how to put others there, comes out."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy_mock.examples import example_values
from understudy_mock.media import is_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Operation, Tokens
    from understudy_mock.schema_facts import SchemaFacts

_LIST_NAMES = ("data", "items", "results", "records", "entries", "rows", "values", "list", "content", "elements")
_COUNT_NAMES = ("count", "total", "total_count", "totalCount", "size", "length")
_MAX_DEPTH = 2
_ENOUGH_IN_COMMON = 2


@dataclass(frozen=True)
class Template:
    """The documented success of an operation: its status, the example to start from, and its schema."""

    status: int
    media_type: str
    value: Any = field(repr=False)
    schema: Tokens | None
    facts: SchemaFacts = field(repr=False)


@dataclass(frozen=True)
class Slot:
    """A place in an answer; `schema` is that of the item, whose declared properties are the ones that are sent."""

    tokens: tuple[str, ...]
    schema: Tokens | None
    properties: dict[str, Tokens] = field(repr=False)


def template(contract: Contract, facts: SchemaFacts, operation: Operation) -> Template | None:
    """Find the first example of the lowest 2xx that has JSON."""
    for key in sorted(key for key in operation.responses if key.startswith("2")):
        placed = operation.responses[key]
        content = placed.value.get("content") if isinstance(placed.value, dict) else None
        for media_type, media in (content if isinstance(content, dict) else {}).items():
            if is_json(media_type) and isinstance(media, dict):
                tokens: Tokens = (*placed.tokens, "content", media_type)
                status = int(key) if key.isdecimal() else 200
                schema: Tokens | None = (*tokens, "schema") if "schema" in media else None
                return Template(status, media_type, _first_value(contract, tokens, media), schema, facts)
        return None
    return None


def _first_value(contract: Contract, tokens: Tokens, media: dict[str, Any]) -> Any:
    return next((value for _, value in example_values(contract, tokens, media)), {})


def list_slot(model: Template, collection: str) -> Slot | None:
    """Find the array of objects an answer is about: by name, else the only one there is, if it stands near the root."""
    found = [place for place in _places(model) if _is_object_list(model, *place)]
    named = [place for place in found if place[0] and (place[0][-1] in _LIST_NAMES or _same(place[0][-1], collection))]
    for tokens, schema in [*named[:1], *(found if len(found) == 1 and len(found[0][0]) < _MAX_DEPTH else [])]:
        items = model.facts.items(schema) if schema else None
        return Slot(tokens, items, model.facts.properties(items) if items else {})
    return None


def item_slot(model: Template, properties: frozenset[str], identifier: str | None) -> Slot | None:
    """Find the object that has most in common with the items of a resource."""
    best: tuple[int, Slot | None] = (0, None)
    for tokens, schema in _places(model):
        declared = model.facts.properties(schema) if schema else {}
        value = read(model.value, tokens)
        names = set(declared) | (set(value) if isinstance(value, dict) else set())
        common = len(names & properties)
        if common > best[0] and (common >= _ENOUGH_IN_COMMON or identifier in names):
            best = (common, Slot(tokens, schema, declared))
    return best[1]


def _places(model: Template, depth: int = _MAX_DEPTH) -> Iterator[tuple[tuple[str, ...], Tokens | None]]:
    """Yield the root and the objects and arrays in it, outer ones first."""
    level: list[tuple[tuple[str, ...], Tokens | None]] = [((), model.schema)]
    for _ in range(depth + 1):
        yield from level
        below: list[tuple[tuple[str, ...], Tokens | None]] = []
        for tokens, schema in level:
            value = read(model.value, tokens)
            declared: dict[str, Any] = dict(model.facts.properties(schema)) if schema else {}
            names = dict.fromkeys([*declared, *(value if isinstance(value, dict) else ())])
            below += [((*tokens, name), declared.get(name)) for name in names]
        level = below


def _is_object_list(model: Template, tokens: tuple[str, ...], schema: Tokens | None) -> bool:
    value = read(model.value, tokens)
    if schema:
        if "array" not in (types := model.facts.types(schema)) or "object" in types:
            return isinstance(value, list) and bool(value) and isinstance(value[0], dict)
        items = model.facts.items(schema)
        return items is not None and "object" in model.facts.types(items)
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _same(name: str, collection: str) -> bool:
    return name.replace("_", "").lower() == collection.replace("-", "").replace("_", "").lower()


def read(value: Any, tokens: tuple[str, ...]) -> Any:
    """Read what stands at a place of a body; None where nothing does."""
    try:
        return pointers.resolve(value, tokens)
    except KeyError:
        return None


def write(value: Any, tokens: tuple[str, ...], new: Any) -> Any:
    """Give a copy of a body with something else at one place; missing objects on the way are made."""
    if not tokens:
        return new
    made = copy.copy(value) if isinstance(value, dict) else {}
    made[tokens[0]] = write(made.get(tokens[0]), tokens[1:], new)
    return made


def with_counts(body: Any, slot: Slot, count: int) -> Any:
    """Let the numbers that stand beside a list, such as `count`, tell its length."""
    owner = slot.tokens[:-1]
    around = read(body, owner)
    if not slot.tokens or not isinstance(around, dict):
        return body
    for name in _COUNT_NAMES:
        if isinstance(around.get(name), int) and not isinstance(around[name], bool):
            body = write(body, (*owner, name), count)
    return body


def project(facts: SchemaFacts, item: Any, schema: Tokens | None, model: Any) -> Any:
    """Keep the declared properties of an item at every depth, in the order of the documented `model`.

    An object whose schema declares no properties is kept whole.
    """
    if isinstance(item, list):
        items = facts.items(schema) if schema else None
        inner = model[0] if isinstance(model, list) and model else None
        return [project(facts, entry, items, inner) for entry in item]
    if not isinstance(item, dict):
        return item
    declared = facts.properties(schema) if schema else {}
    known = model if isinstance(model, dict) else {}
    names = dict.fromkeys((*known, *declared)) if declared else dict.fromkeys((*known, *item))
    kept = [name for name in names if name in item and (name in declared or not declared)]
    return {name: project(facts, item[name], declared.get(name), known.get(name)) for name in kept}
