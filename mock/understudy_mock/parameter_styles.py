"""A parameter's location, style and schema go in; the function that reads its text comes out (OpenAPI, Style Values).

Text is split first and percent-decoded afterwards (RFC 6570, 3.2.1), so that `a%2Cb,c` is two items. Two delimiters can
only be sent encoded: that of `spaceDelimited` is `%20` or `+`, that of `pipeDelimited` is `%7C` unless there is a `|`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_plus

from understudy_mock.coercion import coercer
from understudy_mock.exchange import MISSING
from understudy_mock.media import MalformedError, from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy.contract.model import Tokens
    from understudy_mock.schema_facts import SchemaFacts

Raw = dict[str, list[str]]
"""The texts of one location by name; names are decoded, texts are as they were sent."""

_SPACE = re.compile(r"%20|\+")
_PIPE = re.compile(r"%7[Cc]")
_SPREADING = ("form", "cookie")
"""Styles that, exploded, write each item or property as a pair of its own."""


@dataclass(frozen=True)
class Shape:
    """How a parameter is written, and what its schema takes. `taken` are the names that belong to others."""

    name: str
    location: str
    style: str
    explode: bool
    facts: SchemaFacts
    schema: Tokens
    taken: frozenset[str] = frozenset()

    @property
    def types(self) -> frozenset[str]:
        """The types the schema takes."""
        return self.facts.types(self.schema)

    @property
    def is_spread(self) -> bool:
        """Tell whether each item or property is a pair of its own."""
        return self.explode and self.location in ("query", "cookie") and self.style in _SPREADING

    @property
    def key(self) -> str | None:
        """The name under which it is sent; None for an object whose properties are sent under names of their own."""
        has_names = self.style == "deepObject" or self.is_spread
        return None if has_names and self.types <= {"object", "null"} else self.name

    def member(self, name: str) -> Callable[[str], Any]:
        """How to type the text of an object's property."""
        place = self.facts.properties(self.schema).get(name) or self.further
        return coercer(self.facts.types(place)) if place else str

    @property
    def further(self) -> Tokens | None:
        """The schema of properties that are not declared by name, if there is one."""
        for place, part in self.facts.parts(self.schema):
            if isinstance(part.get("additionalProperties"), dict):
                return (*place, "additionalProperties")
        return None

    def element(self) -> Callable[[str], Any]:
        """How to type the text of an array's item."""
        place = self.facts.items(self.schema)
        return coercer(self.facts.types(place)) if place else str


def styled_reader(shape: Shape) -> Callable[[Raw], Any]:
    """Choose the reader of a parameter with a schema."""
    types = shape.types
    if types <= {"object", "null"}:
        return _object_reader(shape)
    if types <= {"array", "null"}:
        return _array_reader(shape)
    return _scalar_reader(shape)


def content_reader(name: str, location: str) -> Callable[[Raw], Any]:
    """Choose the reader of a parameter with `content`, which is taken for JSON."""
    decode = decoder(location, "")

    def read(raw: Raw) -> Any:
        return from_json(decode(raw[name][0]).encode()) if name in raw else MISSING

    return read


def decoder(location: str, style: str) -> Callable[[str], str]:
    """Choose how text is decoded once it is split. Headers, and cookies of style `cookie`, are sent as they are."""
    if location == "query":
        return _form_decoded
    if location == "header":
        return str.strip  # blanks beside commas are none of the value (RFC 9110, 5.6.1)
    return str if style == "cookie" else _decoded


def _form_decoded(text: str) -> str:
    if "%" not in text and "+" not in text:
        return text
    return unquote_plus(text, errors="replace")


def _decoded(text: str) -> str:
    return unquote(text, errors="replace") if "%" in text else text


def _scalar_reader(shape: Shape) -> Callable[[Raw], Any]:
    name, coerce, prefix = shape.name, coercer(shape.types), _prefix(shape)
    decode = decoder(shape.location, shape.style)
    may_repeat = "array" in shape.types and shape.is_spread

    def read(raw: Raw) -> Any:
        values = raw.get(name)
        if not values:
            return MISSING
        if len(values) > 1:
            if may_repeat:
                return [coerce(decode(value)) for value in values]
            raise MalformedError("it stands more than once")
        return coerce(decode(_without(prefix, values[0])))

    return read


