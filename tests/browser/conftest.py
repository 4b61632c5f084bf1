"""A browser for tests: Debian's Chromium, and a tab that notes what no page of ours may do.

Three things hold for each page that is looked at (`tab.holds()`): no violation that axe finds, in light and in dark; no
request to another origin; no error on the console.
"""

from __future__ import annotations

import importlib.resources
import os
import shutil
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_OWN_SCHEMES = ("data", "blob", "about")


@cache
def _axe() -> str:
    return importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()


@dataclass
class Tab:
    """One page of a browser, and what it did that it should not have done."""

    page: Page
    origin: str
    """Such as `http://127.0.0.1:4010` or `file://`."""
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in _OWN_SCHEMES and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.foreign.append(request.url)

    def violations(self, without: str = "") -> list[str]:
        """Run axe on the page as it is now, `without` what isn't ours; give each violation with the places it has."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_axe())
        options = "{resultTypes: ['violations'], preload: false}"  # else axe fetches styles, which file:// refuses
        run = f"(without) => axe.run(without ? {{exclude: [without]}} : document, {options})"
        report: dict[str, Any] = self.page.evaluate(run, without)
        return [
            f"{one['id']}: {one['help']}: " + "; ".join(str(node["html"])[:160] for node in one["nodes"][:5])
            for one in report["violations"]
        ]

    def holds(self, without: str = "") -> None:
        """Hold the three assertions, in light and in dark; axe does not look at what isn't ours."""
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert self.violations(without) == [], f"axe, {scheme}, {self.page.url}"
        self.page.emulate_media(color_scheme="light")
        assert self.foreign == [], self.page.url
        assert self.errors == [], self.page.url


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a site of both shipped contracts and an awkward one."""
    from site_building import write_site

    folder = tmp_path_factory.mktemp("site")
    write_site(folder)
    return folder


@pytest.fixture(scope="module")  # while Playwright runs, its event loop does, and no other test could run one
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        assert not os.environ.get("UNDERSTUDY_BROWSER"), "UNDERSTUDY_BROWSER wants the browser tests: install chromium"
        pytest.skip("no chromium on this machine: the browser tests did not run")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, headless=True, args=list(_FLAGS))
        yield started
        started.close()


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[Callable[..., Tab]]:
    """Open tabs: `open_tab(origin, **context)`, where context is what Playwright's `new_context` takes."""
    contexts: list[BrowserContext] = []

    def opened(origin: str, **context: Any) -> Tab:
        contexts.append(browser.new_context(**context))
        contexts[-1].set_default_timeout(15_000)
        return Tab(contexts[-1].new_page(), origin)

    yield opened
    for context in contexts:
        context.close()
