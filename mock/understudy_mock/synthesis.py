"""A schema goes in; a value that fits it comes out, the same for the same question.

The stream of chance is seeded from a text (operation, field …), never from a counter or a clock, so the order of
requests changes nothing. Examples and defaults of the schema come first; what is made up is checked before it leaves.
"""

from __future__ import annotations

import hashlib
import random
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from understudy_mock import patterns

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Tokens
    from understudy_mock.schema_facts import SchemaFacts

_MAX_DEPTH = 12
_OPTIONAL_DEPTH = 4
_FORMATS = {
    "date-time": "2024-01-15T10:30:00Z",
    "date": "2024-01-15",
    "time": "10:30:00Z",
    "duration": "P1D",
    "email": "alex@example.com",
    "idn-email": "alex@example.com",
    "hostname": "api.example.com",
    "idn-hostname": "api.example.com",
    "ipv4": "192.0.2.10",
    "ipv6": "2001:db8::10",
    "uri": "https://example.com/",
    "uri-reference": "/path",
    "iri": "https://example.com/",
    "iri-reference": "/path",
    "uri-template": "https://example.com/{id}",
    "json-pointer": "/path",
    "relative-json-pointer": "1/path",
    "regex": "^[a-z]+$",
    "byte": "dW5kZXJzdHVkeQ==",
    "binary": "understudy",
    "password": "correct horse",
}


class UngeneratableError(Exception):
    """No value could be made that the schema takes; the message names the schema."""


class Synthesis:
    """Makes values for the schemas of one contract."""

    def __init__(self, contract: Contract, facts: SchemaFacts) -> None:
        self._contract = contract
        self._facts = facts

    def make(self, tokens: Tokens, seed: str) -> Any:
        """Make a value for the schema at the tokens. Raises UngeneratableError."""
        value = self.draft(tokens, seed)
        if not self._contract.schemas.validator(tokens).is_valid(value):
            raise UngeneratableError("/".join(map(str, tokens)))
        return value

    def draft(self, tokens: Tokens, seed: str) -> Any:
        """Make a value that has the right shape but may still break a rule; null where not even that can be."""
        digest = hashlib.sha256(seed.encode()).digest()
        maker = _Maker(self._contract, self._facts, random.Random(digest))  # noqa: S311 - not a secret
        try:
            return maker.make(tokens, 0)
        except UngeneratableError:
            return None


class _Maker:
    def __init__(self, contract: Contract, facts: SchemaFacts, chance: random.Random) -> None:
        self.contract, self.facts, self.chance = contract, facts, chance

    def make(self, tokens: Tokens, depth: int) -> Any:
        schema = self._merged(tokens)
        for keyword in ("const", "default"):
            if keyword in schema:
                return schema[keyword]
        if isinstance(schema.get("examples"), list) and schema["examples"]:
            return schema["examples"][0]
        if "example" in schema:
            return schema["example"]
        if isinstance(schema.get("enum"), list) and schema["enum"]:
            return schema["enum"][0]
        makers = {"object": self._object, "array": self._array, "string": self._string, "boolean": self._boolean}
        makers |= {"integer": self._integer, "number": self._number, "null": self._null}
        return makers[self._type(tokens, schema, depth)](tokens, schema, depth)

    def _merged(self, tokens: Tokens) -> dict[str, Any]:
        """Unite the schema with its `allOf` parts and the first of its alternatives."""
        merged: dict[str, Any] = {}
        placed = self.contract.follow(tokens)
        for _, part in self.facts.parts(placed.tokens, alternatives=False):
            merged = {**part, **merged}
            for keyword in ("anyOf", "oneOf"):
                if isinstance(part.get(keyword), list) and part[keyword]:
                    place = next(place for place, item in self.facts.parts(placed.tokens) if item is part)
                    merged = {**self._merged((*place, keyword, 0)), **merged}
        return merged

    def _type(self, tokens: Tokens, schema: dict[str, Any], depth: int) -> str:
        types = self.facts.types(tokens)
        if "null" in types and depth > _OPTIONAL_DEPTH:
            return "null"
        if len(types) > 1 and ("properties" in schema or "required" in schema) and "object" in types:
            return "object"
        order = ("string", "integer", "number", "boolean", "object", "array", "null")
        return next((name for name in order if name in types), "null")

    def _object(self, tokens: Tokens, schema: dict[str, Any], depth: int) -> Any:
        del schema
        if depth > _MAX_DEPTH:
            raise UngeneratableError("/".join(map(str, tokens)))
        required = self.facts.required(tokens)
        return {
            name: self.make(place, depth + 1)
            for name, place in self.facts.properties(tokens).items()
            if name in required or depth < _OPTIONAL_DEPTH
        }

    def _array(self, tokens: Tokens, schema: dict[str, Any], depth: int) -> Any:
        items = self.facts.items(tokens)
        count = int(schema.get("minItems", 0)) or int(depth < _OPTIONAL_DEPTH)
        if items is None:
            return [None] * int(schema.get("minItems", 0))
        made: list[Any] = []
        for _ in range(count * 4):
            value = self.make(items, depth + 1)
            if len(made) < count and not (schema.get("uniqueItems") and value in made):
                made.append(value)
        return made

    def _string(self, _tokens: Tokens, schema: dict[str, Any], _depth: int) -> Any:
        if "pattern" in schema:
            return patterns.example(str(schema["pattern"]), self.chance)
        text = _FORMATS.get(str(schema.get("format")), "")
        if schema.get("format") == "uuid":
            text = str(_uuid(self.chance))
        shortest, longest = int(schema.get("minLength", 0)), int(schema.get("maxLength", 2**31))
        text = text or str(schema.get("title") or "string").lower()
        return text.ljust(shortest, "x")[:longest]

    def _integer(self, _tokens: Tokens, schema: dict[str, Any], _depth: int) -> Any:
        return int(self._within(schema, Decimal(1)))

    def _number(self, _tokens: Tokens, schema: dict[str, Any], _depth: int) -> Any:
        return self._within(schema, Decimal("0.01"))

    def _within(self, schema: dict[str, Any], step: Decimal) -> Decimal:
        """Find a number inside the bounds, a multiple of `multipleOf` where one is asked for."""
        multiple = Decimal(str(schema["multipleOf"])) if "multipleOf" in schema else step
        low, high = _bound(schema, "minimum"), _bound(schema, "maximum")
        above, below = _bound(schema, "exclusiveMinimum"), _bound(schema, "exclusiveMaximum")
        start = low if low is not None else above
        if start is None:
            end = high if high is not None else below
            start = end - 10 * multiple if end is not None and end < multiple else multiple
        value = -(-start // multiple) * multiple
        return value + multiple if above is not None and value <= above else value

    def _boolean(self, _tokens: Tokens, _schema: dict[str, Any], _depth: int) -> Any:
        return True

    def _null(self, _tokens: Tokens, _schema: dict[str, Any], _depth: int) -> Any:
        return None


def _bound(schema: dict[str, Any], keyword: str) -> Decimal | None:
    value = schema.get(keyword)
    return None if value is None or isinstance(value, bool) else Decimal(str(value))


def _uuid(chance: random.Random) -> Any:
    import uuid

    return uuid.UUID(int=chance.getrandbits(128), version=4)
