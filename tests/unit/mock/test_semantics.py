"""HTTP's own headers: tags and conditions, `Location`, `Last-Modified`; only where the contract declares them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Mocked, Serve

NOTES = (Path(__file__).parents[2] / "corpus" / "contracts" / "notes.yaml").read_text("utf-8")


@pytest.fixture
def notes(mocked: Serve) -> Mocked:
    return mocked(NOTES)


def tag_of(notes: Mocked, path: str = "/v1/notes/n-1") -> str:
    return notes.ask(f"GET {path}").headers["etag"]


def test_a_tag_is_strong_and_changes_with_every_change_and_with_nothing_else(notes: Mocked) -> None:
    first = tag_of(notes)
    assert first.startswith('"')
    assert tag_of(notes) == first
    listed = tag_of(notes, "/v1/notes")
    made = notes.ask("PATCH /v1/notes/n-1", {"text": "milk"})
    assert made.headers["etag"] == tag_of(notes) != first
    assert tag_of(notes, "/v1/notes") != listed


def test_the_tag_of_what_is_made_is_that_of_its_own_path(notes: Mocked) -> None:
    made = notes.ask("POST /v1/notes", {"text": "milk"})
    assert made.headers["location"] == f"/v1/notes/{made.json['id']}"
    assert made.headers["etag"] == tag_of(notes, made.headers["location"])


def test_a_location_goes_by_the_path_the_client_used(notes: Mocked) -> None:
    made = notes.ask("POST /notes", {"text": "milk"})
    assert made.headers["location"] == f"/notes/{made.json['id']}"
    assert notes.ask(f"GET {made.headers['location']}").json == made.json


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_it_is_told_so(notes: Mocked, method: str) -> None:
    tag = tag_of(notes)
    for header in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        told = notes.ask(f"{method} /v1/notes/n-1", if_none_match=header)
        assert (told.status, told.body, told.headers["etag"]) == (304, b"", tag)
        assert "content-type" not in told.headers
    assert notes.ask(f"{method} /v1/notes/n-1", if_none_match='"other"').status == 200


def test_a_write_on_another_state_is_refused_and_changes_nothing(notes: Mocked) -> None:
    tag = tag_of(notes)
    assert notes.ask("PATCH /v1/notes/n-1", {"text": "one"}, if_match=tag).status == 200
    lost = notes.ask("PATCH /v1/notes/n-1", {"text": "two"}, if_match=tag)
    assert (lost.status, lost.json) == (412, {"message": "Somebody else was faster."})
    assert notes.ask("GET /v1/notes/n-1").json["text"] == "one"
    assert notes.ask("PATCH /v1/notes/n-1", {"text": "two"}, if_match=f'"x", {tag_of(notes)}').status == 200
    assert notes.ask("PATCH /v1/notes/n-1", {"text": "three"}, if_match=f"W/{tag_of(notes)}").status == 412
    assert notes.ask("PATCH /v1/notes/n-1", {"text": "three"}, if_match="*").status == 200


def test_what_is_not_there_has_no_conditions_to_meet(notes: Mocked) -> None:
    assert notes.ask("PATCH /v1/notes/n-9", {"text": "one"}, if_match='"x"').status == 404


def test_a_put_may_be_held_to_creating_only_or_to_replacing_only(notes: Mocked) -> None:
    assert notes.ask("PUT /v1/notes/n-7", {"text": "one"}, if_match="*", idempotency_key="a").status == 412
    made = notes.ask("PUT /v1/notes/n-7", {"text": "one"}, if_none_match="*")
    assert (made.status, made.headers["location"]) == (201, "/v1/notes/n-7")
    assert made.headers["etag"] == tag_of(notes, "/v1/notes/n-7")
    assert notes.ask("PUT /v1/notes/n-7", {"text": "two"}, if_none_match="*").status == 412
    assert notes.ask("PUT /v1/notes/n-7", {"text": "two"}, if_match="*").status == 200
    assert notes.ask("GET /v1/notes/n-7").json["text"] == "two"


def test_a_required_condition_that_is_missing_is_428_where_that_is_declared(notes: Mocked) -> None:
    told = notes.ask("DELETE /v1/notes/n-1")
    assert told.status == 428
    assert notes.ask("DELETE /v1/notes/n-1", if_match=tag_of(notes)).status == 204


def test_last_modified_is_the_items_own_date_until_it_is_changed(mocked: Serve) -> None:
    notes = mocked(NOTES, behaviour='clock: "2024-03-01T09:00:00Z"')
    told = notes.ask("GET /v1/notes/n-1").headers["last-modified"]
    assert told == "Mon, 01 Jan 2024 10:00:00 GMT"
    assert notes.ask("GET /v1/notes/n-1", if_modified_since=told).status == 304
    assert notes.ask("GET /v1/notes/n-1", if_modified_since="Mon, 01 Jan 2024 09:00:00 GMT").status == 200
    assert notes.ask("GET /v1/notes/n-1", if_modified_since="yesterday").status == 200
    notes.ask("PATCH /v1/notes/n-1", {"text": "milk"})
    now = "Fri, 01 Mar 2024 09:00:00 GMT"
    for path in ("/v1/notes/n-1", "/v1/notes"):
        assert notes.ask(f"GET {path}").headers["last-modified"] == now
    assert notes.ask("PATCH /v1/notes/n-1", {"text": "x"}, if_unmodified_since=told).status == 412
    assert notes.ask("PATCH /v1/notes/n-1", {"text": "x"}, if_unmodified_since=now).status == 200


def test_a_tag_weighs_more_than_a_date(notes: Mocked) -> None:
    told = notes.ask("GET /v1/notes/n-1").headers["last-modified"]
    assert notes.ask("GET /v1/notes/n-1", if_none_match='"x"', if_modified_since=told).status == 200


def test_a_forced_choice_knows_no_conditions(notes: Mocked) -> None:
    told = notes.ask("GET /v1/notes/n-1", if_none_match="*", prefer="code=200")
    assert told.status == 200


UNDECLARED = """
paths:
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getNote
      responses:
        "200":
          description: It.
          %s
          content: {application/json: {schema: {type: object}, example: {id: n-1, text: bread}}}
    put:
      operationId: putNote
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: It.}}
"""


def test_nothing_is_done_that_the_contract_does_not_declare(mocked: Serve) -> None:
    plain = mocked(UNDECLARED % "")
    told = plain.ask("GET /notes/n-1", if_none_match="*", range="bytes=0-1")
    assert told.status == 200
    assert not {"etag", "last-modified", "accept-ranges"} & set(told.headers)
    tagged = mocked(UNDECLARED % "headers: {ETag: {schema: {type: string}}}")
    assert tagged.ask("GET /notes/n-1", if_none_match="*").status == 200
    assert tagged.ask("PUT /notes/n-1", {}, if_match='"x"').status == 200


@pytest.mark.parametrize(
    ("schema", "shape"),
    [
        ("{type: string, pattern: '^\"[0-9a-f]{40}\"$'}", r'"[0-9a-f]{40}"'),
        ("{type: string, pattern: '^W/\"'}", r'W/"[0-9a-f]{32}"'),
        ("{type: string, maxLength: 8}", r"[0-9a-f]{8}"),
        ("{type: string, pattern: '^v[0-9]{9}$'}", r"v[0-9]{9}"),
        ("{type: string, const: same}", "same"),
    ],
)
def test_tags_are_written_as_the_header_is_declared(mocked: Serve, schema: str, shape: str) -> None:
    told = mocked(UNDECLARED % f"headers: {{ETag: {{schema: {schema}}}}}").ask("GET /notes/n-1")
    assert re.fullmatch(shape, told.headers["etag"])


def test_an_action_is_held_to_the_item_it_acts_on(notes: Mocked) -> None:
    assert notes.ask("POST /v1/notes/n-1/publish", if_match='"x"').status == 412
    assert notes.ask("POST /v1/notes/n-1/publish", if_match=tag_of(notes)).status == 202


def test_a_location_is_absolute_where_the_sample_is(mocked: Serve) -> None:
    text = NOTES.replace("example: /v1/notes/n-1", "example: https://api.example.com/v1/notes/n-1")
    made = mocked(text).ask("POST /v1/notes", {"text": "milk"}, host="mock.test:4010")
    assert made.headers["location"] == f"http://mock.test:4010/v1/notes/{made.json['id']}"
