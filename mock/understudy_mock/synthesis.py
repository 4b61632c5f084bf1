"""A schema goes in; a value that fits it comes out, the same for the same question.

The stream of chance is seeded from a text (operation, field …), never from a counter or a clock, so the order of
requests changes nothing. Examples and defaults of the schema come first; what is made up is checked before it leaves.
"""

from __future__ import annotations

import contextlib
import hashlib
import random
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy_mock import patterns
from understudy_mock.readings import Reading, readings

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Tokens
    from understudy.contract.validating import Validator
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
        self._validators: dict[Tokens, Validator] = {}

    def make(self, tokens: Tokens, seed: str) -> Any:
        """Make a value for the schema at the tokens. Raises UngeneratableError."""
        value = self.draft(tokens, seed)
        if not self.fits(tokens, value):
            raise UngeneratableError(pointers.join(tokens))
        return value

    def draft(self, tokens: Tokens, seed: str) -> Any:
        """Make a value that has the right shape but may still break a rule; null where not even that can be."""
        digest = hashlib.sha256(seed.encode()).digest()
        maker = _Maker(self, random.Random(digest))  # noqa: S311 - not a secret
        try:
            return maker.make((tokens,), 0)
        except UngeneratableError:
            return None

    def fits(self, tokens: Tokens, value: Any) -> bool:
        """Tell whether the schema takes a value."""
        if tokens not in self._validators:
            self._validators[tokens] = self._contract.schemas.validator(tokens)
        return bool(self._validators[tokens].is_valid(value))

    def readings(self, places: tuple[Tokens, ...]) -> list[Reading]:
        """Read the schemas that apply to one value together."""
        return readings(self._contract, places)

    def is_sent(self, tokens: Tokens) -> bool:
        """Tell whether a property may stand in an answer."""
        return not self._facts.is_write_only(tokens)


