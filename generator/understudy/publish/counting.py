"""A language and a number go in; whether the number is a singular there, and how it is written in prose, come out.

The rules are those of the Unicode CLDR for whole numbers. What the CLDR calls `many` in Portuguese, whole millions, is
told as any other plural: nothing that is counted here comes near.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Counting:
    """How a language counts."""

    singular: frozenset[int]
    """The numbers that a noun stands in the singular after: `1 Operation`, but in Brazil `0 operação` too."""
    group: str
    """What stands between thousands."""

    def category(self, count: int) -> str:
        """Name the plural category of a number (CLDR): `one` or `other`."""
        return "one" if count in self.singular else "other"

    def write(self, count: int) -> str:
        """Write a number as prose of the language has it."""
        return f"{count:,}".replace(",", self.group)


_USUAL = "en"
COUNTING = {
    _USUAL: Counting(frozenset({1}), ","),
    "de": Counting(frozenset({1}), "."),
    "pt": Counting(frozenset({0, 1}), "."),
}


def counting(language: str) -> Counting:
    """Find how a language counts, by its first subtag (BCP 47); as English does if we do not speak it."""
    return COUNTING.get(language.partition("-")[0], COUNTING[_USUAL])
