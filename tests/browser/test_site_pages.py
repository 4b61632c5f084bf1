"""What holds for every kind of page of a site, opened by double click: read, linked, found, on any screen."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Tab

_KINDS = {
    "chooser": "index",
    "portal": "en/index",
    "group": "en/talkover/groups/Phone-numbers",
    "operation": "en/awkward/ops/listThings",
    "schema": "en/awkward/schemas/Thing",
    "webhook": "en/awkward/webhooks/thing.created",
    "errors": "de/talkturo/errors",
    "authentication": "en/talkover/authentication",
    "states": "en/talkover/states",
    "changelog": "en/awkward/changelog",
    "contract": "en/awkward/index",
}
_RELEASE = "pt-BR/talkover/ops/requestPhoneRelease"
_WIDTHS = (390, 820, 1280, 1680)
_COVERED = """() => [...document.querySelectorAll("main a")].filter((link) => link.checkVisibility()).filter((link) => {
  link.scrollIntoView({block: "center"});
  const box = link.getClientRects()[0];
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return !link.contains(hit);
}).map((link) => link.textContent)"""
"""The links a click does not reach, since something else lies on them."""


@pytest.mark.parametrize("kind", _KINDS)
def test_a_page_holds_and_fits_every_screen(kind: str, site: Path, open_tab: Callable[..., Tab]) -> None:
    tab = open_tab("file://", viewport={"width": 1280, "height": 900})
    tab.page.goto(f"{site.as_uri()}/{_KINDS[kind]}.html")
    tab.holds()
    assert tab.page.evaluate(_COVERED) == []
    for width in _WIDTHS:
        tab.page.set_viewport_size({"width": width, "height": 900})
        wide = tab.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{kind} is {wide} wide on a screen of {width}"


def test_a_page_holds_with_its_search_open_and_all_unfolded(site: Path, open_tab: Callable[..., Tab]) -> None:
    tab = open_tab("file://", viewport={"width": 390, "height": 844})
    tab.page.goto(f"{site.as_uri()}/{_RELEASE}.html")
    tab.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    tab.holds()
    tab.page.goto(f"{site.as_uri()}/en/index.html")
    tab.page.keyboard.press("/")
    tab.page.keyboard.type("release")
    tab.page.locator("[role=option]").first.wait_for()
    tab.holds()


def test_without_scripts_everything_can_be_read(site: Path, open_tab: Callable[..., Tab]) -> None:
    page = open_tab("file://", java_script_enabled=False, viewport={"width": 1280, "height": 900}).page
    page.goto(f"{site.as_uri()}/{_RELEASE}.html")
    for sample in ("curl 'http", "import httpx", "await fetch("):
        assert page.locator("main pre", has_text=sample).first.is_visible(), sample
    for status in ("201", "401", "404", "409", "422"):
        assert page.locator(".aside .panel-title", has_text=status).is_visible(), status
    assert [one.is_visible() for one in page.locator(".servers > li").all()] == [True, True]
    assert not page.locator(".search-open").is_visible()
    folded = page.locator("details.fold").nth(2)
    folded.locator("summary").first.click()
    assert folded.locator(".fold-body").is_visible()


def test_without_scripts_a_phone_has_its_contents(site: Path, open_tab: Callable[..., Tab]) -> None:
    page = open_tab("file://", java_script_enabled=False, viewport={"width": 390, "height": 844}).page
    page.goto(f"{site.as_uri()}/{_RELEASE}.html")
    entry = page.locator(".side a[aria-current=page]")
    assert not entry.is_visible()
    page.locator(".side-open").click()
    assert entry.is_visible()


def test_on_paper_nothing_is_folded_and_addresses_are_written_out(site: Path, open_tab: Callable[..., Tab]) -> None:
    page = open_tab("file://").page
    page.goto(f"{site.as_uri()}/{_RELEASE}.html")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(panel.is_visible() for panel in page.locator(".panel pre").all())
    assert page.locator("details.fold .fold-body").last.is_visible()
    assert not page.locator(".side").is_visible()
    shown = page.evaluate("getComputedStyle(document.querySelector('.ask a'), '::after').content")
    assert "http" in shown


def test_every_link_and_anchor_leads_somewhere(site: Path) -> None:
    pages = {path.relative_to(site).as_posix(): _Read(path.read_text()) for path in site.rglob("*.html")}
    assert len(pages) > 60
    assert [fault for path, page in pages.items() for fault in _faults(path, page, pages, site)] == []


def test_all_of_a_page_may_run_is_its_own_files(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = unescape(path.read_text())
        assert not re.search(r"\son[a-z]+=|<style|<script(?![^>]* src=)|\sstyle=", text), path
        if not path.stem.startswith("console"):
            assert "script-src 'self';" in text, path


class _Read(HTMLParser):
    """The ids and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            elif name in ("href", "src") and tag != "base":
                self.links.append(value)


def _faults(path: str, page: _Read, pages: dict[str, _Read], site: Path) -> Iterator[str]:
    yield from (f"{path}: id {one} stands {count} times" for one, count in Counter(page.ids).items() if count > 1)
    for link in dict.fromkeys(page.links):
        parts = urlsplit(link)
        if parts.scheme or (path == "404.html" and link.startswith("/")):
            continue
        target = (site / path).parent / unquote(parts.path) if parts.path else site / path
        if not target.is_file():
            yield f"{path}: {link} leads nowhere"
            continue
        name = target.resolve().relative_to(site.resolve()).as_posix()
        if parts.fragment and name in pages and unquote(parts.fragment) not in pages[name].ids:
            yield f"{path}: {link} names no place"
