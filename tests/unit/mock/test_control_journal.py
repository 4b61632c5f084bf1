"""Tests ask the control API what was asked of the mock, and whether it was what they expect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from understudy_mock.journal import CAPACITY

if TYPE_CHECKING:
    from conftest import Mocked, Serve

NOTES = """
paths:
  /notes:
    get:
      operationId: listNotes
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: price, in: query, schema: {type: number}}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: array}, example: []}}}}
    post:
      operationId: addNote
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [text], properties: {text: {type: string}, tags: {type: array}, n: {}}}
      responses:
        '201': {description: Made, content: {application/json: {schema: {type: object}, example: {id: 1}}}}
        '422': {description: Wrong}
"""
C = "/__understudy__"


@pytest.fixture
def mock(mocked: Serve) -> Mocked:
    made = mocked(NOTES)
    made.ask("GET /notes?limit=1")
    made.ask("GET /notes?limit=2&price=0.1", understudy_session="mine")
    made.ask("POST /notes", {"text": "a", "tags": ["x", "y"], "n": {"deep": 1.5, "more": None}})
    made.ask("POST /notes", {"tags": []})
    made.ask("GET /note")
    return made


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("operation=listNotes", [1, 2]),
        ("session=mine", [2]),
        ("verdict=refused", [4]),
        ("verdict=no-route", [5]),
        ("status=201", [3]),
        ("method=POST", [3, 4]),
        ("since=3", [4, 5]),
        ("limit=2", [4, 5]),
        ("contract=other", []),
        ("operation=listNotes&session=default", [1]),
        ("operation=", None),
        ("limit=0", None),
        ("verdict=good", None),
    ],
)
def test_entries_are_found(mock: Mocked, query: str, numbers: list[int] | None) -> None:
    told = mock.ask(f"GET {C}/journal?{query}")
    if numbers is None:
        assert told.status == 422
        return
    assert [entry["number"] for entry in told.json["entries"]] == numbers
    assert told.json["last"] == 5


def test_entries_are_counted_beyond_the_limit(mock: Mocked) -> None:
    assert mock.ask(f"GET {C}/journal?limit=1").json["total"] == 5
    assert mock.ask(f"GET {C}/journal/count?method=GET").json == {"count": 3, "last": 5}


def test_one_entry_is_told_in_full(mock: Mocked) -> None:
    told = mock.ask(f"GET {C}/journal/3").json
    assert told["request"]["body"]["text"] == '{"text": "a", "tags": ["x", "y"], "n": {"deep": 1.5, "more": null}}'
    assert told["response"]["body"]["text"] == '{"id":1}'
    assert [step["step"] for step in told["trace"]] == ["route", "authenticate", "validate", "answer"]
    assert mock.ask(f"GET {C}/journal/6").status == 404


def test_the_journal_is_cleared_whole_or_for_a_session(mock: Mocked) -> None:
    assert mock.ask(f"DELETE {C}/journal?session=mine").status == 204
    assert mock.ask(f"GET {C}/journal/count").json == {"count": 4, "last": 5}
    assert mock.ask(f"DELETE {C}/journal").status == 204
    assert mock.ask(f"GET {C}/journal/count").json == {"count": 0, "last": 5}


def test_the_archive_has_what_was_asked_for(mock: Mocked) -> None:
    told = mock.ask(f"GET {C}/journal.har?operation=addNote")
    assert told.headers["content-type"] == "application/json"
    assert [entry["response"]["status"] for entry in told.json["log"]["entries"]] == [201, 422]


VERIFIED: list[tuple[dict[str, Any], bool, int]] = [
    ({"operationId": "listNotes", "count": {"exactly": 2}}, True, 2),
    ({"operationId": "listNotes", "count": {"exactly": 1}}, False, 2),
    ({"operationId": "listNotes"}, True, 2),
    ({"operationId": "listNotes", "session": "mine", "count": {"exactly": 1}}, True, 1),
    ({"operationId": "listNotes", "count": {"atLeast": 2, "atMost": 3}}, True, 2),
    ({"operationId": "listNotes", "count": {"atMost": 1}}, False, 2),
    ({"operationId": "addNote", "where": {"verdict": "answered"}, "count": {"exactly": 1}}, True, 1),
    ({"operationId": "addNote", "where": {"status": 422}, "count": {"exactly": 1}}, True, 1),
    ({"operationId": "listNotes", "where": {"query": {"limit": 2}}, "count": {"exactly": 1}}, True, 1),
    ({"operationId": "listNotes", "where": {"query": {"limit": "2"}}}, False, 0),
    ({"operationId": "listNotes", "where": {"query": {"price": 0.1}}}, True, 1),
    ({"operationId": "addNote", "where": {"body": {"text": "a"}}}, True, 1),
    ({"operationId": "addNote", "where": {"body": {"n": {"deep": 1.5}}}}, True, 1),
    ({"operationId": "addNote", "where": {"body": {"n": {"more": None}}}}, True, 1),
    ({"operationId": "addNote", "where": {"body": {"n": {"less": None}}}}, False, 0),
    ({"operationId": "addNote", "where": {"body": {"tags": ["x", "y"]}}}, True, 1),
    ({"operationId": "addNote", "where": {"body": {"tags": ["x"]}}}, False, 0),
    ({"operationId": "addNote", "where": {"body": {"n": True}}}, False, 0),
    ({"since": 4, "count": {"exactly": 1}}, True, 1),
    ({"count": {"exactly": 0}, "session": "nobody"}, True, 0),
]


@pytest.mark.parametrize(("body", "verified", "count"), VERIFIED)
def test_what_is_expected_is_compared_with_what_was(
    mock: Mocked, body: dict[str, Any], verified: bool, count: int
) -> None:
    told = mock.ask(f"POST {C}/verifications", body).json
    assert (told["verified"], told["count"], told["complete"]) == (verified, count, True)


def test_what_came_nearest_is_told_with_every_difference(mock: Mocked) -> None:
    where = {"verdict": "answered", "body": {"text": "b", "tags": ["x", "z"]}}
    told = mock.ask(f"POST {C}/verifications", {"operationId": "addNote", "where": where}).json
    assert [(near["number"], near["differs"]) for near in told["nearest"]] == [
        (3, ['body/text is "a", not "b"', 'body/tags/1 is "y", not "z"']),
        (4, ["verdict is refused, not answered", "body/text is missing", 'body/tags is [], not ["x","z"]']),
    ]
    assert told["expected"] == "at least 1"


def test_a_misspelt_operation_is_no_proof_of_anything(mock: Mocked) -> None:
    body = {"operationId": "listNote", "count": {"exactly": 0}}
    assert mock.ask(f"POST {C}/verifications", body).status == 404


@pytest.mark.parametrize(
    "body", [{"count": {}}, {"count": {"exactly": -1}}, {"operation": "x"}, {"where": {"x": 1}}, []]
)
def test_a_verification_that_can_not_be_read_is_refused(mock: Mocked, body: Any) -> None:
    assert mock.ask(f"POST {C}/verifications", body).status == 422


def test_what_the_journal_has_lost_is_not_vouched_for(mock: Mocked) -> None:
    for _ in range(CAPACITY):
        mock.ask("GET /notes")
    exactly = {"operationId": "addNote", "count": {"exactly": 0}}
    told = mock.ask(f"POST {C}/verifications", exactly).json
    assert (told["verified"], told["count"], told["complete"]) == (False, 0, False)
    assert mock.ask(f"POST {C}/verifications", {**exactly, "since": 5}).json["verified"] is True
    assert mock.ask(f"POST {C}/verifications", {"operationId": "listNotes", "count": {"atLeast": 9}}).json["verified"]
