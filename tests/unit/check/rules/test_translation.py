"""A translation that lacks a text, is behind the contract, or changes more than prose."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from understudy.contract.overlays.prose import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "translation"

CONTRACT = """\
    tags: [{name: Orders}]
    paths:
      /orders:
        get:
          operationId: list
          summary: List orders
          responses: {"200": {description: The orders}}
    """
COMPLETE = f"""\
    - {{target: $.info, update: {{title: Laden}}}}
    - {{target: '$.tags[0]', update: {{x-displayName: Bestellungen}}}}
    - target: $.paths['/orders'].get
      update: {{summary: Bestellungen zeigen}}
      x-understudy-source: {{summary: "{fingerprint("List orders")}"}}
    - {{target: "$.paths['/orders'].get.responses['200']", update: {{description: Die Bestellungen}}}}
    - {{target: "$['x-understudy-behaviour'].rules.list[0]", update: {{description: Immer.}}}}
    """
BEHAVIOUR = "rules: {list: [{description: Always., when: 'true'}]}"


def overlay(folder: Path, actions: str, more: str = "") -> str:
    (folder / "i18n").mkdir(exist_ok=True)
    text = f"overlay: 1.1.0\ninfo: {{title: x, version: '1'}}\n{more}actions:\n{dedent(actions)}"
    (folder / "i18n" / "de.yaml").write_text(text)
    return CONTRACT


def said(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(one.severity.value, one.message) for one in findings]


def test_a_complete_one_is_fine(found: Found, tmp_path: Path) -> None:
    assert found(RULE, overlay(tmp_path, COMPLETE), behaviour=BEHAVIOUR) == []


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        ("Laden", "openapi.yaml:2:15", "`title` has no translation into de."),
        ("x-displayName", "openapi.yaml:4:15", "The tag's name has no translation into de."),
        ("Die Best", "openapi.yaml:10:40", "`description` has no translation into de."),
        ("Immer", "behaviour.yaml:1:30", "`description` has no translation into de."),
    ],
)
def test_a_missing_text_is_found_where_the_english_stands(
    found: Found, tmp_path: Path, line: str, place: str, message: str
) -> None:
    left = "".join(one for one in dedent(COMPLETE).splitlines(keepends=True) if line not in one)
    (finding,) = found(RULE, overlay(tmp_path, left), behaviour=BEHAVIOUR)
    assert said([finding]) == [("warning", message)]
    assert str(finding.location).endswith(place)


def test_a_missing_text_names_its_operation(found: Found, tmp_path: Path) -> None:
    left = COMPLETE.replace("['200']", "['404']")
    findings = found(RULE, overlay(tmp_path, left), behaviour=BEHAVIOUR)
    assert [(one.severity.value, one.operation) for one in findings] == [("error", ""), ("warning", "list")]


def test_the_ledger_wants_its_evidence_said(found: Found, tmp_path: Path) -> None:
    ledger = "operations:\n  - operationId: list\n    evidence: a page\n"
    (finding,) = found(RULE, overlay(tmp_path, COMPLETE), behaviour=BEHAVIOUR, ledger=ledger)
    assert (finding.message, str(finding.location)[-16:]) == (
        "`evidence` has no translation into de.",
        "ledger.yaml:3:15",
    )


def test_a_scenario_wants_its_description_said(found: Found, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "none.yaml").write_text(
        "name: none\ndescription: Empty.\nsteps: {list: [{status: 200}]}\n"
    )
    (finding,) = found(RULE, overlay(tmp_path, COMPLETE), behaviour=BEHAVIOUR)
    assert (finding.message, str(finding.location)[-14:]) == (
        "`description` has no translation into de.",
        "none.yaml:2:14",
    )


def test_english_that_has_changed_is_found(found: Found, tmp_path: Path) -> None:
    text = overlay(tmp_path, COMPLETE).replace("List orders", "List all orders")
    (finding,) = found(RULE, text, behaviour=BEHAVIOUR)
    assert said([finding]) == [("warning", "The contract's `summary` has changed since it was translated.")]
    assert str(finding.location).endswith(f"i18n/de.yaml:8:{len('  x-understudy-source: {summary: ') + 1}")


@pytest.mark.parametrize(
    ("action", "severity", "message"),
    [
        (
            "{target: $.info, update: {version: '2'}}",
            "error",
            "A translation changes prose only, and `info/version` is none.",
        ),
        (
            "{target: $.nowhere, update: {title: x}}",
            "error",
            "`$.nowhere` selects nothing, so the action changes nothing.",
        ),
        (
            "{target: $.info, update: {summary: x}}",
            "warning",
            "There is no `info/summary` to translate: the contract says nothing there.",
        ),
        (
            "{target: $.info, update: {title: Shop}}",
            "warning",
            "`info/title` is translated a second time; the first is in the action on line 4.",
        ),
        ("{target: $.info}", "warning", "The action changes nothing."),
    ],
)
def test_what_is_too_much_is_found(found: Found, tmp_path: Path, action: str, severity: str, message: str) -> None:
    text = overlay(tmp_path, dedent(COMPLETE) + f"- {action}\n")
    assert said(found(RULE, text, behaviour=BEHAVIOUR)) == [(severity, message)]


def test_a_file_says_the_language_it_is_named_for(found: Found, tmp_path: Path) -> None:
    text = overlay(tmp_path, COMPLETE, "x-understudy-language: nl\n")
    assert said(found(RULE, text, behaviour=BEHAVIOUR)) == [
        ("warning", "The file is named for `de`, and says that it speaks `nl`.")
    ]


def test_what_was_put_aside_is_told(found: Found, tmp_path: Path) -> None:
    text = overlay(tmp_path, COMPLETE, "x-understudy-unused: [{target: $.a, update: {title: Alt}}]\n")
    assert said(found(RULE, text, behaviour=BEHAVIOUR)) == [
        ("warning", "This translation is of no use any more: what it says anew is gone.")
    ]


def test_a_file_that_is_no_overlay_is_an_error(found: Found, tmp_path: Path) -> None:
    (tmp_path / "i18n").mkdir()
    (tmp_path / "i18n" / "de.yaml").write_text("just text\n")
    assert said(found(RULE, CONTRACT))[0] == ("error", "An overlay is a mapping, and this is not one.")


def test_a_rule_may_be_described_but_only_in_words(found: Found) -> None:
    assert found("behaviour", CONTRACT, behaviour=BEHAVIOUR) == []
    (finding,) = found("behaviour", CONTRACT, behaviour=BEHAVIOUR.replace("Always.", "[]"))
    assert finding.message == "A rule's `description` must be a text."
