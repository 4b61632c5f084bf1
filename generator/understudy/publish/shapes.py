"""The place of a schema goes in; what it says, its references and single branches followed, comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.publish.edition import Edition, Tokens

_MAX_CHAIN = 50
_TYPES = ("string", "number", "integer", "boolean", "array", "object", "null")
_KINDS = {str: "string", bool: "boolean", int: "integer", float: "number", Decimal: "number"}
"""What the values of an enumeration are where nothing says it: texts and numbers; objects would need fields."""


@dataclass(frozen=True)
class Shape:
    """A schema as people read it. `layers` are all objects that say something of the value, the nearest first."""

    tokens: Tokens
    layers: tuple[tuple[Tokens, dict[str, Any]], ...] = field(repr=False)
    name: str = ""
    """The component it is, if it is one and nothing is added to it."""
    types: tuple[str, ...] = ()
    is_nullable: bool = False
    properties: dict[str, Tokens] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    patterns: dict[str, Tokens] = field(default_factory=dict)
    """Schemas of the properties whose names fit a pattern."""
    items: Tokens | None = None
    heads: tuple[Tokens, ...] = ()
    """Schemas of the first items of a tuple."""
    others: Tokens | None = None
    """The schema of properties that are not named."""
    alternatives: tuple[Tokens, ...] = ()
    discriminator: dict[str, Any] = field(default_factory=dict)

    keywords: dict[str, tuple[Tokens, Any]] = field(default_factory=dict, repr=False)
    """Each keyword with its value, and the object that has it, of the nearest layer that has it."""

    def get(self, keyword: str, default: Any = None) -> Any:
        """Read a keyword."""
        found = self.keywords.get(keyword)
        return default if found is None else found[1]

    def place(self, keyword: str) -> Tokens:
        """Find the object that has a keyword."""
        found = self.keywords.get(keyword)
        return self.tokens if found is None else found[0]

    @property
    def is_object(self) -> bool:
        """Whether it has named parts."""
        return bool(self.properties or self.patterns or self.others) or "object" in self.types


def read(edition: Edition, tokens: Tokens) -> Shape:
    """Read the schema at a place."""
    kept: dict[Tokens, Shape] = edition.known.setdefault("shapes", {})
    if tokens not in kept:
        kept[tokens] = _Reader(edition).read(tokens)
    return kept[tokens]


class _Reader:
    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.document = edition.contract.document
        self.layers: list[tuple[Tokens, dict[str, Any]]] = []
        self.name = ""
        self.is_nullable = False

    def read(self, tokens: Tokens) -> Shape:
        self._follow(tokens, is_whole=True)
        first = {keyword: (place, layer[keyword]) for place, layer in reversed(self.layers) for keyword in layer}
        branches = list(self._branches())
        types = tuple(one for one in self._types(first) if one != "null")
        items = first.get("items")
        tuple_items = items and isinstance(items[1], list)
        heads = first.get("prefixItems") or (items if tuple_items else None)
        return Shape(
            tokens=tokens,
            layers=tuple(self.layers),
            keywords=first,
            name=self.name,
            types=types,
            is_nullable=self.is_nullable or any("null" in _listed(layer.get("type")) for _, layer in self.layers),
            properties=self._maps("properties"),
            required=frozenset(
                name for _, layer in self.layers for name in _listed(layer.get("required")) if isinstance(name, str)
            ),
            patterns=self._maps("patternProperties"),
            items=(*items[0], "items") if items and isinstance(items[1], dict) else None,
            heads=tuple((*heads[0], "items" if tuple_items else "prefixItems", i) for i in range(len(heads[1])))
            if heads and isinstance(heads[1], list)
            else (),
            others=self._others(),
            alternatives=tuple(branches) if len(branches) > 1 else (),
            discriminator=next(
                (layer["discriminator"] for _, layer in self.layers if isinstance(layer.get("discriminator"), dict)), {}
            ),
        )

    def _follow(self, tokens: Tokens, *, is_whole: bool) -> None:
        """Gather the layers of a schema: itself, what it refers to, what it is made of, its only alternative."""
        if len(self.layers) > _MAX_CHAIN or any(tokens == place for place, _ in self.layers):
            return
        value = self._value(tokens)
        if not isinstance(value, dict):
            return
        self.layers.append((tokens, value))
        self.is_nullable = self.is_nullable or value.get("nullable") is True
        name = self.edition.schema_name(tokens)
        self.name = self.name or (name if is_whole else "")
        reference = value.get("$ref")
        if isinstance(reference, str) and reference.startswith("#"):
            self._follow(tuple(pointers.split_fragment(reference[1:])), is_whole=is_whole)
        parts = value.get("allOf")
        alone = is_whole and isinstance(parts, list) and len(parts) == 1 and not value.get("properties")
        for index in range(len(parts) if isinstance(parts, list) else 0):
            self._follow((*tokens, "allOf", index), is_whole=alone)
        for keyword in ("oneOf", "anyOf"):
            branches = self._filled(tokens, value, keyword)
            if len(branches) == 1:
                self._follow(branches[0], is_whole=is_whole and not value.get("properties"))

    def _value(self, tokens: Tokens) -> Any:
        try:
            return pointers.resolve(self.document, tokens)
        except KeyError:
            return None

    def _filled(self, tokens: Tokens, value: dict[str, Any], keyword: str) -> list[Tokens]:
        """List the alternatives that are more than null."""
        branches = value.get(keyword)
        found = []
        for index, branch in enumerate(branches if isinstance(branches, list) else ()):
            if isinstance(branch, dict) and branch.get("type") == "null":
                self.is_nullable = True
            elif isinstance(branch, dict):
                found.append((*tokens, keyword, index))
        return found

    def _branches(self) -> Iterator[Tokens]:
        for tokens, layer in self.layers:
            for keyword in ("oneOf", "anyOf"):
                found = self._filled(tokens, layer, keyword)
                if len(found) > 1 and not all(_only_requires(self._value(one)) for one in found):
                    yield from found
                    return

    def _types(self, first: dict[str, tuple[Tokens, Any]]) -> tuple[str, ...]:
        if "type" in first:
            return tuple(one for one in _listed(first["type"][1]) if one in _TYPES)
        if "properties" in first or "additionalProperties" in first or "patternProperties" in first:
            return ("object",)
        if "items" in first or "prefixItems" in first:
            return ("array",)
        values = [first["const"][1]] if "const" in first else _listed(first["enum"][1]) if "enum" in first else ()
        return tuple(dict.fromkeys(_KINDS[type(value)] for value in values if type(value) in _KINDS))

    def _maps(self, keyword: str) -> dict[str, Tokens]:
        found: dict[str, Tokens] = {}
        for tokens, layer in self.layers:
            declared = layer.get(keyword)
            for name, value in declared.items() if isinstance(declared, dict) else ():
                if isinstance(value, dict):
                    found.setdefault(name, (*tokens, keyword, name))
        return found

    def _others(self) -> Tokens | None:
        for tokens, layer in self.layers:
            if isinstance(layer.get("additionalProperties"), dict):
                return (*tokens, "additionalProperties")
        return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _only_requires(branch: Any) -> bool:
    """Tell a branch that only demands some of the properties beside it."""
    return isinstance(branch, dict) and set(branch) <= {"required"}
