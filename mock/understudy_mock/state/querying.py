"""Items and a request's filters go in; the items that were asked for come out.

A parameter filters when its name is that of an item's property; `search` and `q` look into all texts; `limit`,
`offset`, `page` and `per_page` cut. What means nothing for the items is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy_mock.state.memory import Item

_SEARCH_NAMES = ("search", "q", "query")
_SIZE_NAMES = ("limit", "per_page", "perPage", "page_size", "pageSize")
_OFFSET_NAMES = ("offset", "skip")


@dataclass(frozen=True)
class Page:
    """The items of one answer, and how many there are in all."""

    items: list[Item]
    total: int


def select(items: list[Item], wanted: dict[str, Any], members: str | None) -> Page:
    """Filter and cut. With `members`, the filters look at the members of each group, and empty groups are dropped."""
    filters = {name: value for name, value in wanted.items() if value is not None}
    kept = _select_groups(items, filters, members) if members else [item for item in items if _fits(item, filters)]
    start, size = _window(filters)
    return Page(kept[start : start + size] if size is not None else kept[start:], len(kept))


def _select_groups(groups: list[Item], filters: dict[str, Any], members: str) -> list[Item]:
    found = []
    for group in groups:
        inner = group.get(members)
        kept = [member for member in inner if _fits(member, filters)] if isinstance(inner, list) else []
        if kept:
            found.append({**group, members: kept})
    return found


def _fits(item: Item, filters: dict[str, Any]) -> bool:
    for name, value in filters.items():
        if name in item:
            if not _equal(item[name], value):
                return False
        elif name in _SEARCH_NAMES and isinstance(value, str) and not _contains(item, value):
            return False
    return True


def _equal(held: Any, asked: Any) -> bool:
    if isinstance(asked, list):
        return held in asked
    if isinstance(held, list):
        return asked in held
    return bool(held == asked)


def _contains(item: Item, text: str) -> bool:
    """Look for the text in the item's texts; a `+` that arrived as a blank is no matter (form encoding)."""
    sought = text.strip().casefold()
    return any(sought in value.casefold() for value in item.values() if isinstance(value, str))


def _window(filters: dict[str, Any]) -> tuple[int, int | None]:
    size = next((count for name in _SIZE_NAMES if (count := _count(filters.get(name))) is not None), None)
    start = next((count for name in _OFFSET_NAMES if (count := _count(filters.get(name))) is not None), 0)
    page = _count(filters.get("page"))
    if size is not None and page is not None and not start:
        start = max(page - 1, 0) * size
    return start, size


def _count(value: Any) -> int | None:
    """Read a number of items; `2.0` is one (JSON Schema, 6.1.1)."""
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return int(value) if is_number and value >= 0 and value == int(value) else None
