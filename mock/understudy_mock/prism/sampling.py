"""A schema goes in; Prism's static sample comes out: what the schema names, else a constant per format and type.

It does not honour `pattern`, `multipleOf` and the like. A sample of more than 2,500 values is too complex.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from understudy_mock.prism.errors import PrismError

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Tokens

TICKS = 2500

_FORMATS = {
    "date-time": "2019-08-24T14:15:22Z",
    "date": "2019-08-24",
    "time": "14:15:22Z",
    "email": "user@example.com",
    "idn-email": "пользователь@пример.ру",  # noqa: RUF001 - Cyrillic it is
    "hostname": "example.com",
    "idn-hostname": "пример.ру",  # noqa: RUF001 - Cyrillic it is
    "ipv4": "192.168.0.1",
    "ipv6": "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
    "uri": "http://example.com",
    "uri-reference": "../dictionary",
    "uri-template": "http://example.com/{endpoint}",
    "iri": "http://example.com/entity/1",
    "iri-reference": "/entity/1",
    "password": "pa$$word",
    "regex": "/regex/",
    "json-pointer": "/json/pointer",
    "relative-json-pointer": "1/relative/json/pointer",
}
_LEAST = {
    "int32": -2147483648,
    "int64": -9007199254740991,
    "float": -3.402823669209385e38,
    "double": -1.7976931348623157e308,
}
"""The least value of a format is taken for its minimum."""
_NESTED = 2


class Sampler:
    """Makes the samples of one contract."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def sample(self, tokens: Tokens) -> Any:
        """Make the sample of a schema. Raises PrismError for one that is too complex."""
        return _Sample(self.contract).value(tokens, ())


class _Sample:
    def __init__(self, contract: Contract) -> None:
        self.contract, self.ticks = contract, 0

    def value(self, tokens: Tokens, seen: tuple[Tokens, ...]) -> Any:
        self.ticks += 1
        if self.ticks > TICKS:
            detail = "Unable to generate body for response. The schema is too complex to generate."
            raise PrismError("SCHEMA_TOO_COMPLEX", detail)
        placed = self.contract.follow(tokens)
        schema = placed.value
        if not isinstance(schema, dict):
            return None
        told, value = _told(schema)
        if told:
            return value
        if seen.count(placed.tokens) >= _NESTED:
            return [] if _type(schema) == "array" else {}
        seen = (*seen, placed.tokens)
        for keyword in ("oneOf", "anyOf"):
            if isinstance(schema.get(keyword), list) and schema[keyword]:
                return self.value((*placed.tokens, keyword, 0), seen)
        made = self._typed(schema, placed.tokens, seen)
        branches = schema.get("allOf")
        for index in range(len(branches) if isinstance(branches, list) else 0):
            made = _merged(made, self.value((*placed.tokens, "allOf", index), seen))
        return made

    def _typed(self, schema: dict[str, Any], tokens: Tokens, seen: tuple[Tokens, ...]) -> Any:
        match _type(schema):
            case "object":
                return self._object(schema, tokens, seen)
            case "array":
                items = (*tokens, "items")
                count = max(1, int(schema.get("minItems", 1)))
                return [self.value(items, seen) for _ in range(count)] if "items" in schema else []
            case "string":
                return _string(schema, str(tokens[-1]))
            case "integer" | "number":
                return _number(schema)
            case "boolean":
                return True
        return None

    def _object(self, schema: dict[str, Any], tokens: Tokens, seen: tuple[Tokens, ...]) -> dict[str, Any]:
        properties = schema.get("properties")
        names = properties if isinstance(properties, dict) else ()
        made = {name: self.value((*tokens, "properties", name), seen) for name in names}
        if isinstance(schema.get("additionalProperties"), dict):
            for name in ("property1", "property2"):
                made[name] = self.value((*tokens, "additionalProperties"), seen)
        return made


def _told(schema: dict[str, Any]) -> tuple[bool, Any]:
    """Find a value the schema itself names."""
    for keyword in ("default", "const"):
        if keyword in schema:
            return True, schema[keyword]
    for keyword in ("enum", "examples"):
        if isinstance(schema.get(keyword), list) and schema[keyword]:
            return True, schema[keyword][0]
    return "example" in schema, schema.get("example")


def _type(schema: dict[str, Any]) -> str:
    declared = schema.get("type")
    if isinstance(declared, list):
        declared = next((name for name in declared if name != "null"), "null")
    if isinstance(declared, str):
        return declared
    if "properties" in schema or isinstance(schema.get("additionalProperties"), dict):
        return "object"
    return "array" if "items" in schema else ""


def _string(schema: dict[str, Any], name: str) -> str:
    kind = str(schema.get("format"))
    if kind == "uuid":
        return str(uuid.uuid5(uuid.NAMESPACE_OID, name))
    text, least = _FORMATS.get(kind, ""), int(schema.get("minLength", 0))
    if text:
        return text
    text = "string" if least <= len("string") else ("string" * (least // len("string") + 1))[:least]
    most = schema.get("maxLength")
    return text[:most] if isinstance(most, int) else text


def _number(schema: dict[str, Any]) -> Any:
    low = schema.get("minimum", _LEAST.get(str(schema.get("format"))))
    above = schema.get("exclusiveMinimum")
    if above is True and low is not None:
        return low + 1
    if above is not None and not isinstance(above, bool):
        return above + 1
    if low is not None:
        return low
    high = schema.get("maximum")
    return high if high is not None and high < 0 else 0


def _merged(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **other}
    return one if other is None else other
