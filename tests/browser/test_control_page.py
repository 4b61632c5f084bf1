"""The control page in a browser: each of its six things by click, without JavaScript, by keyboard, and safe."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import threading
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from conftest import Server

HOME = "/__understudy__/"
BEARER = {"Authorization": "Bearer talq_me"}
NUMBERS = "/api/v1/phone-numbers"
RELEASE = f"{NUMBERS}/phone-uuid-1/request-release"


class Starting(Protocol):
    def __call__(self, *words: str, cwd: Path | None = None) -> Server: ...


@pytest.fixture(scope="module")
def mock(serve_module: Starting) -> Server:
    return serve_module("talkover", "talkturo")


@pytest.fixture(autouse=True)
def anew(mock: Server) -> None:
    """Let each test begin with nothing in force, nothing played and nothing counted."""
    for line in ("DELETE scenario", "POST reset", "DELETE journal", "DELETE coverage"):
        method, _, path = line.partition(" ")
        ask(mock, f"{HOME}{path}", method=method)


def ask(
    server: Server, path: str, body: Any = None, *, method: str = "", **headers: str
) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    sent = {**BEARER, **{name.replace("_", "-"): value for name, value in headers.items()}}
    content = None if body is None else json.dumps(body)
    if content is not None:
        sent["Content-Type"] = "application/json"
    connection.request(method or ("GET" if body is None else "POST"), path, content, sent)
    answer = connection.getresponse()
    told = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    connection.close()
    return told


@pytest.fixture
def visit(mock: Server, open_tab: Callable[..., Any]) -> Callable[..., Any]:
    """Open a page of the mock; gives the tab."""

    def opened(path: str = "", **context: Any) -> Any:
        tab = open_tab(mock.url, **context)
        tab.page.goto(f"{mock.url}{HOME}{path}")
        return tab

    return opened


def row(page: Page, text: str) -> Any:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=text, exact=True))


def test_every_page_is_without_fault_in_light_and_dark(mock: Server, visit: Callable[..., Any]) -> None:
    ask(mock, NUMBERS)
    ask(mock, RELEASE, {"reason": 3})
    ask(mock, "/api/v1/phone-nmbers")
    ask(mock, f"{HOME}operations/listDids/choice", {"status": 401}, method="PUT")
    ask(mock, f"{HOME}scenario", {"scenario": "sold-out"}, method="PUT")
    tab = visit()
    latest = json.loads(ask(mock, f"{HOME}journal")[2])["last"]
    items = "page/state/talkover/phoneNumbers"
    for path in (
        "",
        "page/journal",
        f"page/journal/{latest - 1}",
        items,
        f"{items}/phone-uuid-1",
        "page/scenarios",
        "page/coverage",
        "page/sessions",
        "page/sign-in",
    ):
        tab.page.goto(f"{mock.url}{HOME}{path}")
        tab.holds()
    tab.page.set_viewport_size({"width": 390, "height": 844})
    for path in ("", "page/journal", f"page/journal/{latest - 1}", items, "page/coverage", "page/sessions"):
        tab.page.goto(f"{mock.url}{HOME}{path}")
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert tab.violations() == []


def test_an_answer_a_delay_and_a_failure_are_chosen_and_undone(mock: Server, visit: Callable[..., Any]) -> None:
    page = visit("?find=listPhoneNumbers").page
    page.get_by_label("Answer of listPhoneNumbers").select_option("401 unauthorized")
    page.get_by_label("Delay of listPhoneNumbers").fill("5")
    page.get_by_label("How listPhoneNumbers goes wrong").select_option("status=503")
    page.get_by_label("In how many percent of requests listPhoneNumbers").fill("0")
    page.get_by_role("button", name="Apply to listPhoneNumbers").click()
    expect(page.get_by_role("status").filter(has_text="In force")).to_be_visible()
    expect(row(page, "listPhoneNumbers")).to_contain_text("401 unauthorized 5 ms late fails with 503 in 0 %")
    assert page.get_by_label("Find").input_value() == "listPhoneNumbers"
    status, headers, _ = ask(mock, NUMBERS)
    assert status == 401
    assert headers["understudy-explain"] == "chosen for this session: forced: example unauthorized of 401"
    page.get_by_role("button", name="Undo listPhoneNumbers").click()
    expect(row(page, "listPhoneNumbers")).not_to_contain_text("late")
    assert ask(mock, NUMBERS)[0] == 200


def test_the_journal_goes_on_by_itself_and_tells_everything_of_a_request(
    mock: Server, visit: Callable[..., Any]
) -> None:
    tab = visit("page/journal", permissions=["clipboard-read", "clipboard-write"])
    page = tab.page
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    ask(mock, RELEASE, {"reason": 3})
    line = page.get_by_role("row").filter(has_text="requestPhoneRelease")
    expect(line).to_contain_text("refused")
    expect(page.locator("[data-empty]")).to_have_count(0)
    page.get_by_role("button", name="Pause").click()
    ask(mock, NUMBERS)
    line.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Why this answer")).to_be_visible()
    expect(page.get_by_role("row", name="body reason type")).to_be_visible()
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    command = page.evaluate("navigator.clipboard.readText()")
    again = subprocess.run(["bash", "-c", f"{command} --silent"], capture_output=True, text=True, check=True)
    assert "The given data was invalid." in again.stdout
    assert "talq_me" not in page.content()
    page.goto(f"{mock.url}{HOME}page/journal")
    page.get_by_label("Verdict").select_option("answered")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    ask(mock, RELEASE, {"reason": 3})
    ask(mock, NUMBERS)
    expect(page.locator("tbody tr")).to_have_count(2)  # what the filter leaves out does not come by the stream either
    assert tab.errors == []


def test_rows_are_capped_and_what_came_too_fast_is_told(mock: Server, visit: Callable[..., Any]) -> None:
    ask_often(mock, 250)
    page = visit("page/journal").page
    expect(page.locator("tbody tr")).to_have_count(200)
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    ask_often(mock, 600)
    expect(page.locator("[data-total]")).to_have_text("850")
    expect(page.locator("tr.gap").first).to_contain_text("more came too fast to be shown")
    assert page.locator("tbody tr").count() == 200


def ask_often(server: Server, count: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for _ in range(count):
        connection.request("GET", NUMBERS, headers=BEARER)
        connection.getresponse().read()
    connection.close()


def test_what_is_remembered_is_changed_added_and_deleted(mock: Server, visit: Callable[..., Any]) -> None:
    page = visit("page/state").page
    page.get_by_role("link", name="phoneNumbers").click()
    page.get_by_role("link", name="phone-uuid-1").click()
    editor = page.get_by_label("Item, as JSON")
    item = json.loads(editor.input_value())
    editor.fill(json.dumps({**item, "current_status": 7}))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("current_status")
    assert '"current_status": 7' in editor.input_value()
    editor.fill(json.dumps({**item, "number": "+4930123456"}))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert "+4930123456" in ask(mock, NUMBERS)[2]
    page.get_by_role("link", name="phoneNumbers").click()
    page.get_by_text("Add an item").click()
    page.get_by_label("Item, as JSON").fill(json.dumps({**item, "id": "phone-uuid-9"}))
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("link", name="phone-uuid-9").click()
    assert "phone-uuid-9" in ask(mock, NUMBERS)[2]
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("link", name="phone-uuid-9")).to_have_count(0)
    assert "phone-uuid-9" not in ask(mock, NUMBERS)[2]
    page.get_by_role("button", name="Reset default").click()
    assert "+4930123456" not in ask(mock, NUMBERS)[2]


def test_a_scenario_is_played_left_and_reset_in_the_session_that_is_chosen(
    mock: Server, visit: Callable[..., Any]
) -> None:
    ask(mock, NUMBERS, Understudy_Session="mine")
    page = visit("page/scenarios").page
    page.get_by_label("Session").select_option("mine")
    page.get_by_role("button", name="Switch").click()
    page.get_by_role("button", name="Play new-environment").click()
    expect(page.get_by_text("played now")).to_be_visible()
    assert json.loads(ask(mock, NUMBERS, Understudy_Session="mine")[2])["data"] == []
    assert json.loads(ask(mock, NUMBERS)[2])["data"] != []
    page.get_by_role("button", name="Leave new-environment").click()
    assert json.loads(ask(mock, NUMBERS, Understudy_Session="mine")[2])["data"] != []
    ask(mock, RELEASE, {"reason": "No longer needed."}, Understudy_Session="mine")
    assert ask(mock, RELEASE, {"reason": "No longer needed."}, Understudy_Session="mine")[0] == 409
    page.get_by_role("link", name="Sessions").click()
    page.get_by_role("button", name="Reset all sessions").click()
    expect(page.get_by_role("status")).to_contain_text("All sessions")
    assert ask(mock, RELEASE, {"reason": "No longer needed."}, Understudy_Session="mine")[0] == 201


def test_coverage_tells_what_was_used_and_shows_what_was_not(mock: Server, visit: Callable[..., Any]) -> None:
    ask(mock, NUMBERS, Prefer="code=401, example=unauthorized")
    tab = visit("page/coverage")
    page = tab.page
    line = row(page, "listPhoneNumbers")
    expect(line).to_contain_text(re.compile(r"unauthorized . 1"))
    line.get_by_role("link", name="serverError").click()
    assert "/operations/listPhoneNumbers/answer" in page.url
    expect(page.locator("body")).to_contain_text('"success":false')
    page.go_back()
    page.get_by_role("button", name="Count anew").click()
    expect(row(page, "listPhoneNumbers")).not_to_contain_text(re.compile(r"unauthorized . 1"))


def test_a_link_in_a_file_leads_to_the_answer(mock: Server, open_tab: Callable[..., Any], tmp_path: Path) -> None:
    address = (
        f"{mock.url}{HOME}operations/requestPhoneRelease/answer?contract=talkover&status=409&example=alreadyPending"
    )
    (tmp_path / "site.html").write_text(f'<a href="{address.replace("&", "&amp;")}">409</a>', "utf-8")
    page = open_tab("file://").page
    page.goto((tmp_path / "site.html").as_uri())
    with page.expect_response(address) as told:
        page.get_by_role("link", name="409").click()
    assert told.value.status == 409
    expect(page.locator("body")).to_contain_text("RELEASE_ALREADY_PENDING")


def test_it_works_without_javascript(mock: Server, visit: Callable[..., Any]) -> None:
    page = visit(java_script_enabled=False).page
    page.get_by_label("Answer of listPhoneNumbers").select_option("500 serverError")
    page.get_by_role("button", name="Apply to listPhoneNumbers").click()
    expect(page.get_by_role("status")).to_contain_text("In force")
    assert ask(mock, NUMBERS)[0] == 500
    page.get_by_role("button", name="Undo all 1").click()
    assert ask(mock, NUMBERS)[0] == 200
    page.get_by_role("link", name="Journal").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("Status").fill("500")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("row").get_by_role("link").click()
    expect(page.locator("#curl")).to_contain_text("curl http://127.0.0.1")
    page.get_by_role("link", name="Scenarios").click()
    page.get_by_role("button", name="Play sold-out").click()
    expect(page.get_by_text("played now")).to_be_visible()
    page.get_by_role("link", name="Sessions").click()
    page.get_by_label("New session").fill("mine-1")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="End mine-1").click()
    expect(page.get_by_role("button", name="End mine-1")).to_have_count(0)


def test_the_keyboard_is_enough(mock: Server, visit: Callable[..., Any]) -> None:
    page = visit("?find=listPhoneNumbers").page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    seen = focus_until(page, "Answer of listPhoneNumbers")
    assert all(outline != "none" for outline in seen)
    page.keyboard.type("401")
    focus_until(page, "Apply to listPhoneNumbers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="In force")).to_be_visible()
    assert ask(mock, NUMBERS)[0] == 401


def focus_until(page: Page, label: str) -> list[str]:
    """Press Tab until what is labelled so has the focus; gives how each thing on the way showed its focus."""
    outlines = []
    for _ in range(60):
        page.keyboard.press("Tab")
        outlines.append(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
        if page.evaluate("document.activeElement.ariaLabel") == label:
            return outlines
    pytest.fail(f"{label} is not reached")


@pytest.fixture
def passage(mock: Server) -> Iterator[Passage]:
    found = Passage(mock.port)
    yield found
    found.close()


class Passage:
    """A port that leads to the mock, and cuts all its connections when it is told to."""

    def __init__(self, target: int) -> None:
        self._target, self._pairs = target, list[socket.socket]()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client = self._listener.accept()[0]
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            self._pairs += [client, server]
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    @staticmethod
    def _pass(one: socket.socket, other: socket.socket) -> None:
        try:
            while content := one.recv(65536):
                other.sendall(content)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def cut(self) -> None:
        pairs, self._pairs = self._pairs, []
        for one in pairs:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for one in pairs:
            one.close()

    def close(self) -> None:
        self._listener.close()
        self.cut()


def test_a_stream_that_breaks_off_goes_on_and_misses_nothing(
    mock: Server, passage: Passage, open_tab: Callable[..., Any]
) -> None:
    page = open_tab(passage.url).page
    page.goto(f"{passage.url}{HOME}page/journal")
    ask(mock, NUMBERS)
    expect(page.locator("tbody tr")).to_have_count(1)
    passage.cut()
    for path in ("/first-missed", "/second-missed"):
        ask(mock, path)
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    paths = page.locator("tbody .path").all_inner_texts()
    assert paths == ["/second-missed", "/first-missed", NUMBERS]


def test_pages_of_others_can_do_nothing(mock: Server, visit: Callable[..., Any], open_tab: Callable[..., Any]) -> None:
    foreign = open_tab("null").page
    foreign.route("https://evil.test/**", lambda route: route.fulfill(body=EVIL % mock.url, content_type="text/html"))
    for how in ("form", "fetch", "frame"):
        foreign.goto(f"https://evil.test/?{how}")
        foreign.wait_for_function("document.title === 'done' || location.hostname === '127.0.0.1'")
        foreign.wait_for_load_state("networkidle")
    assert json.loads(ask(mock, f"{HOME}choices")[2]) == {"choices": []}
    assert ask(mock, HOME, Host="evil.test")[0] == 403
    page = visit().page
    assert page.evaluate("fetch('/__understudy__/choices').then((answer) => answer.status)") == 200


EVIL = """<!doctype html><title>evil</title>
<form method="post" action="%s/__understudy__/page/operations/talkover/listPhoneNumbers">
<input name="answer" value="401 unauthorized"></form>
<script>
const form = document.forms[0], how = location.search.slice(1);
if (how === "form") form.submit();
if (how === "fetch") fetch(form.action, {method: "POST", mode: "no-cors", credentials: "include",
  body: new URLSearchParams({answer: "401"})}).catch(() => {}).finally(() => (document.title = "done"));
