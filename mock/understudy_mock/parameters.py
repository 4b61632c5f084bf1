"""Raw path, query, header and cookie text goes in; typed values or faults come out (OpenAPI, Style Values).

Everything that the contract says about a parameter is worked out when the mock starts: a request only splits text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, unquote_plus

from understudy_mock.exchange import MISSING, Exchange, Fault
from understudy_mock.media import MalformedError, from_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.contract.model import Contract, Placed, Tokens
    from understudy.contract.validating import Validator
    from understudy_mock.schema_facts import SchemaFacts

Raw = dict[str, list[str]]

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,999})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,308})(\.[0-9]{1,308})?([eE][-+]?[0-9]{1,3})?")
_DEFAULT_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
_IGNORED_HEADERS = ("accept", "content-type", "authorization")
_DECODERS: dict[str, Callable[[str], str]] = {"path": unquote, "header": str.strip}  # blanks: RFC 9110, 5.6.1
_DELIMITERS = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|", "label": "."}


@dataclass(frozen=True)
class Parameter:
    """One declared parameter, compiled."""

    name: str
    location: str
    required: bool
    read: Callable[[Raw], Any] = field(repr=False)
    validator: Validator | None = field(repr=False)
    default: Any = MISSING

    def take(self, raw: Raw, into: dict[str, Any], faults: list[Fault]) -> None:
        """Read this parameter from the raw values of its location; put the value or its faults where they belong."""
        try:
            value = self.read(raw)
        except MalformedError as error:
            faults.append(Fault(self.location, (self.name,), "malformed", str(error)))
            return
        if value is MISSING:
            if self.required:
                faults.append(Fault(self.location, (self.name,), "required", "is required"))
            elif self.default is not MISSING:
                into[self.name] = self.default
            return
        into[self.name] = value
        if self.validator is not None and not self.validator.is_valid(value):
            faults.extend(
                Fault(self.location, (self.name, *found.tokens), found.keyword, found.message, found.expected)
                for found in self.validator.violations(value)
            )


@dataclass(frozen=True)
class Parameters:
    """All parameters of an operation, by location; `path_names` are the templates in order."""

    path_names: tuple[str, ...]
    by_location: dict[str, tuple[Parameter, ...]]

    def read(self, exchange: Exchange, faults: list[Fault]) -> None:
        """Fill `exchange.values` and collect every fault."""
        raw_of = {"path": self._path, "query": _query, "header": _headers, "cookie": _cookies, "querystring": _whole}
        for location, declared in self.by_location.items():
            raw = raw_of[location](exchange)
            into: dict[str, Any] = {}
            exchange.values[location] = into
            for parameter in declared:
                parameter.take(raw, into, faults)

    def _path(self, exchange: Exchange) -> Raw:
        return {name: [value] for name, value in zip(self.path_names, exchange.path_values, strict=False)}


def compile_parameters(
    contract: Contract, facts: SchemaFacts, placed: tuple[Placed, ...], names: list[str]
) -> Parameters:
    """Prepare the parameters of one operation."""
    found: dict[str, list[Parameter]] = {}
    for declared in placed:
        location = str(declared.value.get("in"))
        if location not in _DEFAULT_STYLES:
            continue
        if location == "header" and str(declared.value.get("name")).lower() in _IGNORED_HEADERS:
            continue
        found.setdefault(location, []).append(_compile(contract, facts, declared))
    return Parameters(tuple(names), {location: tuple(parameters) for location, parameters in found.items()})


def _compile(contract: Contract, facts: SchemaFacts, placed: Placed) -> Parameter:
    value, location, name = placed.value, str(placed.value["in"]), str(placed.value.get("name"))
    schema: Tokens | None = (*placed.tokens, "schema") if "schema" in value else None
    read: Callable[[Raw], Any]
    if schema is None:
        media_types = list(value.get("content") or {})
        schema = (*placed.tokens, "content", media_types[0], "schema") if media_types else None
        read = _content_reader(name)
    else:
        style = str(value.get("style") or _DEFAULT_STYLES[location])
        explode = bool(value.get("explode", style == "form"))
        read = _styled_reader(_Shape(name, location, style, explode, facts, schema))
    has_schema = schema is not None and "schema" in (value if "schema" in value else _first_content(value))
    has_default, default = facts.default(schema) if schema is not None and has_schema else (False, None)
    return Parameter(
        name=name,
        location=location,
        required=bool(value.get("required")) or location == "path",
        read=read,
        validator=contract.schemas.validator(schema) if schema is not None and has_schema else None,
        default=default if has_default else MISSING,
    )


def _first_content(value: dict[str, Any]) -> dict[str, Any]:
    for media_type in (value.get("content") or {}).values():
        return media_type if isinstance(media_type, dict) else {}
    return {}


def _content_reader(name: str) -> Callable[[Raw], Any]:
    def read(raw: Raw) -> Any:
        return from_json(unquote(raw[name][0]).encode()) if name in raw else MISSING

    return read


@dataclass(frozen=True)
class _Shape:
    """How a parameter is written, and what its schema takes."""

    name: str
    location: str
    style: str
    explode: bool
    facts: SchemaFacts
    schema: Tokens

    @property
    def types(self) -> frozenset[str]:
        return self.facts.types(self.schema)

    def member(self, name: str) -> Callable[[str], Any]:
        """How to type the text of an object's property."""
        place = self.facts.properties(self.schema).get(name)
        return _coercer(self.facts.types(place)) if place else str

    def element(self) -> Callable[[str], Any]:
        """How to type the text of an array's item."""
        place = self.facts.items(self.schema)
        return _coercer(self.facts.types(place)) if place else str


