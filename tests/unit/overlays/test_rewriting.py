"""What a translator wrote around the texts is still there after `extract`: comments, quotes, order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import DataObject, booleans, data, lists, sampled_from

from understudy.contract.files import shipped
from understudy.contract.loading import load
from understudy.contract.overlays import extract, read_overlay, rewritten
from understudy.contract.overlays.prose import fingerprint
from understudy.contract.source import parse
from understudy.contract.writing import to_yaml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Extract = Callable[[str, str], str | None]

CONTRACT = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /a: {get: {operationId: a, summary: Look, responses: {"200": {description: Seen}}}}
  /b: {get: {operationId: b, summary: Buy, responses: {"200": {description: Sold}}}}
"""
GERMAN = f"""\
# Ansprache: Sie.
---
overlay: '1.1.0'   # not 1.2 yet
info: {{title: Laden, version: "1"}}
extends: ../openapi.yaml
x-understudy-language: de
x-team: "docs"
actions:
  # The shop's name is never translated.
  - target: $.info  # all of it
    update:
      title: 'Shop'
    x-understudy-source: {{title: "{fingerprint("Shop")}"}}

  # Second, because it is read most.
  - target: $.paths["/b"].get
    update:
      # Imperative, as everywhere.
      summary: "Kaufen" # not: Erwerben
    x-understudy-source:
      summary: "{fingerprint("Buy")}" # seen by Ann
    # checked in May
  - target: $.paths['/a'].get.responses['200']
    update: {{description: Gesehen}}
    x-understudy-source: {{description: {fingerprint("Seen")}}}
  - target: $.paths['/a'].get
    update:
      summary: Look
    x-understudy-source: {{summary: "{fingerprint("Look")}"}}
    x-understudy-untranslated: [summary] # ask Bob
  # Sold is short for "sold out".
  - update: {{description: Verkauft}}  # the order of keys is mine
    target: $.paths['/b'].get.responses['200']
    x-understudy-source: {{description: {fingerprint("Sold")}}}
# The end.
"""


@pytest.fixture
def again(tmp_path: Path) -> Extract:
    """Extract from a contract once more into the text of a translation; gives its new text."""

    def run(contract: str, text: str) -> str | None:
        (tmp_path / "openapi.yaml").write_text(contract, "utf-8")
        existing = read_overlay(parse("de.yaml", text.encode()))
        value = extract(load(str(tmp_path)), "de", extends="../openapi.yaml", existing=existing)
        made = rewritten(existing.source, value)
        assert (
            made is None
            or extract(
                load(str(tmp_path)), "de", extends="", existing=read_overlay(parse("de.yaml", made.encode()))
            ).keys()
            == value.keys()
        )
        return made

    return run


def changed(old: str, new: str | None) -> tuple[list[str], list[str]]:
    """Tell which lines are gone and which have come."""
    assert new is not None
    before, after = old.splitlines(), new.splitlines()
    return [line for line in before if line not in after], [line for line in after if line not in before]


def test_what_is_up_to_date_stays_byte_for_byte(again: Extract) -> None:
    assert again(CONTRACT, GERMAN) == GERMAN
    assert again(CONTRACT, GERMAN.replace("\n", "\r\n")) == GERMAN.replace("\n", "\r\n")


@pytest.mark.parametrize("name", ["talkover", "talkturo"])
def test_so_do_the_translations_that_are_shipped(name: str) -> None:
    contract = load(str(shipped()[name]))
    for source in contract.translations:
        existing = read_overlay(source)
        assert rewritten(source, extract(contract, existing.language, extends="", existing=existing)) == source.text


def test_a_text_whose_english_has_changed_gets_two_lines(again: Extract) -> None:
    made = again(CONTRACT.replace("Buy", "Buy now"), GERMAN)
    assert changed(GERMAN, made) == ([], ["    x-understudy-stale:", "      summary: Buy now"])
    made = again(CONTRACT.replace("Look", "Look here"), GERMAN)
    assert changed(GERMAN, made) == (
        ["      summary: Look", f'    x-understudy-source: {{summary: "{fingerprint("Look")}"}}'],
        ["      summary: Look here", f'    x-understudy-source: {{summary: "{fingerprint("Look here")}"}}'],
    )


def test_a_text_that_was_said_loses_its_mark_and_nothing_else(again: Extract) -> None:
    said = GERMAN.replace("summary: Look\n", "summary: Schauen\n")
    assert changed(said, again(CONTRACT, said)) == (
        ["    x-understudy-untranslated: [summary] # ask Bob"],
        ["    # ask Bob"],
    )


def test_what_is_new_comes_after_what_it_follows(again: Extract) -> None:
    contract = CONTRACT.replace("title: Shop,", "title: Shop, summary: Goods,").replace(
        "/b:", "/aa: {summary: Bags}\n  /b:"
    )
    made = again(contract, GERMAN)
    assert made is not None
    assert changed(GERMAN, made)[0] == [f'    x-understudy-source: {{title: "{fingerprint("Shop")}"}}']
    order = [made.index(one) for one in ("Gesehen", "$.paths['/aa']", "- target: $.paths['/a'].get\n")]
    assert order == sorted(order)
    assert "      title: 'Shop'\n      summary: Goods\n" in made
    assert f'{{title: "{fingerprint("Shop")}", summary: "{fingerprint("Goods")}"}}\n' in made


