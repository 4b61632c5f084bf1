"""Items and a request's parameters go in; the items that were asked for come out, in their order and cut to a page.

What each parameter means is worked out when the mock starts (`meaning`); one that was not declared, such as a criterion
in the body of a search, filters when its name is that of an item's property.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import MISSING
from understudy_mock.state.comparing import compare, contains, equal, sort_key
from understudy_mock.state.meaning import Fields, Meaning, meaning_of
from understudy_mock.state.members import read_member

if TYPE_CHECKING:
    from collections.abc import Mapping

    from understudy_mock.state.memory import Item

_COMPARISONS = {">=": (0, 1), ">": (1,), "<=": (-1, 0), "<": (-1,)}
_DOWN = frozenset(("desc", "descending", "down", "-1", "newest", "latest"))
_UP = frozenset(("asc", "ascending", "up", "1", "oldest"))
_DIRECTED = re.compile(r"([+-]?)(.+?)(?:[\s:._,]+(asc|desc|ascending|descending|ASC|DESC))?")
_ANYTHING = frozenset(("string", "integer", "number", "boolean", "null"))
_MOST_KEPT = 256


@dataclass(frozen=True)
class Page:
    """The items of one answer, and how many there are in all; `size` is None where everything was asked for."""

    items: list[Item]
    total: int
    start: int = 0
    size: int | None = None

    @property
    def has_more(self) -> bool:
        """Tell whether items come after these."""
        return self.start + len(self.items) < self.total


@dataclass(frozen=True)
class Plan:
    """What the parameters of one listing mean. `undeclared` collects what others were found to mean."""

    meanings: dict[str, Meaning | None] = field(default_factory=dict)
    fields: Fields = field(default_factory=lambda: Fields([], None), repr=False)
    identifier: str | None = None
    undeclared: dict[str, Meaning | None] = field(default_factory=dict, repr=False, compare=False)

    def of(self, name: str) -> Meaning | None:
        """Find what a parameter means, declared or not."""
        if name in self.meanings:
            return self.meanings[name]
        if name not in self.undeclared:
            if len(self.undeclared) >= _MOST_KEPT:
                return meaning_of(name, _ANYTHING, "", self.fields)
            self.undeclared[name] = meaning_of(name, _ANYTHING, "", self.fields)
        return self.undeclared[name]

    def named(self, kind: str) -> str | None:
        """Find the name of the parameter that has a meaning."""
        return next((name for name, meaning in self.meanings.items() if meaning and meaning.kind == kind), None)


@dataclass
class _Asked:
    """What one request asks for."""

    filters: list[tuple[str, Meaning | None, Any]] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)


NO_PLAN = Plan()


def select(items: list[Item], wanted: Mapping[str, Any], members: str | None, plan: Plan = NO_PLAN) -> Page:
    """Filter, order and cut. With `members`, filters look at the members of each group; empty groups are dropped."""
    if not wanted:
        return Page(items, len(items))
    asked = _read(wanted, plan)
    if members:
        kept = _select_groups(items, asked, members)
    else:
        kept = [item for item in items if _fits(item, asked)] if asked.filters else items
    kept = _sorted(kept, asked.values, plan)
    start, size = _window(kept, asked.values, plan)
    return Page(kept[start : start + size] if size is not None else kept[start:], len(kept), start, size)


def _read(wanted: Mapping[str, Any], plan: Plan) -> _Asked:
    asked = _Asked()
    for name, value in wanted.items():
        if value is None:
            continue
        meaning = plan.of(name)
        if isinstance(value, dict):
            inner = {f"{name}[{key}]": held for key, held in value.items()}
            below = _read(inner, plan)
            asked.filters += below.filters
            asked.values |= below.values
        elif meaning is None or meaning.kind in ("filter", "search"):
            asked.filters.append((name, meaning, value))
        else:
            asked.values.setdefault(meaning.kind, value)
    return asked


def _select_groups(groups: list[Item], asked: _Asked, members: str) -> list[Item]:
    found = []
    for group in groups:
        inner = group.get(members)
        kept = [member for member in inner if _fits(member, asked)] if isinstance(inner, list) else []
        if kept:
            found.append({**group, members: kept})
    return found


def _fits(item: Item, asked: _Asked) -> bool:
    for name, meaning, value in asked.filters:
        if meaning is None or meaning.kind == "search":
            if name in item:
                if not equal(item[name], value):
                    return False
            elif meaning and isinstance(value, str) and not contains(item, value):
                return False
        else:
            held = read_member(item, meaning.tokens)
            if not (meaning.is_lenient and held is MISSING) and not _passes(held, meaning.operator, value):
                return False
    return True


def _passes(held: Any, operator: str, asked: Any) -> bool:
    if operator == "=":
        return held is not MISSING and equal(held, asked)
    if operator == "!=":
        return held is MISSING or not equal(held, asked)
    if operator == "not":
        return asked is not True or held is not True
    if operator in ("~", "^"):
        texts = held if isinstance(held, list) else [held]
        sought = str(asked).strip("%*").casefold()
        found = [one.casefold() for one in texts if isinstance(one, str)]
        return any(one.startswith(sought) if operator == "^" else sought in one for one in found)
    return held is not MISSING and compare(held, asked) in _COMPARISONS[operator]


def _sorted(items: list[Item], values: dict[str, Any], plan: Plan) -> list[Item]:
    """Order by what is asked for, the last key first (a stable sort); what is unknown orders nothing."""
    wanted, order = values.get("sort"), str(values.get("order", "")).casefold()
    for tokens, is_down in reversed(_keys(wanted, order, plan)):
        found = sorted(items, key=lambda item: sort_key(_value(item, tokens)), reverse=is_down)
        items = found
    return items


def _value(item: Item, tokens: tuple[str, ...]) -> Any:
    held = read_member(item, tokens)
    return None if held is MISSING else held


def _keys(wanted: Any, order: str, plan: Plan) -> list[tuple[tuple[str, ...], bool]]:
    if wanted is None:
        born = plan.fields.born() if order in _DOWN | _UP else None
        return [(born.tokens, order in _DOWN)] if born else []
    pieces = wanted if isinstance(wanted, list) else re.split(r"\s*,\s*", str(wanted).strip())
    found: list[tuple[tuple[str, ...], bool]] = []
    for piece in map(str, pieces):
        if piece.casefold() in _DOWN | _UP:  # as in `name,desc`
            found[-1:] = [(tokens, piece.casefold() in _DOWN) for tokens, _ in found[-1:]] or _born(piece, plan)
        elif (match := _DIRECTED.fullmatch(piece)) and (key := plan.fields.called(match[2])):
            is_down = match[1] == "-" or (match[3] or "").casefold() in _DOWN
            found.append((key.tokens, is_down or (not match[1] and not match[3] and order in _DOWN)))
    return found


def _born(piece: str, plan: Plan) -> list[tuple[tuple[str, ...], bool]]:
    born = plan.fields.born()
    return [(born.tokens, piece.casefold() in _DOWN)] if born else []


def _window(items: list[Item], values: dict[str, Any], plan: Plan) -> tuple[int, int | None]:
    if not values:
        return 0, None
    size, start = _count(values.get("size")), _count(values.get("offset")) or 0
    for kind, first in (("page", 1), ("page0", 0)):
        number = _count(values.get(kind))
        if size is not None and number is not None and not start:
            start = max(number - first, 0) * size
    if (after := values.get("after")) is not None:
        start = _position(items, after, plan.identifier)
        start += 1 if _is_item(items, after, plan.identifier) else 0
    elif (before := values.get("before")) is not None:
        end = _position(items, before, plan.identifier)
        start = max(end - size, 0) if size is not None else 0
        size = end - start
    return start, size


def _is_item(items: list[Item], cursor: Any, identifier: str | None) -> bool:
    return identifier is not None and _index(items, str(cursor), identifier) is not None


def _position(items: list[Item], cursor: Any, identifier: str | None) -> int:
    """Find where a cursor points: to the item it names, else to the place where that stood; the start if to nothing."""
    text = str(cursor)
    if identifier is not None and (found := _index(items, text, identifier)) is not None:
        return found
    offset, name = read_cursor(text)
    if name and identifier is not None and (found := _index(items, name, identifier)) is not None:
        return found + 1
    return min(offset, len(items))


def _index(items: list[Item], text: str, identifier: str) -> int | None:
    tokens = tuple(identifier.split("/"))
    return next((index for index, item in enumerate(items) if str(read_member(item, tokens)) == text), None)


def cursor_after(page: Page, identifier: str | None) -> str:
    """Write an opaque cursor that goes on after a page, also when items before it come or go."""
    named = read_member(page.items[-1], tuple(identifier.split("/"))) if identifier and page.items else MISSING
    return write_cursor(page.start + len(page.items), "" if named is MISSING else str(named))


def write_cursor(offset: int, name: str = "") -> str:
    """Hide a place in a list from those who should not count on it."""
    return base64.urlsafe_b64encode(f"{offset}:{name}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[int, str]:
    """Read a cursor of ours, or a plain number; anything else is the start."""
    if text.isdecimal() and text.isascii():
        return int(text[:18]), ""
    try:
        told = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        return 0, ""
    offset, colon, name = told.partition(":")
    is_ours = bool(colon) and offset.isdecimal() and offset.isascii()
    return (int(offset[:18]), name) if is_ours else (0, "")


def _count(value: Any) -> int | None:
    """Read a number of items; `2.0` is one (JSON Schema, 6.1.1)."""
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return int(value) if is_number and value >= 0 and value == int(value) else None
