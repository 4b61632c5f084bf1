"""PUT replaces, PATCH changes, in three ways; nothing that the item's schema does not take comes of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Mocked, Serve, Told

ARTICLES = (Path(__file__).parents[2] / "corpus" / "contracts" / "articles.yaml").read_text("utf-8")
MERGE, JSON_PATCH = "application/merge-patch+json", "application/json-patch+json"


@pytest.fixture
def articles(mocked: Serve) -> Mocked:
    return mocked(ARTICLES)


def patch(articles: Mocked, body: Any, kind: str = "application/json", identifier: int = 1) -> Told:
    return articles.ask(f"PATCH /articles/{identifier}", body, content_type=kind)


def held(articles: Mocked, identifier: int = 1) -> Any:
    return articles.ask(f"GET /articles/{identifier}").json


def test_put_replaces_what_a_client_may_set_and_keeps_the_rest(articles: Mocked) -> None:
    told = articles.ask("PUT /articles/1", {"title": "Cake"})
    kept = {"id": 1, "state": "live", "deleted_at": None, "created_at": "2024-01-01T00:00:00Z"}
    assert told.status == 200
    assert told.json == held(articles) == {**kept, "title": "Cake", "tags": []}


def test_put_makes_what_is_not_there_under_the_id_of_the_path(articles: Mocked) -> None:
    told = articles.ask("PUT /articles/7", {"title": "Cake"})
    assert (told.status, told.json["id"], told.json["title"]) == (201, 7, "Cake")
    assert articles.ask("PUT /articles/7", {"title": "Pie"}).status == 200
    assert held(articles, 7)["title"] == "Pie"
    assert [article["id"] for article in articles.ask("GET /articles").json] == [1, 2, 7]


def test_put_brings_back_what_was_deleted(articles: Mocked) -> None:
    articles.ask("DELETE /articles/1")
    assert articles.ask("PUT /articles/1", {"title": "Again"}).status == 201
    assert held(articles)["title"] == "Again"


def test_a_refused_put_changes_nothing(articles: Mocked) -> None:
    before = held(articles)
    assert articles.ask("PUT /articles/1", {"title": ""}).status == 422
    assert held(articles) == before


@pytest.mark.parametrize("kind", ["application/json", MERGE])
def test_a_merge_changes_what_it_names_at_every_depth_and_null_takes_away(articles: Mocked, kind: str) -> None:
    told = patch(articles, {"title": "Cake", "size": {"height": None, "width": 3}}, kind)
    assert told.status == 200
    assert (told.json["title"], told.json["size"], told.json["tags"]) == ("Cake", {"width": 3}, ["food", "old"])
    assert "size" not in patch(articles, {"size": None}, kind).json
    assert "size" not in held(articles)


def test_null_is_kept_where_plain_json_may_mean_it(articles: Mocked) -> None:
    assert patch(articles, {"subtitle": None}, identifier=2).json["subtitle"] is None
    assert "subtitle" not in patch(articles, {"subtitle": None}, MERGE, 2).json


def test_an_item_that_a_patch_would_break_stays_as_it_is(mocked: Serve) -> None:
    strict = "        title: {type: string, minLength: 1, maxLength: 40}\n"
    *before, after = ARTICLES.split(strict)
    loose = strict.join(before) + "        title: {}\n" + after
    articles = mocked(loose)
    held_before = held(articles)
    for title in (None, 5, ""):
        told = patch(articles, {"title": title}, MERGE)
        assert (told.status, told.json["errors"][0]["pointer"]) == (422, "/title")
    assert held(articles) == held_before


def test_a_json_patch_does_all_it_says(articles: Mocked) -> None:
    told = patch(
        articles,
        [
            {"op": "test", "path": "/size/width", "value": 1.5},
            {"op": "replace", "path": "/title", "value": "Cake"},
            {"op": "add", "path": "/tags/-", "value": "new"},
            {"op": "remove", "path": "/tags/0"},
            {"op": "copy", "from": "/size/width", "path": "/size/height"},
            {"op": "move", "from": "/title", "path": "/subtitle"},
            {"op": "add", "path": "/title", "value": "Pie"},
        ],
        JSON_PATCH,
    )
    assert told.status == 200
    assert told.json == held(articles)
    found = {name: told.json[name] for name in ("title", "subtitle", "tags", "size")}
    size = {"width": Decimal("1.50"), "height": Decimal("1.50")}
    assert found == {"title": "Pie", "subtitle": "Cake", "tags": ["old", "new"], "size": size}


@pytest.mark.parametrize(
    ("last", "status", "pointer"),
    [
        ({"op": "test", "path": "/title", "value": "Milk"}, 409, "/1/value"),
        ({"op": "remove", "path": "/nothing"}, 422, "/1/path"),
        ({"op": "replace", "path": "/title", "value": ""}, 422, "/1/path"),
        ({"op": "remove", "path": "/title"}, 422, "/1/path"),
        ({"op": "replace", "path": "/id", "value": 9}, 422, "/1/path"),
        ({"op": "replace", "path": "/state", "value": "deleted"}, 422, "/1/path"),
        ({"op": "replace", "path": "", "value": []}, 422, ""),
    ],
)
def test_a_json_patch_is_applied_whole_or_not_at_all(
    articles: Mocked, last: dict[str, Any], status: int, pointer: str
) -> None:
    before = held(articles)
    told = patch(articles, [{"op": "add", "path": "/tags/-", "value": "x"}, last], JSON_PATCH)
    assert (told.status, told.json["errors"][0]["pointer"]) == (status, pointer)
    assert held(articles) == before


def test_what_was_deleted_is_shown_so_and_is_gone(articles: Mocked) -> None:
    told = articles.ask("DELETE /articles/1")
    assert told.status == 200
    assert (told.json["id"], told.json["state"], told.json["deleted_at"]) == (1, "deleted", "2024-01-15T12:00:00Z")
    assert [article["id"] for article in articles.ask("GET /articles").json] == [2]
    for line in ("GET /articles/1", "DELETE /articles/1"):
        assert articles.ask(line).status == 410
    assert patch(articles, {"title": "x"}).status == 410
    assert articles.ask("GET /articles/9").status == 404


def test_without_410_what_was_deleted_is_404(mocked: Serve) -> None:
    articles = mocked(ARTICLES.replace('        "410": {description: There was one.}\n', ""))
    articles.ask("DELETE /articles/1")
    assert articles.ask("GET /articles/1").status == 404


def test_a_free_status_is_no_mark(mocked: Serve) -> None:
    articles = mocked(
        ARTICLES.replace("state: {type: string, enum: [live, deleted], readOnly: true}", "state: {type: string}")
    )
    assert articles.ask("DELETE /articles/1").json["state"] == "live"
