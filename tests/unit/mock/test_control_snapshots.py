"""Snapshots, differences, seeds and clocks of sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from understudy_mock import snapshots

if TYPE_CHECKING:
    from conftest import Mocked, Serve, Told

BASE = "/__understudy__/sessions"
CONTRACT = """
paths:
  /books:
    get:
      operationId: listBooks
      responses:
        "200":
          description: All.
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Book"}}
              example: [{id: b-1, title: Emma, tags: [a, b]}, {id: b-2, title: Ulysses, tags: []}]
    post:
      operationId: addBook
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        "201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}
  /books/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getBook
      responses:
        "200": {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}
        "404": {description: No.}
    patch:
      operationId: patchBook
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        "200": {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}
    delete: {operationId: dropBook, responses: {"204": {description: Gone.}}}
  /luck:
    get:
      operationId: draw
      responses:
        "200":
          description: x
          content:
            application/json:
              schema: {type: object, required: [n], properties: {n: {type: string, format: uuid}}}
components:
  schemas:
    Book:
      type: object
      required: [id, title]
      properties:
        id: {type: string}
        title: {type: string}
        tags: {type: array, items: {type: string}}
        created_at: {type: string, format: date-time}
"""


@pytest.fixture
def shop(mocked: Serve) -> Mocked:
    served = mocked(CONTRACT)
    served.ask("GET /books")
    return served


def control(shop: Mocked, line: str, body: Any = None) -> Told:
    method, _, path = line.partition(" ")
    return shop.ask(f"{method} {BASE}{path}", body, host="localhost")


def titles(shop: Mocked, session: str = "default") -> list[str]:
    return [book["title"] for book in shop.ask("GET /books", understudy_session=session).json]


def take(shop: Mocked, name: str, session: str = "default") -> None:
    assert control(shop, f"POST /{session}/snapshots", {"name": name}).status == 201


def test_a_session_comes_back_to_what_it_was(shop: Mocked) -> None:
    shop.ask("POST /books", {"title": "Dubliners"})
    take(shop, "one")
    shop.ask("DELETE /books/b-1")
    shop.ask("POST /books", {"title": "Persuasion"})
    assert titles(shop) == ["Ulysses", "Dubliners", "Persuasion"]
    assert control(shop, "POST /default/snapshots/one/restore").status == 200
    assert titles(shop) == ["Emma", "Ulysses", "Dubliners"]
    assert shop.ask("GET /books/b-1").status == 200


def test_another_session_forks_from_it_and_goes_its_own_way(shop: Mocked) -> None:
    shop.ask("POST /books", {"title": "Dubliners"})
    take(shop, "one")
    told = control(shop, "POST /default/snapshots/one/restore", {"into": "fork"})
    assert (told.status, told.json["name"], told.json["snapshots"]) == (200, "fork", 0)
    shop.ask("POST /books", {"title": "Persuasion"}, understudy_session="fork")
    assert titles(shop, "fork") == ["Emma", "Ulysses", "Dubliners", "Persuasion"]
    assert titles(shop) == ["Emma", "Ulysses", "Dubliners"]


def test_snapshots_share_what_they_hold(shop: Mocked) -> None:
    shop.ask("POST /books", {"title": "Dubliners"})
    session = shop.app.runtime.sessions.open("default")
    held = snapshots.current(session).entries
    take(shop, "one")
    found = snapshots.find(session, "one")
    assert found is not None
    assert all(one[2] is other[2] for one, other in zip(held, found.entries, strict=True))


def test_snapshots_are_listed_told_dropped_and_limited(shop: Mocked, monkeypatch: pytest.MonkeyPatch) -> None:
    take(shop, "one")
    take(shop, "two")
    assert control(shop, "POST /default/snapshots", {"name": "two"}).status == 409
    listed = control(shop, "GET /default/snapshots").json["snapshots"]
    assert [one["name"] for one in listed] == ["one", "two"]
    assert control(shop, "GET /default/snapshots/two").json == listed[1]
    assert control(shop, "DELETE /default/snapshots/one").status == 204
    assert control(shop, "DELETE /default/snapshots/one").status == 204
    for line in ("GET /default/snapshots/one", "POST /default/snapshots/one/restore"):
        assert control(shop, line).status == 404
    monkeypatch.setattr(snapshots, "MOST_SNAPSHOTS", 1)
    assert control(shop, "POST /default/snapshots", {"name": "three"}).status == 409


def test_snapshots_outlive_a_reset_and_belong_to_their_session(shop: Mocked) -> None:
    shop.ask("POST /books", {"title": "Dubliners"})
    take(shop, "one")
    control(shop, "POST /default/reset")
    assert titles(shop) == ["Emma", "Ulysses"]
    control(shop, "POST /default/snapshots/one/restore")
    assert titles(shop) == ["Emma", "Ulysses", "Dubliners"]
    shop.ask("GET /books", understudy_session="other")
    assert control(shop, "GET /other/snapshots/one").status == 404
    assert control(shop, "GET /nobody/snapshots").status == 404


def test_differences_name_what_is_new_gone_and_other_by_pointer(shop: Mocked) -> None:
    assert control(shop, "GET /default/differences").json["resources"] == []
    shop.ask("PATCH /books/b-1", {"title": "Emma!", "tags": ["a", "c"], "created_at": "2024-01-01T00:00:00Z"})
    take(shop, "one")
    shop.ask("DELETE /books/b-2")
    made = shop.ask("POST /books", {"title": "Dubliners"}).json
    (found,) = control(shop, "GET /default/differences").json["resources"]
    assert found["resource"] == "books"
    assert [book["id"] for book in found["added"]] == [made["id"]]
    assert [book["id"] for book in found["removed"]] == ["b-2"]
    assert found["changed"] == [
        {
            "item": "b-1",
            "changes": [
                {"kind": "replace", "pointer": "/title", "before": "Emma", "after": "Emma!"},
                {"kind": "replace", "pointer": "/tags/1", "before": "b", "after": "c"},
                {"kind": "add", "pointer": "/created_at", "after": "2024-01-01T00:00:00Z"},
            ],
        }
    ]
    (since,) = control(shop, "GET /default/differences?since=one").json["resources"]
    assert (since["changed"], len(since["added"])) == ([], 1)
    (until,) = control(shop, "GET /default/differences?until=one").json["resources"]
    assert (until["added"], len(until["changed"])) == ([], 1)
    assert control(shop, "GET /default/differences?since=one&until=one").json["resources"] == []
    assert control(shop, "GET /default/differences?since=none").status == 404


def test_a_session_has_a_seed_of_its_own(shop: Mocked) -> None:
    def drawn(session: str, **headers: str) -> Any:
        return shop.ask("GET /luck", understudy_session=session, **headers).json

    usual = drawn("one")
    control(shop, "POST ", {"name": "two", "seed": 7})
    assert drawn("two") == drawn("three", prefer="seed=7") != usual
    assert drawn("two", prefer="seed=8") == drawn("one", prefer="seed=8")
    assert control(shop, "PATCH /two", {"seed": None}).json["seed"] is None
    assert drawn("two") == usual
    assert control(shop, "PATCH /one", {"seed": 7}).json["seed"] == 7
    control(shop, "POST /one/reset")
    assert drawn("one") == usual


def test_a_session_has_a_clock_of_its_own(shop: Mocked) -> None:
    def made(session: str) -> str:
        book = shop.ask("POST /books", {"title": "x", "created_at": "?"}, understudy_session=session).json
        return str(book["created_at"])

    shop.ask("GET /books", understudy_session="one")
    name = shop.app.runtime.mounts[0].compiled.name
    clock = control(shop, "GET /one/clock").json
    assert clock == {"now": {name: "2024-01-15T12:00:00Z"}, "frozen": True, "own": False}
    told = control(shop, "PUT /one/clock", {"at": "2030-01-01T10:00:00+02:00"}).json
    assert told == {"now": {name: "2030-01-01T08:00:00Z"}, "frozen": True, "own": True}
    assert control(shop, "PUT /one/clock", {"advance": 3600}).json["now"][name] == "2030-01-01T09:00:00Z"
    assert made("one") == "2030-01-01T09:00:00Z"
    assert made("two") == "2024-01-15T12:00:00Z"
    assert control(shop, "DELETE /one/clock").status == 204
    assert control(shop, "PUT /one/clock", {"advance": -60}).json["now"][name] == "2024-01-15T11:59:00Z"
    assert control(shop, "PUT /one/clock", {"at": "2030-01-01T00:00:00Z", "advance": 5}).status == 200
    assert made("one") == "2030-01-01T00:00:05Z"


def test_the_real_clock_goes_on_when_it_is_moved(mocked: Serve) -> None:
    shop = mocked(CONTRACT, real_clock=True)
    shop.ask("GET /books")
    assert control(shop, "PUT /default/clock", {"advance": 3600}).json["frozen"] is False
    assert control(shop, "PUT /default/clock", {"at": "2030-01-01T00:00:00Z"}).json["frozen"] is True


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"at": "noon"}, 422),
        ({"at": "2016-12-31T23:59:60Z"}, 409),
        ({"at": "9999-12-31T23:59:59Z", "advance": 5}, 409),
        ({"at": "0001-01-01T00:00:00+10:00"}, 409),
    ],
)
def test_a_time_that_can_not_be_leaves_the_clock_as_it_is(shop: Mocked, body: Any, status: int) -> None:
    assert control(shop, "PUT /default/clock", body).status == status
    assert control(shop, "GET /default/clock").json["own"] is False


def test_a_session_is_told_with_all_there_is_to_say(shop: Mocked) -> None:
    take(shop, "one")
    shop.ask("POST /books", {"title": "Dubliners"})
    told = control(shop, "GET /default").json
    assert told.pop("idle") < 60
    assert told == {
        "name": "default",
        "entries": 2,
        "revoked": 0,
        "scenario": None,
        "seed": None,
        "snapshots": 1,
        "size": 1,
    }
    assert control(shop, "GET ").json["sessions"][0]["size"] == 1
