"""What a reader does with a site: search, switch, copy, all by keyboard; and what is remembered of it."""

from __future__ import annotations

import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from site_building import stand_in, write_files

from understudy.contract.loading import load
from understudy.publish.site import Plan, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from conftest import Tab

_RELEASE = "talkover/ops/requestPhoneRelease.html"


@pytest.fixture
def page(site: Path, open_tab: Callable[..., Tab]) -> Page:
    opened = open_tab("file://", viewport={"width": 1440, "height": 900}).page
    opened.goto(f"{site.as_uri()}/en/{_RELEASE}")
    return opened


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    servers: list[ThreadingHTTPServer] = []

    def serving(folder: Path) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serving
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_search_by_keyboard_ends_on_the_page(site: Path, page: Page) -> None:
    searches = {
        "request rele": "requestPhoneRelease.html",
        "cancelReleaseRequest": "cancelReleaseRequest.html",
        "RELEASE_ALREADY_PENDING": "requestPhoneRelease.html",
        "/voice-templates/{voice": "generateVoiceDemo.html",
        "relaese request": "ReleaseRequest",
    }
    for query, found in searches.items():
        page.goto(f"{site.as_uri()}/en/talkover/index.html")
        page.keyboard.press("Control+k")
        page.keyboard.type(query)
        page.locator("[role=option]").first.wait_for()
        expect(page.get_by_role("combobox", name="Search")).to_have_attribute("aria-activedescendant", "hit-0")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/*{found}*")


def test_a_search_begins_with_the_guides_and_names_the_contract_of_what_is_another_s(site: Path, page: Page) -> None:
    page.keyboard.press("/")
    expect(page.locator(".search-hit", has_text="Authentication")).to_be_visible()
    page.keyboard.type("purchase")
    expect(page.locator(".hit-book").first).to_have_text("Talkturo API")
    page.keyboard.press("Escape")
    page.goto(f"{site.as_uri()}/en/talkturo/index.html")
    page.keyboard.press("/")
    page.keyboard.type("purchase")
    expect(page.locator(".search-hit mark").first).to_be_visible()
    expect(page.locator(".hit-book")).to_have_count(0)


def test_the_contents_show_where_one_reads_and_anchors_are_not_covered(site: Path, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.locator(".inside a", has_text="Responses").click()
    expect(page.locator(".inside a.seen")).to_have_text("Responses")
    box = page.locator("#responses .title").first.bounding_box()
    assert box
    assert 56 < box["y"] < 120
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator(".inside a.seen")).to_have_text("Source")
    page.goto(f"{site.as_uri()}/en/talkover/states.html#scenario-new-environment")
    expect(page.locator(".toc a.seen")).to_have_text("new-environment")


def test_a_search_for_nothing_says_so_and_escape_ends_it(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("qqqqq")
    expect(page.locator(".search-keys")).to_contain_text("qqqqq")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.search")).not_to_be_visible()


@pytest.mark.parametrize(
    ("query", "order"), [("release", ["Operations", "Schemas"]), ("ReleaseRequest", ["Schemas", "Operations"])]
)
def test_operations_are_listed_first_unless_something_is_called_just_so(
    query: str, order: list[str], page: Page
) -> None:
    page.keyboard.press("/")
    page.keyboard.type(query)
    expect(page.locator(".search-group").nth(0)).to_have_text(order[0])
    expect(page.locator(".search-group").nth(1)).to_have_text(order[1])


def test_a_search_ignores_accents(site: Path, page: Page) -> None:
    page.goto(f"{site.as_uri()}/pt-BR/{_RELEASE}")
    page.keyboard.press("/")
    page.keyboard.type("solicitacao")
    expect(page.locator("[role=option] mark").first).to_have_text("solicitação", ignore_case=True)


def test_the_contents_are_filtered(page: Page) -> None:
    page.get_by_label("Filter").fill("voice")
    expect(page.locator(".found a").first).to_contain_text("oice")
    expect(page.locator(".groups")).not_to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".groups")).to_be_visible()


def test_another_language_shows_the_same_page_and_place(site: Path, page: Page) -> None:
    page.goto(f"{site.as_uri()}/en/{_RELEASE}#responses")
    page.locator(".languages summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Português").click()
    page.wait_for_url(f"**/pt-BR/{_RELEASE}#responses")
    assert page.locator("html").get_attribute("lang") == "pt-BR"


