"""A site goes in; the page at its root comes out, where a reader chooses a language, and the page for what isn't there.

Both work without scripts. The page of errors alone has absolute links: a server shows it at any depth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from understudy.publish.look.templating import environment
from understudy.publish.page import File
from understudy.publish.words import ENGLISH, own_name

if TYPE_CHECKING:
    from understudy.publish.page import Book, Site

_SERVED = "/__docs/"
"""Where a mock that serves the site itself has it."""

_MOST_GROUPS = 8
"""So many groups of a contract are named where a language is chosen."""


def chooser(site: Site) -> File:
    """Write `index.html`: each language in its own words, with what can be read in it."""
    languages = [
        {
            "tag": language,
            "name": own_name(language),
            "text": environment(language).globals["say"]("choose-text"),  # type: ignore[operator] # Words is callable
            "home": f"{language}/index.html",
            "books": [_listed(site, book) for book in site.books if book.language == language],
        }
        for language in site.languages
    ]
    html = environment(ENGLISH).get_template("chooser.html").render(site=site, languages=languages)
    return File("index.html", html.encode())


def _listed(site: Site, book: Book) -> dict[str, object]:
    """Say of a contract what a reader may choose it by: its summary, and its groups with their operations counted."""
    home = next(page for page in site.pages if page.path == book.home)
    groups = [(group, sum(bool(entry.method) for entry in group.entries)) for group in book.groups if group.path]
    return {"book": book, "home": home, "groups": [pair for pair in groups if pair[1]][:_MOST_GROUPS]}


def not_found(site: Site) -> File:
    """Write `404.html`, in all languages of the site."""
    root = urlsplit(site.base_url).path.rstrip("/") + "/" if site.base_url else _SERVED if site.is_served else "/"
    languages = [(language, environment(language).globals["say"]) for language in site.languages]
    html = environment(ENGLISH).get_template("not_found.html").render(site=site, languages=languages, root=root)
    return File("404.html", html.encode())
