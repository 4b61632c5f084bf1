"""A site and its twins go in; the files that machines read come out: `llms.txt`, `llms-full.txt`, `sitemap.xml`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape as escape_xml

from understudy.publish import prose
from understudy.publish.page import File
from understudy.publish.speaking import told
from understudy.publish.words import ENGLISH, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from understudy.publish.page import Book, Page, Site

_FULL = ("portal", "contract", "group", "operation", "webhook", "errors", "authentication", "states", "changelog")


def llms(site: Site) -> File:
    """Write `llms.txt` (llmstxt.org): a title, a summary, and a list of links for each part of every contract."""
    pages = {page.path: page for page in site.pages}
    blocks = [f"# {prose.plain(site.title)}"]
    books = _books(site)
    about = told(words(books[0].language)("portal_about")).text if len(books) != 1 else pages[books[0].home].summary
    if about:
        blocks.append(f"> {prose.plain(about)}")
    for book in books:
        blocks += _book(site, book, pages, is_one=len(books) == 1)
    others = [book for book in site.books if book not in books]
    if others:
        lines = [_line(site, pages[book.home], f"{book.title} ({book.language})") for book in others]
        blocks.append("\n".join(["## Optional", "", *lines]))
    return File("llms.txt", ("\n\n".join(blocks) + "\n").encode())


def _books(site: Site) -> list[Book]:
    """Choose one edition of each contract: the English one where there is one."""
    found: dict[str, Book] = {}
    for book in site.books:
        if book.name not in found or book.language == ENGLISH:
            found[book.name] = book
    return list(found.values())


def _book(site: Site, book: Book, pages: Mapping[str, Page], *, is_one: bool) -> Iterator[str]:
    for group in book.groups:
        title = group.title if is_one else f"{book.title}: {group.title}"
        lines = [_line(site, pages[entry.path], entry.title) for entry in group.entries if entry.path in pages]
        yield "\n".join([f"## {prose.plain(title)}", "", *lines])


def _line(site: Site, page: Page, title: str) -> str:
    about = f": {prose.plain(page.summary)}" if page.summary else ""
    start = f"{site.base_url}/" if site.base_url else ""
    return f"- [{prose.plain(title)}]({start}{page.path}.md){about}"


def llms_full(site: Site, twins: Iterable[tuple[str, bytes]]) -> File:
    """Write `llms-full.txt`: the twins of one language, but for schemas: these stand where they are used."""
    books = {book.home for book in _books(site)}
    wanted = {page.path for page in site.pages if page.kind in _FULL and (page.book is None or page.book.home in books)}
    languages = {book.language for book in _books(site)}
    texts = [
        content.decode().strip() for path, content in twins if path in wanted and path.partition("/")[0] in languages
    ]
    return File("llms-full.txt", ("\n\n---\n\n".join(texts) + "\n").encode())


def sitemap(site: Site) -> File:
    """Write `sitemap.xml` (sitemaps.org), with the languages of each page."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
    )
    for page in site.pages:
        lines += ["<url>", f"<loc>{_address(site, page.path)}</loc>"]
        lines += [
            f'<xhtml:link rel="alternate" hreflang="{escape_xml(language)}" href="{_address(site, path)}"/>'
            for language, path in page.translations.items()
            if len(page.translations) > 1
        ]
        lines.append("</url>")
    return File("sitemap.xml", ("\n".join([*lines, "</urlset>"]) + "\n").encode())


def _address(site: Site, path: str) -> str:
    return escape_xml(f"{site.base_url}/{path}.html", {'"': "&quot;"})
