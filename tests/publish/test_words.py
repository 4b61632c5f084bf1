"""Our own words: each that a page asks for is there, and none in vain; a language without words has English ones."""

from __future__ import annotations

import re
from pathlib import Path

import understudy.publish
from understudy.publish.counting import COUNTING
from understudy.publish.words import CLOSE, OPEN, spoken, words

PAGES = [path for path in sorted(Path(understudy.publish.__path__[0]).glob("*.py")) if path.name != "console.py"]
"""The console has words of its own."""

CODE = "\n".join(path.read_text("utf-8") for path in PAGES)
ENGLISH = words("en").texts
QUOTED = set(re.findall(r"[\"']([A-Za-z_0-9]+)[\"']", CODE))
PLURAL = re.compile("_(one|other)$")
"""The end of a key that has a text for each plural category."""
MADE = [
    re.compile(re.sub(r"\{[^{}]*\}", "[A-Za-z_0-9]+", text))
    for text in re.findall(r"""f["']([a-z_]+_\{[^"'}]*\}[a-z_]*)["']""", CODE)
]


def test_every_word_that_is_asked_for_is_there() -> None:
    asked = set(re.findall(r'(?:words|say)\(\s*["\']([A-Za-z_]+)["\']', CODE))
    assert len(asked) > 80
    assert sorted(asked - set(ENGLISH)) == []


def test_no_word_is_there_in_vain() -> None:
    called = {key: {key, PLURAL.sub("", key)} for key in ENGLISH}
    idle = [key for key, names in called.items() if not names & QUOTED and not any(map(_is_made, names))]
    assert idle == []


def _is_made(key: str) -> bool:
    return any(one.fullmatch(key) for one in MADE)


def test_what_is_counted_stands_in_the_plural_its_language_has() -> None:
    said = {
        "en": ["0 operations", "1 operation", "2 operations", "1,223 operations"],
        "de": ["0 Operationen", "1 Operation", "2 Operationen", "1.223 Operationen"],
        "pt-BR": ["0 operação", "1 operação", "2 operações", "1.223 operações"],
    }
    assert {name: [words(name).counted("operations", count) for count in (0, 1, 2, 1223)] for name in spoken()} == said
    assert words("fr").counted("operations", 0) == f"{OPEN}0 operations{CLOSE}"


def test_we_know_how_each_language_counts_that_we_speak() -> None:
    assert {name.partition("-")[0] for name in spoken()} == set(COUNTING)
    for name in spoken():
        texts = words(name).texts
        assert {PLURAL.sub("_other", key) for key in texts if PLURAL.search(key)} <= set(texts)


def test_a_language_without_words_has_english_ones() -> None:
    assert words("tlh").texts == ENGLISH
    assert words("de-AT").texts == words("de").texts
    assert spoken() == ("en", "de", "pt-BR")
