"""A schema goes in; facts that are useful before validation come out: its types, properties and defaults.

References and `allOf` are followed, alternatives are united; what can't be known is left out rather than guessed.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeVar

from understudy.contract import directions
from understudy.contract import pointer as pointers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy.contract.model import Contract, Tokens

_ALL_TYPES = frozenset(("null", "boolean", "integer", "number", "string", "array", "object"))
_MAX_DEPTH = 32

T = TypeVar("T")


def _once(method: Callable[[SchemaFacts, Tokens], T]) -> Callable[[SchemaFacts, Tokens], T]:
    """Compute a fact of a place when it is first asked for, and keep it."""

    @functools.wraps(method)
    def kept(self: SchemaFacts, tokens: Tokens) -> T:
        facts = self.known.setdefault(method.__name__, {})
        if tokens not in facts:
            facts[tokens] = method(self, tokens)
        found: T = facts[tokens]
        return found

    return kept


class SchemaFacts:
    """Reads schemas of one contract; every answer is computed once."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.known: dict[str, dict[Tokens, Any]] = {}

    @_once
    def types(self, tokens: Tokens) -> frozenset[str]:
        """Which JSON types the schema lets through, as far as `type`, `enum`, `const` and combinations tell."""
        return self._types(tokens, 0)

    def _types(self, tokens: Tokens, depth: int) -> frozenset[str]:
        placed = self.contract.follow(tokens)
        schema = placed.value
        if not isinstance(schema, dict) or depth > _MAX_DEPTH:
            return _ALL_TYPES
        types = declared_types(schema)
        for index in range(len(_list(schema, "allOf"))):
            types &= widened(self._types((*placed.tokens, "allOf", index), depth + 1))
        for keyword in ("anyOf", "oneOf"):
            if branches := _list(schema, keyword):
                parts = [self._types((*placed.tokens, keyword, index), depth + 1) for index in range(len(branches))]
                types &= widened(frozenset().union(*parts))
        return types

    @_once
    def properties(self, tokens: Tokens) -> dict[str, Tokens]:
        """Name → place of each declared property, those of `allOf`, `anyOf` and `oneOf` branches included."""
        found: dict[str, Tokens] = {}
        for place, schema in self.parts(tokens):
            for name in schema.get("properties") or {}:
                found.setdefault(name, (*place, "properties", name))
        return found

    @_once
    def required(self, tokens: Tokens) -> frozenset[str]:
        """Collect the names that the schema, or a part of its `allOf`, requires."""
        found: set[str] = set()
        for _, schema in self.parts(tokens, alternatives=False):
            found.update(name for name in _list(schema, "required") if isinstance(name, str))
        return frozenset(found)

    @_once
    def items(self, tokens: Tokens) -> Tokens | None:
        """Find the place of the schema of an array's items."""
        for place, schema in self.parts(tokens):
            if isinstance(schema.get("items"), dict):
                return (*place, "items")
        return None

    def parts(
        self, tokens: Tokens, *, alternatives: bool = True, depth: int = 0
    ) -> Iterator[tuple[Tokens, dict[str, Any]]]:
        """Yield the schema and the schemas it is put together from, each with its place."""
        placed = self.contract.follow(tokens)
        if not isinstance(placed.value, dict) or depth > _MAX_DEPTH:
            return
        yield placed.tokens, placed.value
        keywords = ("allOf", "anyOf", "oneOf") if alternatives else ("allOf",)
        for keyword in keywords:
            for index in range(len(_list(placed.value, keyword))):
                yield from self.parts((*placed.tokens, keyword, index), alternatives=alternatives, depth=depth + 1)

    @_once
    def default(self, tokens: Tokens) -> tuple[bool, Any]:
        """Tell whether the schema declares a default, and which."""
        for _, schema in self.parts(tokens, alternatives=False):
            if "default" in schema:
                return True, schema["default"]
        return False, None

    @_once
    def is_read_only(self, tokens: Tokens) -> bool:
        """Tell whether a property is for responses only (OpenAPI, Schema Object)."""
        document = self.contract.document
        return directions.is_marked(document, pointers.resolve(document, tokens), "readOnly")

    @_once
    def is_write_only(self, tokens: Tokens) -> bool:
        """Tell whether a property is for requests only (OpenAPI, Schema Object)."""
        document = self.contract.document
        return directions.is_marked(document, pointers.resolve(document, tokens), "writeOnly")

    def with_defaults(self, value: Any, tokens: Tokens) -> Any:
        """Give a copy of an object in which absent properties that declare a default have it."""
        if not isinstance(value, dict):
            return value
        made = dict(value)
        for name, place in self.properties(tokens).items():
            has_default, default = self.default(place)
            if name in made:
                made[name] = self.with_defaults(made[name], place)
            elif has_default:
                made[name] = default
        return made


def declared_types(schema: dict[str, Any]) -> frozenset[str]:
    """Tell which JSON types `type`, `enum` or `const` of this very schema let through."""
    declared = schema.get("type")
    if isinstance(declared, str):
        types = frozenset((declared,))
    elif isinstance(declared, list):
        types = frozenset(name for name in declared if isinstance(name, str))
    elif isinstance(schema.get("enum"), list):
        types = frozenset(map(json_type, schema["enum"]))
    elif "const" in schema:
        types = frozenset((json_type(schema["const"]),))
    else:
        types = _ALL_TYPES
    return types | {"null"} if schema.get("nullable") is True else types


def widened(types: frozenset[str]) -> frozenset[str]:
    """Add `integer` where `number` is (JSON Schema, 6.1.1)."""
    return types | {"integer"} if "number" in types else types


def _list(schema: dict[str, Any], keyword: str) -> list[Any]:
    value = schema.get(keyword)
    return value if isinstance(value, list) else []


def json_type(value: Any) -> str:
    """Name the JSON type of a Python value; whole numbers are `integer`."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"
        case _:
            return "number"
