"""The parts of a page go in; the same parts come out with an id for every field, and no id twice."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from understudy.publish.naming import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from understudy.publish.page import Part

_slug = lru_cache(4096)(slug)
_DEEPEST = 3
"""So many fields below each other have ids of their own."""


def anchored(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Give fields ids that say where they are (`body-address-city`), and tell equal ids apart by a number."""
    return tuple(_anchored(parts, "", 0, {"content": 1, "search": 1}))


def _anchored(parts: Iterable[Part], above: str, depth: int, taken: dict[str, int]) -> Iterator[Part]:
    for part in parts:
        anchor = part.anchor
        if not anchor and part.kind == "field" and depth < _DEEPEST and above:
            anchor = f"{above}-{_slug(part.facts.get('name', ''))}"
        if anchor:
            anchor = _free(anchor, taken)
        is_field = part.kind == "field"
        below = tuple(_anchored(part.parts, anchor or above, depth + is_field, taken)) if part.parts else ()
        yield part if anchor == part.anchor and below == part.parts else replace(part, anchor=anchor, parts=below)


def _free(anchor: str, taken: dict[str, int]) -> str:
    count = taken[anchor] = taken.get(anchor, 0) + 1
    if count == 1:
        return anchor
    return _free(f"{anchor}-{count}", taken)
