"""A place in an item, told by tokens or by a path such as `metadata/name`, goes in; what stands there comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import MISSING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from understudy_mock.state.memory import Item


def read_member(item: Any, tokens: tuple[str, ...]) -> Any:
    """Read what stands at a place of an item; MISSING where nothing does."""
    for token in tokens:
        if not isinstance(item, dict) or token not in item:
            return MISSING
        item = item[token]
    return item


def member(item: Mapping[str, Any], path: str | None) -> Any:
    """Read a property, or with a path one of an object in it; MISSING where there is none."""
    if path is None:
        return MISSING
    if path in item or "/" not in path:
        return item.get(path, MISSING)
    return read_member(item, tuple(path.split("/")))


def with_member(item: Item, path: str, value: Any) -> Item:
    """Give an item that has this at a place; objects on the way are made."""
    return _with(item, tuple(path.split("/")) if path not in item else (path,), value)


def _with(item: Any, tokens: tuple[str, ...], value: Any) -> Item:
    around: Item = dict(item) if isinstance(item, dict) else {}
    first, rest = tokens[0], tokens[1:]
    around[first] = _with(around.get(first), rest, value) if rest else value
    return around
