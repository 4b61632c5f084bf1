"""A contract in several languages: each page in each, what is not translated in English and marked so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sites_in_memory import Built, built, flat, parse_html
from test_site_laws import flaws

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = """\
openapi: 3.1.0
info: {title: Notes, version: "1", description: Keeps notes.}
tags: [{name: Notes, description: All about notes.}]
paths:
  /notes:
    get:
      operationId: listNotes
      tags: [Notes]
      summary: List notes
      description: Lists them all.
      responses:
        "200": {description: The notes., content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
        "404": {description: None there.}
        "409": {description: Not now.}
components:
  schemas:
    Note: {type: object, description: A note., properties: {text: {type: string, description: Its words.}}}
"""
OVERLAY = """\
overlay: 1.1.0
info: {title: Notes auf Deutsch, version: "1"}
extends: ../openapi.yaml
x-understudy-language: de
actions:
  - target: $.paths['/notes'].get
    update: {summary: Notizen auflisten}
  - target: $.paths['/notes'].get.responses['404']
    update: {description: Keine da.}
  - target: $.components.schemas.Note
    update: {description: Eine Notiz.}
"""


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder: Path = tmp_path_factory.mktemp("notes")
    (folder / "i18n").mkdir()
    (folder / "openapi.yaml").write_text(CONTRACT)
    (folder / "i18n/de.yaml").write_text(OVERLAY)
    return built(str(folder))


def test_links_hold_in_every_language(notes: Built) -> None:
    assert flaws(notes.files) == []
    assert notes.builder.site.languages == ("en", "de")


def test_what_is_translated_is_said_in_its_language(notes: Built) -> None:
    text = notes.text("de/ops/listNotes")
    assert text.startswith("# Notizen auflisten\n")
    assert "Eine Notiz." in text
    assert "List notes" not in text
    assert "## Antworten" in text


def test_what_is_not_is_english_and_marked(notes: Built) -> None:
    parts = flat(notes.page("de/ops/listNotes"))
    marked = {part.text or part.title for part in parts if part.language == "en"}
    assert {"Lists them all.", "Its words.", "`200` The notes."} <= marked
    assert not [part for part in parts if part.language == "en" and "Notiz" in part.text + part.title]
    tables = [(part.language, "Keine da" in part.text) for part in parts if part.kind == "table"]
    assert tables == [("", True), ("en", False)]


def test_nothing_of_the_english_edition_is_marked(notes: Built) -> None:
    for page in notes.builder.site.pages:
        if page.language == "en":
            assert {part.language for part in flat(notes.page(page.path))} == {""}


def test_the_same_page_is_found_in_every_language(vendors: Built) -> None:
    for page in vendors.builder.site.pages:
        for language, path in page.translations.items():
            assert path.startswith(f"{language}/")
            assert f"{path}.html" in vendors.files
            ids = [set(parse_html(vendors.files[f"{one}.html"]).ids) for one in (page.path, path)]
            if page.kind in ("operation", "schema"):
                assert ids[0] == ids[1], path


def test_a_portal_lists_every_contract(vendors: Built) -> None:
    german = vendors.files["de/index.html"].decode()
    assert 'href="../en/talkover/index.html"' in german
    assert 'href="talkturo/index.html"' in german
    assert any(part.language == "en" for part in flat(vendors.page("de/index")))
