"""A rule's id, its file and its test have one name, and the list of rules is complete."""

from __future__ import annotations

from pathlib import Path

from understudy.check import CHECKS, rules, sentences

FILES = {path.stem for path in Path(rules.__file__).parent.glob("[a-z]*.py")}


def test_rule_ids_files_and_tests_are_the_same() -> None:
    ids = {rule.RULE.id for rule in rules.RULES}
    tests = {path.stem.removeprefix("test_") for path in (Path(__file__).parent / "rules").glob("test_*.py")}
    assert {name.replace("-", "_") for name in ids} == FILES == tests


def test_every_check_says_what_it_asks_for_and_what_to_do() -> None:
    assert set(sentences()) == {one.RULE.id for one in CHECKS}
    assert all(sentence.endswith(".") for sentence in sentences().values())
    assert all(one.RULE.remedy for one in CHECKS)
