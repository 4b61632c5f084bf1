"""JSON values go in; keys by which equal ones are found, and words for them, come out."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

_LONG = 60
_LARGE = 400
"""How many digits a whole number may have to be told by all of them."""


def key(value: Any) -> str:
    """Write a value so that equal values are written alike (JSON Schema, 4.2.2): `1.0` is `1`, keys have no order."""
    return json.dumps(_plain(value), sort_keys=True, default=str)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float | Decimal):
        return int(value) if is_whole(value) else {"number": _digits(Decimal(value))}
    return value


def is_whole(value: Any) -> bool:
    """Tell a number without a fraction that is not so large that writing it out would take long."""
    if isinstance(value, float | Decimal):
        exact = Decimal(value)
        return exact.is_finite() and exact.adjusted() < _LARGE and exact == exact.to_integral_value()
    return isinstance(value, int) and not isinstance(value, bool)


def _digits(value: Decimal) -> list[Any]:
    sign, digits, exponent = value.as_tuple()
    written = "".join(map(str, digits))
    stripped = written.rstrip("0")
    return [sign, stripped, int(exponent) + len(written) - len(stripped) if isinstance(exponent, int) else exponent]


def shown(value: Any) -> str:
    """Write a value for a sentence; a long one is cut."""
    text = json.dumps(value, ensure_ascii=False, default=_number)
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)


def json_type(value: Any) -> str:
    """Name a value's JSON type; a number without a fraction is an integer."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "string"
        case dict():
            return "object"
        case list():
            return "array"
    exact = Decimal(value)
    return "integer" if exact == exact.to_integral_value() else "number"


def is_multiple(value: Any, of: Any) -> bool:
    """Tell whether a number is a whole multiple of another; of numbers too far apart to say, it is not."""
    try:
        return bool(Decimal(value) % Decimal(of) == 0)
    except (ArithmeticError, TypeError, ValueError):  # one is zero, no number, or larger by more digits than are kept
        return False
