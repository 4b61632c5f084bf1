"""What a mock answers goes in; one TypeScript module of handlers for Mock Service Worker comes out.

It is one file and has the bodies in it as texts: so they are the mock's bytes, and no bundler, test runner or compiler
needs a setting for JSON modules or for file extensions in imports.
"""

from __future__ import annotations

import base64
import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from understudy.finding import Finding, Severity

if TYPE_CHECKING:
    from understudy.generate.exporting.answers import Answer, Operation, Repertoire

FILE = "handlers.ts"

_FORBIDDEN = ("CONNECT", "TRACE", "TRACK")
"""Methods that no browser sends (Fetch standard, forbidden method)."""
_NO_BODY = (204, 205, 304)
_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_PLAIN = re.compile(r"(/[A-Za-z0-9._~-]*)*")
_QUOTE = re.compile(r"\\.|'")
_REQUOTED = {'\\"': '"', "'": "\\'"}
_PLACEHOLDER = re.compile(r"%([A-Z_]+)%")


def template(name: str) -> str:
    """Read one of our TypeScript files."""
    return files("understudy.generate.exporting").joinpath("typescript", name).read_text("utf-8")


def fill(text: str, facts: dict[str, str]) -> str:
    """Put facts in the places of a template, once: what a fact says is no place."""
    return _PLACEHOLDER.sub(lambda match: facts[match[1]], text)


def handlers(repertoire: Repertoire) -> tuple[dict[str, bytes], tuple[Finding, ...]]:
    """Write the module, and say which operations it leaves out."""
    told = {one.id: why for one in repertoire.operations if (why := _unsayable(one))}
    kept = [one for one in repertoire.operations if one.id not in told]
    is_plain = _PLAIN.fullmatch(repertoire.base_path) is not None
    facts = {
        "HEADING": repertoire.heading,
        "OPERATION_IDS": union([one.id for one in kept]),
        "BASE": to_typescript("*" + repertoire.base_path),
        "ORDER": to_typescript([one.id for one in sorted(kept, key=_precedence)]),
        "OPERATIONS": "".join(_operation(one, is_plain=is_plain) for one in kept),
    }
    notes = tuple(_note(name, why) for name, why in told.items())
    return {FILE: fill(template(FILE), facts).encode("utf-8", "replace")}, notes


def union(names: list[str]) -> str:
    """Write a type that has these texts as its values."""
    return "".join(f"\n  | {to_typescript(name)}" for name in names) or "never"


def to_typescript(value: Any) -> str:
    """Write JSON that is also a literal of TypeScript; half characters (surrogates) stay escapes."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(f"\\u{ord(letter):04x}" if _is_odd(letter) else letter for letter in text)


def _quoted(text: str) -> str:
    """Write a text in single quotes, so that JSON in it stays readable."""
    inner = to_typescript(text)[1:-1]
    return "'" + _QUOTE.sub(lambda match: _REQUOTED.get(match[0], match[0]), inner) + "'"


def _is_odd(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff" or letter in "\u2028\u2029\x7f"


def _precedence(operation: Operation) -> tuple[Any, bool]:
    return operation.precedence, operation.method != "HEAD"


def _unsayable(operation: Operation) -> str:
    if operation.method in _FORBIDDEN:
        return f"no browser can send {operation.method}"
    if not any(answer.key == operation.success for answer in operation.answers):
        return "the contract gives no success that could be answered"
    return ""


def _note(operation: str, why: str) -> Finding:
    return Finding("export-left-out", f"`{operation}` has no handler: {why}.", Severity.WARNING, operation=operation)


def _operation(operation: Operation, *, is_plain: bool) -> str:
    facts = {"method": operation.method, **_place(operation.path, is_plain=is_plain), "success": operation.success}
    head = "".join(f"    {key}: {to_typescript(value)},\n" for key, value in facts.items())
    answers = "".join(f"      {_answer(answer)},\n" for answer in operation.answers)
    return f"  {to_typescript(operation.id)}: {{\n{head}    answers: [\n{answers}    ],\n  }},\n"


def _place(path: str, *, is_plain: bool) -> dict[str, str]:
    """Write a path in MSW's notation where each segment is literal or one template, else as a regular expression."""
    if is_plain and all(_is_sayable(segment) for segment in path.split("/")):
        return {"path": "/".join(_segment(part) for part in path.split("/"))}
    return {"pattern": "/".join(_segment_pattern(segment) for segment in path.split("/"))}


def _segment_pattern(segment: str) -> str:
    """Escape a segment for a regular expression; a literal one may also come percent-encoded, as on the server."""
    literals = _TEMPLATE.split(segment)[::2]
    return "[^/]+".join("".join(_letter(one, encoded=len(literals) == 1) for one in text) for text in literals)


def _is_sayable(segment: str) -> bool:
    match = _TEMPLATE.fullmatch(segment)
    return bool(re.search("[A-Za-z]", match[1])) if match else _PLAIN.fullmatch(f"/{segment}") is not None


def _segment(segment: str) -> str:
    match = _TEMPLATE.fullmatch(segment)
    return ":" + re.sub(r"^[^A-Za-z]+|[^A-Za-z0-9_]", "_", match[1]).lstrip("_") if match else segment


def _letter(letter: str, *, encoded: bool) -> str:
    if re.fullmatch(r"[A-Za-z0-9_~-]", letter):
        return letter
    code = "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "replace"))
    if not letter.isascii():
        return f"(?:{letter}|{code}|{code.lower()})"
    return f"(?:\\{letter}|{code}|{code.lower()})" if encoded else f"\\{letter}"


def _answer(answer: Answer) -> str:
    told = {"key": answer.key, "status": answer.status, "example": answer.example, "type": answer.media_type}
    parts = [f"{key}: {to_typescript(value)}" for key, value in told.items() if value]
    parts.append(f"headers: {to_typescript(dict(answer.headers))}")
    if answer.media_type and answer.status not in _NO_BODY:
        parts.append(_body(answer.body))
    if answer.is_rendered:
        parts.append("rendered: true")
    return f"{{ {', '.join(parts)} }}"


def _body(content: bytes) -> str:
    """Write a body as a text if its bytes are one in UTF-8, else in base64."""
    try:
        return f"text: {_quoted(content.decode('utf-8'))}"
    except UnicodeDecodeError:
        return f"base64: {_quoted(base64.b64encode(content).decode('ascii'))}"