def test_what_has_moved_keeps_its_comments(again: Extract) -> None:
    made = again(CONTRACT.replace("/b:", "/c:"), GERMAN)
    old, new = changed(GERMAN, made)
    assert (len(old), len(new)) == (2, 2)
    assert "  - target: $.paths['/c'].get" in new
    assert made is not None
    assert "- update: {description: Verkauft}  # the order of keys is mine\n" in made


def test_what_is_put_aside_takes_its_comments_along(again: Extract) -> None:
    gone = CONTRACT[: CONTRACT.index("  /b:")]
    made = again(gone, GERMAN)
    assert made is not None
    aside = made[made.index("x-understudy-unused:") :]
    assert "x-understudy-unused:\n  # Second, because it is read most.\n  # Imperative, as everywhere.\n" in aside
    assert '  # Sold is short for "sold out".\n  # the order of keys is mine\n  - target: ' in aside
    assert aside.endswith("# The end.\n")
    assert all(comment in aside for comment in ("# not: Erwerben", "# seen by Ann", "# checked in May"))
    assert "never translated" in made.removesuffix(aside)
    back = again(CONTRACT, made)
    assert back is not None
    assert "x-understudy-unused" not in back
    assert all(f"# {comment}" in back for comment in ("not: Erwerben", "seen by Ann", "checked in May"))


def test_an_action_in_one_line_is_written_anew_below_its_comments(again: Extract) -> None:
    text = GERMAN[: GERMAN.index("actions:")] + (
        "actions:\n- {target: $.info, update: {title: Laden}} # mine\n"
        "- target: $.paths['/a'].get # here\n  update: {summary: Schau}\n"
    )
    made = again(CONTRACT, text)
    assert made is not None
    assert "actions:\n# mine\n- target: $.info\n  update:\n    title: Laden\n" in made
    assert "- target: $.paths['/a'].get # here\n  update: {summary: Schau}\n  x-understudy-source:\n" in made


def test_a_number_sign_in_a_text_is_no_comment(again: Extract) -> None:
    text = GERMAN.replace("      summary: Look\n", "      summary: |-\n        # Schauen\n        Sie #1\n")
    made = again(CONTRACT[: CONTRACT.index("  /b:")].replace("Look", "Look here"), text)
    assert made is not None
    assert made.count("# Schauen") == made.count("Sie #1") == 1


@pytest.mark.parametrize(
    "text",
    [
        "{overlay: 1.1.0, info: {title: x, version: '1'}, actions: []}\n",
        GERMAN.replace("update: {description: Gesehen}", "update: &seen {description: Gesehen}").replace(
            "update: {description: Verkauft}", "update: *seen"
        ),
    ],
)
def test_what_is_written_otherwise_is_written_anew(again: Extract, text: str) -> None:
    assert again(CONTRACT, text) is None


def test_what_was_extracted_is_changed_in_place(again: Extract, tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(CONTRACT, "utf-8")
    first = to_yaml(extract(load(str(tmp_path)), "de", extends="../openapi.yaml"))
    assert again(CONTRACT, first) == first
    assert changed(first, again(CONTRACT.replace("Seen", "Seen it"), first))[1] == [
        "      description: Seen it",
        f'      description: "{fingerprint("Seen it")}"',
    ]


@given(data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_comment_is_ever_lost(again: Extract, tmp_path: Path, draw: DataObject) -> None:
    def contract() -> str:
        paths = draw.draw(lists(sampled_from("abcdef"), unique=True, min_size=1))
        words = [draw.draw(sampled_from(("Look", "Buy", "Sell"))) for _ in paths]
        return "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths:\n" + "".join(
            f"  /{path}: {{get: {{summary: {word}, responses: {{}}}}}}\n"
            for path, word in zip(paths, words, strict=True)
        )

    (tmp_path / "openapi.yaml").write_text(contract(), "utf-8")
    lines = to_yaml(extract(load(str(tmp_path)), "de", extends="../openapi.yaml")).split("\n")[:-1]
    for number, line in enumerate(lines):
        if draw.draw(booleans()):
            lines[number] = line.replace("summary: ", "summary: Dies ") if draw.draw(booleans()) else line
        if draw.draw(booleans()):
            indent = line[: len(line) - len(line.lstrip())]
            own = f"{lines[number]} # own {number}." if draw.draw(booleans()) else lines[number]
            lines[number] = f"{indent}# above {number}.\n{own}"
    text = "\n".join([*lines, ""])
    made = again(contract(), text)
    assert made is not None
    assert sorted(re.findall(r"# .*?\.$", made, re.MULTILINE)) == sorted(re.findall(r"# .*?\.$", text, re.MULTILINE))
