"""The control page without a browser: its forms, who may send them, and what it shows of untrusted text."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from understudy_mock.control.signing_in import Token
from understudy_mock.exchange import Exchange
from understudy_mock.session import Session, Terms

if TYPE_CHECKING:
    from conftest import Mocked, Serve, Told

HOME = "/__understudy__/"
PAGE = f"{HOME}page"
HOST = "localhost:4010"
PETS = """
paths:
  /pets:
    get:
      operationId: listPets
      summary: "<b>all</b>"
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}
              examples: {all: {value: [{id: a/1, name: "<i>Rex</i>"}]}}
        '409': {description: no, content: {application/json: {examples: {late: {value: 5}}}}}
  /pets/{id}:
    get:
      operationId: getPet
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas: {Pet: {type: object, required: [id, name], properties: {id: {type: string}, name: {type: string}}}}
"""

NOTES = """
paths:
  /notes:
    get:
      requestBody: {content: {text/plain: {}}}
      responses: {default: {description: ok}}
"""


def send(mock: Mocked, path: str, **fields: str) -> Told:
    content = urlencode(fields).encode()
    form = "application/x-www-form-urlencoded"
    return mock.ask(f"POST {path}", content, content_type=form, host=HOST, origin=f"http://{HOST}")


def shown(told: Told) -> str:
    """Give the text of a page, and see that it can do nothing beyond itself."""
    assert told.headers["content-security-policy"].startswith("default-src 'self'; frame-ancestors 'none'")
    text = told.body.decode()
    assert not re.search(r"<script(?! type=\"module\" src=)|\son[a-z]+=|\sstyle=|javascript:", text)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", text)))


def operation(mock: Mocked) -> str:
    return f"{PAGE}/operations/{mock.app.mounts[0].compiled.name}/listPets"


def test_a_choice_a_delay_and_a_failure_are_in_force_until_they_are_undone(mocked: Serve) -> None:
    mock = mocked(PETS)
    told = send(mock, operation(mock), do="apply", answer="409 late", delay="3", failure="status=503", percent="0")
    assert (told.status, told.headers["location"]) == (303, f"{HOME}?done=applied")
    text = shown(mock.ask(f"GET {told.headers['location']}"))
    assert all(one in text for one in ("In force from the next request on.", "409 late", "3 ms late", "503 in 0 %"))
    assert mock.ask("GET /pets").body == b"5"
    assert send(mock, operation(mock), do="undo").status == 303
    assert mock.ask("GET /pets").status == 200
    assert mock.ask(f"GET {HOME}faults").json == {"faults": []}


def test_a_session_of_its_own_is_meant_where_it_is_named(mocked: Serve) -> None:
    mock = mocked(PETS)
    send(mock, operation(mock), do="apply", failure="status=503", session="mine", back=f"{HOME}?session=mine")
    assert [mock.ask("GET /pets").status, mock.ask("GET /pets", understudy_session="mine").status] == [200, 503]
    send(mock, f"{PAGE}/operations", session="mine")
    assert mock.ask("GET /pets", understudy_session="mine").status == 200


def test_faults_that_the_form_is_not_about_stay(mocked: Serve) -> None:
    mock = mocked(PETS)
    others = [{"fault": "delay=1"}, {"operation": "listPets", "fault": "limit=99/60s"}]
    mock.ask(f"PUT {HOME}faults?session=default", {"faults": others})
    send(mock, operation(mock), do="apply", delay="2")
    found = [one["fault"] for one in mock.ask(f"GET {HOME}faults").json["faults"]]
    assert found == ["delay=1", "limit=99/60", "delay=2"]


def test_what_can_not_be_in_force_is_told(mocked: Serve) -> None:
    mock = mocked(PETS)
    wishes: list[tuple[dict[str, str], str]] = [
        ({"delay": "soon"}, "Delay `soon`: milliseconds"),
        ({"failure": "status=503", "percent": "200"}, "and not 200"),
        ({"failure": "explode"}, "explode"),
        ({"answer": "418"}, "No status 418; there is 200, 409."),
        ({"answer": "418", "failure": "status=503"}, "No status 418"),
        ({"answer": "9" * 5000}, "status"),
        ({"failure": "status=503", "percent": "0" * 5000}, "whole number"),
    ]
    for fields, wanted in wishes:
        told = send(mock, operation(mock), do="apply", **fields)
        assert told.status in (404, 422)
        assert wanted in shown(told).partition("Not done.")[2]
        assert mock.ask("GET /pets").status == 200


def test_items_are_added_changed_and_deleted(mocked: Serve) -> None:
    mock = mocked(PETS)
    shelf = f"{PAGE}/state/{mock.app.mounts[0].compiled.name}/pets"
    assert "<i>Rex</i>" in shown(mock.ask(f"GET {shelf}"))
    assert send(mock, shelf, item='{"id": "b", "name": "Tom"}').status == 303
    changed = send(mock, f"{shelf}/a%2F1", do="save", item='{"name": "Max"}')
    assert changed.headers["location"] == f"{shelf}/a%2F1?done=saved"
    assert mock.ask("GET /pets").json == [{"name": "Max", "id": "a/1"}, {"id": "b", "name": "Tom"}]
    assert send(mock, f"{shelf}/a%2F1", do="delete").headers["location"] == f"{shelf}?done=deleted"
    assert mock.ask("GET /pets").json == [{"id": "b", "name": "Tom"}]


@pytest.mark.parametrize(("item", "status", "wanted"), [("{", 400, "That is no JSON"), ('{"id": "c"}', 409, "name")])
def test_an_item_that_can_not_be_is_told_beside_what_was_written(
    mocked: Serve, item: str, status: int, wanted: str
) -> None:
    mock = mocked(PETS)
    told = send(mock, f"{PAGE}/state/{mock.app.mounts[0].compiled.name}/pets", item=item)
    assert told.status == status
    assert wanted in shown(told)
    assert f">{item}</textarea>".replace('"', "&#34;") in told.body.decode()


def test_the_journal_is_filtered_and_tells_of_one_request_everything(mocked: Serve) -> None:
    mock = mocked(PETS)
    mock.ask("GET /pets?x=%3Cscript%3E", authorization="Bearer secret")
    mock.ask("POST /pets")
    text = shown(mock.ask(f"GET {PAGE}/journal?verdict=no-route"))
    assert "1 request; times" in text
    assert "POST /pets" in text
    whole = shown(mock.ask(f"GET {PAGE}/journal/1", host=HOST))
    assert "curl 'http://localhost:4010/pets?x=%3Cscript%3E'" in whole
    assert "Bearer [redacted]" in whole
    assert "secret" not in whole
    assert "What nearly matched" in shown(mock.ask(f"GET {PAGE}/journal/2"))
    assert "No entry 3." in shown(mock.ask(f"GET {PAGE}/journal/3"))
    send(mock, f"{PAGE}/journal")
    assert mock.ask(f"GET {HOME}journal/count").json["count"] == 0


@pytest.mark.parametrize(
    ("line", "content", "wanted"),
    [
        ("HEAD /notes", b"", ["curl --head http://localhost:4010/notes"]),
        ("GET /notes?filter[a]={b}", b"", ["curl --globoff 'http://localhost:4010/notes?filter[a]={b}'"]),
        ("GET /notes", b"@/etc/passwd", ["curl -X GET http", "--data-raw @/etc/passwd"]),
        ("GET /notes", b"x" * 200_000, ["--data-binary @body"]),
        ("GET /notes", b"\xff", ["--data-binary @body"]),
    ],
)
def test_a_request_is_sent_again_as_it_was(mocked: Serve, line: str, content: bytes, wanted: list[str]) -> None:
    mock = mocked(NOTES)
    mock.ask(line, content, content_type="text/plain", x_empty="")
    text = shown(mock.ask(f"GET {PAGE}/journal/1", host=HOST)).partition("Send it again")[2]
    assert all(one in text for one in [*wanted, "-H 'x-empty;'"])


def test_sessions_begin_end_and_start_anew(mocked: Serve) -> None:
    mock = mocked(PETS)
    send(mock, f"{PAGE}/sessions", do="begin", session="mine")
    send(mock, operation(mock), do="apply", answer="409 late", session="mine")
    send(mock, f"{PAGE}/sessions", do="reset", session="mine")
    assert mock.ask("GET /pets", understudy_session="mine").status == 200
    send(mock, operation(mock), do="apply", answer="409 late", session="mine")
    assert send(mock, f"{PAGE}/sessions", do="reset-all").headers["location"].endswith("done=reset-all")
    assert mock.ask("GET /pets", understudy_session="mine").status == 200
    assert "mine" in shown(mock.ask(f"GET {PAGE}/sessions"))
    send(mock, f"{PAGE}/sessions", do="end", session="mine")
    assert "mine" not in shown(mock.ask(f"GET {PAGE}/sessions"))
    assert "2 of" not in shown(mock.ask(f"GET {PAGE}/coverage")).partition("Media")[0]
    assert send(mock, f"{PAGE}/coverage").status == 303


FOREIGN: tuple[dict[str, str], ...] = (
    {},
    {"origin": "http://localhost:3000"},
    {"origin": "null"},
    {"sec_fetch_site": "same-site"},
    {"sec_fetch_site": "cross-site"},
    {"origin": f"http://{HOST}", "sec_fetch_site": "cross-site"},
)


def test_a_form_of_another_page_does_nothing(mocked: Serve) -> None:
    mock = mocked(PETS)
    form = "application/x-www-form-urlencoded"
    for headers in FOREIGN:
        told = mock.ask(f"POST {operation(mock)}", b"do=apply&answer=409", content_type=form, host=HOST, **headers)
        assert told.status == 403, headers
        assert mock.ask("GET /pets").status == 200


def test_without_cors_other_pages_are_told_apart_all_the_same(mocked: Serve) -> None:
    mock = mocked(PETS, cors=False)
    assert mock.ask(f"POST {HOME}reset", host=HOST, origin="http://evil.test").status == 403
    assert send(mock, operation(mock), do="undo").status == 303


def test_long_lists_come_page_by_page(mocked: Serve) -> None:
    many = [
        f"  /r{number}: {{get: {{operationId: op{number}, responses: {{'200': {{description: ok}}}}}}}}\n"
        for number in range(60)
    ]
    mock = mocked("paths:\n" + "".join(many))
    for path in ("", "page/coverage"):
        first, second = (shown(mock.ask(f"GET {HOME}{path}?page={number}")) for number in (1, 2))
        assert ("op49" in first, "op50" in first) == (True, False)
        assert ("op49" in second, "op50" in second, "Page 2 of 2" in second) == (False, True, True)
    assert "1 of 60 operations match" in shown(mock.ask(f"GET {HOME}?find=GET+op59"))
    assert mock.ask(f"GET {HOME}?page=99999999999").status == 200


def test_only_a_form_is_a_form(mocked: Serve) -> None:
    mock = mocked(PETS)
    told = mock.ask(f"POST {operation(mock)}", {"answer": "409"}, host=HOST, origin=f"http://{HOST}")
    assert told.status == 415
    fields = b"&".join(b"a=1" for _ in range(100))
    form = {"content_type": "application/x-www-form-urlencoded", "host": HOST, "origin": f"http://{HOST}"}
    assert mock.ask(f"POST {operation(mock)}", fields, **form).status == 400
    assert mock.ask(f"POST {operation(mock)}", b"a=" + b"1" * 2**20, **form).status == 413


def test_a_foreign_page_may_not_write_by_the_api_either(mocked: Serve) -> None:
    mock = mocked(PETS)
    assert mock.ask(f"POST {HOME}reset", host=HOST, sec_fetch_site="same-site").status == 403
    assert mock.ask(f"GET {HOME}health", host=HOST, sec_fetch_site="cross-site").status == 200  # a link from elsewhere


def test_nobody_is_sent_away_from_the_page(mocked: Serve) -> None:
    mock = mocked(PETS)
    for back in ("https://evil.test/", "//evil.test/__understudy__/", "/pets", f"{HOME}\r\nx: y", ""):
        assert send(mock, operation(mock), back=back).headers["location"] == f"{HOME}?done=applied"


def test_who_came_from_a_page_goes_back_to_it(mocked: Serve) -> None:
    told = send(mock := mocked(PETS), operation(mock), back=f"{HOME}?find=pets&done=undone")
    assert told.headers["location"] == f"{HOME}?find=pets&done=applied"


TOKEN: dict[str, Any] = {"control_token": "sesame"}
BROWSER = {"host": "mock.test", "accept": "text/html"}


def test_who_has_the_token_signs_in_and_out(mocked: Serve) -> None:
    mock = mocked(PETS, **TOKEN)
    asked = mock.ask(f"GET {PAGE}/journal?session=x", **BROWSER)
    assert (asked.status, asked.headers["www-authenticate"]) == (401, "Bearer")
    assert f'value="{PAGE}/journal?session=x"' in asked.body.decode()
    own = {"content_type": "application/x-www-form-urlencoded", "origin": "http://mock.test", **BROWSER}
    wrong = mock.ask(f"POST {PAGE}/sign-in", b"token=Sesame", **own)
    assert (wrong.status, "set-cookie" in wrong.headers) == (401, False)
    right = mock.ask(f"POST {PAGE}/sign-in", urlencode({"token": "sesame", "onward": f"{HOME}?x=1"}).encode(), **own)
    assert (right.status, right.headers["location"]) == (303, f"{HOME}?x=1")
    cookie, _, attributes = right.headers["set-cookie"].partition(";")
    assert "sesame" not in cookie
    assert attributes == " Path=/__understudy__; Max-Age=604800; HttpOnly; SameSite=Strict"
    assert mock.ask(f"GET {HOME}", cookie=f"a=b; {cookie}", **BROWSER).status == 200
    assert mock.ask(f"GET {HOME}", cookie=f"{cookie[:-1]}~", **BROWSER).status == 401
    assert "set-cookie" not in mock.ask(f"GET {PAGE}/sign-out", cookie=cookie, **BROWSER).headers
    assert f'name="onward" value="{HOME}"' in mock.ask(f"POST {PAGE}/state", b"", **own).body.decode()
    gone = mock.ask(f"POST {PAGE}/sign-out", b"", cookie=cookie, **own).headers["set-cookie"]
    assert gone.startswith("understudy-control=; Path=/__understudy__; Max-Age=0")
    assert mock.ask(f"GET {HOME}", cookie=cookie, **BROWSER).status == 401


def test_each_sign_in_is_its_own_and_ends_alone(mocked: Serve) -> None:
    mock = mocked(PETS, **TOKEN)
    own = {
        "content_type": "application/x-www-form-urlencoded",
        "origin": "http://mock.test:4010",
        "host": "mock.test:4010",
    }
    first, second = (
        mock.ask(f"POST {PAGE}/sign-in", b"token=sesame", **own).headers["set-cookie"].partition(";")[0] for _ in "12"
    )
    assert first.startswith("understudy-control-4010=")
    assert first != second
    mock.ask(f"POST {PAGE}/sign-out", b"", cookie=first, **own)
    assert [mock.ask(f"GET {HOME}", cookie=one, host=own["host"]).status for one in (first, second)] == [401, 200]
    assert mock.ask(f"GET {HOME}", cookie=second, host="mock.test:4011").status == 401
    assert mocked(PETS, **TOKEN).ask(f"GET {HOME}", cookie=second, host=own["host"]).status == 401


def test_a_sign_in_ends_after_a_week_and_there_are_not_too_many() -> None:
    clock, held = [1000.0], Session("*", Terms({}, remember=False))
    token, asked = Token("sesame", held, lambda: clock[0]), Exchange("GET", HOME, b"", [])
    asked.headers = [(b"cookie", token.sign_in(asked))]
    assert token.is_signed_in(asked)
    clock[0] += 7 * 24 * 3600
    assert not token.is_signed_in(asked)
    for _ in range(1002):
        token.sign_in(asked)
    assert len(held.document.group("sign-ins")) == 1000


def test_a_cookie_alone_changes_nothing(mocked: Serve) -> None:
    mock = mocked(PETS, **TOKEN)
    form = {"content_type": "application/x-www-form-urlencoded", "origin": "http://mock.test", **BROWSER}
    cookie = mock.ask(f"POST {PAGE}/sign-in", b"token=sesame", **form).headers["set-cookie"].partition(";")[0]
    wanted: list[tuple[dict[str, str], int]] = [
        ({"origin": "http://mock.test"}, 204),
        ({"sec_fetch_site": "same-origin"}, 204),
        ({}, 403),
        ({"origin": "http://evil.test"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
    ]
    for headers, status in wanted:
        assert mock.ask(f"POST {HOME}reset", host="mock.test", cookie=cookie, **headers).status == status, headers


def test_signing_in_leads_nowhere_else(mocked: Serve) -> None:
    mock = mocked(PETS, **TOKEN)
    form = {"content_type": "application/x-www-form-urlencoded", "origin": "http://mock.test", **BROWSER}
    for onward in ("//evil.test/", f"{PAGE}/sign-in", f"{PAGE}/sign-out", "https://evil.test"):
        content = urlencode({"token": "sesame", "onward": onward}).encode()
        assert mock.ask(f"POST {PAGE}/sign-in", content, **form).headers["location"] == HOME


def test_only_what_signing_in_needs_is_shown_without_the_token(mocked: Serve) -> None:
    mock = mocked(PETS, **TOKEN)
    paths = [f"{PAGE}/sign-in", f"{PAGE}/assets/page.css", HOME, f"{PAGE}/state", f"{HOME}health"]
    assert [mock.ask(f"GET {path}", host="mock.test").status for path in paths] == [200, 200, 401, 401, 401]
    assert mock.ask(f"GET {HOME}", host="mock.test", authorization="Bearer sesame").status == 200


def test_there_is_nothing_else(mocked: Serve) -> None:
    mock = mocked(PETS)
    for path in ("page", "page/nowhere", "page/assets/pages.py", "page/assets/../pages.py"):
        assert mock.ask(f"GET {HOME}{path}").status == 404


def test_a_person_may_forget_the_slash(mocked: Serve) -> None:
    mock = mocked(PETS)
    assert mock.ask("GET /__understudy__", accept="text/html,*/*").headers["location"] == HOME
    assert mock.ask("GET /__understudy__").status == 404


def test_switched_off_there_is_no_page(mocked: Serve) -> None:
    assert mocked(PETS, control=False).ask(f"GET {HOME}").status == 404


def test_a_mock_that_remembers_nothing_says_so(mocked: Serve) -> None:
    mock = mocked(PETS, remember=False)
    assert "Nothing is remembered" in shown(mock.ask(f"GET {PAGE}/state"))
    assert mock.ask(f"GET {PAGE}/state/{mock.app.mounts[0].compiled.name}/pets").status == 404


def test_nothing_of_the_page_is_in_the_journal(mocked: Serve) -> None:
    mock = mocked(PETS)
    for path in ("", "page/journal", "page/state", "page/scenarios", "page/coverage", "page/sessions"):
        assert mock.ask(f"GET {HOME}{path}").status == 200
        assert mock.ask(f"HEAD {HOME}{path}").body == b""
    assert mock.app.runtime.journal.last == 0
