"""Words that the site speaks itself: each language says all that English says, with the same gaps to fill in."""

from __future__ import annotations

from importlib import resources
from string import Formatter

import pytest

from understudy.contract.source import parse

LANGUAGES = ("de", "pt-BR")
FILES = ("console.yaml", "content.yaml", "look.yaml")


def texts(language: str, file: str) -> dict[str, str]:
    path = resources.files("understudy.publish").joinpath("languages", language, file)
    value = parse(file, path.read_bytes()).value
    return {str(key): str(text) for key, text in value.items()}


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_all_words_of_english_and_no_others(language: str, file: str) -> None:
    assert set(texts(language, file)) == set(texts("en", file))


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_has_the_gaps_of_the_english_one(language: str, file: str) -> None:
    told, english = texts(language, file), texts("en", file)
    differing = {key: text for key, text in told.items() if key in english and gaps(text) != gaps(english[key])}
    assert differing == {}
