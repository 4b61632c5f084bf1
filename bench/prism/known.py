"""A question and both answers go in; why Prism is not imitated there comes out. docs/serve.md lists the same."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asking import Question
    from compare import Heard

_NARROW = re.compile(r"match format .(u?int\d+|float|double)")


def reason(question: Question, expected: Heard, found: Heard) -> str:
    """Tell why a difference is meant; empty where it is not."""
    told, ours = _told(expected), _told(found)
    if not expected.status:
        return "Prism ends without an answer"
    if "%20" in question.target:
        return "a blank is the number 0"
    if re.search(r"/[^/?]*,", question.target):
        return "a comma in a path makes a list of a text"
    if question.name == "an encoded segment":
        return "an escaped letter in a path loses its parameters"
    if question.body.startswith(b"<"):
        return "XML is read, not taken for a text"
    if 'r", nonce' in dict(question.headers).get("authorization", ""):
        return "blanks in a digest are refused"
    broken = "sl-violations" in expected.headers or b"#VIOLATIONS" in expected.body
    if "dynamic=true" in question.name and broken and "sl-violations" not in found.headers:
        return "made-up values break their own schema"
    if told and ours and [one for one in told if not _NARROW.search(str(one.get("message")))] == ours:
        return "a number too large for its format is told twice"
    if any(one.get("code") in ("anyOf", "oneOf") for one in told) and expected.status == found.status:
        return "all alternatives are told, not the nearest"
    return ""


def _told(heard: Heard) -> list[dict[str, Any]]:
    """Read the violations, from their header or the problem's list."""
    if "sl-violations" in heard.headers:
        text = heard.headers["sl-violations"].removeprefix("Too many violations! ")
        return list(json.JSONDecoder(strict=False).decode(text)) if text.endswith("]") else []
    if heard.headers.get("content-type") != "application/problem+json" or not heard.body:
        return []
    return list(json.loads(heard.body).get("validation", ()))
