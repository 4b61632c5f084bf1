"""Raw path, query, header and cookie text goes in; typed values or faults come out (OpenAPI, Style Values).

Everything that the contract says about a parameter is worked out when the mock starts: a request only splits text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from understudy_mock.exchange import MISSING, Exchange, Fault
from understudy_mock.media import MalformedError
from understudy_mock.parameter_styles import Shape, content_reader, decoder, styled_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy.contract.model import Contract, Placed, Tokens
    from understudy.contract.validating import Validator
    from understudy_mock.parameter_styles import Raw
    from understudy_mock.schema_facts import SchemaFacts

_DEFAULT_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
_IGNORED_HEADERS = ("accept", "content-type", "authorization")


@dataclass(frozen=True)
class Parameter:
    """One declared parameter, compiled."""

    name: str
    location: str
    required: bool
    read: Callable[[Raw], Any] = field(repr=False)
    validator: Validator | None = field(repr=False)
    default: Any = MISSING
    key: str | None = None
    """The raw name without which there is nothing to read; None where that takes a closer look."""
    is_joined: bool = False
    """Whether several values come as one text with commas, which some clients percent-encode."""

    def take(self, raw: Raw, into: dict[str, Any], faults: list[Fault]) -> None:
        """Read this parameter from the raw values of its location; put the value or its faults where they belong."""
        try:
            value = self.read(raw)
        except MalformedError as error:
            faults.append(Fault(self.location, (self.name,), "malformed", str(error)))
            return
        if value is MISSING:
            self.miss(into, faults)
            return
        if self.validator is not None and not self.validator.is_valid(value):
            if self.is_joined and (apart := self._apart(raw)) is not MISSING:
                into[self.name] = apart
                return
            faults.extend(
                Fault(self.location, (self.name, *found.tokens), found.keyword, found.message, found.expected)
                for found in self.validator.violations(value)
            )
        into[self.name] = value

    def _apart(self, raw: Raw) -> Any:
        """Read encoded commas as delimiters, where that alone makes sense; MISSING if it does not."""
        text = raw[self.name][-1] if raw.get(self.name) else ""
        if "," in text or self.validator is None:
            return MISSING
        try:
            value = self.read({self.name: [text.replace("%2C", ",").replace("%2c", ",")]})
        except MalformedError:
            return MISSING
        return value if self.validator.is_valid(value) else MISSING

    def miss(self, into: dict[str, Any], faults: list[Fault]) -> None:
        """Do without a value."""
        if self.required:
            faults.append(Fault(self.location, (self.name,), "required", "is required"))
        elif self.default is not MISSING:
            into[self.name] = self.default


@dataclass(frozen=True)
class Parameters:
    """All parameters of an operation, by location; `path_names` are the templates in order."""

    path_names: tuple[str, ...]
    by_location: dict[str, tuple[Parameter, ...]]

    def read(self, exchange: Exchange, faults: list[Fault]) -> None:
        """Fill `exchange.values` and collect every fault."""
        for location, declared in self.by_location.items():
            raw = _RAW_OF[location](exchange) if location != "path" else self._path(exchange)
            into: dict[str, Any] = {}
            exchange.values[location] = into
            for parameter in declared:
                if parameter.key is None or parameter.key in raw:
                    parameter.take(raw, into, faults)
                else:
                    parameter.miss(into, faults)

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
        found.setdefault(location, []).append(_compile(contract, facts, declared, _taken(contract, placed, declared)))
    return Parameters(tuple(names), {location: tuple(parameters) for location, parameters in found.items()})


def _compile(contract: Contract, facts: SchemaFacts, placed: Placed, taken: frozenset[str]) -> Parameter:
    value, location, name = placed.value, str(placed.value["in"]), str(placed.value.get("name"))
    schema: Tokens | None = (*placed.tokens, "schema") if "schema" in value else None
    read: Callable[[Raw], Any]
    key: str | None = name
    is_joined = False
    if schema is None:
        media_types = list(value.get("content") or {})
        schema = (*placed.tokens, "content", media_types[0], "schema") if media_types else None
        read = content_reader(name, location)
    else:
        style = str(value.get("style") or _DEFAULT_STYLES[location])
        explode = bool(value.get("explode", style in ("form", "cookie")))
        shape = Shape(name, location, style, explode, facts, schema, taken)
        read, key = styled_reader(shape), shape.key
        is_joined = location == "query" and style == "form" and not explode
    has_schema = schema is not None and "schema" in (value if "schema" in value else _first_content(value))
    has_default, default = facts.default(schema) if schema is not None and has_schema else (False, None)
    return Parameter(
        name=name,
        location=location,
        required=bool(value.get("required")) or location == "path",
        read=read,
        validator=contract.schemas.validator(schema) if schema is not None and has_schema else None,
        default=default if has_default else MISSING,
        key=key,
        is_joined=is_joined,
    )


def _taken(contract: Contract, placed: tuple[Placed, ...], declared: Placed) -> frozenset[str]:
    """Collect the names that belong to other parameters of a parameter's location, or to credentials."""
    found = {str(one.value.get("name")) for one in placed if one.value.get("in") == declared.value.get("in")}
    return frozenset((found - {str(declared.value.get("name"))}).union(_key_names(contract)))


def _key_names(contract: Contract) -> Iterator[str]:
    """Name the query parameters and cookies that carry API keys."""
    components = contract.document.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    for name in schemes if isinstance(schemes, dict) else ():
        scheme = contract.follow(("components", "securitySchemes", name)).value
        if isinstance(scheme, dict) and scheme.get("type") == "apiKey":
            yield str(scheme.get("name"))


def _first_content(value: dict[str, Any]) -> dict[str, Any]:
    for media_type in (value.get("content") or {}).values():
        return media_type if isinstance(media_type, dict) else {}
    return {}


_decoded_name = decoder("query", "form")


def _query(exchange: Exchange) -> Raw:
    """Give the texts by name. Only names are decoded: texts are split by their style first."""
    raw: Raw = {}
    if exchange.query:
        for pair in exchange.query.decode("latin-1").split("&"):
            name, _, value = pair.partition("=")
            if name:
                raw.setdefault(_decoded_name(name), []).append(value)
    return raw


def _whole(exchange: Exchange) -> Raw:
    """Give the query as one value, whatever the parameter is called (OpenAPI 3.2, 4.12.1, `querystring`)."""
    return {"": [exchange.query.decode("latin-1")]} if exchange.query else {}


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


_RAW_OF: dict[str, Callable[[Exchange], Raw]] = {
    "query": _query,
    "header": _headers,
    "cookie": _cookies,
    "querystring": _whole,
}


def read_form(content: bytes) -> list[tuple[str, str]]:
    """Read `application/x-www-form-urlencoded` pairs. Raises MalformedError if they are not UTF-8."""
    try:
        return parse_qsl(content.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise MalformedError("it is not form-encoded UTF-8") from None
