"""Parts and pages go in whose language has not all of our words; they come out with the English ones told apart.

`Words` encloses what it says in English on a page of another language; here that becomes `lang="en"` where the greater
part of a text is ours.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from understudy.publish.edition import Told
from understudy.publish.page import Part
from understudy.publish.words import CLOSE, ENGLISH, OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from understudy.publish.outline import Outline
    from understudy.publish.page import Book, Entry, Group, Page

_MARK = re.compile(f"([{OPEN}{CLOSE}])")
_SILENT = re.compile(r"(`+).*?\1|\]\([^)]*\)|&\w+;", re.DOTALL)
"""Code and addresses, which are of no language."""


def spoken(parts: Iterable[Part]) -> Iterator[Part]:
    """Tell the language of each title and text; where the two differ, the text becomes a part of its own."""
    for part in parts:
        title, text = told(part.title), told(part.text)
        below = tuple(spoken(part.parts))
        is_mixed = title and text and title.language != text.language and _letters(text.text)
        if is_mixed and not part.language:
            below = (Part("prose", text=text.text, language=text.language), *below)
            yield replace(part, title=title.text, text="", parts=below, language=title.language)
        else:
            language = part.language or title.language or text.language
            yield replace(part, title=title.text, text=text.text, parts=below, language=language)


def told(text: str) -> Told:
    """Take the marks out of a text, and tell its language by what is between them."""
    if OPEN not in text:
        return Told(text)
    depth, ours, theirs = 0, 0, 0
    for piece in _MARK.split(_SILENT.sub("", text)):
        depth += (piece == OPEN) - (piece == CLOSE)
        count = _letters(piece)
        ours, theirs = (ours + count, theirs) if depth else (ours, theirs + count)
    return Told(_MARK.sub("", text), ENGLISH if ours >= theirs else "")


def _letters(text: str) -> int:
    return sum(map(str.isalpha, _SILENT.sub("", text)))


def spoken_outline(outline: Outline) -> Outline:
    """Tell the languages of the titles of pages and of their navigation."""
    book = replace(outline.book, groups=tuple(map(_group, outline.book.groups)))
    return replace(outline, book=book, pages=tuple(_page(page, book) for page in outline.pages))


def _page(page: Page, book: Book) -> Page:
    title, summary = told(page.title), told(page.summary)
    language = page.title_language or title.language or summary.language
    before, after = (_entry(one) if one else None for one in (page.before, page.after))
    found = replace(page, title=title.text, summary=summary.text, title_language=language)
    return replace(found, before=before, after=after, book=book)


def _group(group: Group) -> Group:
    title = told(group.title)
    entries = tuple(map(_entry, group.entries))
    return replace(group, title=title.text, language=group.language or title.language, entries=entries)


def _entry(entry: Entry) -> Entry:
    title = told(entry.title)
    return replace(entry, title=title.text, language=entry.language or title.language)
