"""Faults of a request or an answer go in; what Prism writes about them comes out, in the words of its validator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import Fault
from understudy_mock.media import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from understudy_mock.compiling import CompiledMedia, CompiledResponse

Violation = dict[str, Any]

MOST_BYTES = 8 * 1024
_CUT = "Too many violations! "
_ORDER = ("body", "header", "query", "path")
"""Cookies are not looked at."""

_WORDS = {
    "type": "must be {type}",
    "enum": "must be equal to one of the allowed values: {values}",
    "const": "must be equal to constant",
    "pattern": 'must match pattern "{limit}"',
    "format": 'must match format "{limit}"',
    "minLength": "must NOT have fewer than {limit} characters",
    "maxLength": "must NOT have more than {limit} characters",
    "minimum": "must be >= {limit}",
    "maximum": "must be <= {limit}",
    "exclusiveMinimum": "must be > {limit}",
    "exclusiveMaximum": "must be < {limit}",
    "multipleOf": "must be multiple of {limit}",
    "minItems": "must NOT have fewer than {limit} items",
    "maxItems": "must NOT have more than {limit} items",
    "uniqueItems": "must NOT have duplicate items",
    "minProperties": "must NOT have fewer than {limit} properties",
    "maxProperties": "must NOT have more than {limit} properties",
    "oneOf": "must match exactly one schema in oneOf",
    "anyOf": "must match a schema in anyOf",
    "not": "must NOT be valid",
}


def of_request(faults: Iterable[Fault]) -> list[Violation]:
    """Write the faults of a request, the body's first."""
    kept = [fault for fault in faults if fault.location in _ORDER and fault.rule != "readOnly"]
    return [_violation("Request", fault) for fault in sorted(kept, key=lambda fault: _ORDER.index(fault.location))]


def of_body(media: CompiledMedia, value: Any) -> list[Violation]:
    """Write what is wrong with the body of an answer."""
    if media.validator is None or media.validator.is_valid(value):
        return []
    found = [one for one in media.validator.violations(value) if one.keyword not in ("readOnly", "writeOnly")]
    faults = (Fault("body", one.tokens, one.keyword, one.message, one.expected) for one in found)
    return [_violation("Response", fault) for fault in faults]


def of_no_media(response: CompiledResponse) -> list[Violation]:
    """Write what is wrong with an answer without content where some is declared."""
    if not response.media:
        return []
    known = ", ".join(media.media_type for media in response.media)
    which = "one" if len(response.media) == 1 else "ones"
    message = f'The received media type "" does not match the {which} specified in the current response: {known}'
    return [{"location": [], "severity": "Error", "message": message}]


def of_header(name: str, fault: Any) -> Violation:
    """Write what is wrong with one header of an answer."""
    return _violation("Response", Fault("header", (name,), fault.keyword, fault.message, fault.expected))


def header(request: list[Violation], response: list[Violation]) -> bytes:
    """Write `sl-violations`, cut near 8 KB."""
    listed = [_located("request", one) for one in request] + [_located("response", one) for one in response]
    text = to_json(listed).decode()
    if len(text) <= MOST_BYTES:
        return text.encode("ascii", "replace")
    return (_CUT + text[:MOST_BYTES]).encode("ascii", "replace")


def _located(side: str, violation: Violation) -> Violation:
    told: Violation = {"location": []}
    return told | violation | {"location": [side, *violation.get("location", ())]}


def _violation(side: str, fault: Fault) -> Violation:
    if not fault.tokens and fault.location == "body" and fault.rule == "required":
        return {"severity": "Error", "code": "required", "message": "Body parameter is required"}
    tokens, text = _worded(fault)
    message = f"{side} {_where(fault.location, tokens)} {text}"
    return {"location": [fault.location, *tokens], "severity": "Error", "code": _code(fault), "message": message}


def _where(location: str, tokens: list[str]) -> str:
    if not tokens:
        return location
    return f"{location} {'property' if location == 'body' else 'parameter'} {'.'.join(tokens)}"


def _worded(fault: Fault) -> tuple[list[str], str]:
    """Say what is wrong, and where: what is missing or too much is told of the object it belongs to."""
    tokens = [str(token) for token in fault.tokens]
    if fault.location in ("header", "path"):
        tokens = [token.lower() for token in tokens]
    if fault.rule == "required":
        return tokens[:-1], f"must have required property '{tokens[-1]}'"
    if fault.rule in ("additionalProperties", "unevaluatedProperties"):
        return tokens[:-1], f"must NOT have additional properties; found '{tokens[-1]}'"
    if fault.rule == "malformed":
        return tokens, "must be valid"
    template = _WORDS.get(fault.rule)
    if template is None:
        return tokens, fault.message
    expected = fault.expected
    values = ", ".join(map(_text, expected)) if isinstance(expected, list | tuple) else _text(expected)
    return tokens, template.format(limit=_text(fault.expected), values=values, type=values.replace(", ", ","))


def _code(fault: Fault) -> str:
    return "type" if fault.rule == "malformed" else fault.rule


def _text(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value).decode()