class _Maker:
    """Makes one value. `variant` asks for another one of the same kind, for lists without duplicates."""

    def __init__(self, synthesis: Synthesis, chance: random.Random) -> None:
        self.synthesis, self.chance, self.variant = synthesis, chance, 0

    def make(self, places: tuple[Tokens, ...], depth: int) -> Any:
        """Make a value by the first reading that gives one all schemas take; else by the first that gives any."""
        if depth > _MAX_DEPTH:
            raise UngeneratableError(pointers.join(places[0]))
        found = self.synthesis.readings(places)
        if depth > _OPTIONAL_DEPTH:
            found.sort(key=lambda reading: len(reading.required))
        made = []
        for reading in found:
            with contextlib.suppress(UngeneratableError):
                value = self._by(reading, places, depth)
                if len(found) == 1 or self._fit(places, value):
                    return value
                made.append(value)
        if not made:
            raise UngeneratableError(pointers.join(places[0]))
        return made[0]

    def _fit(self, places: tuple[Tokens, ...], value: Any) -> bool:
        return all(self.synthesis.fits(place, value) for place in places)

    def _by(self, reading: Reading, places: tuple[Tokens, ...], depth: int) -> Any:
        for value in self._told(reading.keywords):
            if self._fit(places, value):
                return value
        makers = {"object": self._object, "array": self._array, "string": self._string, "boolean": self._boolean}
        makers |= {"integer": self._integer, "number": self._number, "null": self._null}
        return makers[_type(reading, depth)](reading, depth)

    def _told(self, keywords: dict[str, Any]) -> list[Any]:
        """List the values that the schema itself names, the telling ones first."""
        lists = [keywords[name] for name in ("examples", "enum") if isinstance(keywords.get(name), list)]
        named = [keywords[name] for name in ("const", "default", "example") if name in keywords]
        found = [*named, *(value for values in lists for value in values)]
        start = self.variant % len(found) if found else 0
        return [*found[start:], *found[:start]]

    def _object(self, reading: Reading, depth: int) -> Any:
        made = {
            name: self.make(places, depth + 1)
            for name, places in reading.properties.items()
            if name in reading.required or (depth < _OPTIONAL_DEPTH and all(map(self.synthesis.is_sent, places)))
        }
        for name in sorted(reading.required - made.keys()):
            made[name] = self._further(reading, depth)
        wanted = int(reading.keywords.get("minProperties", 0))
        for number in range(1, wanted - len(made) + 1):
            made[self._further_name(reading, number)] = self._further(reading, depth)
        return made

    def _further_name(self, reading: Reading, number: int) -> str:
        patterned = reading.keywords.get("patternProperties")
        for pattern in patterned if isinstance(patterned, dict) else ():
            return patterns.example(pattern, self.chance)
        return f"property{number}"

    def _further(self, reading: Reading, depth: int) -> Any:
        """Make the value of a property that is not declared by name."""
        places = reading.places("additionalProperties")
        for place, schema in reading.parts:
            patterned = schema.get("patternProperties")
            names = patterned if isinstance(patterned, dict) else ()
            places = (*places, *((*place, "patternProperties", name) for name in names))
        return self.make(places, depth + 1) if places else "string"

    def _array(self, reading: Reading, depth: int) -> Any:
        first = self._first_items(reading, depth)
        items = reading.places("items")
        first += self._contained(reading, items, depth)
        least = int(reading.keywords.get("minItems", 0)) - len(first)
        count = max(least, int(depth < _OPTIONAL_DEPTH and bool(items) and not first), 0)
        most = int(reading.keywords.get("maxItems", len(first) + count))
        return self._items(reading, items, count, depth, first)[:most]

    def _contained(self, reading: Reading, items: tuple[Tokens, ...], depth: int) -> list[Any]:
        """Make the items that `contains` asks for (JSON Schema 2020-12, validation, 6.4.4)."""
        if not (places := reading.places("contains")):
            return []
        return self._items(reading, (*places, *items), int(reading.keywords.get("minContains", 1)), depth, [])

    def _first_items(self, reading: Reading, depth: int) -> list[Any]:
        for place, schema in reading.parts:
            if isinstance(schema.get("prefixItems"), list):
                places = [(*place, "prefixItems", index) for index in range(len(schema["prefixItems"]))]
                return [self.make((one,), depth + 1) for one in places]
        return []

    def _items(
        self, reading: Reading, items: tuple[Tokens, ...], count: int, depth: int, first: list[Any]
    ) -> list[Any]:
        """Put so many items after the first ones."""
        if not items:
            return [*first, *range(1, count + 1)]
        made, outer = list(first), self.variant
        for attempt in range((count + len(first)) * 4 if count else 0):
            if reading.keywords.get("uniqueItems"):
                self.variant = attempt
            if len(made) < count + len(first):
                value = self.make(items, depth + 1)
                made += [] if reading.keywords.get("uniqueItems") and value in made else [value]
        self.variant = outer
        return made

    def _string(self, reading: Reading, _depth: int) -> Any:
        schema = reading.keywords
        if "pattern" in schema:
            return patterns.example(str(schema["pattern"]), self.chance)
        if schema.get("format") == "uuid":
            return str(_uuid(self.chance))
        if text := _FORMATS.get(str(schema.get("format"))):
            return text
        shortest, longest = int(schema.get("minLength", 0)), int(schema.get("maxLength", 2**31))
        text = str(schema.get("title") or "string").lower() + (str(self.variant) if self.variant else "")
        return text.ljust(shortest, "x")[-longest:] if longest else ""

    def _integer(self, reading: Reading, _depth: int) -> Any:
        return int(self._within(reading.keywords, Decimal(1)))

    def _number(self, reading: Reading, _depth: int) -> Any:
        return self._within(reading.keywords, Decimal("0.01"))

    def _within(self, schema: dict[str, Any], step: Decimal) -> Decimal:
        """Find a number inside the bounds, a multiple of `multipleOf` where one is asked for."""
        multiple = Decimal(str(schema["multipleOf"])) if "multipleOf" in schema else step
        if step == 1:
            multiple = Decimal(multiple.as_integer_ratio()[0])
        low, above = _bound(schema, "minimum"), _bound(schema, "exclusiveMinimum")
        high, below = _bound(schema, "maximum"), _bound(schema, "exclusiveMaximum")
        starts = [bound for bound in (low, above) if bound is not None]
        ends = [bound for bound in (high, below) if bound is not None]
        start = max(starts) if starts else multiple
        if not starts and ends and min(ends) <= multiple:
            start = min(ends) - 10 * multiple
        value = -(-start // multiple) * multiple
        return value + multiple * (self.variant + (above is not None and value <= above))

    def _boolean(self, _reading: Reading, _depth: int) -> Any:
        return self.variant % 2 == 0

    def _null(self, _reading: Reading, _depth: int) -> Any:
        return None


def _type(reading: Reading, depth: int) -> str:
    types = reading.types
    if "null" in types and depth > _OPTIONAL_DEPTH:
        return "null"
    if "object" in types and (reading.properties or reading.required):
        return "object"
    order = ("string", "number", "integer", "boolean", "object", "array", "null")
    return next((name for name in order if name in types), "null")


def _bound(schema: dict[str, Any], keyword: str) -> Decimal | None:
    """Read a bound; OpenAPI 3.0 writes an exclusive one as a switch beside the other."""
    value = schema.get(keyword)
    if value is True:
        value = schema.get("minimum" if keyword == "exclusiveMinimum" else "maximum")
    return None if value is None or isinstance(value, bool) else Decimal(str(value))


def _uuid(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)
