"""The parts of a page go in; what stands at its head, in its second column and below comes out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from understudy.publish.page import Part

_HEAD = {"endpoint", "prose", "note", "links"}
_LISTED = {"section", "answers", "rules", "fields", "cards"}


@dataclass(frozen=True)
class Layout:
    """Where each part of a page stands. Where there is no room for two columns they follow one another like this."""

    head: tuple[Part, ...]
    aside: tuple[Part, ...]
    rest: tuple[Part, ...]


@dataclass(frozen=True)
class Heading:
    """A line of "on this page"."""

    title: str
    anchor: str
    language: str
    below: tuple[Heading, ...] = field(default=(), repr=False)


def lay_out(parts: Sequence[Part]) -> Layout:
    """Sort parts into head, second column and the rest."""
    head: list[Part] = []
    rest: list[Part] = []
    aside: list[Part] = []
    for part in parts:
        kept, lifted = _lift(part)
        aside += lifted
        if kept is not None:
            (head if not rest and part.kind in _HEAD else rest).append(kept)
    return Layout(tuple(head), tuple(aside), tuple(rest))


def headings(parts: Sequence[Part], deep: bool = True) -> tuple[Heading, ...]:
    """List the headings that can be linked to, on two levels."""
    return tuple(
        Heading(part.title, part.anchor, part.language, headings(part.parts, deep=False) if deep else ())
        for part in parts
        if part.kind in _LISTED and part.title and part.anchor
    )


def _lift(part: Part) -> tuple[Part | None, list[Part]]:
    """Take out of a part what belongs into the second column. An answer's examples stay below its status there."""
    if part.is_aside:
        return None, [part]
    lifted = [_lift(one) for one in part.parts]
    aside = [one for _, found in lifted for one in found]
    if not aside:
        return part, []
    kept = replace(part, parts=tuple(one for one, _ in lifted if one is not None))
    if part.kind == "answer":
        aside = [replace(part, text="", anchor="", parts=tuple(aside), is_aside=True)]
    elif part.kind == "answers":
        aside = [replace(part, title="", text="", anchor="", parts=tuple(aside), is_aside=True)]
    return kept, aside
