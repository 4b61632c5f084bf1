"""A page and its site go in; the HTML of the page comes out, its links relative to where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from understudy.publish.linking import relative, resolve
from understudy.publish.look.layout import headings, lay_out
from understudy.publish.look.navigation import Navigation, navigation
from understudy.publish.look.templating import environment
from understudy.publish.words import own_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from understudy.publish.page import Book, Entry, Page, Site

_ADDRESS = re.compile(r'href="((?:page|site):[^"]*)"')
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
"""Nothing but the site's own files, and nothing that is written into the page."""

_WITH_FULL_TEXT = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
"""The search of Pagefind is WebAssembly."""


@dataclass(frozen=True)
class Frame:
    """What surrounds the middle of a page: all that the header, the navigation and the footer must know."""

    path: str
    language: str
    title: str
    summary: str = ""
    book: Book | None = None
    translations: Mapping[str, str] = field(default_factory=dict)
    before: Entry | None = None
    after: Entry | None = None
    twin: str = ""
    """The path of the same in Markdown, with its suffix."""
    policy: str = POLICY
    """The `Content-Security-Policy`."""
    style: str = "assets/site.css"
    """The path of the style of all pages, or of one that imports it."""
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    """Paths of files that this page needs besides those of all pages."""
    kind: str = "page"


def render(page: Page, site: Site) -> bytes:
    """Write a page of the site."""
    layout = lay_out(page.parts)
    frame = Frame(
        page.path,
        page.language,
        page.title,
        page.summary,
        book=page.book,
        translations=page.translations,
        before=page.before,
        after=page.after,
        twin=f"{page.path}.md",
        kind=page.kind,
        policy=_WITH_FULL_TEXT if site.has_full_text else POLICY,
    )
    values = {"page": page, "layout": layout, "headings": headings(layout.rest)}
    return _written("page.html", frame, site, values)


def framed(frame: Frame, site: Site, middle: Markup) -> bytes:
    """Write a page whose middle is not made of parts, such as a console; `page:` links in it are resolved."""
    return _written("framed.html", frame, site, {"middle": middle, "headings": ()})


def _written(template: str, frame: Frame, site: Site, values: Mapping[str, object]) -> bytes:
    html = (
        environment(frame.language)
        .get_template(template)
        .render(
            frame=frame,
            site=site,
            root=relative("", frame.path) or "./",
            canonical=_absolute(site, f"{frame.path}.html"),
            navigation=_navigation(frame, site),
            languages=_languages(frame, site),
            link=lambda path: relative(f"{path}.html", frame.path),
            file=lambda path: relative(path, frame.path),
            **values,
        )
    )
    return _ADDRESS.sub(lambda found: f'href="{escape(_resolved(found[1], frame.path))}"', html).encode()


def _resolved(address: str, here: str) -> Markup:
    return Markup(resolve(address, here))  # noqa: S704 - it stood in an attribute, so it is escaped already


def _absolute(site: Site, path: str) -> str:
    return f"{site.base_url.rstrip('/')}/{path}" if site.base_url else ""


def _navigation(frame: Frame, site: Site) -> Navigation | None:
    has_own = frame.kind == "console"
    return navigation(frame.book, frame.path) if frame.book is not None and site.books and not has_own else None


def _languages(frame: Frame, site: Site) -> list[tuple[str, str, str]]:
    """Say in which languages the page can be read: language, its own name, path; in the site's order."""
    return [
        (language, own_name(language), frame.translations[language])
        for language in site.languages
        if language in frame.translations
    ]
