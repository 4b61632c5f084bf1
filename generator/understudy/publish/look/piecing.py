"""The HTML of code and places in it go in; the HTML comes out with a mark around each, for a script to change it."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from markupsafe import Markup

from understudy.publish.pieces import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from understudy.publish.pieces import Place

_OPENING = "<code>"
_TAG = re.compile(r"(<[^>]*>)")


def pieced(html: Markup, fact: str) -> Markup:
    """Mark the pieces of a sample: `data-piece` says what stands for each, or nothing for the address."""
    before, opening, code = html.partition(_OPENING)
    marked = "".join(_marked(code, read(fact)))
    return Markup(f"{before}{opening}{marked}")  # noqa: S704 - it was HTML, and what is added is escaped


def _marked(code: str, places: Sequence[Place]) -> Iterator[str]:
    """Yield tags and text in turn; a place that goes on behind a tag has a mark of its own there."""
    at = 0
    for part in _TAG.split(code):
        if part.startswith("<") or not any(place.start + place.length > at for place in places):
            yield part
            continue
        text = unescape(part)  # to count characters, not entities
        yield from _text(text, at, places)
        at += len(text)


def _text(text: str, at: int, places: Sequence[Place]) -> Iterator[str]:
    end = 0
    for place in places:
        start, stop = max(place.start - at, 0), min(place.start + place.length - at, len(text))
        if start < stop:
            instead = place.instead if place.start >= at else None
            yield escape(text[end:start], quote=False)
            name = "data-rest" if instead is None else f'data-piece="{escape(instead)}"'
            yield f"<span {name}>{escape(text[start:stop], quote=False)}</span>"
            end = stop
    yield escape(text[end:], quote=False)
