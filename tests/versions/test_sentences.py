"""Sentences about changes are templates that can be listed: each rule has one, each is said, its fields are filled."""

from __future__ import annotations

from typing import Any

from every_change import every_finding
from test_schema_changes import with_body

from understudy.drift.versions import RULES, TITLES, compare, templates, title_of
from understudy.drift.versions.effects import Direction
from understudy.drift.versions.rules import PREFIX, schema_rule
from understudy.drift.versions.sentences import SENTENCES
from understudy.sentence import Sentence, fields

FINDINGS = every_finding()


def sentences(value: Any) -> list[Sentence]:
    """A sentence and all inside it."""
    if not isinstance(value, Sentence):
        return []
    return [value, *(inner for _, item in value.values for inner in sentences(item))]


def test_every_rule_has_a_sentence_and_every_sentence_a_rule() -> None:
    names = {key.partition("/")[0] for key in SENTENCES}
    kinds = {name.removeprefix("schema-") for name in names if name.startswith("schema-")}
    about_schemas = {schema_rule(way, kind) for way in Direction for kind in kinds} & set(RULES)
    assert {PREFIX + name for name in names if not name.startswith("schema-")} | about_schemas == set(RULES)
    assert all(any(schema_rule(way, kind) in RULES for way in Direction) for kind in kinds)


def test_every_template_is_said_of_a_change_and_no_other_is() -> None:
    said = {template for one in FINDINGS for inner in sentences(one.said) for template in inner.templates()}
    titles = {template for rule in RULES for template in TITLES[rule].templates()}
    assert said | titles == templates()


def test_every_field_is_filled_and_nothing_else() -> None:
    for finding in FINDINGS:
        for one in sentences(finding.said):
            assert {name for name, _ in one.values} == fields(one.template), one


def test_a_message_is_its_sentence_in_english() -> None:
    assert [one.message for one in FINDINGS] == [str(one.said) for one in FINDINGS]
    assert not [one.message for one in FINDINGS if "None" in one.message or one.message[:1].islower()]


def test_what_fills_a_field_is_no_template() -> None:
    old, new = {"type": "object"}, {"type": "object", "default": {}, "properties": {"{where} \\1 `{}`": {}}}
    messages = {one.rule: one.message for one in compare(with_body(old, "request"), with_body(new, "request"))}
    assert messages == {
        "drift.request-default-added": "`it` in the request body has a default: {}.",
        "drift.request-property-added": "An optional property is new in `it` in the request body: `{where} \\1 `{}``.",
    }


def test_titles_are_made_of_a_direction_and_a_change() -> None:
    assert title_of("drift.request-body-removed") == "Request body removed"
    assert title_of("drift.response-any-of-became-one-of") == "Response any of became one of"
    parts = [str(TITLES[f"drift.{way}-max-length-raised"].values[0][1]) for way in ("request", "response")]
    assert parts == ["Max length raised"] * 2
