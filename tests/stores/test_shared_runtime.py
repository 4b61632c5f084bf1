"""Two mocks with one store are one mock: journal, coverage, deliveries and contracts are the same whoever is asked."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from understudy.contract.loading import load
from understudy_mock.app import MockApp, mock_app
from understudy_mock.callback_sending import Policy
from understudy_mock.media import from_json
from understudy_mock.reloading import Reloader
from understudy_mock.settings import Settings
from understudy_mock.stores.local import LocalStore
from understudy_mock.stores.store import StoreDownError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Stores

CONTRACT = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: max, in: query, schema: {type: number}}]
      responses: {"200": {description: Pets., content: {application/json: {example: [{id: 1, name: rex}]}}}}
    post:
      operationId: addPet
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}
      responses:
        "201": {description: Added., content: {application/json: {example: {id: 2, name: tom}}}}
        "422": {description: Not good.}
webhooks:
  petSold:
    post:
      requestBody: {content: {application/json: {example: {id: 7}}}}
      responses: {"200": {description: Thanks.}}
"""
CONTROL = "/__understudy__"


@dataclass(frozen=True)
class Told:
    status: int
    body: Any


@dataclass(frozen=True)
class Replica:
    """One of several mocks; what it is asked runs in the loop of the test's stores."""

    app: MockApp
    stores: Stores

    def ask(self, line: str, body: Any = None, **headers: str) -> Told:
        return self.stores.run(self.send(line, body, **headers))

    async def send(self, line: str, body: Any = None, **headers: str) -> Told:
        method, _, target = line.partition(" ")
        path, _, query = target.partition("?")
        content = b"" if body is None else json.dumps(body).encode()
        sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        if body is not None:
            sent.append((b"content-type", b"application/json"))
        start: dict[str, Any] = {}
        parts = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def told(message: dict[str, Any]) -> None:
            start.update(message)
            parts.append(message.get("body", b""))

        scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "headers": sent}
        await self.app.asgi({**scope, "query_string": query.encode()}, receive, told)
        whole = b"".join(parts)
        is_json = any(name == b"content-type" and b"json" in value for name, value in start["headers"])
        return Told(start["status"], from_json(whole) if is_json and whole else whole)

    def control(self, line: str, body: Any = None) -> Any:
        method, _, path = line.partition(" ")
        told = self.ask(f"{method} {CONTROL}/{path}", body)
        assert told.status < 300, told
        return told.body


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "pets.yaml"
    found.write_text(dedent(CONTRACT), "utf-8")
    return found


@pytest.fixture
def replica(stores: Stores, file: Path) -> Callable[..., Replica]:
    def start(path: Path = file, **settings: Any) -> Replica:
        contracts = [load(str(path), lenient=True)]
        app = mock_app(contracts, Settings(**settings), store=stores.open())
        Reloader(app, [str(path)], contracts, lambda _: None)
        stores.run(app.runtime.agreement.begin())
        return Replica(app, stores)

    return start


# Journal


def test_all_tell_of_what_any_was_asked(replica: Any) -> None:
    one, other = replica(), replica()
    one.ask("GET /pets?max=1.50", prefer="seed=7", understudy_session="ann")
    other.ask("POST /pets", {"nome": "x"})
    other.ask("GET /pet")
    for asked in (one, other):
        found = asked.control("GET journal")
        told = [(e["number"], e["session"], e["operation"], e["status"], e["verdict"]) for e in found["entries"]]
        assert told == [
            (1, "ann", "listPets", 200, "answered"),
            (2, "default", "addPet", 422, "refused"),
            (3, "default", None, 404, "no-route"),
        ]
    assert one.control("GET journal/1") == other.control("GET journal/1")
    whole = other.control("GET journal/1")
    assert (whole["wishes"], str(whole["request"]["parameters"]["query"]["max"])) == ("seed=7", "1.50")
    assert other.control("GET journal/2")["faults"][0]["rule"] == "required"
    assert one.control("GET journal/3")["nearest"][0]["path"] == "/pets"
    assert len(one.control("GET journal.har")["log"]["entries"]) == 3


