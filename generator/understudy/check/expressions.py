"""A CEL expression goes in; what is wrong with it, and the names it uses, come out. The generator's one door to CEL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

_MESSAGE = re.compile(r"ERROR: <input>:\d+:\d+: (?:Syntax error: )?(.*)")
_TEXT = re.compile(r"""[rb]{0,2}("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", re.IGNORECASE)
_STATE = re.compile(r"(?<![\w.])state\.([A-Za-z_]\w*)")
_INPUT = re.compile(r"(?<![\w.])request\.(?:(path|query|header|body)\.)?([A-Za-z_]\w*)(?!\s*\()")
_ROOTED = re.compile(r"(?<![\w.])(?:state\.[A-Za-z_]\w*|request(?:\.[A-Za-z_]\w*){1,2})")
_MEMBER = re.compile(r"(?<=[\w\])])\s*\.\s*([A-Za-z_]\w*)\b(?!\s*\()")
_HOSTS = frozenset(("nationalNumber", "internationalNumber", "date"))
_SOME_INSTANT = datetime(2024, 1, 15, 12, tzinfo=UTC)
_BOUND = re.compile(r"\.(?:exists|exists_one|all|filter|map)\(\s*([A-Za-z_]\w*)\s*,")


@dataclass(frozen=True)
class Expression:
    """What can be known of an expression before it runs. `fault` is empty if it compiles."""

    fault: str = ""
    variables: frozenset[str] = frozenset()
    resources: tuple[str, ...] = ()
    functions: frozenset[str] = frozenset()
    fields: tuple[str, ...] = ()
    """The members it reads of items and other values, wherever they come from."""
    inputs: tuple[tuple[str, str], ...] = ()
    """What it reads of the request: part and name; a part itself has no part."""
    constant: Any = None
    """What it always is, as far as that can be told."""


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
    fault, constant = _tried(program, variables)
    return Expression(
        fault,
        variables,
        resources=tuple(dict.fromkeys(_STATE.findall(plain))),
        functions=frozenset(name for name in program.functions() if name.isidentifier() and not name.startswith("_")),
        fields=tuple(dict.fromkeys(_MEMBER.findall(_ROOTED.sub(" ", plain)))),
        inputs=tuple(dict.fromkeys(_INPUT.findall(plain))),
        constant=constant,
    )


def _tried(program: Any, variables: frozenset[str]) -> tuple[str, Any]:
    """Compute what depends on nothing, or on the clock alone: the fault it has, or what it always is."""
    import cel

    if not variables <= {"now"} or any(name.isidentifier() and name in _HOSTS for name in program.functions()):
        return "", None
    try:
        found = program.execute(cel.Context({"now": _SOME_INSTANT}, {}))
    except (TypeError, ValueError, ArithmeticError) as error:
        return str(error).partition(". ")[0], None
    except RuntimeError:  # such as a function nobody has, which is told by its name
        return "", None
    return "", None if variables else found


def _first_sentence(message: str) -> str:
    found = _MESSAGE.search(message)
    text = found.group(1) if found else message.partition("\n")[0]
    text = re.sub(r" expecting \{.*", "", text)
    return text.replace("mismatched input '<EOF>'", "it ends too early").replace("'<EOF>'", "its end")