def _styled_reader(shape: _Shape) -> Callable[[Raw], Any]:
    types = shape.types
    if types <= {"object", "null"}:
        return _object_reader(shape)
    if types <= {"array", "null"}:
        return _array_reader(shape)
    return _scalar_reader(shape)


def _scalar_reader(shape: _Shape) -> Callable[[Raw], Any]:
    name, coerce, prefix = shape.name, _coercer(shape.types), _prefix(shape)
    decode = unquote if shape.location == "path" else str
    may_repeat = "array" in shape.types and shape.location in ("query", "cookie") and shape.explode

    def read(raw: Raw) -> Any:
        values = raw.get(name)
        if not values:
            return MISSING
        if len(values) > 1:
            if may_repeat:
                return [coerce(value) for value in values]
            raise MalformedError("it stands more than once")
        return coerce(_without(prefix, decode(values[0])))

    return read


def _array_reader(shape: _Shape) -> Callable[[Raw], Any]:
    name, coerce, prefix = shape.name, shape.element(), _prefix(shape)
    delimiter = "," if shape.style == "label" and not shape.explode else _DELIMITERS.get(shape.style, ",")
    if shape.style == "matrix" and shape.explode:
        delimiter = f";{name}="
    decode = _DECODERS.get(shape.location, str)

    def read(raw: Raw) -> Any:
        values = raw.get(name)
        if values is None:
            return MISSING
        if shape.explode and shape.location in ("query", "cookie") and shape.style == "form":
            return [coerce(value) for value in values]
        text = _without(prefix, ",".join(values))
        return [coerce(decode(part)) for part in text.split(delimiter)] if text else []

    return read


def _object_reader(shape: _Shape) -> Callable[[Raw], Any]:
    if shape.style == "deepObject":
        return _deep_object_reader(shape)
    if shape.location in ("query", "cookie") and shape.style == "form" and shape.explode:
        return _spread_object_reader(shape)
    name, prefix = shape.name, "" if shape.explode and shape.style == "matrix" else _prefix(shape)
    delimiter = _DELIMITERS.get(shape.style, ",") if shape.style != "label" or shape.explode else ","
    if shape.style == "matrix" and shape.explode:
        delimiter, prefix = ";", ";"
    decode = _DECODERS.get(shape.location, str)

    def read(raw: Raw) -> Any:
        values = raw.get(name)
        if values is None:
            return MISSING
        parts = _without(prefix, ",".join(values)).split(delimiter)
        pairs = [part.partition("=")[::2] for part in parts] if shape.explode else _pair_up(parts)
        return {decode(key): shape.member(decode(key))(decode(value)) for key, value in pairs}

    return read