def test_colours_are_chosen_and_remembered(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    button = page.locator("button.theme")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    button.click()
    button.click()
    assert "dark" in (button.get_attribute("title") or "")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_tabs_follow_the_arrows_and_remember_the_language(site: Path, page: Page) -> None:
    tab = page.get_by_role("tab", name="curl")
    tab.focus()
    page.keyboard.press("ArrowRight")
    python = page.get_by_role("tab", name="Python")
    expect(python).to_be_focused()
    expect(python).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel", name="Python")).to_be_visible()
    expect(page.get_by_role("tabpanel", name="curl")).not_to_be_visible()
    page.goto(f"{site.as_uri()}/en/talkover/ops/createDid.html")
    expect(page.get_by_role("tab", name="Python")).to_have_attribute("aria-selected", "true")


def test_a_server_is_chosen_for_all_pages_of_a_contract(site: Path, open_tab: Callable[..., Tab]) -> None:
    tab = open_tab("file://", viewport={"width": 1440, "height": 900})
    page, server = tab.page, tab.page.get_by_label("Server", exact=True)
    page.goto(f"{site.as_uri()}/en/{_RELEASE}")
    before = page.locator(".samples code").all_text_contents()
    server.focus()
    page.keyboard.press("ArrowDown")
    for path in (_RELEASE, "talkover/ops/createDid.html", "talkover/index.html"):
        page.goto(f"{site.as_uri()}/en/{path}")
        expect(page.locator(".servers > li:visible")).to_contain_text("with your own credential; see Authentication")
        for code in page.locator(".samples pre code").all_text_contents():
            assert "https://app.talkover.ai/api/v1/" in code
            assert not re.search("127.0.0.1|talq_", code)
            assert "YOUR_CREDENTIALS" in code
    page.emulate_media(media="print")
    expect(page.locator(".servers > li:visible")).to_contain_text("The public service: https://app.talkover.ai/api/v1")
    page.emulate_media(media="screen")
    page.goto(f"{site.as_uri()}/en/{_RELEASE}")
    assert tab.violations() == []
    server.select_option("The mock")
    assert page.locator(".samples code").all_text_contents() == before


def test_what_is_typed_into_an_address_is_quoted_in_each_language(site: Path, page: Page) -> None:
    page.goto(f"{site.as_uri()}/de/talkturo/ops/purchasePhoneNumber.html")
    assert all("127.0.0.1" in code for code in page.locator(".samples pre code").all_text_contents())
    page.get_by_label("Server", exact=True).select_option("Der Dienst unter der eigenen Domain des Kontos")
    page.get_by_label("domain").fill("it's\"\\x/")
    page.reload()
    curl, python, typescript = page.locator(".samples pre code").all_text_contents()
    assert """curl 'https://it'\\''s"\\x//api/phone-numbers/purchase'""" in curl
    for code in (python, typescript):
        assert r"""("https://it's\"\\x//api/phone-numbers/purchase",""" in re.sub(r"\(\s+", "(", code)
    expect(page.get_by_label("domain")).to_have_value("it's\"\\x/")


def test_a_link_to_a_folded_answer_unfolds_it_and_one_to_an_example_shows_its_tab(site: Path, page: Page) -> None:
    page.goto(f"{site.as_uri()}/en/{_RELEASE}#answer-409")
    expect(page.locator("#answer-409 .fold-body")).to_be_visible()
    expect(page.locator("#answer-422 .fold-body")).not_to_be_visible()
    page.evaluate("location.hash = 'answer-422-numberinuse'")
    expect(page.get_by_role("tab", name="422")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#answer-422-numberinuse")).to_be_in_viewport()


def test_the_first_key_leads_past_the_header(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_long_lines_show_that_they_go_on_until_they_are_wrapped(site: Path, page: Page) -> None:
    block = page.locator(".samples .copied-from").first
    expect(block).to_have_class("copied-from goes-on")
    block.get_by_role("button", name="Wrap long lines").focus()
    expect(block.locator(".code-tools")).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    expect(block).to_have_class("copied-from")
    page.goto(f"{site.as_uri()}/en/talkover/ops/createDid.html")
    expect(page.locator(".samples pre").first).to_have_css("white-space-collapse", "preserve")
    expect(page.locator(".samples pre").first).to_have_css("text-wrap-mode", "wrap")


def test_on_a_phone_the_words_come_before_the_code_which_is_one_tap_away(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    order = ("h1", ".endpoint", ".lead .prose", "#parameters", "#responses", ".samples", ".turn")
    tops = [page.locator(one).first.bounding_box() for one in order]
    assert [box["y"] for box in tops if box] == sorted(box["y"] for box in tops if box)
    assert None not in tops
    page.get_by_role("link", name="Samples and examples").click()
    expect(page.get_by_role("tab", name="curl")).to_be_in_viewport()
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.get_by_role("link", name="Samples and examples")).not_to_be_visible()


def test_an_operation_is_one_click_away_from_its_place_in_the_console(page: Page) -> None:
    page.get_by_role("link", name="Try it in the console").click()
    heading = page.get_by_role("heading", name="Request the release of a phone number")
    expect(heading.first).to_be_in_viewport()
    assert page.url.endswith("#tag/phone-numbers/POST/phone-numbers/{phone_number_id}/request-release")


def test_code_is_copied_as_it_stands(site: Path, open_tab: Callable[..., Tab], serve: Callable[[Path], str]) -> None:
    address = serve(site)
    page = open_tab(address, permissions=["clipboard-read", "clipboard-write"]).page
    page.goto(f"{address}/en/{_RELEASE}")
    page.get_by_label("Server", exact=True).select_option("The public service")
    block = page.locator(".samples .copied-from").first
    block.hover()
    block.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == block.locator("code").text_content()
    assert "curl 'https://app.talkover.ai/api/v1/phone-numbers/" in copied


def test_what_is_not_there_is_said_in_every_language(
    site: Path, open_tab: Callable[..., Tab], serve: Callable[[Path], str]
) -> None:
    address = serve(site)
    tab = open_tab(address)
    tab.page.goto(f"{address}/404.html")
    tab.holds()
    for language in ("en", "de", "pt-BR"):
        expect(tab.page.locator(f"section[lang={language}] a")).to_have_attribute("href", f"/{language}/index.html")


def test_every_word_is_found_where_a_server_gives_out_the_index(
    tmp_path: Path, open_tab: Callable[..., Tab], serve: Callable[[Path], str]
) -> None:
    pytest.importorskip("pagefind")
    subject = Subject(load("talkover"), stand_in("/api/v1"))
    plan = Plan((subject,), languages=("en",), has_full_text=True)
    write_files(plan, tmp_path)
    address = serve(tmp_path)
    tab = open_tab(address)
    tab.page.goto(f"{address}/en/index.html")
    tab.page.keyboard.press("/")
    tab.page.keyboard.type("dashboard")
    expect(tab.page.get_by_role("group", name="In the text").get_by_role("option").first).to_be_visible()
    tab.holds()