if (how === "frame") {
  const frame = document.createElement("iframe");
  frame.onload = () => (document.title = "done");
  frame.src = new URL("/__understudy__/", form.action);
  document.body.append(frame);
}
</script>"""


def test_a_token_is_asked_for_once(serve: Starting, open_tab: Callable[..., Any]) -> None:
    mock = serve("talkturo", "--control-token", "sesame")
    tab = open_tab(mock.url)
    page = tab.page
    assert page.goto(f"{mock.url}{HOME}page/journal").status == 401
    page.get_by_label("Control token").fill("open")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("That is not the token.")
    assert tab.violations() == []
    page.get_by_label("Control token").fill("sesame")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Journal")).to_be_visible()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    assert re.search("sesame", page.context.cookies()[0]["value"]) is None
    page.get_by_role("button", name="Reset default").click()
    expect(page.get_by_text("The session is as it was when it began.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Control token")).to_be_visible()
    assert mock.stop(signal.SIGINT) == 0


def test_several_workers_show_the_same_page(serve: Starting, open_tab: Callable[..., Any]) -> None:
    mock = serve("talkover", "--workers", "2")
    page = open_tab(mock.url).page
    page.goto(f"{mock.url}{HOME}?find=listPhoneNumbers")
    page.get_by_label("Answer of listPhoneNumbers").select_option("401 unauthorized")
    page.get_by_role("button", name="Apply to listPhoneNumbers").click()
    expect(row(page, "listPhoneNumbers")).to_contain_text("401 unauthorized")
    assert {ask(mock, NUMBERS)[0] for _ in range(6)} == {401}
    page.goto(f"{mock.url}{HOME}page/journal")
    expect(page.locator("tbody tr")).to_have_count(6)
    ask(mock, NUMBERS)
    expect(page.locator("tbody tr")).to_have_count(7)