def _pair_up(parts: list[str]) -> list[tuple[str, str]]:
    if len(parts) % 2:
        raise MalformedError("its names and values do not pair up")
    return list(zip(parts[::2], parts[1::2], strict=True))


def _deep_object_reader(shape: _Shape) -> Callable[[Raw], Any]:
    opening = shape.name + "["

    def read(raw: Raw) -> Any:
        found = {
            key[len(opening) : -1]: values[-1]
            for key, values in raw.items()
            if key.startswith(opening) and key.endswith("]")
        }
        return {key: shape.member(key)(value) for key, value in found.items()} if found else MISSING

    return read


def _spread_object_reader(shape: _Shape) -> Callable[[Raw], Any]:
    names = tuple(shape.facts.properties(shape.schema))

    def read(raw: Raw) -> Any:
        found = {key: shape.member(key)(raw[key][-1]) for key in names if key in raw}
        return found or MISSING

    return read


def _prefix(shape: _Shape) -> str:
    if shape.style == "label":
        return "."
    return f";{shape.name}=" if shape.style == "matrix" else ""


def _without(prefix: str, text: str) -> str:
    if not text.startswith(prefix):
        raise MalformedError(f"it does not start with `{prefix}`")
    return text[len(prefix) :]


def _coercer(types: frozenset[str]) -> Callable[[str], Any]:
    """Choose how text becomes a value: text wherever the schema takes text and nothing stricter fits alone."""
    if "string" in types and not types & {"integer", "number", "boolean"}:
        return str
    return lambda text: coerce_text(text, types)


def coerce_text(text: str, types: frozenset[str]) -> Any:
    """Give text the first of the types it spells; text that spells none stays text, for the schema to refuse."""
    if "boolean" in types and text in ("true", "false"):
        return text == "true"
    if types & {"integer", "number"} and _INTEGER.fullmatch(text):
        return int(text)
    if types & {"number", "integer"} and _NUMBER.fullmatch(text):
        return Decimal(text)
    if "null" in types and "string" not in types and text in ("", "null"):
        return None
    return text


def _query(exchange: Exchange) -> Raw:
    raw: Raw = {}
    if exchange.query:
        for pair in exchange.query.decode("latin-1").split("&"):
            name, _, value = pair.partition("=")
            if name:
                raw.setdefault(_plain(name), []).append(_plain(value))
    return raw


def _whole(exchange: Exchange) -> Raw:
    """Give the query as one value, whatever the parameter is called (OpenAPI 3.2, 4.12.1, `querystring`)."""
    return {"": [exchange.query.decode("latin-1")]} if exchange.query else {}


def _plain(text: str) -> str:
    if "%" not in text and "+" not in text:
        return text
    return unquote_plus(text, errors="replace")


def _headers(exchange: Exchange) -> Raw:
    raw = _HeaderValues()
    for name, value in exchange.headers:
        raw.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1").strip())
    return raw


class _HeaderValues(dict[str, list[str]]):
    """Looks names up without regard to case (RFC 9110, 5.1); repeated headers are one list (5.2)."""

    def get(self, key: str, default: Any = None) -> Any:
        values = super().get(key.lower(), default)
        return [", ".join(values)] if values else default

    def __contains__(self, key: object) -> bool:
        return super().__contains__(str(key).lower())

    def __getitem__(self, key: str) -> list[str]:
        return super().__getitem__(key.lower())


def _cookies(exchange: Exchange) -> Raw:
    raw: Raw = {}
    for pair in (exchange.header(b"cookie") or "").replace(", ", "; ").split(";"):
        name, separator, value = pair.strip().partition("=")
        if separator:
            raw.setdefault(name, []).append(value)
    return raw


def read_form(content: bytes) -> list[tuple[str, str]]:
    """Read `application/x-www-form-urlencoded` pairs. Raises MalformedError if they are not UTF-8."""
    try:
        return parse_qsl(content.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise MalformedError("it is not form-encoded UTF-8") from None
