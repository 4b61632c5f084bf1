"""The properties of an item and the templates of its path go in; those that name it and its parents come out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract.path_words import is_template, plain, singular, words
from understudy_mock.state.meaning import NUMBERS, Field
from understudy_mock.state.members import member

if TYPE_CHECKING:
    from collections.abc import Iterable

    from understudy.contract.model import Contract, Placed, Tokens
    from understudy_mock.schema_facts import SchemaFacts

_ID_NAMES = (
    *("id", "uuid", "guid", "sid", "key", "slug", "code", "name", "number", "login", "username", "handle"),
    *("sku", "isbn", "ref", "reference", "hash", "token", "title", "domain", "email"),
)
_NESTED = ("metadata", "meta", "attributes", "properties", "data")
_GENERIC = frozenset(("id", "uuid", "key", "slug", "name", "code"))
_ANY = frozenset(("null", "boolean", "integer", "number", "string", "array", "object"))
_KEYS = frozenset(("string", "integer", "number"))
_VERSION = re.compile(r"v[0-9.]+|api")


@dataclass(frozen=True)
class Identity:
    """Which property names an item, how sure that is, and why."""

    path: str | None = None
    confidence: str = "low"
    reason: str = "nothing names an item"


@dataclass(frozen=True)
class Anatomy:
    """What an item of a resource is made of: its properties, and those that its documented ones show."""

    fields: list[Field] = field(default_factory=list)
    samples: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    places: dict[tuple[str, ...], Tokens] = field(default_factory=dict, repr=False)
    """Where the schemas of the declared properties stand."""

    @property
    def names(self) -> frozenset[str]:
        """The names of the properties at the root of an item."""
        return frozenset(one.tokens[0] for one in self.fields)

    def find(self, name: str, owners: Iterable[str] = ("",)) -> Field | None:
        """Find a scalar property by its name: as it is written, else in another spelling."""
        for is_same in (str.__eq__, _plainly):
            for owner in owners:
                for one in self.fields:
                    inside = "/".join(one.tokens[:-1])
                    if inside == owner and one.types & _KEYS and is_same(one.tokens[-1], name):
                        return one
        return None


def _plainly(first: str, second: str) -> bool:
    return plain(first) == plain(second)


def anatomy(
    contract: Contract, facts: SchemaFacts, schema: Tokens | None, samples: Iterable[dict[str, Any]]
) -> Anatomy:
    """Gather the properties of items, those of the objects in them included, from their schema and from examples."""
    shown = tuple(samples)
    found: dict[tuple[str, ...], Field] = {}
    places: dict[tuple[str, ...], Tokens] = {}
    for name, place in (facts.properties(schema) if schema else {}).items():
        places[name,] = place
        for inner, below in facts.properties(place).items():
            places[name, inner] = below
    for tokens, place in places.items():
        _gather(contract, facts, tokens, place, found)
    for sample in shown:
        for name, value in sample.items():
            found.setdefault((name,), Field((name,), _types_of(value)))
            for inner, below in value.items() if isinstance(value, dict) else ():
                found.setdefault((name, inner), Field((name, inner), _types_of(below)))
    return Anatomy(list(found.values()), shown, places)


def _gather(
    contract: Contract, facts: SchemaFacts, tokens: tuple[str, ...], place: Tokens, found: dict[tuple[str, ...], Field]
) -> None:
    value = contract.follow(place).value
    form = value.get("format") if isinstance(value, dict) else None
    if form is None:
        parts = (part.get("format") for _, part in facts.parts(place))
        form = next((one for one in parts if isinstance(one, str)), "")
    found.setdefault(tokens, Field(tokens, facts.types(place), str(form)))


def _types_of(value: Any) -> frozenset[str]:
    kinds = {str: "string", bool: "boolean", int: "integer", list: "array", dict: "object"}
    return frozenset((kinds[type(value)],)) if type(value) in kinds else _ANY if value is None else NUMBERS


def identify(nouns: tuple[str, ...], parameters: list[tuple[str, frozenset[str]]], parts: Anatomy) -> Identity:
    """Find the property that the item path's parameter stands for, by its name, else by what such are called.

    `nouns` are those of the path, the last one first.
    """
    noun = nouns[0]
    for name, _ in parameters:
        for candidate, reason in _by_parameter(name, noun):
            if found := parts.find(candidate) or parts.find(candidate, _NESTED):
                path = "/".join(found.tokens)
                return Identity(path, "high", f"{{{name}}} is {path}{reason}")
    return _by_custom(nouns, parameters, parts)


def _by_parameter(name: str, noun: str) -> Iterable[tuple[str, str]]:
    yield name, ""
    own, parts = words(singular(noun)), words(name)
    if len(parts) > len(own) and parts[: len(own)] == own:
        yield "".join(parts[len(own) :]), f" without `{singular(noun)}`"
    if len(parts) > 1:
        yield parts[-1], f" without `{'_'.join(parts[:-1])}`"


def _by_custom(nouns: tuple[str, ...], parameters: list[tuple[str, frozenset[str]]], parts: Anatomy) -> Identity:
    """Find what items are named by as a rule; a property of another type than the parameter comes last."""
    own = singular(nouns[0])
    names = [*_ID_NAMES[:1], f"{own}id", *_ID_NAMES[1:5], f"{own}name", f"{own}number", f"{own}code", *_ID_NAMES[5:]]
    names += map(singular, nouns)
    types = frozenset().union(*(one for _, one in parameters)) if parameters else _ANY
    for owners in (("",), _NESTED):
        for is_strict in (True, False):
            for name in names:
                found = parts.find(name, owners)
                if found and (_agree(types, found.types) or not is_strict):
                    path = "/".join(found.tokens)
                    told = f"{{{parameters[0][0]}}} can only be {path}" if parameters else f"{path} is the usual name"
                    return Identity(path, "high" if not parameters or name == "id" else "medium", told)
    return Identity()


def _agree(first: frozenset[str], second: frozenset[str]) -> bool:
    widened = [types | NUMBERS if types & NUMBERS else types for types in (first, second)]
    return bool(widened[0] & widened[1] & _KEYS)


def parent_property(name: str, noun: str, identifier: str | None, parts: Anatomy) -> tuple[str, bool]:
    """Find the property in which an item carries what a template of its parent's path says; tells if it is declared.

    Where there is none, a name is made under which the mock remembers it.
    """
    own = singular(noun)
    is_generic = plain(name) in _GENERIC
    owned = [f"{own}id", f"{own}_{name}", own]
    candidates = owned if is_generic else [name, f"{name}id", *_stems(name), f"{own}id", own]
    for candidate in candidates:
        for owners in (("",), _NESTED):
            found = parts.find(candidate, owners)
            if found and "/".join(found.tokens) != identifier:
                return "/".join(found.tokens), True
        if inner := _inner(candidate, parts):
            return inner, True
    if not is_generic and name != identifier:
        return name, False
    return own[:1].lower() + own[1:] + name[:1].upper() + name[1:], False


def _stems(name: str) -> list[str]:
    parts = words(name)
    return ["".join(parts[:-1])] if len(parts) > 1 and parts[-1] in ("id", "uuid", "key", "slug") else []


def _inner(owner: str, parts: Anatomy) -> str | None:
    """Look into an object of that name, such as the `owner` of a repository, for what names it."""
    for outer in {one.tokens[0] for one in parts.fields if len(one.tokens) > 1 and _plainly(one.tokens[0], owner)}:
        for name in _ID_NAMES:
            if found := parts.find(name, (outer,)):
                return "/".join(found.tokens)
    return None


def path_pattern(segments: tuple[str, ...], path: str | None, parts: Anatomy, described: str) -> str | None:
    """Tell how an identifier is made that is itself a path, such as `shelves/{shelf}`; None if it is none."""
    shown = [str(value) for sample in parts.samples if isinstance(value := member(sample, path), str)]
    starts = [index for index, one in enumerate(segments) if not is_template(one) and not _VERSION.fullmatch(one)]
    for start in starts:
        pattern = "/".join(segments[start:])
        if (shown and all(matcher(pattern).fullmatch(one) for one in shown)) or (not shown and pattern in described):
            return pattern
    return None


def matcher(pattern: str) -> re.Pattern[str]:
    """Compile such a pattern to one that reads what each template says."""
    pieces = re.split(r"\{([^{}]+)\}", pattern)
    text = "".join(f"(?P<p{index // 2}>[^/]+)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
    return re.compile(text)


def schema_types(facts: SchemaFacts, placed: Placed) -> frozenset[str]:
    """Tell which types a parameter takes."""
    return facts.types((*placed.tokens, "schema")) if "schema" in placed.value else _ANY