def test_an_answer_is_in_the_journal_before_it_is_sent(replica: Any, stores: Stores) -> None:
    one, other = replica(), replica()

    async def many() -> list[int]:
        await asyncio.gather(*((one, other)[number % 2].send("POST /pets", {"name": "x"}) for number in range(60)))
        told = [await asked.send(f"GET {CONTROL}/journal/count?operation=addPet") for asked in (one, other)]
        return [one.body["count"] for one in told]

    assert stores.run(many()) == [60, 60]
    wanted = {"operationId": "addPet", "count": {"exactly": 60}, "where": {"body": {"name": "x"}, "status": 201}}
    assert other.control("POST verifications", wanted)["verified"] is True


def test_what_one_clears_is_gone_for_all_and_numbers_go_on(replica: Any) -> None:
    one, other = replica(), replica()
    for session in ("ann", "bob", "ann"):
        one.ask("GET /pets", understudy_session=session)
    other.control("DELETE journal?session=ann")
    assert [entry["session"] for entry in one.control("GET journal")["entries"]] == ["bob"]
    one.ask("GET /pets", understudy_session="ann")
    assert [entry["number"] for entry in other.control("GET journal")["entries"]] == [2, 4]
    one.control("DELETE journal")
    assert other.control("GET journal") == {"entries": [], "total": 0, "last": 4}


