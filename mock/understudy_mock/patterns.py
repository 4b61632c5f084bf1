"""A regular expression goes in; a text that it matches comes out. What the standard parser can't read is not made."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

_parse: Callable[[str], Any] = re._parser.parse  # noqa: SLF001 - the only parser there is

_LETTERS = string.ascii_lowercase + string.digits
_CATEGORIES = {"CATEGORY_DIGIT": string.digits, "CATEGORY_WORD": _LETTERS, "CATEGORY_SPACE": " "}
_CATEGORIES |= {"CATEGORY_NOT_DIGIT": string.ascii_lowercase, "CATEGORY_NOT_WORD": "-", "CATEGORY_NOT_SPACE": _LETTERS}
_EXTRA = 8


def example(pattern: str, chance: random.Random) -> str:
    """Make a text. The empty text is given for a pattern that can't be read, for the validator to refuse."""
    try:
        return _sequence(_parse(pattern.replace(r"\Z", "$")), chance, {})
    except (re.error, KeyError, RecursionError):
        return ""


def _sequence(items: Any, chance: random.Random, groups: dict[int, str]) -> str:
    return "".join(_item(str(operator), argument, chance, groups) for operator, argument in items)


def _item(operator: str, argument: Any, chance: random.Random, groups: dict[int, str]) -> str:
    match operator:
        case "LITERAL":
            return chr(argument)
        case "NOT_LITERAL":
            return next(letter for letter in _LETTERS if letter != chr(argument))
        case "ANY":
            return chance.choice(_LETTERS)
        case "IN":
            return chance.choice(_letters(argument))
        case "BRANCH":
            return _sequence(chance.choice(argument[1]), chance, groups)
        case "SUBPATTERN":
            text = _sequence(argument[3], chance, groups)
            groups[argument[0]] = text
            return text
        case "GROUPREF":
            return groups[argument]
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            low, high, inner = argument
            count = chance.randint(low, max(low, min(int(high), low + _EXTRA)))
            return "".join(_sequence(inner, chance, groups) for _ in range(count))
        case _:
            return ""  # anchors and look-arounds take no room; the validator has the last word


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
