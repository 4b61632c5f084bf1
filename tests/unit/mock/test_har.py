"""The archive has every member that HAR 1.2 requires, of the type it requires, and nobody's credentials.

Required members: http://www.softwareishard.com/blog/har-12-spec/ (the format's specification), section by section.
"""

from __future__ import annotations

import base64
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from understudy_mock.exchange import Answer, Exchange
from understudy_mock.har import archive
from understudy_mock.journal import Journal
from understudy_mock.redaction import Redaction

if TYPE_CHECKING:
    from understudy_mock.exchange import Header

REQUEST = {
    "method": str,
    "url": str,
    "httpVersion": str,
    "cookies": list,
    "headers": list,
    "queryString": list,
    "headersSize": int,
    "bodySize": int,
}
RESPONSE = {
    "status": int,
    "statusText": str,
    "httpVersion": str,
    "cookies": list,
    "headers": list,
    "content": dict,
    "redirectURL": str,
    "headersSize": int,
    "bodySize": int,
}
HEADERS: list[Header] = [
    (b"host", b"localhost:4010"),
    (b"authorization", b"Bearer sesame"),
    (b"cookie", b"sid=sesame; theme=dark"),
    (b"content-type", b"application/json"),
]


def entry(answer: Answer, content: bytes = b"", scheme: str = "http") -> dict[str, Any]:
    journal = Journal()
    query = b"tag=a%20b&token=sesame&flag"
    exchange = Exchange("POST", "/notes", query, HEADERS, content=content, started=1.7e9, scheme=scheme)
    journal.record(exchange, answer)
    told = archive(journal, Redaction([]), "1.2.3")
    assert told["log"]["version"] == "1.2"
    assert told["log"]["creator"] == {"name": "Understudy", "version": "1.2.3"}
    assert len(told["log"]["entries"]) == 1
    found = told["log"]["entries"][0]
    assert isinstance(found, dict)
    return found


ANSWER = Answer(201, ((b"content-type", b"application/json"), (b"location", b"/notes/1")), b'{"id": 1}', "probe")


def test_every_required_member_is_there() -> None:
    told = entry(ANSWER, b'{"text": "hello"}')
    assert datetime.fromisoformat(told["startedDateTime"]).tzinfo is not None
    assert told["time"] >= 0
    assert told["cache"] == {}
    assert told["timings"].keys() == {"send", "wait", "receive"}
    for kind, members in (("request", REQUEST), ("response", RESPONSE)):
        for name, wanted in members.items():
            assert isinstance(told[kind][name], wanted), (kind, name)
    assert told["response"]["content"] == {"size": 9, "mimeType": "application/json", "text": '{"id": 1}'}
    assert told["request"]["postData"] == {"mimeType": "application/json", "text": '{"text": "hello"}'}


def test_the_parts_of_a_request_are_told_apart() -> None:
    told = entry(ANSWER)
    assert told["request"]["url"] == "http://localhost:4010/notes?tag=a%20b&token=[redacted]&flag"
    assert told["request"]["queryString"] == [
        {"name": "tag", "value": "a b"},
        {"name": "token", "value": "[redacted]"},
        {"name": "flag", "value": ""},
    ]
    assert [cookie["name"] for cookie in told["request"]["cookies"]] == ["sid", "theme"]
    assert (told["response"]["statusText"], told["response"]["redirectURL"]) == ("Created", "/notes/1")
    assert "postData" not in told["request"]
    assert "sesame" not in str(told)


@pytest.mark.parametrize("status", [204, 0, 599])
def test_an_answer_without_a_body_and_an_unknown_status_are_told(status: int) -> None:
    told = entry(Answer(status, (), b"", "probe"))["response"]
    assert told["content"] == {"size": 0, "mimeType": "x-unknown"}
    assert isinstance(told["statusText"], str)


def test_what_is_no_text_is_written_in_base64() -> None:
    told = entry(Answer(200, ((b"content-type", b"image/png"),), b"\x89PNG\xff", "probe"))["response"]["content"]
    assert (base64.b64decode(told["text"]), told["encoding"]) == (b"\x89PNG\xff", "base64")


def test_a_cut_body_says_so() -> None:
    told = entry(ANSWER, b"x" * 100_000)["request"]
    assert told["bodySize"] == 100_000
    assert told["postData"]["comment"] == "the first 65536 of 100000 bytes"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_url_says_how_the_request_came(scheme: str) -> None:
    told = entry(Answer(204, (), b"", "said so"), scheme=scheme)
    assert told["request"]["url"].startswith(f"{scheme}://localhost:4010/notes?")
