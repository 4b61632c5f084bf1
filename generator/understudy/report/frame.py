"""A location goes in; the lines around it with a mark under the value come out, safe to print on any terminal."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy.finding import Location

CONTEXT = 2
WIDTH = 110

_BLANKS = re.compile(r"[\t\r\n]")
_MAX_BYTES = 64 * 1024 * 1024
_VALUE = re.compile(
    r"""
    "(?:[^"\\]|\\.)*" | '(?:[^']|'')*'      # a quoted text
    | [^\s:\#,\[\]{}"'][^\s:]*(?=\s*:(?:\s|$))    # a plain key
    | [\[{]                                 # the start of a container
    | [^\s\[\]{},](?:[^\[\]{},\#]|(?<!\s)\#)*   # a plain value
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Line:
    """One line to show. The mark, if it has one, starts after `indent` cells and is `length` cells wide."""

    number: int
    text: str
    indent: int = 0
    length: int = 0


def frame(location: Location) -> list[Line]:
    """Cut out the place with two lines before and after it; empty where there is no file or no such line."""
    if not location.line:
        return []
    lines = _lines(location.path, _changed(location.path))
    if not 0 < location.line <= len(lines):
        return []
    first = max(0, location.line - 1 - CONTEXT)
    shown = range(first, min(len(lines), location.line + CONTEXT))
    start = _window(lines[location.line - 1], location.column)
    return [_line(lines[index], index + 1, location, start) for index in shown]


def printable(text: str) -> str:
    """Replace what would move the cursor, change colours or break the line."""
    return "".join(character if _harmless(character) else "�" for character in _BLANKS.sub(" ", text))


def cells(text: str) -> int:
    """Count the columns a text takes on a terminal (Unicode Standard Annex 11)."""
    return sum(_cells(character) for character in text)


def _changed(path: str) -> int:
    """Tell when a file was last written, for an edited file has other lines; 0 where there is none."""
    try:
        return Path(path).stat().st_mtime_ns
    except (OSError, ValueError):
        return 0


@lru_cache(maxsize=32)
def _lines(path: str, changed: int) -> tuple[str, ...]:
    del changed
    try:
        file = Path(path)
        if not file.is_file() or file.stat().st_size > _MAX_BYTES:
            return ()
        text = file.read_bytes().decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return ()
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n"))


def _line(text: str, number: int, location: Location, start: int) -> Line:
    cut = text[start : start + WIDTH]
    shown = printable(("…" if start and text else "") + cut + ("…" if len(text) > start + WIDTH else ""))
    if number != location.line or not location.column:
        return Line(number, shown.rstrip())
    column = location.column - 1
    value = _VALUE.match(text, column)
    end = value.start() + len(value.group().rstrip()) if value else column + 1
    lead = ("…" if start else "") + text[start:column]
    marked = printable(text[column : min(end, start + WIDTH)])
    return Line(number, shown.rstrip(), cells(printable(lead)), max(1, cells(marked)))


def _window(text: str, column: int) -> int:
    """Where to start showing a line too long to be shown whole."""
    if len(text) <= WIDTH or column < WIDTH * 2 // 3:
        return 0
    return column - WIDTH // 3


def _harmless(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
