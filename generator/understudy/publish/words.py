"""A language goes in; our own words in it come out, in English where it has none.

`languages/<language>/content.yaml` maps keys to texts; `{name}` in a text stands for what the page puts there. What is
counted has a text for each plural category (Unicode CLDR), whose keys end in `_one` and `_other`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from understudy.contract.source import parse
from understudy.publish.counting import counting

if TYPE_CHECKING:
    from collections.abc import Mapping

ENGLISH = "en"
CONTENT = "content.yaml"
OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""What encloses English words on a page of another language: characters that no text has (Unicode, 23.7)."""


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    language: str
    texts: Mapping[str, str] = field(repr=False)
    english: frozenset[str] = frozenset()
    """Which of them are in English though the language is another; these come enclosed in marks."""

    def __call__(self, key: str, **values: object) -> str:
        """Say something. Raises KeyError for a key that not even English has."""
        text = self.texts[key]
        text = text.format(**values) if values else text
        return f"{OPEN}{text}{CLOSE}" if key in self.english else text

    def counted(self, key: str, count: int) -> str:
        """Say something of a number, `{count}`, in the plural category that it has in the language of the text."""
        language = self._language_of(f"{key}_other")
        return self(f"{key}_{counting(language).category(count)}", count=counting(language).write(count))

    def number(self, key: str, value: int) -> str:
        """Write a number as the language of a text has it."""
        return counting(self._language_of(key)).write(value)

    def _language_of(self, key: str) -> str:
        return ENGLISH if key in self.english else self.language

    def has(self, key: str) -> bool:
        """Tell whether there is a text for a key that is made of the contract's values."""
        return key in self.texts


@cache
def words(language: str, file: str = CONTENT) -> Words:
    """Read the words of a language, `pt-BR` before `pt` before `en`."""
    english, own = _read(ENGLISH, file), dict[str, str]()
    for name in dict.fromkeys((language.partition("-")[0], language)):
        own |= _read(name, file)
    return Words(language, english | own, frozenset(set(english) - set(own) if file == CONTENT else ()))


def own_name(language: str) -> str:
    """Say what a language calls itself; its tag (BCP 47) if we do not speak it."""
    said = words(language, "look.yaml")("own-name")
    return said if language == ENGLISH or said != words(ENGLISH, "look.yaml")("own-name") else language


def spoken() -> tuple[str, ...]:
    """List the languages we have words in, English first."""
    found = sorted(folder.name for folder in _folder().iterdir() if folder.joinpath(CONTENT).is_file())
    return (ENGLISH, *(name for name in found if name != ENGLISH))


def _folder() -> Any:
    return resources.files("understudy.publish").joinpath("languages")


def _read(language: str, file: str) -> dict[str, str]:
    path = _folder().joinpath(language, file)
    if not path.is_file():
        return {}
    value = parse(f"{language}/{file}", path.read_bytes()).value
    return {str(key): str(text) for key, text in value.items()} if isinstance(value, dict) else {}
