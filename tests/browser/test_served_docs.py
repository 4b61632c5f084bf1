"""The documentation that a mock shows of itself, and the console: what is asked there, the mock answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from conftest import Tab

DOCS = "/__docs/"
RELEASE = "pt-BR/talkover/ops/requestPhoneRelease.html"
CONSOLE = "pt-BR/talkover/console.html"
RELEASE_IN_CONSOLE = "#tag/phone-numbers/POST/phone-numbers/{phone_number_id}/request-release"
SCALAR = ".scalar-app"
IN_A_COOKIE = """\
openapi: 3.1.0
info: {title: Milk, version: "1"}
security: [{key: []}]
paths:
  /milk:
    get:
      operationId: getMilk
      responses:
        "200": {description: x, content: {application/json: {example: fresh}}}
        "401": {description: x}
components: {securitySchemes: {key: {type: apiKey, in: cookie, name: sid}}}
"""


class Server(Protocol):
    """What `serve_module` starts."""

    url: str

    @property
    def port(self) -> int: ...


@pytest.fixture(scope="module")
def mock(serve_module: Callable[..., Server]) -> Server:
    return serve_module("talkover", "talkturo")


@pytest.fixture
def visit(mock: Server, open_tab: Callable[..., Tab]) -> Callable[..., Tab]:
    """Open a page of the documentation; gives the tab."""

    def opened(path: str = "", **context: Any) -> Tab:
        tab = open_tab(mock.url, viewport={"width": 1280, "height": 900}, **context)
        tab.page.goto(f"{mock.url}{DOCS}{path}")
        return tab

    return opened


def refused_only(tab: Tab) -> None:
    """Hold that nothing but the answer that was asked for was an error to the browser, and nobody else was asked."""
    assert all("409 (Conflict)" in error for error in tab.errors), tab.errors
    assert tab.foreign == []


def test_what_happens_to_a_second_request_is_found_in_portuguese_and_asked_in_one_click(
    visit: Callable[..., Tab],
) -> None:
    tab = visit()
    tab.holds()
    page = tab.page
    page.get_by_role("link", name="Português (Brasil)").click()
    for name in ("API da Talkover", "Números de telefone", "Solicitar a liberação de um número de telefone"):
        page.get_by_role("main").get_by_role("link", name=name).first.click()
    assert page.url.endswith(f"{DOCS}{RELEASE}")
    tab.holds()
    page.get_by_role("tab", name="409").click()
    page.locator('.ask[data-prefer*="alreadyPending"] a').first.click()
    told = page.locator(".asked").first
    expect(told).to_contain_text("409")
    expect(told).to_contain_text("RELEASE_ALREADY_PENDING")
    assert page.url.endswith(f"{DOCS}{RELEASE}")
    refused_only(tab)


def test_the_same_answer_is_a_link_that_works_without_scripts(visit: Callable[..., Tab]) -> None:
    page = visit(RELEASE, java_script_enabled=False).page
    page.locator('.ask[data-prefer*="alreadyPending"] a').first.click()
    assert "/__understudy__/operations/requestPhoneRelease/answer?" in page.url
    assert "RELEASE_ALREADY_PENDING" in page.content()


def test_an_answer_in_a_table_opens_below_its_row_and_shuts(visit: Callable[..., Tab]) -> None:
    tab = visit("de/talkturo/errors.html")
    link = tab.page.get_by_role("button", name=re.compile(r"Vom Mock abrufen: searchPhoneNumbers 500\b")).first
    link.click()
    told = tab.page.locator(".asked-row .asked")
    expect(told).to_contain_text("500 Internal Server Error")
    expect(link).to_have_attribute("aria-expanded", "true")
    assert tab.violations() == []
    told.get_by_role("button", name="Schließen").click()
    expect(link).to_be_focused()
    expect(told).to_have_count(0)


def test_samples_call_the_mock_as_the_reader_does(mock: Server, visit: Callable[..., Tab]) -> None:
    page = visit(RELEASE).page
    expect(page.locator("main pre").first).to_contain_text(f"{mock.url}/api/v1/phone-numbers/")
    server = page.get_by_label("Servidor")
    expect(server.locator("option:checked")).to_have_text("O mock")
    server.select_option(index=1)
    expect(page.locator("main pre").first).to_contain_text("https://app.talkover.ai/api/v1/phone-numbers/")
    server.select_option(index=0)
    expect(page.locator("main pre").first).to_contain_text(f"{mock.url}/api/v1/phone-numbers/")
    page.goto(f"{mock.url.replace('127.0.0.1', 'localhost')}{DOCS}{RELEASE}")
    expect(page.locator("main pre").first).to_contain_text(f"http://localhost:{mock.port}/api/v1/phone-numbers/")


def test_a_credential_in_a_cookie_is_sent_too(
    serve: Callable[..., Server], tmp_path: Path, open_tab: Callable[..., Tab]
) -> None:
    (tmp_path / "milk.yaml").write_text(IN_A_COOKIE, "utf-8")
    server = serve("milk.yaml", "--auth", "strict")
    page = open_tab(server.url).page
    page.goto(f"{server.url}{DOCS}en/ops/getMilk.html")
    page.locator(".aside .ask a").first.click()
    expect(page.locator(".asked").first).to_contain_text("200 OK")


def send(page: Page) -> None:
    page.get_by_role("button", name="Enviar").first.click()


def test_the_console_sends_with_the_token_and_the_mock_remembers(visit: Callable[..., Tab]) -> None:
    tab = visit(f"{CONSOLE}{RELEASE_IN_CONSOLE}")
    page = tab.page
    tab.holds(without=SCALAR)
    expect(page.get_by_role("button", name=re.compile("SDK"))).to_have_count(0)  # it leads to a service of Scalar's
    page.locator('[id*="POST/phone-numbers/"] .show-api-client-button').first.click()
    send(page)
    expect(page.get_by_text("201 Created")).to_be_visible()
    send(page)
    expect(page.get_by_text("409 Conflict")).to_be_visible()
    expect(page.locator(".cm-content", has_text="RELEASE_ALREADY_PENDING")).to_be_visible()
    refused_only(tab)


def test_a_published_console_works_by_double_click_and_follows_the_colours(
    site: Path, open_tab: Callable[..., Tab]
) -> None:
    tab = open_tab("file://", viewport={"width": 1280, "height": 900})
    page = tab.page
    page.goto(f"{site.as_uri()}/de/talkturo/console.html")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Authentifizierung", exact=True).first).to_be_visible()
    tab.holds(without=SCALAR)
    servers = page.evaluate("window.understudyConsole.servers.map((server) => server.url)")
    assert servers[-1] == "http://127.0.0.1:4010/api"
    assert len(servers) > 1
    assert page.evaluate("window.understudyConsole.authentication") == {}
    for theme in ("dark", "light", "dark"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        expect(page.locator("body")).to_have_class(re.compile(rf"\b{theme}-mode\b"))
    page.get_by_role("banner").first.get_by_role("link").first.click()
    assert page.url.endswith("/index.html")


def test_a_console_fits_a_phone(site: Path, open_tab: Callable[..., Tab]) -> None:
    page = open_tab("file://", viewport={"width": 390, "height": 844}).page
    page.goto(f"{site.as_uri()}/de/talkturo/console.html")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_console_without_scripts_says_so(site: Path, open_tab: Callable[..., Tab]) -> None:
    page = open_tab("file://", java_script_enabled=False).page
    page.goto(f"{site.as_uri()}/en/talkover/console.html")
    assert page.get_by_text("The console needs JavaScript.").is_visible()
    page.get_by_role("link", name="Back to the documentation").click()
    assert page.url.endswith("/en/talkover/index.html")


def test_a_page_that_is_missing_is_as_handsome_as_the_others(visit: Callable[..., Tab]) -> None:
    tab = visit("pt-BR/talkover/ops/nothing.html")
    assert tab.violations() == []
    assert [error for error in tab.errors if "404 (Not Found)" not in error] == []
    assert tab.page.evaluate("getComputedStyle(document.querySelector('.top')).position") == "sticky"
    tab.page.get_by_role("link").last.click()
    assert DOCS in tab.page.url
