"""A CEL expression goes in; what is wrong with it, and the names it uses, come out. The generator's one door to CEL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

_MESSAGE = re.compile(r"ERROR: <input>:\d+:\d+: (?:Syntax error: )?(.*)")
_TEXT = re.compile(r"""[rb]{0,2}("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", re.IGNORECASE)
_STATE = re.compile(r"(?<![\w.])state\.([A-Za-z_]\w*)")
_BOUND = re.compile(r"\.(?:exists|exists_one|all|filter|map)\(\s*([A-Za-z_]\w*)\s*,")


@dataclass(frozen=True)
class Expression:
    """What can be known of an expression before it runs. `fault` is empty if it compiles."""

    fault: str = ""
    variables: frozenset[str] = frozenset()
    resources: tuple[str, ...] = ()


@cache
def read(text: str) -> Expression:
    """Compile an expression (Common Expression Language, cel.dev). Never raises."""
    import cel

    try:
        program: Any = cel.compile(text)
    except ValueError as error:
        return Expression(_first_sentence(str(error)))
    plain = _TEXT.sub('""', text)
    variables = frozenset(program.variables()) - set(_BOUND.findall(plain))
    return Expression("", variables, tuple(dict.fromkeys(_STATE.findall(plain))))


def _first_sentence(message: str) -> str:
    found = _MESSAGE.search(message)
    text = found.group(1) if found else message.partition("\n")[0]
    text = re.sub(r" expecting \{.*", "", text)
    return text.replace("mismatched input '<EOF>'", "it ends too early").replace("'<EOF>'", "its end")
