"""The bounds of a schema go in; a number between them comes out (JSON Schema 2020-12, validation, 6.2)."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import Any


def within(schema: dict[str, Any], step: Decimal, further: int = 0) -> Decimal:
    """Find a number inside the bounds, a multiple of `multipleOf` where one is asked for, else of `step`.

    `further` asks for another one, so many multiples on.
    """
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
    value = (start / multiple).to_integral_value(ROUND_CEILING) * multiple
    return value + multiple * (further + (above is not None and value <= above))


def _bound(schema: dict[str, Any], keyword: str) -> Decimal | None:
    """Read a bound; OpenAPI 3.0 writes an exclusive one as a switch beside the other."""
    value = schema.get(keyword)
    if value is True:
        value = schema.get("minimum" if keyword == "exclusiveMinimum" else "maximum")
    return None if value is None or isinstance(value, bool) else Decimal(str(value))
