"""A fault goes in; the sentence that tells a client about it comes out, in the contract's wording where it has one."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from understudy_mock.media import to_json

if TYPE_CHECKING:
    from understudy_mock.exchange import Fault

_PLACE = re.compile(r"\{(field|limit|values|type)\}")

DEFAULT = {
    "required": "{field} is required",
    "type": "{field} must be of type {type}",
    "enum": "{field} must be one of {values}",
    "const": "{field} must be {values}",
    "pattern": "{field} does not match the pattern {limit}",
    "format": "{field} is not a valid {limit}",
    "minLength": "{field} must have at least {limit} characters",
    "maxLength": "{field} must have at most {limit} characters",
    "minimum": "{field} must be at least {limit}",
    "maximum": "{field} must be at most {limit}",
    "exclusiveMinimum": "{field} must be greater than {limit}",
    "exclusiveMaximum": "{field} must be less than {limit}",
    "multipleOf": "{field} must be a multiple of {limit}",
    "minItems": "{field} must have at least {limit} items",
    "maxItems": "{field} must have at most {limit} items",
    "uniqueItems": "{field} must not hold the same item twice",
    "minProperties": "{field} must have at least {limit} properties",
    "maxProperties": "{field} must have at most {limit} properties",
    "additionalProperties": "{field} is not a known property",
    "unevaluatedProperties": "{field} is not a known property",
    "readOnly": "{field} is read-only",
}


def sentence(fault: Fault, wording: dict[str, str]) -> str:
    """Write one fault: by the contract's template for its rule, else its default template, else ours."""
    template = wording.get(fault.rule) or wording.get("default") or DEFAULT.get(fault.rule)
    if template is None:
        return f"{fault.name} {fault.message}"
    places = {"field": fault.name.replace("_", " "), "limit": _text(fault.expected), "values": _values(fault.expected)}
    places["type"] = _values(fault.expected)
    return _PLACE.sub(lambda match: places[match.group(1)], template)


def _values(expected: Any) -> str:
    return ", ".join(map(_text, expected)) if isinstance(expected, list | tuple) else _text(expected)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float | Decimal) and value == int(value):
        return str(int(value))
    return "" if value is None else to_json(value).decode()
