"""The journal is bounded, knows what became of each request, and shows nobody's credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from understudy_mock.entries import as_text, body, summary, whole
from understudy_mock.exchange import MISSING, Answer, Exchange
from understudy_mock.journal import KEPT_BYTES, Entry, Journal
from understudy_mock.redaction import Redaction

if TYPE_CHECKING:
    from conftest import Mocked, Read, Serve

NOTES = """
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Note-Key}
    query: {type: apiKey, in: query, name: note_key}
security: [{key: []}]
paths:
  /notes:
    post:
      operationId: addNote
      requestBody:
        content:
          application/json: {schema: {type: object, properties: {text: {type: string}}, required: [text]}}
      responses:
        '201': {description: Made, content: {application/json: {schema: {type: object}, example: {id: 1}}}}
        '422': {description: Wrong}
  /broken:
    get:
      operationId: broken
      security: []
      responses: {'200': {description: ok, content: {application/json: {schema: {type: integer}, example: no}}}}
"""


def latest(mock: Mocked) -> Entry:
    return list(mock.app.runtime.journal)[-1]


def recorded(count: int, capacity: int = 3) -> Journal:
    journal = Journal(capacity)
    for number in range(1, count + 1):
        journal.record(Exchange("GET", f"/{number}", b"", []), Answer(200, (), b"", "probe"))
    return journal


def test_only_the_latest_entries_are_kept_and_numbers_go_on() -> None:
    journal = recorded(5)
    assert [entry.number for entry in journal] == [3, 4, 5]
    assert journal.last == 5
    assert [entry.path for entry in journal.since(4)] == ["/5"]
    assert journal.since(5) == []


@pytest.mark.parametrize(("count", "since", "complete"), [(3, 0, True), (4, 0, False), (4, 1, True), (9, 5, False)])
def test_it_knows_whether_anything_has_been_pushed_out(count: int, since: int, complete: bool) -> None:
    assert recorded(count).has_all_since(since) is complete


def test_what_was_pushed_out_stays_lost_when_a_session_is_cleared_but_not_when_all_is() -> None:
    journal = recorded(5)
    journal.clear("nobody")
    assert not journal.has_all_since(0)
    journal.clear("default")
    assert list(journal) == []
    assert not journal.has_all_since(0)
    journal.clear()
    assert journal.has_all_since(0)
    assert journal.last == 5


def test_long_bodies_are_cut_and_say_so(mocked: Serve) -> None:
    mock = mocked(NOTES)
    mock.ask("POST /notes", {"text": "x" * KEPT_BYTES}, x_note_key="k")
    entry = latest(mock)
    assert (entry.status, len(entry.content), entry.request_bytes) == (201, KEPT_BYTES, KEPT_BYTES + 12)
    assert body(entry.content, entry.request_bytes)["cut"] is True
    assert entry.body() is MISSING


def test_a_body_is_read_again_as_it_was(mocked: Serve) -> None:
    mock = mocked(NOTES)
    mock.ask("POST /notes", {"text": "hello"}, x_note_key="k")
    assert latest(mock).body() == {"text": "hello"}
    mock.ask("POST /notes", b"{no", x_note_key="k", content_type="application/json")
    assert latest(mock).body() is MISSING


@pytest.mark.parametrize(
    ("line", "body_sent", "headers", "became"),
    [
        ("POST /notes", {"text": "a"}, {"x_note_key": "k"}, ("answered", "answer")),
        ("POST /notes", {}, {"x_note_key": "k"}, ("refused", "validate")),
        ("POST /notes", {"text": "a"}, {}, ("refused", "authenticate")),
        ("POST /notes", {"text": "a"}, {"x_note_key": "k", "prefer": "code=no"}, ("refused", "answer")),
        ("POST /nots", {"text": "a"}, {"x_note_key": "k"}, ("no-route", "route")),
        ("PUT /notes", {"text": "a"}, {"x_note_key": "k"}, ("no-route", "route")),
        ("OPTIONS /notes", None, {}, ("options", "route")),
        ("OPTIONS /notes", None, {"access_control_request_method": "POST"}, ("options", "route")),
        ("POST /notes", {"text": "a"}, {"x_note_key": "k", "prefer": "fault=status=503"}, ("fault", "fault")),
    ],
)
def test_the_verdict_and_the_last_step_tell_what_became_of_a_request(
    mocked: Serve, line: str, body_sent: Any, headers: dict[str, str], became: tuple[str, str]
) -> None:
    mock = mocked(NOTES)
    mock.ask(line, body_sent, **headers)
    told = whole(latest(mock), Redaction([]))
    assert (told["verdict"], told["trace"][-1]["step"]) == became


def test_what_the_contract_can_not_answer_is_told_apart(mocked: Serve) -> None:
    mock = mocked(NOTES)
    mock.ask("GET /broken", prefer="example=default")
    assert (latest(mock).verdict, latest(mock).status) == ("unanswerable", 501)


def test_credentials_are_not_shown(mocked: Serve, contract: Read) -> None:
    mock = mocked(NOTES)
    secrets = {"x_note_key": "sesame1", "authorization": "Bearer sesame2", "cookie": "sid=sesame3"}
    mock.ask("POST /notes?note_key=sesame4&page=2&API_KEY=sesame5", {"text": "a"}, **secrets)
    told = whole(latest(mock), Redaction([contract(NOTES)]))
    assert "sesame" not in str(told)
    assert told["query"] == "note_key=[redacted]&page=2&API_KEY=[redacted]"
    assert {"name": "authorization", "value": "Bearer [redacted]"} in told["request"]["headers"]


def test_what_a_refused_request_nearly_was_is_told(mocked: Serve) -> None:
    mock = mocked(NOTES)
    mock.ask("POST /notes", {}, x_note_key="k")
    nearest = whole(latest(mock), Redaction([]))["nearest"]
    assert [(near["operation"], len(near["differs"])) for near in nearest] == [("addNote", 1)]
    mock.ask("POST /nots", {}, x_note_key="k")
    assert [near["operation"] for near in whole(latest(mock), Redaction([]))["nearest"]] == ["addNote"]


def test_a_summary_has_the_session_and_the_operation(mocked: Serve) -> None:
    mock = mocked(NOTES)
    mock.ask("POST /notes", {"text": "a"}, x_note_key="k", understudy_session="mine")
    told = summary(latest(mock), Redaction([]))
    assert (told["session"], told["operation"], told["status"]) == ("mine", "addNote", 201)
    assert told["contract"] == mock.app.mounts[0].compiled.name


@pytest.mark.parametrize(
    ("content", "is_cut", "text"),
    [
        (b"", False, ""),
        ("é".encode(), False, "é"),
        (b"\xff", False, None),
        ("aé".encode()[:2], True, "a"),
        ("aé".encode()[:2], False, None),
        (b"\xff\xff\xff\xff\xff", True, None),
    ],
)
def test_text_is_decoded_or_not(content: bytes, is_cut: bool, text: str | None) -> None:
    assert as_text(content, is_cut=is_cut) == text


def test_watchers_hear_of_every_entry_and_of_the_end() -> None:
    journal, heard = Journal(), list[int]()

    def wake() -> None:
        heard.append(journal.last)

    journal.watch(wake)
    journal.record(Exchange("GET", "/", b"", []), Answer(200, (), b"", "probe"))
    journal.close()
    journal.unwatch(wake)
    journal.record(Exchange("GET", "/", b"", []), Answer(200, (), b"", "probe"))
    assert heard == [1, 1]
    assert journal.watchers == 0
