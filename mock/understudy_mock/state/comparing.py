"""A value that an item has and one that was asked for go in; whether they are equal, or which is first, comes out."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy_mock.state.memory import Item

_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?")
_DATE_LENGTH = len("2024-01-15")


def equal(held: Any, asked: Any) -> bool:
    """Tell whether a property has the value, or one of the values; a list has each of its members."""
    if isinstance(asked, list):
        return any(equal(held, one) for one in asked)
    if isinstance(held, list):
        return any(equal(one, asked) for one in held)
    if held == asked and isinstance(held, bool) == isinstance(asked, bool):
        return True
    if isinstance(asked, str) and not isinstance(held, dict):
        text = _text(held)
        return text == asked or ("," in asked and text in asked.split(","))
    return False


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)


def compare(held: Any, asked: Any) -> int | None:
    """Tell whether a value is less (-1), equal (0) or greater (1); None where the two have no order."""
    if _is_text_of_day(asked) and isinstance(held, str) and _ISO.fullmatch(held):
        return _order(held[:_DATE_LENGTH], asked)
    first, second = _rankable(held), _rankable(asked)
    if first is None or second is None:
        return None
    if isinstance(first, datetime) and isinstance(second, Decimal):
        first = Decimal(str(first.timestamp()))
    if isinstance(second, datetime) and isinstance(first, Decimal):
        second = Decimal(str(second.timestamp()))
    return _order(first, second) if type(first) is type(second) else None


def _is_text_of_day(value: Any) -> bool:
    return isinstance(value, str) and len(value) == _DATE_LENGTH and bool(_ISO.fullmatch(value))


def _order(first: Any, second: Any) -> int:
    return int(first > second) - int(first < second)


def _rankable(value: Any) -> Decimal | datetime | str | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float | str):
        return None
    if not isinstance(value, str):
        return Decimal(str(value))
    if _ISO.fullmatch(value) and (instant := _instant(value)):
        return instant
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value.casefold()
    return number if number.is_finite() else value.casefold()


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def sort_key(value: Any) -> tuple[int, Any]:
    """Give what orders values of any type: missing ones first, then truth values, numbers, texts, everything else."""
    if value is None:
        return (0, 0)
    if isinstance(value, bool):
        return (1, value)
    if isinstance(value, int | Decimal | float):
        return (2, Decimal(str(value)))
    return (3, value.casefold()) if isinstance(value, str) else (4, str(value))


def contains(item: Item, text: str) -> bool:
    """Look for the text in the item's texts; a `+` that arrived as a blank is no matter (form encoding)."""
    sought = text.strip().casefold()
    return any(sought in one.casefold() for one in _texts(item, 2))


def _texts(value: Any, depth: int) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict) and depth:
        return [text for one in value.values() for text in _texts(one, depth - 1)]
    return []
