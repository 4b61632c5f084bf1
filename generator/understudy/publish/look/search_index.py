"""The pages of a book go in; the classic script comes out by which a browser finds them.

A script and no JSON file, since a page that was opened by double click may not fetch anything, but may add a script.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from understudy.publish.page import File

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from understudy.publish.page import Page, Site

_KINDS = {"operation": "operation", "schema": "schema", "webhook": "webhook"}
_MOST_FIELDS = 80
_MOST_WORDS = 160


def index_paths(site: Site, language: str) -> list[str]:
    """List the indexes that a search in a language reads."""
    return [
        _path(language, name) for name in dict.fromkeys(_book(page) for page in site.pages if page.language == language)
    ]


def indexes(site: Site) -> Iterator[File]:
    """Write the index of each book in each language."""
    sorted_pages: dict[tuple[str, str], list[Page]] = {}
    for page in site.pages:
        sorted_pages.setdefault((page.language, _book(page)), []).append(page)
    for (language, book), pages in sorted_pages.items():
        title = pages[0].book.title if pages[0].book else ""
        told = {"book": book, "title": title, "pages": [_line(page) for page in pages]}
        text = json.dumps(told, ensure_ascii=True, separators=(",", ":"))
        yield File(_path(language, book), f"(window.understudyIndexes ||= []).push({text});\n".encode())


def _path(language: str, book: str) -> str:
    return f"assets/search-{language}{'-' if book else ''}{book}.js"


def _book(page: Page) -> str:
    return page.book.name if page.book else ""


def _line(page: Page) -> Mapping[str, Any]:
    """Tell of a page: title, path, method, kind, first line, names, fields, language; what is empty is left out."""
    names = 2 if page.kind == "operation" else 0
    line = {
        "t": page.title,
        "p": page.path,
        "m": page.method,
        "k": _KINDS.get(page.kind, "guide"),
        "d": _first_line(page),
        "w": list(page.keywords[:names]),
        "f": list(page.keywords[names : names + _MOST_FIELDS]),
        "l": page.title_language,
    }
    return {key: value for key, value in line.items() if value}


def _first_line(page: Page) -> str:
    text = page.summary.partition("\n")[0]
    return text if len(text) <= _MOST_WORDS else text[:_MOST_WORDS].rpartition(" ")[0] + "…"
