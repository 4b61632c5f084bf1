"""An overlay that is not written as its version of the specification says: each fault at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.contract.overlays import is_overlay

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.contract.overlays import Overlay

    Read = Callable[[str], Overlay]

HEAD = "overlay: 1.1.0\ninfo: {title: x, version: '1'}\n"
ACTIONS = "actions: [{target: $.a, update: {b: 1}}]\n"


def said(overlay: Overlay) -> list[tuple[str, str, str]]:
    return [(str(one.location).partition(":")[2], one.severity.value, one.message) for one in overlay.findings]


def test_a_good_one_has_no_finding(read: Read) -> None:
    overlay = read(HEAD + "extends: ./openapi.yaml\nx-mine: 1\n" + ACTIONS)
    assert (said(overlay), overlay.version, overlay.extends, len(overlay.actions)) == ([], "1.1", "./openapi.yaml", 1)


def test_json_is_read_too(read: Read) -> None:
    overlay = read(
        '{"overlay": "1.0.7", "info": {"title": "x", "version": "1"}, "actions": [{"target": "$", "update": {}}]}'
    )
    assert (said(overlay), overlay.version) == ([], "1.0")


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("[1]", "1:1", "An overlay is a mapping, and this is not one."),
        ("overlay: 1.1.0\n" + ACTIONS, "1:1", "`info` is missing."),
        (HEAD, "1:1", "`actions` is missing."),
        (HEAD + "actions: []", "3:10", "An overlay has at least one action."),
        (HEAD + "actions: {}", "3:10", "`actions` must be a list."),
        (HEAD + "actions: [x]", "3:11", "An action must be a mapping."),
        (HEAD + "extra: 1\n" + ACTIONS, "3:1", "`extra` is no field that may stand here."),
        (HEAD + "extends: 1\n" + ACTIONS, "3:10", "`extends` must be a text."),
        (HEAD.replace("title: x, ", "") + ACTIONS, "2:7", "`title` is missing."),
        (HEAD.replace("'1'", "1") + ACTIONS, "2:27", "`version` must be a text."),
        (HEAD.replace("1.1.0", "1.1") + ACTIONS, "1:10", "`1.1` is no version of the Overlay Specification."),
        (HEAD.replace("1.1.0", "2.0.0") + ACTIONS, "1:10", "`2.0.0` is no version of the Overlay Specification."),
        (HEAD + "actions: [{update: {}}]", "3:11", "`target` is missing."),
        (HEAD + "actions: [{target: 1, update: {}}]", "3:20", "`target` must be a text."),
        (HEAD + "actions: [{target: $, remove: yes}]", "3:31", "`remove` must be true or false."),
        (HEAD + "actions: [{target: $, update: {}, description: 1}]", "3:48", "`description` must be a text."),
        (HEAD + "actions: [{target: $, upsert: {}}]", "3:23", "`upsert` is no field that may stand here."),
        (HEAD + "actions: [{target: $, update: 1, copy: $}]", "3:11", "`update` and `copy` take each other's effect."),
        (HEAD + "x-understudy-language: 7\n" + ACTIONS, "3:24", "`x-understudy-language` must be a language tag."),
        (
            HEAD + "actions: [{target: $, update: {}, x-understudy-source: {a: zz}}]",
            "3:60",
            "A source is named by eight hexadecimal digits.",
        ),
    ],
)
def test_a_fault_is_an_error_at_its_place(read: Read, text: str, place: str, message: str) -> None:
    assert (place, "error", message) in said(read(text))


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("{target: $.a}", "The action changes nothing."),
        ("{target: $.a, remove: false}", "The action changes nothing."),
        ("{target: $.a, update: 1, remove: true}", "`update` has no effect beside `remove: true`."),
        (
            "{target: $.b, x-a: 1, update: {c: 1}}, {update: {c: 1}, x-a: 1, target: $.b}",
            "The same action stands on line 3.",
        ),
    ],
)
def test_what_has_no_effect_is_a_warning(read: Read, action: str, message: str) -> None:
    assert [(one.severity, one.message) for one in read(f"{HEAD}actions: [{action}]").findings] == [
        ("warning", message)
    ]


@pytest.mark.parametrize(
    ("written", "column"),
    [("$.paths./a", 19), ("'$.paths./a'", 20), ('"$.paths./a"', 20), (">-\n    $.paths./a", 11)],
)
def test_the_column_of_a_bad_query_is_that_of_its_fault(read: Read, written: str, column: int) -> None:
    (finding,) = read(f"{HEAD}actions:\n- update: {{}}\n  target: {written}\n").findings
    assert finding.message == "`$.paths./a` is no JSONPath: unexpected token '/'."
    assert finding.location
    assert (finding.location.line, finding.location.column) == (5, column)


@pytest.mark.parametrize(
    ("version", "text", "unknown"),
    [
        ("1.0.0", "actions: [{target: $, copy: $}]", "copy"),
        ("1.1.0", "$self: a\nactions: [{target: $, update: 1}]", "$self"),
        ("1.1.0", "components: {}\nactions: [{target: $, update: 1}]", "components"),
        ("1.1.0", "actions: [{target: $, $ref: '#/components/actions/a'}]", "$ref"),
        ("1.2.0", "components: {actions: {a: {fields: {target: $}}}}\nactions: [{target: $, update: 1}]", "target"),
        ("1.2.0", "components: {actions: {a: {update: 1}}}\nactions: [{target: $, update: 1}]", "update"),
        (
            "1.2.0",
            "components: {actions: {a: {}}}\nactions: [{target: $, $ref: '#/components/actions/a', update: 1}]",
            "update",
        ),
    ],
)
def test_each_version_knows_its_fields(read: Read, version: str, text: str, unknown: str) -> None:
    overlay = read(HEAD.replace("1.1.0", version) + text)
    errors = [one.message for one in overlay.findings if one.severity == "error"]
    assert errors == [f"`{unknown}` is no field that may stand here."]


def test_info_has_a_description_since_1_1(read: Read) -> None:
    described = HEAD.replace("title: x", "title: x, description: y") + ACTIONS
    assert said(read(described)) == []
    assert said(read(described.replace("1.1.0", "1.0.0")))[0][2] == "`description` is no field that may stand here."


@pytest.mark.parametrize(
    "reference", ["#/components/actions/b", "#/components/actions/", "#/actions/a", "other.yaml#/a"]
)
def test_a_reference_leads_to_a_reusable_action(read: Read, reference: str) -> None:
    text = f"components: {{actions: {{a: {{fields: {{update: 1}}}}}}}}\nactions: [{{target: $, $ref: '{reference}'}}]"
    overlay = read(HEAD.replace("1.1.0", "1.2.0") + text)
    assert [one.message for one in overlay.findings] == [f"`{reference}` leads to no reusable action."]
    assert overlay.actions == ()


def test_in_1_2_addresses_have_no_fragment(read: Read) -> None:
    text = HEAD + "extends: openapi.yaml#/paths\n" + ACTIONS
    assert said(read(text)) == []
    assert said(read(text.replace("1.1.0", "1.2.0"))) == [
        ("3:10", "error", "`extends` names a whole document, and has no fragment.")
    ]


def test_a_document_is_no_overlay() -> None:
    assert is_overlay({"overlay": "1.1.0"})
    assert not is_overlay({"openapi": "3.1.0", "overlay": 1})
    assert not is_overlay([])
