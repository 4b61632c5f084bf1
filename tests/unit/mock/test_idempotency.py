"""`Idempotency-Key`: the same request gets the same answer, another one with the key is refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from understudy_mock import idempotency

if TYPE_CHECKING:
    from conftest import Mocked, Serve, Told

NOTES = (Path(__file__).parents[2] / "corpus" / "contracts" / "notes.yaml").read_text("utf-8")


@pytest.fixture
def notes(mocked: Serve) -> Mocked:
    return mocked(NOTES)


def add(notes: Mocked, text: str, key: str, **headers: str) -> Told:
    return notes.ask("POST /v1/notes", {"text": text}, idempotency_key=key, **headers)


def count(notes: Mocked, **headers: str) -> int:
    return len(notes.ask("GET /v1/notes", **headers).json)


def test_the_same_request_is_done_once_and_answered_alike(notes: Mocked) -> None:
    before = count(notes)
    first, second = add(notes, "milk", "k-1"), add(notes, "milk", "k-1")
    assert (second.status, second.body) == (first.status, first.body) == (201, first.body)
    assert first.headers["location"] == second.headers["location"]
    assert [told.headers["idempotent-replayed"] for told in (first, second)] == ["false", "true"]
    assert "Idempotency-Key" in second.headers["understudy-explain"]
    assert count(notes) == before + 1


def test_the_order_of_members_and_blanks_makes_no_other_request(notes: Mocked) -> None:
    first = add(notes, "milk", "k-1")
    again = notes.ask("POST /v1/notes", b'{ "text" : "milk" }', idempotency_key="k-1", content_type="application/json")
    assert again.body == first.body


def test_another_key_or_none_is_another_request(notes: Mocked) -> None:
    ids = {add(notes, "milk", key).json["id"] for key in ("k-1", "k-2", "")}
    ids.add(add(notes, "milk", "").json["id"])
    assert len(ids) == 4


def test_a_key_for_another_request_is_refused_by_name(notes: Mocked) -> None:
    add(notes, "milk", "k-1")
    told = add(notes, "bread", "k-1")
    assert told.status == 422
    assert "Idempotency-Key" in told.json["message"]
    assert add(notes, "milk", "k-1").status == 201


def test_409_is_taken_where_422_is_not_declared(mocked: Serve) -> None:
    without = NOTES.replace('        "422": {$ref: "#/components/responses/Faulty"}\n', "")
    notes = mocked(without)
    add(notes, "milk", "k-1")
    assert add(notes, "bread", "k-1").status == 409


def test_keys_belong_to_a_session_and_end_with_it(notes: Mocked) -> None:
    add(notes, "milk", "k-1")
    assert add(notes, "bread", "k-1", understudy_session="other").status == 201
    notes.app.runtime.sessions.open("default").reset()
    assert add(notes, "bread", "k-1").status == 201


def test_an_invalid_request_takes_no_key(notes: Mocked) -> None:
    assert notes.ask("POST /v1/notes", {"text": 5}, idempotency_key="k-1").status == 422
    assert add(notes, "milk", "k-1").status == 201


def test_only_so_many_keys_are_kept(notes: Mocked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "MOST_KEYS", 2)
    first = [add(notes, "milk", key).json["id"] for key in ("k-1", "k-2", "k-3")]
    again = [add(notes, "milk", key).json["id"] for key in ("k-3", "k-2", "k-1")]
    assert again[:2] == [first[2], first[1]]
    assert again[2] != first[0]


def test_a_key_means_nothing_where_the_contract_knows_none(mocked: Serve) -> None:
    undeclared = mocked(NOTES.replace('      parameters: [{$ref: "#/components/parameters/Key"}]\n', ""))
    assert add(undeclared, "milk", "k").json["id"] != add(undeclared, "milk", "k").json["id"]


CALLING = """
      callbacks:
        made:
          "http://127.0.0.1:9/":
            post:
              requestBody: {content: {application/json: {schema: {type: object}}}}
              responses: {"200": {description: Thanks.}}
"""


def test_what_is_not_done_again_is_not_announced_again(mocked: Serve) -> None:
    notes = mocked(NOTES.replace("      operationId: addNote\n", f"      operationId: addNote{CALLING}"))
    for key in ("k-1", "k-1", "k-2"):
        add(notes, "milk", key)
    assert len(notes.app.runtime.callbacks.of()) == 2