def _array_reader(shape: Shape) -> Callable[[Raw], Any]:
    name, coerce, prefix = shape.name, shape.element(), _prefix(shape)
    decode, split = decoder(shape.location, shape.style), _splitter(shape)
    joint = f"&{name}=" if shape.location == "cookie" and shape.style == "form" else ""

    def spread(raw: Raw) -> Any:
        values = raw.get(name)
        if values is None:
            return MISSING
        if joint:  # as RFC 6570, 3.2.9 writes it; cookies themselves are separated by semicolons
            values = [part for value in values for part in value.split(joint)]
        return [coerce(decode(value)) for value in values]

    def read(raw: Raw) -> Any:
        values = raw.get(name)
        if values is None:
            return MISSING
        texts = [_without(prefix, value) for value in values]
        return [coerce(decode(part)) for text in texts if text for part in split(text)]

    return spread if shape.is_spread else read


def _object_reader(shape: Shape) -> Callable[[Raw], Any]:
    if shape.style == "deepObject":
        return _deep_object_reader(shape)
    if shape.is_spread:
        return _spread_object_reader(shape)
    name, prefix = shape.name, ";" if shape.explode and shape.style == "matrix" else _prefix(shape)
    decode, split = decoder(shape.location, shape.style), _splitter(shape)

    def read(raw: Raw) -> Any:
        values = raw.get(name)
        if values is None:
            return MISSING
        texts = [_without(prefix, value) for value in values]
        parts = [part for text in texts if text for part in split(text)]
        pairs = [part.partition("=")[::2] for part in parts] if shape.explode else _pair_up(parts)
        return {key: shape.member(key)(decode(value)) for key, value in ((decode(key), value) for key, value in pairs)}

    return read


def _pair_up(parts: list[str]) -> list[tuple[str, str]]:
    if len(parts) % 2:
        raise MalformedError("its names and values do not pair up")
    return list(zip(parts[::2], parts[1::2], strict=True))


def _deep_object_reader(shape: Shape) -> Callable[[Raw], Any]:
    opening, decode = shape.name + "[", decoder(shape.location, shape.style)

    def read(raw: Raw) -> Any:
        found = {
            key[len(opening) : -1]: decode(values[-1])
            for key, values in raw.items()
            if key.startswith(opening) and key.endswith("]")
        }
        return {key: shape.member(key)(value) for key, value in found.items()} if found else MISSING

    return read


def _spread_object_reader(shape: Shape) -> Callable[[Raw], Any]:
    names, is_map = tuple(shape.facts.properties(shape.schema)), shape.further is not None
    decode = decoder(shape.location, shape.style)
    is_joined = shape.location == "cookie" and shape.style == "form"

    def read(raw: Raw) -> Any:
        if is_joined:
            raw = dict(_apart(raw))
        known = [*names, *(key for key in raw if key not in names and _is_free(shape, key))] if is_map else names
        found = {key: shape.member(key)(decode(raw[key][-1])) for key in known if key in raw}
        return found or MISSING

    return read


def _is_free(shape: Shape, key: str) -> bool:
    """Tell whether a name is left for a map: no other parameter, no credential and no wish has it."""
    return not key.startswith("__") and key.partition("[")[0] not in shape.taken


def _apart(raw: Raw) -> Iterator[tuple[str, list[str]]]:
    """Give the pairs of an exploded object that came as one cookie, `R=100&G=200` (RFC 6570, 3.2.9)."""
    for key, values in raw.items():
        first, *others = values[-1].split("&")
        yield _decoded(key), [first]
        yield from (
            (_decoded(name), [value]) for name, equals, value in (pair.partition("=") for pair in others) if equals
        )


def _splitter(shape: Shape) -> Callable[[str], list[str]]:
    """Choose how the items of an array, or the parts of an object, are told apart."""
    if shape.style == "spaceDelimited":
        return _SPACE.split
    if shape.style == "pipeDelimited":
        return lambda text: text.split("|") if "|" in text else _PIPE.split(text)
    if shape.style == "matrix" and shape.explode:
        delimiter = f";{shape.name}=" if shape.types <= {"array", "null"} else ";"
    else:
        delimiter = "." if shape.style == "label" and shape.explode else ","
    return lambda text: text.split(delimiter)


def _prefix(shape: Shape) -> str:
    if shape.style == "label":
        return "."
    return f";{shape.name}=" if shape.style == "matrix" else ""


def _without(prefix: str, text: str) -> str:
    """Take off what a style begins with; an empty value of style matrix has no equals sign (RFC 6570, 3.2.7)."""
    if not prefix or text.startswith(prefix):
        return text[len(prefix) :]
    if text == prefix[:-1] and text:
        return ""
    raise MalformedError(f"it does not start with `{prefix}`")
