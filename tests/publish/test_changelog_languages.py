"""A changelog speaks the language of its page: every sentence by which a change is told has a translation."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from every_change import every_finding
from sites_in_memory import flat

from understudy.cli.publish import Options, plan
from understudy.drift.versions import TITLES, templates
from understudy.finding import Finding
from understudy.publish.build import Builder
from understudy.publish.changes import TABLE, Changes
from understudy.publish.site import Publication
from understudy.publish.words import spoken, words
from understudy.sentence import fields

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.publish.page import Part

TRANSLATED = [language for language in spoken() if language != "en"]
EVERY = every_finding()
DONE = {"responses": {"204": {"description": "Done."}}}
SAVE = {"operationId": "save", "summary": "Save", **DONE}
FIELDS = {"type": "object", "properties": {"a*b*_c_": {"type": "string", "pattern": "^[a-z]*_*$"}}}
OLD = {
    "openapi": "3.1.0",
    "info": {"title": "Notes", "version": "1"},
    "paths": {
        "/notes": {"put": {**SAVE, "requestBody": {"content": {"application/json": {"schema": FIELDS}}}}},
        "/left_*": {"get": {"operationId": "left", **DONE}},
    },
    "webhooks": {"born": {"post": DONE}, "kept": {"post": {"summary": "Kept", **DONE}}},
}
NEW = {
    **OLD,
    "info": {"title": "Notes", "version": "2"},
    "paths": {
        "/notes": {
            "put": {**SAVE, "requestBody": {"content": {"application/json": {"schema": {**FIELDS, "properties": {}}}}}}
        }
    },
    "webhooks": {"kept": {"post": {"summary": "Kept", "responses": {"202": {"description": "Done."}}}}},
}


def overlay(language: str) -> str:
    """Translate all that the changelog shows of the contract."""
    actions = [
        {"target": "$.info", "update": {"title": f"Notes ({language})"}},
        {"target": "$.paths['/notes'].put", "update": {"summary": f"Save ({language})"}},
        {"target": "$.webhooks.kept.post", "update": {"summary": f"Kept ({language})"}},
    ]
    info = {"title": language, "version": "1"}
    return json.dumps({"overlay": "1.1.0", "info": info, "x-understudy-language": language, "actions": actions})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """A contract in English, German, Portuguese and French, beside an older version."""
    folder: Path = tmp_path_factory.mktemp("notes")
    (folder / "i18n").mkdir()
    (folder / "openapi.json").write_text(json.dumps(NEW))
    (folder / "old.json").write_text(json.dumps(OLD))
    for language in (*TRANSLATED, "fr"):
        (folder / f"i18n/{language}.yaml").write_text(overlay(language))
    return Publication(plan(Options((str(folder / "openapi.json"),), folder, against=(str(folder / "old.json"),))))


def of(site: Publication, findings: tuple[Finding, ...]) -> Publication:
    """The same site, with other findings in its changelog."""
    (subject,) = site.plan.subjects
    return Publication(replace(site.plan, subjects=(replace(subject, changes=Changes("1", findings, TITLES)),)))


def lines(parts: tuple[Part, ...], language: str = "") -> list[str]:
    """The lines of a changelog that are marked with a language."""
    told = [part for part in flat(parts) if part.kind == "links" and part.language == language]
    return [line for part in told for line in part.text.split("\n")]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_template_has_a_translation_with_the_same_fields_and_none_is_idle(language: str) -> None:
    table = words(language, TABLE).texts
    assert set(table) == templates()
    assert {text: told for text, told in table.items() if fields(text) != fields(told)} == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_is_a_sentence_where_the_english_one_is(language: str) -> None:
    for english, told in words(language, TABLE).texts.items():
        assert told.strip() == told
        assert english.endswith(".") == told.endswith("."), told
        assert not re.search(r"[*_<\[\]\\]", re.sub(r"`[^`]*`|\{\w+\}", "", told)), told


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_change_there_is_is_told_in_the_language_of_the_page(site: Publication, language: str) -> None:
    told, english = (of(site, EVERY).page(f"{name}/changelog").parts for name in (language, "en"))
    assert len(lines(told)) == len(lines(english)) == len(EVERY)
    assert {part.language for part in flat(told)} == {""}
    assert not set(lines(told)) & set(lines(english))


def test_a_page_has_no_english_line_where_the_contract_is_translated(site: Publication) -> None:
    files = {file.path: file.content.decode() for file in Builder(site).files() if "/changelog." in file.path}
    for language in TRANSLATED:
        html = files[f"{language}/changelog.html"]
        assert html.count(' lang="en"') == html.count(' lang="en" hreflang="en"') == 1
        assert f"Save ({language})" in html
    told = {
        "de": "- **Operation entfernt** `GET /left_*` ist entfallen.",
        "pt-BR": "- **Operação removida** `GET /left_*` deixou de existir.",
    }
    for language, line in told.items():
        assert line in files[f"{language}/changelog.md"].splitlines()
        assert "### Webhook `born`\n" in files[f"{language}/changelog.md"]
        assert f"### [Kept ({language})](webhooks/kept.md)\n" in files[f"{language}/changelog.md"]


def test_what_the_contract_says_is_shown_as_it_is(site: Publication) -> None:
    wanted = {
        "en": "- **Request property removed** The property `a*b*_c_` of the request body is no longer declared.",
        "de": "- **Anfrage: Feld entfernt** Anfrage-Body: Das Feld `a*b*_c_` ist nicht mehr dokumentiert.",
        "pt-BR": "- **Requisição: campo removido** Corpo da requisição: o campo `a*b*_c_` não está mais documentado.",
    }
    for language, line in wanted.items():
        assert line in lines(site.page(f"{language}/changelog").parts)


def test_a_language_without_translations_has_english_lines_that_are_marked(site: Publication) -> None:
    parts = site.page("fr/changelog").parts
    assert lines(parts, "en") == lines(site.page("en/changelog").parts)
    assert lines(parts) == []
    titles = {part.title: part.language for part in flat(parts)}
    assert titles["[Save (fr)](page:fr/ops/save)"] == ""


def test_a_finding_that_is_not_in_parts_is_english(site: Publication) -> None:
    rule, told = "drift.operation-added", EVERY[0]
    parts = of(site, (Finding(rule, "A `thing` is new."), told)).page("de/changelog").parts
    assert lines(parts, "en") == ["- **Operation added** A `thing` is new."]
    assert len(lines(parts)) == 1


def test_a_sentence_of_which_a_piece_is_not_translated_is_english(
    site: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    table: Any = words("de", TABLE).texts
    monkeypatch.delitem(table, "the request body")
    parts = site.page("de/changelog").parts
    assert [line for line in lines(parts, "en") if "`a*b*_c_` of the request body" in line]
    assert not [line for line in lines(parts) if "request body" in line]
