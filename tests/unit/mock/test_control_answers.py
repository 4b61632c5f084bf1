"""One address gives exactly one documented answer: the bytes of `Prefer`, whatever the method, and nothing happens."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from understudy.contract.loading import load
from understudy_mock.app import mock_app
from understudy_mock.media import to_json
from understudy_mock.settings import Settings

if TYPE_CHECKING:
    from conftest import Mocked, Serve

C = "/__understudy__"
PAGES = """
paths:
  /page:
    post:
      operationId: page
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [a]}}}}
      responses:
        '201':
          description: made
          headers: {Content-Security-Policy: {schema: {type: string}, example: "script-src *"}}
          content: {text/html: {schema: {type: string}, example: "<script>alert(1)</script>"}}
        '4XX': {description: no, content: {application/json: {schema: {type: integer, minimum: 7, maximum: 7}}}}
        '204': {description: nothing}
"""


def ask(mock: Mocked, operation: str, **query: str) -> tuple[int, dict[str, str], bytes]:
    told = mock.ask(f"GET {C}/operations/{operation}/answer?{urlencode(query)}")
    return told.status, told.headers, told.body


@pytest.mark.parametrize("name", ["talkover", "talkturo"])
def test_every_named_example_is_what_the_operation_answers_to_the_wish(mocked: Serve, name: str) -> None:
    mock = replace(mocked(PAGES), app=mock_app([load("talkover"), load("talkturo")], Settings(auth="off")))
    seen = 0
    for operation in mock.ask(f"GET {C}/operations?contract={name}").json["operations"]:
        variants = mock.ask(f"GET {C}/operations/{operation['id']}/variants?contract={name}").json["variants"]
        for variant in [one for one in variants if one["kind"] in ("example", "status")]:
            request, example = variant["request"], variant["example"]
            headers = {one["name"].lower(): one["value"] for one in request.get("headers", [])}
            if "content_type" in request:
                headers["content_type"] = request["content_type"]
            sent = to_json(request["body"]) if "body" in request else None
            line = f"{request['method']} {request['href'].rpartition('__code')[0].rstrip('?&')}"
            wanted = mock.ask(line, sent, prefer=request["prefer"], **headers)
            query = {"contract": name, "status": str(variant["status"])} | ({"example": example} if example else {})
            status, found, body = ask(mock, operation["id"], **query)
            assert (status, body) == (wanted.status, wanted.body), (operation["id"], variant["id"])
            assert found["content-security-policy"] == "sandbox; default-src 'none'"
            own = ("content-security-policy", "x-content-type-options", "preference-applied", "understudy-explain")
            assert {key: value for key, value in found.items() if key not in own} == {
                key: value for key, value in wanted.headers.items() if key not in own
            }
            seen += 1
    assert seen >= 12


def test_an_example_of_html_can_do_nothing_here(mocked: Serve) -> None:
    status, headers, body = ask(mocked(PAGES), "page", status="201")
    assert (status, headers["content-type"], body) == (201, "text/html", b"<script>alert(1)</script>")
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_range_stands_for_a_status_and_what_has_no_example_is_made_up(mocked: Serve) -> None:
    mock = mocked(PAGES)
    assert ask(mock, "page", status="4XX")[::2] == (400, b"7")
    assert ask(mock, "page", status="418")[::2] == (418, b"7")
    assert ask(mock, "page", status="204")[::2] == (204, b"")
    assert ask(mock, "page")[0] == 201


def test_nothing_happens(mocked: Serve) -> None:
    mock = mocked(PAGES)
    ask(mock, "page", status="201")
    assert (mock.app.runtime.journal.last, list(mock.app.runtime.sessions)) == (0, [])


def test_what_is_not_there_is_told_with_what_is_near(mocked: Serve) -> None:
    mock = mocked(PAGES)
    wishes: list[tuple[str, dict[str, str], str]] = [
        ("pag", {}, "no operation 'pag'; there is page"),
        ("page", {"status": "301"}, "no status '301'; there is 201, 4XX, 204"),
        ("page", {"status": "201", "example": "x"}, "no example 'x'"),
        ("page", {"contract": "other"}, "no contract 'other'; there is"),
    ]
    for operation, query, wanted in wishes:
        told = mock.ask(f"GET {C}/operations/{operation}/answer?{urlencode(query)}")
        assert (told.status, told.headers["content-type"]) == (404, "application/problem+json")
        assert wanted in told.json["detail"]
