"""A schema goes in; a value that fits it comes out, the same for the same question.

Each field has a stream of chance of its own, seeded from a text (operation, pointer …), never from a counter or a
clock, so neither the order of requests nor a new field changes another's value. Examples and defaults of the schema
come first, then what is natural for a field of this name; what is made up is checked before it leaves.
"""

from __future__ import annotations

import contextlib
import re
import uuid
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from understudy.contract import faker_extension as extension
from understudy.contract import pointer as pointers
from understudy_mock import patterns
from understudy_mock.bounds import within
from understudy_mock.faking import kinds, methods
from understudy_mock.faking.locales import USUAL, locale
from understudy_mock.faking.naming import Field
from understudy_mock.faking.persona import Persona, stream
from understudy_mock.readings import DISCRIMINATED, Reading, readings
from understudy_mock.state.behaviour import DEFAULT_CLOCK

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from datetime import datetime

    from understudy.contract.faker_extension import Making
    from understudy.contract.model import Contract, Tokens
    from understudy.contract.validating import Validator
    from understudy_mock.schema_facts import SchemaFacts

_MAX_DEPTH = 12
_OTHERS = 6
"""How many other values are tried where the first one is excluded, as by `not`."""
_OPTIONAL_DEPTH = 4
_USUAL_ITEMS, _LISTED_DEPTH = 3, 2
_FILLED, _MOST_ITEMS, _MOST_LETTERS = 2, 64, 10_000
_SCALARS, _COMPOUND = frozenset(("string", "number", "integer")), frozenset(("object", "array", "boolean"))
_COMPONENTS, _COMPONENT = ("components", "schemas"), 3
_USUAL = extension.Making()
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

    def __init__(
        self, contract: Contract, facts: SchemaFacts, now: datetime = DEFAULT_CLOCK, language: str | None = None
    ) -> None:
        self._contract = contract
        self._facts = facts
        self._now = now
        self._locale = locale(language or USUAL)
        self._validators: dict[Tokens, Validator] = {}
        self.making = extension.making(contract.document.get(extension.SETTINGS_KEY))

    def fill_properties(self, wanted: bool | None) -> None:
        """Settle whether objects get more properties than are declared; None leaves it to the contract."""
        if wanted is not None:
            self.making = replace(self.making, fill_properties=wanted)

    def make(self, tokens: Tokens, seed: str) -> Any:
        """Make a value for the schema at the tokens. Raises UngeneratableError."""
        value = self.draft(tokens, seed)
        if self.making != _USUAL and not self.fits(tokens, value):
            value = self.draft(tokens, seed, _USUAL)
        variant = 0
        while not self.fits(tokens, value):
            if (variant := variant + 1) > _OTHERS:
                raise UngeneratableError(pointers.join(tokens))
            value = self.draft(tokens, seed, _USUAL, variant)
        return value

    def draft(self, tokens: Tokens, seed: str, making: Making | None = None, variant: int = 0) -> Any:
        """Make a value that has the right shape but may still break a rule; null where not even that can be."""
        maker = _Maker(self, seed, making or self.making)
        maker.variant = variant
        return maker.start(tokens)

    def plain(self, tokens: Tokens, seed: str) -> Any:
        """Make a draft whose texts say nothing, for others to be put in their place."""
        maker = _Maker(self, seed, self.making)
        maker.is_plain = True
        return maker.start(tokens)

    def fits(self, tokens: Tokens, value: Any) -> bool:
        """Tell whether the schema takes a value."""
        if tokens not in self._validators:
            self._validators[tokens] = self._contract.schemas.of_responses.validator(tokens)
        return bool(self._validators[tokens].is_valid(value))

    def persona(self, seed: str) -> Persona:
        """Imagine somebody an object can be about."""
        return Persona(self._locale, seed, self._now)

    def readings(self, places: tuple[Tokens, ...]) -> list[Reading]:
        """Read the schemas that apply to one value together."""
        return readings(self._contract, places)

    def is_sent(self, tokens: Tokens) -> bool:
        """Tell whether a property may stand in an answer."""
        return not self._facts.is_write_only(tokens)


