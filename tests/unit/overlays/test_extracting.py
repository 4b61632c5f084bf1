"""What `extract` writes at first, and what it keeps of what people made of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from understudy.contract.loading import load
from understudy.contract.overlays import extract, read_overlay
from understudy.contract.overlays.prose import fingerprint
from understudy.contract.source import parse
from understudy.contract.writing import to_yaml

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
tags: [{name: Orders, description: Old ones}]
paths: {/a: {get: {operationId: a, summary: Look, responses: {"200": {description: Seen}}}}}
"""


class Author:
    """Somebody with a contract and the German of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.overlay: dict[str, Any] | None = None
        self.contract(CONTRACT)

    def contract(self, text: str) -> None:
        (self.folder / "openapi.yaml").write_text(text)

    def extract(self) -> dict[str, Any]:
        existing = read_overlay(parse("de.yaml", to_yaml(self.overlay).encode())) if self.overlay else None
        self.overlay = extract(load(str(self.folder)), "de", extends="../openapi.yaml", existing=existing)
        return self.overlay

    def action(self, target: str) -> dict[str, Any]:
        assert self.overlay
        return next(one for one in self.overlay["actions"] if one["target"] == target)


@pytest.fixture
def author(tmp_path: Path) -> Author:
    return Author(tmp_path)


def test_at_first_all_is_english(author: Author) -> None:
    overlay = author.extract()
    assert [overlay[name] for name in ("overlay", "extends", "x-understudy-language")] == [
        "1.1.0",
        "../openapi.yaml",
        "de",
    ]
    assert [one["target"] for one in overlay["actions"]] == [
        "$.info",
        "$.tags[?@.name == 'Orders']",
        "$.paths['/a'].get",
        "$.paths['/a'].get.responses['200']",
    ]
    assert author.action("$.tags[?@.name == 'Orders']") == {
        "target": "$.tags[?@.name == 'Orders']",
        "update": {"x-displayName": "Orders", "description": "Old ones"},
        "x-understudy-source": {"x-displayName": fingerprint("Orders"), "description": fingerprint("Old ones")},
        "x-understudy-untranslated": ["x-displayName", "description"],
    }


def test_what_is_translated_stays_with_all_that_stands_beside_it(author: Author) -> None:
    author.extract()
    author.action("$.paths['/a'].get").update(
        update={"summary": "Schau"}, description="Mind the tone.", **{"x-by": "me"}
    )
    author.overlay = {**(author.overlay or {}), "x-team": "docs"}
    overlay = author.extract()
    assert overlay["x-team"] == "docs"
    assert author.action("$.paths['/a'].get") == {
        "target": "$.paths['/a'].get",
        "description": "Mind the tone.",
        "x-by": "me",
        "update": {"summary": "Schau"},
        "x-understudy-source": {"summary": fingerprint("Look")},
    }
    assert author.extract() == overlay


def test_what_has_changed_is_marked_and_kept_until_its_source_is_removed(author: Author) -> None:
    author.extract()
    author.action("$.paths['/a'].get")["update"]["summary"] = "Schau"
    author.contract(CONTRACT.replace("Look", "Look twice"))
    author.extract()
    action = author.action("$.paths['/a'].get")
    assert action["update"] == {"summary": "Schau"}
    assert action["x-understudy-source"] == {"summary": fingerprint("Look")}
    assert action["x-understudy-stale"] == {"summary": "Look twice"}
    author.extract()
    assert author.action("$.paths['/a'].get") == action
    action = author.action("$.paths['/a'].get")
    action["update"]["summary"] = "Schau zweimal"
    del action["x-understudy-source"]["summary"]
    author.extract()
    assert author.action("$.paths['/a'].get") == {
        "target": "$.paths['/a'].get",
        "update": {"summary": "Schau zweimal"},
        "x-understudy-source": {"summary": fingerprint("Look twice")},
    }


def test_english_that_has_changed_before_anybody_came_is_just_new(author: Author) -> None:
    author.extract()
    author.contract(CONTRACT.replace("Look", "Look twice"))
    author.extract()
    assert author.action("$.paths['/a'].get")["update"] == {"summary": "Look twice"}
    assert "x-understudy-stale" not in author.action("$.paths['/a'].get")
    author.contract(CONTRACT.replace("summary: Look, ", ""))
    assert "x-understudy-unused" not in author.extract()


def test_what_is_gone_is_put_aside_and_found_again(author: Author) -> None:
    author.extract()
    author.action("$.paths['/a'].get")["update"]["summary"] = "Schau"
    author.contract(CONTRACT.replace("summary: Look, ", ""))
    aside = {
        "target": "$.paths['/a'].get",
        "update": {"summary": "Schau"},
        "x-understudy-source": {"summary": fingerprint("Look")},
    }
    assert author.extract()["x-understudy-unused"] == [aside]
    assert author.extract()["x-understudy-unused"] == [aside]
    author.contract(CONTRACT.replace("/a:", "/b:"))
    assert "x-understudy-unused" not in author.extract()
    assert author.action("$.paths['/b'].get")["update"] == {"summary": "Schau"}
    assert "x-understudy-untranslated" not in author.action("$.paths['/b'].get")


def test_what_has_moved_is_found_again_at_once(author: Author) -> None:
    author.extract()
    author.action("$.paths['/a'].get")["update"]["summary"] = "Schau"
    author.contract(CONTRACT.replace("/a:", "/b:"))
    assert "x-understudy-unused" not in author.extract()
    assert author.action("$.paths['/b'].get")["update"] == {"summary": "Schau"}


def test_one_english_text_is_said_alike_wherever_it_comes_anew(author: Author) -> None:
    author.extract()
    author.action("$.paths['/a'].get")["update"]["summary"] = "Schau"
    author.contract(CONTRACT + "webhooks: {b: {get: {operationId: b, summary: Look, responses: {}}}}\n")
    author.extract()
    assert author.action("$.webhooks.b.get")["update"] == {"summary": "Schau"}
