"""Our own words: each that a page asks for is there, and none in vain; a language without words has English ones."""

from __future__ import annotations

import re
from pathlib import Path

import understudy.publish
from understudy.publish.words import spoken, words

PAGES = [path for path in sorted(Path(understudy.publish.__path__[0]).glob("*.py")) if path.name != "console.py"]
"""The console has words of its own."""

CODE = "\n".join(path.read_text("utf-8") for path in PAGES)
ENGLISH = words("en").texts
QUOTED = set(re.findall(r"[\"']([A-Za-z_0-9]+)[\"']", CODE))
MADE = [
    re.compile(re.sub(r"\{[^{}]*\}", "[A-Za-z_0-9]+", text))
    for text in re.findall(r"""f["']([a-z_]+_\{[^"'}]*\}[a-z_]*)["']""", CODE)
]


def test_every_word_that_is_asked_for_is_there() -> None:
    asked = set(re.findall(r'(?:words|say)\(\s*["\']([A-Za-z_]+)["\']', CODE))
    assert len(asked) > 80
    assert sorted(asked - set(ENGLISH)) == []


def test_no_word_is_there_in_vain() -> None:
    idle = [key for key in ENGLISH if key not in QUOTED and not any(one.fullmatch(key) for one in MADE)]
    assert idle == []


def test_a_language_without_words_has_english_ones() -> None:
    assert words("tlh").texts == ENGLISH
    assert words("de-AT").texts == words("de").texts
    assert spoken() == ("en", "de", "pt-BR")