class _Maker:
    """Makes one value. `variant` asks for another one of the same kind, for lists without duplicates.

    `at` is the pointer of the value that is being made, `field` what is said of it, `persona` whom it is about.
    """

    def __init__(self, synthesis: Synthesis, seed: str, making: Making) -> None:
        self.synthesis, self.seed, self.making, self.variant = synthesis, seed, making, 0
        self.at, self.field, self.persona = "", Field(), synthesis.persona(seed)
        self._chances: dict[str, random.Random] = {}
        self.is_plain = False

    def start(self, tokens: Tokens) -> Any:
        """Make the whole value; null where none can be made."""
        try:
            return self.make((tokens,), 0)
        except UngeneratableError:
            return None

    @property
    def chance(self) -> random.Random:
        """The stream of chance of the value that is being made."""
        if self.at not in self._chances:
            self._chances[self.at] = stream(f"{self.seed}\x1f{self.at}\x1f{self.variant or ''}")
        return self._chances[self.at]

    def _below(self, token: str | int, places: tuple[Tokens, ...], depth: int, field: Field) -> Any:
        """Make the value of a property or an item; an item is about somebody else than the list."""
        outer = self.at, self.field, self.persona
        self.at, self.field = f"{self.at}/{token}", field
        if isinstance(token, int):
            self.field = replace(field, number=token)
            self._chances.pop(self.at, None)
            self.persona = self.synthesis.persona(f"{self.seed}{self.at}/{self.variant}")
        try:
            return self.make(places, depth)
        finally:
            self.at, self.field, self.persona = outer

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
        if extension.KEY in reading.keywords:
            value = self._faked(reading.keywords[extension.KEY])
            if value is not None and self._fit(places, value):
                return value
        for value in (*self._told(reading.keywords), *self._natural(reading)):
            if self._fit(places, value):
                return value
        makers = {"object": self._object, "array": self._array, "string": self._string, "boolean": self._boolean}
        makers |= {"integer": self._integer, "number": self._number, "null": self._null}
        return makers[_type(reading, depth, self.variant)](reading, depth)

    def _faked(self, declared: Any) -> Any:
        wanted = extension.wanted(declared)
        return methods.make(wanted, self.chance) if wanted else None

    def _natural(self, reading: Reading) -> Iterator[Any]:
        """Yield what a person would put into a field of this name; of a list without duplicates only the first item."""
        if self.is_plain:
            return
        if reading.types & _SCALARS and not reading.types & _COMPOUND and self.field.name and not self.variant:
            yield from kinds.candidates(replace(self.field, keywords=reading.keywords), self.persona, self.chance)

    def _told(self, keywords: dict[str, Any]) -> list[Any]:
        """List the values that the schema itself names, the telling ones first."""
        if self.making.passed_over:
            keywords = {name: value for name, value in keywords.items() if name not in self.making.passed_over}
        lists = [keywords[name] for name in ("examples", "enum") if isinstance(keywords.get(name), list)]
        named = [keywords[name] for name in ("const", "default", "example") if name in keywords]
        found = [*named, *(value for values in lists for value in values)]
        start = (self.variant or (0 if named else self.chance.randrange(len(found)))) % len(found) if found else 0
        return [*found[start:], *found[:start]]

    def _object(self, reading: Reading, depth: int) -> Any:
        owner, beside, number = self._owner(reading), frozenset(reading.properties), self.field.number
        made = {
            name: self._below(name, places, depth + 1, Field(name, owner, beside, number=number))
            for name, places in reading.properties.items()
            if (name in reading.required or self._is_wanted(reading, depth))
            and all(map(self.synthesis.is_sent, places))
        }
        made |= self._told_apart(reading)
        for name in sorted(reading.required - reading.properties.keys()):
            made[name] = self._further(reading, name, depth)
        wanted = max(int(reading.keywords.get("minProperties", 0)), self._filled(reading, depth, len(made)))
        for number in range(1, wanted - len(made) + 1):
            name = self._further_name(reading, number)
            made[name] = self._further(reading, name, depth)
        return made

    def _told_apart(self, reading: Reading) -> dict[str, Any]:
        """Say which of a discriminator's alternatives this is, where the property takes that."""
        name, value = reading.keywords.get(DISCRIMINATED, (None, None))
        return {name: value} if name in reading.properties and self._fit(reading.properties[name], value) else {}

    def _owner(self, reading: Reading) -> str:
        """Name what an object is: as its schema is called among the components, else as the property that holds it."""
        named = (place for place, _ in reading.parts if len(place) == _COMPONENT and place[:2] == _COMPONENTS)
        return next((str(place[2]) for place in named), self.field.name)

    def _is_wanted(self, reading: Reading, depth: int) -> bool:
        """Decide whether an optional property is there."""
        if self.variant and "not" in reading.keywords:
            return False
        share = self.making.optionals
        return depth < _OPTIONAL_DEPTH and (share >= 1 or self.chance.random() < share)

    def _filled(self, reading: Reading, depth: int, count: int) -> int:
        """Tell how many properties an object shall have that takes more than are declared."""
        is_open = depth < _OPTIONAL_DEPTH and bool(reading.keywords.get("additionalProperties"))
        if not (self.making.fill_properties and is_open):
            return 0
        return min(count + _FILLED, int(reading.keywords.get("maxProperties", count + _FILLED)))

    def _further_name(self, reading: Reading, number: int) -> str:
        patterned = reading.keywords.get("patternProperties")
        for pattern in patterned if isinstance(patterned, dict) else ():
            return patterns.example(pattern, self.chance)
        if places := reading.places("propertyNames"):
            name = f"property{number}"
            made = str(self._below(name, places, _OPTIONAL_DEPTH, Field(name, "", frozenset(), number=number)))
            return f"{made}{number}" if self._fit(places, f"{made}{number}") else made
        return f"property{number}"

    def _further(self, reading: Reading, name: str, depth: int) -> Any:
        """Make the value of a property that is not declared by name: patterns go before all others (10.3.2.3)."""
        patterned = ((place, schema.get("patternProperties")) for place, schema in reading.parts)
        found = ((place, pattern) for place, known in patterned if isinstance(known, dict) for pattern in known)
        places = tuple((*place, "patternProperties", pattern) for place, pattern in found if _finds(pattern, name))
        places = places or reading.places("additionalProperties")
        return self.make(places, depth + 1) if places else "string"

    def _array(self, reading: Reading, depth: int) -> Any:
        first = self._first_items(reading, depth)
        items = reading.places("items")
        first += self._contained(reading, items, depth)
        least = int(reading.keywords.get("minItems", 0)) - len(first)
        count = max(least, self._usual_items(depth) if items and not first else 0, 0)
        most = int(reading.keywords.get("maxItems", len(first) + count))
        return self._items(reading, items, count, depth, first)[:most]

    def _usual_items(self, depth: int) -> int:
        """Tell how many items a list has that may have any number."""
        if depth >= _OPTIONAL_DEPTH:
            return 0
        low, high = self.making.min_items, self.making.max_items
        if low is None and high is None:
            return _USUAL_ITEMS if depth < _LISTED_DEPTH else 1
        most = _MOST_ITEMS >> 2 * depth  # of a list of lists of lists there would be too many
        least = min(1 if low is None else low, most if high is None else min(high, most))
        return self.chance.randint(least, max(least, min(least if high is None else high, most)))

    def _contained(self, reading: Reading, items: tuple[Tokens, ...], depth: int) -> list[Any]:
        """Make the items that `contains` asks for (JSON Schema 2020-12, validation, 6.4.4)."""
        if not (places := reading.places("contains")):
            return []
        return self._items(reading, (*places, *items), int(reading.keywords.get("minContains", 1)), depth, [])

    def _first_items(self, reading: Reading, depth: int) -> list[Any]:
        for place, schema in reading.parts:
            if isinstance(schema.get("prefixItems"), list):
                places = [(*place, "prefixItems", index) for index in range(len(schema["prefixItems"]))]
                return [self._below(index, (one,), depth + 1, self.field) for index, one in enumerate(places)]
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
                value = self._below(len(made), items, depth + 1, self.field)
                made += [] if reading.keywords.get("uniqueItems") and value in made else [value]
        self.variant = outer
        return made

    def _string(self, reading: Reading, _depth: int) -> Any:
        schema = reading.keywords
        if "pattern" in schema:
            return patterns.example(str(schema["pattern"]), self.chance, *self._lengths(schema))
        if schema.get("format") == "uuid":
            return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        if text := _FORMATS.get(str(schema.get("format"))):
            return text
        shortest, longest = self._lengths(schema)
        text = str(schema.get("title") or "string").lower() + (str(self.variant) if self.variant else "")
        text = text[::-1] if self.variant and "not" in schema else text
        return text.ljust(shortest, "x")[-longest:] if longest else ""

    def _lengths(self, schema: dict[str, Any]) -> tuple[int, int]:
        shortest = int(schema.get("minLength", min(self.making.min_length or 0, _MOST_LETTERS)))
        longest = int(schema.get("maxLength", max(shortest, self.making.max_length or 2**31)))
        return min(shortest, longest), longest

    def _integer(self, reading: Reading, _depth: int) -> Any:
        return int(within(reading.keywords, Decimal(1), self.variant))

    def _number(self, reading: Reading, _depth: int) -> Any:
        return within(reading.keywords, Decimal("0.01"), self.variant)

    def _boolean(self, _reading: Reading, _depth: int) -> Any:
        return self.variant % 2 == 0 if self.variant else kinds.truth(self.field.name, self.chance)

    def _null(self, _reading: Reading, _depth: int) -> Any:
        return None


def _finds(pattern: str, name: str) -> bool:
    """Tell whether a pattern is found in a name, as far as the standard parser reads it."""
    try:
        return re.search(pattern.replace(r"\Z", "$"), name) is not None
    except (re.error, RecursionError):
        return True


def _type(reading: Reading, depth: int, variant: int) -> str:
    types = reading.types
    if "null" in types and depth > _OPTIONAL_DEPTH:
        return "null"
    if "object" in types and (reading.properties or reading.required):
        return "object"
    order = ("string", "number", "integer", "boolean", "object", "array", "null")
    found = [name for name in order if name in types] or ["null"]
    return found[variant % len(found) if "not" in reading.keywords else 0]
