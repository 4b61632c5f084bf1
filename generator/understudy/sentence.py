"""An English template and what fills it go in; a sentence comes out, in any language that has the template.

A sentence is kept in parts for as long as it may have to be said in another language, as gettext does it. A part may be
a sentence itself, such as `the header {name} of {response}` in one that says what became of a header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_FIELD = re.compile(r"(`?)\{(\w+)\}(`?)")
"""A field of a template; one between backticks holds code."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template, and a text or a sentence for each of its fields."""

    template: str
    values: tuple[tuple[str, str | Sentence], ...] = ()

    def __str__(self) -> str:
        """Say it in English, with a capital."""
        return said(self, Voice())

    def templates(self) -> Iterator[str]:
        """Yield every template with words in it: what a language needs to say this."""
        if has_words(self.template):
            yield self.template
        for _, value in self.values:
            if isinstance(value, Sentence):
                yield from value.templates()


def _plain(text: str) -> str:
    return text


def _code(text: str) -> str:
    return f"`{text}`"


@dataclass(frozen=True, slots=True)
class Voice:
    """A language and a way to write: templates for the English ones, and what becomes of texts that fill fields."""

    templates: Mapping[str, str] | None = None
    plain: Callable[[str], str] = _plain
    code: Callable[[str], str] = _code


def said(sentence: Sentence, voice: Voice) -> str:
    """Say a sentence, with a capital. What fills a field is taken as it is, braces and backticks included."""
    text = _filled(sentence, voice)
    return text[:1].upper() + text[1:]


def _filled(sentence: Sentence, voice: Voice) -> str:
    template = (voice.templates or {}).get(sentence.template, sentence.template)
    return _FIELD.sub(partial(_value, dict(sentence.values), voice), template)


def _value(values: Mapping[str, str | Sentence], voice: Voice, found: re.Match[str]) -> str:
    before, name, after = found.groups()
    value = values[name]
    if isinstance(value, Sentence):
        return f"{before}{_filled(value, voice)}{after}"
    return voice.code(value) if before and after else f"{before}{voice.plain(value)}{after}"


def has_words(template: str) -> bool:
    """Tell a template that has to be translated from one that is of no language, such as `{before} → {after}`."""
    return any(map(str.isalpha, _FIELD.sub("", template)))


def fields(template: str) -> frozenset[str]:
    """List the fields of a template."""
    return frozenset(found[2] for found in _FIELD.finditer(template))
