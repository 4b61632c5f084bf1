"""A regular expression goes in; a text that it matches comes out. What the standard parser can't read is not made."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

_parse: Callable[[str], Any] = re._parser.parse  # noqa: SLF001 - the only parser there is

_LETTERS = string.ascii_lowercase + string.digits
_CATEGORIES = {"CATEGORY_DIGIT": string.digits, "CATEGORY_WORD": _LETTERS, "CATEGORY_SPACE": " "}
_CATEGORIES |= {"CATEGORY_NOT_DIGIT": string.ascii_lowercase, "CATEGORY_NOT_WORD": "-", "CATEGORY_NOT_SPACE": _LETTERS}
_EXTRA = 8
_MOST_REPEATS = 2000


def example(pattern: str, chance: random.Random, shortest: int = 0, longest: int | None = None) -> str:
    """Make a text, if it can be of a length in these bounds. The empty text is given for a pattern that can't be read.

    What is no good is for the validator to refuse.
    """
    try:
        parsed = _parse(pattern.replace(r"\Z", "$"))
        text = _Sampler(chance).sequence(parsed)
        if longest is not None and len(text) > longest:
            text = _Sampler(chance, 0).sequence(parsed)
        for more in range(1, min(shortest, _MOST_REPEATS) + 1):
            if len(text) >= shortest:
                break
            text = _Sampler(chance, more).sequence(parsed)
    except (re.error, KeyError, RecursionError):
        return ""
    return text


@dataclass
class _Sampler:
    """Draws one text; what repeats does so as often as chance has it, or so many times `more` than it must."""

    chance: random.Random
    more: int | None = None
    groups: dict[int, str] = field(default_factory=dict)

    def sequence(self, items: Any) -> str:
        return "".join(self._item(str(operator), argument) for operator, argument in items)

    def _item(self, operator: str, argument: Any) -> str:
        match operator:
            case "LITERAL":
                return chr(argument)
            case "NOT_LITERAL":
                return next(letter for letter in _LETTERS if letter != chr(argument))
            case "ANY":
                return self.chance.choice(_LETTERS)
            case "IN":
                return self.chance.choice(_letters(argument))
            case "BRANCH":
                return self.sequence(self.chance.choice(argument[1]))
            case "SUBPATTERN":
                text = self.sequence(argument[3])
                self.groups[argument[0]] = text
                return text
            case "GROUPREF":
                return self.groups[argument]
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                low, high, inner = argument
                return "".join(self.sequence(inner) for _ in range(self._count(low, int(high))))
            case _:
                return ""  # anchors and look-arounds take no room; the validator has the last word

    def _count(self, low: int, high: int) -> int:
        if self.more is not None:
            return min(high, low + self.more)
        return self.chance.randint(low, max(low, min(high, low + _EXTRA)))


def _letters(choices: Any) -> str:
    found, negated = "", False
    for operator, argument in choices:
        match str(operator):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found += chr(argument)
            case "RANGE":
                low, high = argument
                found += "".join(chr(code) for code in range(low, min(high, low + 255) + 1))
            case "CATEGORY":
                found += _CATEGORIES[str(argument)]
    if negated:
        return "".join(letter for letter in string.printable[:94] if letter not in found)
    return found
