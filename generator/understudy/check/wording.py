"""A schema violation goes in; one plain sentence that a person can act on comes out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.contract.validating import Violation

_LONGEST = 60
_MOST_OPTIONS = 12


def describe(violation: Violation, document: Any) -> str:
    """Say what is wrong at the violation's place, without naming the place itself."""
    name = f"`{violation.tokens[-1]}`" if violation.tokens else "The value"
    if violation.keyword == "required":
        return f"{name} is missing."
    if violation.keyword in ("additionalProperties", "unevaluatedProperties"):
        return f"{name} is not a field that may stand here."
    if violation.keyword in ("readOnly", "writeOnly"):
        side = "request" if violation.keyword == "readOnly" else "response"
        return f"{name} {violation.message}, and has no place in a {side}."
    if violation.keyword == "propertyNames":
        return f"The name {_fallback(violation)}."
    try:
        value = pointers.resolve(document, violation.tokens)
    except KeyError:
        return _fallback(violation)
    sentence = _SENTENCES.get(violation.keyword)
    return f"{name} {sentence(value, violation.expected)}" if sentence else _fallback(violation)


def shown(value: Any) -> str:
    """Write a value as JSON, cut to what fits into a sentence."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    text = str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def kind_of(value: Any) -> str:
    """Name a value's JSON type with its article."""
    for kinds, name in _KINDS:
        if isinstance(value, kinds):
            return name
    return "a number"


_KINDS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((type(None),), "null"),
    ((bool,), "a boolean"),
    ((int,), "an integer"),
    ((str,), "a string"),
    ((list,), "an array"),
    ((dict,), "an object"),
)
_ARTICLES = {"null": "null", "integer": "an integer", "array": "an array", "object": "an object"}


def _type(value: Any, expected: Any) -> str:
    names = [expected] if isinstance(expected, str) else list(expected) if isinstance(expected, Iterable) else []
    wanted = " or ".join(_ARTICLES.get(str(name), f"a {name}") for name in names)
    found = kind_of(value) if isinstance(value, dict | list | None) else f"{kind_of(value)}, {shown(value)}"
    return f"must be {wanted or 'of another type'}, and is {found}."


def _enum(value: Any, expected: Any) -> str:
    options = list(expected) if isinstance(expected, list) else [expected]
    more = f" or {len(options) - _MOST_OPTIONS} others" if len(options) > _MOST_OPTIONS else ""
    return f"is {shown(value)}, which is none of {', '.join(map(shown, options[:_MOST_OPTIONS]))}{more}."


def _bound(words: str, unit: str = "") -> Callable[[Any, Any], str]:
    def sentence(value: Any, expected: Any) -> str:
        if not unit:
            return f"is {shown(value)}, and must be {words} {shown(expected)}."
        counted = unit if len(value) != 1 else unit.removesuffix("s")
        return f"has {len(value)} {counted}, and must have {words} {shown(expected)}."

    return sentence


_SENTENCES: dict[str, Callable[[Any, Any], str]] = {
    "type": _type,
    "enum": _enum,
    "const": lambda value, expected: f"is {shown(value)}, and must be {shown(expected)}.",
    "pattern": lambda value, expected: f"is {shown(value)}, which does not match the pattern {expected}.",
    "format": lambda value, expected: f"is {shown(value)}, which is not a valid {expected}.",
    "minimum": _bound("at least"),
    "maximum": _bound("at most"),
    "exclusiveMinimum": _bound("greater than"),
    "exclusiveMaximum": _bound("less than"),
    "multipleOf": _bound("a multiple of"),
    "minLength": _bound("at least", "characters"),
    "maxLength": _bound("at most", "characters"),
    "minItems": _bound("at least", "items"),
    "maxItems": _bound("at most", "items"),
    "minProperties": _bound("at least", "fields"),
    "maxProperties": _bound("at most", "fields"),
    "uniqueItems": lambda _value, _expected: "holds the same item twice.",
    "falseSchema": lambda _value, _expected: "may not stand here.",
    "not": lambda _value, _expected: "is of a form that the schema excludes.",
    "anyOf": lambda _value, _expected: "fits none of the alternatives.",
    "oneOf": lambda _value, _expected: "does not fit exactly one of the alternatives.",
    "oneOfMultipleValid": lambda _value, _expected: "fits several alternatives where only one may fit.",
}


def _fallback(violation: Violation) -> str:
    text = violation.message.partition("\n")[0]
    return text if len(text) <= 3 * _LONGEST else text[: 3 * _LONGEST] + "…"
