"""The shipped contracts go in; pictures of the main pages of their site, console and control page come out.

`make screenshots` writes them into `docs/screenshots/`, with the system's Chromium and a mock of its own.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import httpx
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

ADDRESS = "http://127.0.0.1:4019"
FOLDER = Path(__file__).with_name("screenshots")
PATIENCE = 60
_RELEASE = "talkover/ops/requestPhoneRelease.html"


@dataclass(frozen=True)
class Picture:
    """One picture: of which page, how large, and what is done there before it is taken."""

    name: str
    path: str
    scheme: Literal["light", "dark"] = "light"
    width: int = 1440
    height: int = 900
    before: Callable[[Page], object] = lambda _: None


def _ask(page: Page) -> None:
    """Have the mock refuse a second release request."""
    page.get_by_role("tab", name="409").click()
    page.locator(".answers-aside .ask:visible a").first.click()
    page.locator(".asked pre").first.wait_for()


def _search(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("release")
    page.locator("[role=option]").first.wait_for()


def _use(page: Page) -> None:
    """Send requests that are taken, refused and forced, so that there is something to see."""
    page.evaluate(
        """async (requests) => { for (const [path, method, body, headers] of requests) await fetch(path, {
               method, body,
               headers: {Authorization: 'Bearer talq_understudy', 'Content-Type': 'application/json', ...headers},
           }); }""",
        _REQUESTS,
    )
    page.reload()


_NUMBERS = "/api/v1/phone-numbers"
_RELEASES = f"{_NUMBERS}/phone-uuid-1/request-release"
_REQUESTS: tuple[tuple[str, str, str | None, dict[str, str]], ...] = (
    (_NUMBERS, "GET", None, {}),
    (_RELEASES, "POST", '{"reason": "Calls have moved elsewhere."}', {}),
    (_RELEASES, "POST", '{"reason": "Calls have moved elsewhere."}', {}),
    (f"{_NUMBERS}/release-requests", "GET", None, {"Authorization": ""}),
    (f"{_NUMBERS}/phone-uuid-2/request-release", "POST", '{"reason": "Short."}', {}),
    ("/api/v1/voice-templates/voice-uuid-1/demo", "POST", "{}", {}),
    ("/api/v1/phone-number", "GET", None, {}),
    (_NUMBERS, "GET", None, {"Prefer": "code=500"}),
)


PICTURES = (
    Picture("control-journal", "__understudy__/page/journal", height=640, before=_use),
    Picture("portal", "__docs/en/index.html"),
    Picture("operation-pt-BR", f"__docs/pt-BR/{_RELEASE}", before=_ask),
    Picture("operation-dark", f"__docs/en/{_RELEASE}", "dark"),
    Picture("schema", "__docs/en/talkover/schemas/ReleaseRequest.html"),
    Picture("errors", "__docs/de/talkturo/errors.html"),
    Picture("search", f"__docs/en/{_RELEASE}", before=_search),
    Picture("phone", f"__docs/pt-BR/{_RELEASE}", width=390, height=844),
    Picture("console", "__docs/en/talkover/console.html", before=lambda page: page.wait_for_timeout(2500)),
    Picture("control-page", "__understudy__/"),
)


def main() -> None:
    """Take all pictures."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        sys.exit("The pictures need chromium: install it first.")
    FOLDER.mkdir(exist_ok=True)
    with _mock(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for picture in PICTURES:
            _take(browser, picture)
        browser.close()


def _take(browser: Browser, picture: Picture) -> None:
    size: Any = {"width": picture.width, "height": picture.height}
    context = browser.new_context(viewport=size, color_scheme=picture.scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{ADDRESS}/{picture.path}", wait_until="load")
    picture.before(page)
    page.screenshot(path=FOLDER / f"{picture.name}.png", animations="disabled")
    context.close()


@contextmanager
def _mock() -> Iterator[None]:
    """Run the mock of both contracts until the pictures are taken."""
    command = [str(Path(sys.executable).with_name("understudy")), "serve", "talkover", "talkturo", "--port", "4019"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(process)
            yield
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes]) -> None:
    for _ in range(PATIENCE * 10):
        if process.poll() is not None:
            sys.exit("The mock did not start; is port 4019 taken?")
        try:
            httpx.get(f"{ADDRESS}/__docs/", timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    sys.exit("The mock did not start in time.")


if __name__ == "__main__":
    main()
