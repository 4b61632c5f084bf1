"""A book and the path of a page go in; the lines of the navigation beside that page come out.

On each page of a big book only the group it belongs to is written out, so that a thousand pages do not each carry a
thousand lines; the other groups are links to their page, or to their first. Of a big group a page shows its neighbours;
all of it stands on the page its name leads to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy.publish.page import Book, Entry, Group

_ALL = 120
"""Lines up to which all groups of a book are written out on each page."""

_AROUND = 30
"""Lines before and after the current one that are shown of a big group."""

_SHORT = 12
"""Lines up to which a group is open on a page that belongs to none, such as the first."""


@dataclass(frozen=True)
class Section:
    """A group as one page shows it; `entries` are empty where it is a link only."""

    title: str
    language: str
    path: str
    entries: tuple[Entry, ...] = field(repr=False)
    is_current: bool
    is_open: bool
    overview: str
    """The path of the group's own page, if it is a line of its own."""


@dataclass(frozen=True)
class Navigation:
    """All groups, as one page shows them."""

    sections: tuple[Section, ...]


def navigation(book: Book, path: str) -> Navigation:
    """Say what the navigation beside a page shows."""
    is_whole = sum(len(group.entries) for group in book.groups) <= _ALL
    current = next((group for group in book.groups if _has(group, path)), None)
    shown = (group for group in book.groups if group.entries or group.path)
    return Navigation(tuple(_section(group, current, path, is_whole=is_whole) for group in shown))


def _has(group: Group, path: str) -> bool:
    return path == group.path or any(entry.path == path for entry in group.entries)


def _section(group: Group, current: Group | None, path: str, *, is_whole: bool) -> Section:
    is_current = group is current
    own = "" if any(entry.path == group.path for entry in group.entries) else group.path
    return Section(
        group.title,
        group.language,
        group.path or group.entries[0].path,
        group.entries if is_whole else _near(group, path) if is_current else (),
        is_current=is_current,
        is_open=is_current or (current is None and len(group.entries) <= _SHORT),
        overview=own,
    )


def _near(group: Group, path: str) -> tuple[Entry, ...]:
    """Choose what a page shows of its group."""
    if len(group.entries) <= _ALL or path == (group.path or group.entries[0].path):
        return group.entries
    place = next((index for index, entry in enumerate(group.entries) if entry.path == path), 0)
    return group.entries[max(0, place - _AROUND) : place + _AROUND + 1]
