"""An operation's good answer goes in; where in it the items stand, and how to put others there, comes out.

Lists stand bare or in an envelope (`data`, `_embedded/users`), and hold items, wrapped items (`entry/*/resource`) or
only their identifiers.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy.contract.path_words import plain
from understudy_mock.examples import example_values
from understudy_mock.media import is_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Operation, Tokens
    from understudy_mock.schema_facts import SchemaFacts

_LIST_NAMES = ("data", "items", "results", "records", "entries", "rows", "values", "list", "content", "elements")
_COUNT_NAMES = ("count", "total", "total_count", "totalCount", "size", "length")
_MAX_DEPTH = 2
_PLAIN = frozenset((str, int, float, Decimal, bool, type(None)))
_ENOUGH_IN_COMMON = 2
_WRAPPED = ("resource", "node", "entity", "record")
_MOST_AROUND = 5


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
    """A place in an answer; `schema` is that of the item, whose declared properties are the ones that are sent.

    Of a list, `inner` is where in each entry the item stands; where `is_ids`, an entry is but an item's identifier.
    """

    tokens: tuple[str, ...]
    schema: Tokens | None
    properties: dict[str, Tokens] = field(repr=False)
    inner: tuple[str, ...] = ()
    is_ids: bool = False

    @property
    def pointer(self) -> str:
        """The place of the items as a JSON pointer, in which `*` stands for the entries of a list that wraps them."""
        return "".join(f"/{token}" for token in (*self.tokens, *(("*", *self.inner) if self.inner else ())))


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
        return _entries(model, tokens, schema)
    return None


def slot_at(model: Template, pointer: str) -> Slot | None:
    """Make the slot that somebody has told by its pointer; None where the answer has no such place."""
    tokens = tuple(pointers.split(pointer))
    if "*" in tokens:
        star = tokens.index("*")
        outer = slot_at(model, "".join(f"/{token}" for token in tokens[:star]))
        return _inside(model, outer, tokens[star + 1 :]) if outer else None
    schema = model.schema
    for token in tokens:
        schema = model.facts.properties(schema).get(token) if schema else None
    is_shown = read(model.value, tokens) is not None
    if tokens and schema is None and not is_shown:
        return None
    if (schema and "array" in model.facts.types(schema)) or isinstance(read(model.value, tokens), list):
        return _entries(model, tokens, schema)
    return Slot(tokens, schema, model.facts.properties(schema) if schema else {})


def id_slot(model: Template, collection: str) -> Slot | None:
    """Find a list of identifiers: an array of texts or numbers that is the whole answer or is named like its items."""
    for tokens, schema in _places(model, 1):
        types = model.facts.types(schema) if schema else frozenset()
        items = model.facts.items(schema) if schema and types == {"array"} else None
        is_named = not tokens or tokens[-1] in _LIST_NAMES or _same(tokens[-1], collection) or tokens[-1] == "ids"
        if items and is_named and model.facts.types(items) <= {"string", "integer", "number"}:
            return Slot(tokens, items, {}, is_ids=True)
    return None


def _entries(model: Template, tokens: tuple[str, ...], schema: Tokens | None) -> Slot:
    items = model.facts.items(schema) if schema else None
    slot = Slot(tokens, items, model.facts.properties(items) if items else {})
    if len(slot.properties) <= _MOST_AROUND and "id" not in slot.properties:
        for name in _WRAPPED:
            inner = slot.properties.get(name)
            if inner and "object" in model.facts.types(inner) and model.facts.properties(inner):
                return Slot(tokens, inner, model.facts.properties(inner), (name,))
    return slot


def _inside(model: Template, outer: Slot, inner: tuple[str, ...]) -> Slot:
    schema = outer.schema
    for token in inner:
        schema = model.facts.properties(schema).get(token) if schema else None
    return Slot(outer.tokens, schema, model.facts.properties(schema) if schema else {}, inner)


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


def listed_items(model: Template, slot: Slot) -> list[dict[str, Any]]:
    """Read the items of a documented list."""
    found = read(model.value, slot.tokens)
    entries = [read(entry, slot.inner) for entry in found] if isinstance(found, list) else []
    return [entry for entry in entries if isinstance(entry, dict)]


def _is_object_list(model: Template, tokens: tuple[str, ...], schema: Tokens | None) -> bool:
    value = read(model.value, tokens)
    if schema:
        if "array" not in (types := model.facts.types(schema)) or "object" in types:
            return isinstance(value, list) and bool(value) and isinstance(value[0], dict)
        items = model.facts.items(schema)
        return items is not None and "object" in model.facts.types(items)
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _same(name: str, collection: str) -> bool:
    return plain(name) == plain(collection)


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
    return {
        name: value
        if type(value := item[name]) in _PLAIN
        else project(facts, value, declared.get(name), known.get(name))
        for name in {**known, **(declared or item)}
        if name in item and (not declared or name in declared)
    }


_SINGLE_NAMES = ("data", "item", "result", "record", "resource", "payload", "response", "attributes")


def single_slot(model: Template, noun: str) -> Slot | None:
    """Find the one object an answer is about: the member that is named like it, or by custom, else the whole answer."""
    root = model.facts.properties(model.schema) if model.schema else {}
    value = model.value if isinstance(model.value, dict) else {}
    for name in dict.fromkeys([*root, *value]):
        schema = root.get(name)
        is_object = "object" in model.facts.types(schema) if schema else isinstance(value.get(name), dict)
        is_whole = schema is not None and model.facts.types(schema) == {"object"}
        if is_object and (_same(name, noun) or (name in _SINGLE_NAMES[:-1] and (is_whole or schema is None))):
            return Slot((name,), schema, model.facts.properties(schema) if schema else {})
    return Slot((), model.schema, root) if root or value else None
