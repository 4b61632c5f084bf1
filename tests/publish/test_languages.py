"""A contract in several languages: each page in each, what is not translated in English and marked so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sites_in_memory import Built, built, flat, parse_html
from test_site_laws import disagreements, flaws

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = """\
openapi: 3.1.0
info: {title: Notes, version: "1", description: Keeps notes.}
servers: [{url: "https://notes.example", description: Where notes are kept.}]
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


def test_links_and_twins_hold_in_every_language(notes: Built) -> None:
    assert flaws(notes.files) == []
    assert disagreements(notes) == {}
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
    assert {"Lists them all.", "Its words.", "`200` The notes.", "Where notes are kept"} <= marked
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


def test_our_english_words_are_marked_where_we_have_none_in_a_language(tmp_path: Path) -> None:
    (tmp_path / "i18n").mkdir()
    (tmp_path / "openapi.yaml").write_text(CONTRACT)
    (tmp_path / "i18n/fr.yaml").write_text(OVERLAY.replace("language: de", "language: fr"))
    site = built(str(tmp_path))
    parts = flat(site.page("fr/ops/listNotes"))
    told = {words: part.language for part in parts for words in (part.title, part.text)}
    wanted = {"Responses": "en", "`200` The notes.": "en", "`404` Keine da.": "", "Eine Notiz.": ""}
    wanted |= {"`text` *string*": "en", "Its words.": "en"}
    assert {words: told.get(words) for words in wanted} == wanted
    groups = {group.title: group.language for book in site.builder.site.books[1:] for group in book.groups}
    assert groups == {"Guides": "en", "Notes": "", "Schemas": "en"}
    errors = next(page for page in site.builder.site.pages if page.path == "fr/errors")
    assert (errors.title, errors.title_language) == ("Errors", "en")
    assert not [path for path, content in site.files.items() if "\ufdd0".encode() in content or b"ufdd0" in content]


def test_evidence_is_told_in_the_language_of_the_page(vendors: Built) -> None:
    parts = flat(vendors.page("de/talkturo/ops/purchasePhoneNumber"))
    label = next(part for part in parts if part.title == "Beleg")
    assert (label.language, label.text, label.parts[0].language) == ("", "", "")
    assert label.parts[0].text.startswith("vollständige Seite, deren Abschnitte")


def test_a_portal_lists_every_contract(vendors: Built) -> None:
    german = vendors.files["de/index.html"].decode()
    assert 'href="../en/talkover/index.html"' in german
    assert 'href="talkturo/index.html"' in german
    cards = {part.title.partition("]")[0]: part for part in flat(vendors.page("de/index")) if part.kind == "card"}
    assert [(name, card.language) for name, card in cards.items()] == [("[Talkover API", "en"), ("[Talkturo-API", "")]
    links = {part.text: part.language for part in flat(tuple(cards.values())) if part.kind == "links"}
    for text, language in (("- [Errors](page:en/talkover/errors)", "en"), ("- [Fehler](page:de/talkturo/errors)", "")):
        assert [language] == [spoken for line, spoken in links.items() if text in line]
    assert "- [Português (Brasil)](../pt-BR/talkover/index.md)" in vendors.text("de/index")
    assert "```bash\nunderstudy serve talkover talkturo\n```" in vendors.text("de/index")