def test_verification_knows_what_the_log_has_lost(replica: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = replica(), replica()
    for asked in (one, other):
        monkeypatch.setattr(asked.app.runtime.journal, "_capacity", 4)
    for _ in range(3):
        one.ask("GET /pets")
        other.ask("GET /pets")
    exactly = {"operationId": "listPets", "count": {"exactly": 4}}
    told = one.control("POST verifications", exactly)
    assert (told["verified"], told["count"], told["complete"]) == (False, 4, False)
    assert one.control("POST verifications", {**exactly, "since": 2})["verified"] is True
    other.control("DELETE journal")
    assert one.control("POST verifications", {"operationId": "listPets", "count": {"exactly": 0}})["verified"] is True


def test_a_mock_that_comes_later_knows_what_was_before(replica: Any) -> None:
    replica().ask("GET /pets")
    late = replica()
    assert late.control("GET journal/count")["count"] == 1
    assert late.control("GET coverage")["totals"]["operations"]["used"] == 1


def test_entries_wait_for_a_store_that_is_away(replica: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = replica(), replica()

    class Away:
        async def append(self, *_: Any) -> int:
            raise StoreDownError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(one.app.runtime.journal, "_log", Away())
        assert one.ask("GET /pets").status == 200
    assert other.control("GET journal/count")["count"] == 0
    one.ask("GET /pets?max=2")
    assert [entry["query"] for entry in other.control("GET journal")["entries"]] == ["", "max=2"]
    assert other.control("GET coverage")["operations"][0]["count"] == 2


def test_a_store_that_lost_its_memory_has_lost_the_journal_too(replica: Any) -> None:
    one = replica()
    journal = one.app.runtime.journal
    for _ in range(3):
        one.ask("GET /pets")
    assert one.control("GET journal/count") == {"count": 3, "last": 3}
    journal._log = LocalStore()  # noqa: SLF001 - as if the server had come back empty
    one.ask("GET /pets")
    assert one.control("GET journal/count") == {"count": 1, "last": 1}


def test_events_of_all_are_streamed(replica: Any, stores: Stores) -> None:
    one, other = replica(), replica()

    async def watch() -> list[int]:
        journal, seen = one.app.runtime.journal, asyncio.Event()
        wake = seen.set
        journal.watch(wake)
        await other.send("GET /pets")
        await asyncio.wait_for(seen.wait(), 60)
        journal.unwatch(wake)
        return [entry.number for entry in journal.since(0)]

    assert stores.run(watch()) == [1]
    assert one.app.runtime.journal.watchers == 0


# Coverage


def test_coverage_is_that_of_all(replica: Any) -> None:
    one, other = replica(), replica()
    one.ask("GET /pets?max=1")
    other.ask("GET /pets")
    other.ask("POST /pets", {"name": "x"})
    for asked in (one, other):
        listed, added = asked.control("GET coverage")["operations"]
        assert (listed["count"], added["count"]) == (2, 1)
        assert listed["parameters"] == [{"in": "query", "name": "max", "count": 1}]
        assert [status["count"] for status in added["statuses"]] == [1, 0]
    one.control("DELETE coverage")
    assert other.control("GET coverage")["totals"]["operations"]["used"] == 0
    other.ask("GET /pets")
    assert one.control("GET coverage")["totals"]["operations"]["used"] == 1


# Deliveries


def test_deliveries_of_all_are_listed(replica: Any, stores: Stores) -> None:
    answers = iter([503, 200])
    mocks = [replica(), replica()]
    for one in mocks:
        callbacks = one.app.runtime.callbacks
        callbacks.policy = Policy("http://127.0.0.1:9/hook")
        callbacks.transport = httpx.MockTransport(lambda _: httpx.Response(next(answers)))
        callbacks.sleep = stand_still
    sent = mocks[0].control("POST webhooks/petSold/deliveries")
    assert (sent["number"], sent["state"]) == (1, "pending")
    stores.run(mocks[0].app.runtime.callbacks.drain())
    refused = mocks[1].ask(f"POST {CONTROL}/webhooks/petSold/deliveries", {"to": "http://example.com/"})
    assert refused.status == 409
    for one in mocks:
        told = one.control("GET deliveries")["deliveries"]
        assert [(each["number"], each["state"]) for each in told] == [(1, "sent"), (2, "refused")]
        assert [attempt["status"] for attempt in told[0]["attempts"]] == [503, 200]
        assert one.control("GET deliveries/1")["url"] == "http://127.0.0.1:9/hook"


async def stand_still(_: float) -> None:
    pass


# Sessions


def test_what_the_control_api_sets_with_one_is_so_with_all(replica: Any) -> None:
    one, other = replica(), replica()
    one.ask("POST /pets", {"name": "x"})
    assert len(other.ask("GET /pets").body) == 2
    other.control("POST state/reset")
    assert len(one.ask("GET /pets").body) == 1
    one.control("PUT faults", {"faults": [{"operation": "listPets", "fault": "status=503"}]})
    assert other.ask("GET /pets").status == 503
    other.control("DELETE faults")
    assert one.ask("GET /pets").status == 200


def test_a_seed_makes_up_the_same_everywhere(replica: Any) -> None:
    one, other = replica(), replica()
    made = [asked.ask("GET /pets", prefer="dynamic=true, seed=7").body for asked in (one, other)]
    assert made[0] == made[1]


# Contracts


def test_a_reload_of_one_is_a_reload_of_all(replica: Any, file: Path) -> None:
    one, other = replica(), replica()
    assert other.ask("GET /cats").status == 404
    file.write_text(CONTRACT.replace("/pets:", "/cats:"), "utf-8")
    assert one.control("POST reload") == {"changed": True, "errors": []}
    assert [asked.ask("GET /cats").status for asked in (one, other)] == [200, 200]
    assert other.control("GET health") == {"status": "ok"}


def test_a_broken_edit_is_served_by_none(replica: Any, file: Path) -> None:
    one, other = replica(), replica()
    file.write_text(CONTRACT.replace("{type: number}", "{$ref: gone.yaml}"), "utf-8")
    assert one.control("POST reload")["changed"] is False
    assert [asked.ask("GET /pets").status for asked in (one, other)] == [200, 200]


def test_mocks_with_different_files_say_so_and_go_on(
    replica: Any, file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    newer = tmp_path / "newer.yaml"
    newer.write_text(CONTRACT.replace("/pets:", "/cats:"), "utf-8")
    one, other = replica(), replica(newer)
    assert (one.ask("GET /pets").status, other.ask("GET /cats").status) == (200, 200)
    assert "other mocks with this store serve other contracts" in one.control("GET health")["complaint"]
    assert other.control("GET health") == {"status": "ok"}
    assert len([entry for entry in caplog.records if "other contracts" in entry.message]) == 1
    file.write_text(newer.read_text("utf-8"), "utf-8")
    assert one.control("POST reload")["changed"] is True
    assert one.control("GET health") == {"status": "ok"}
