"""A journal entry goes in; what a person or a test wants to see of it comes out as JSON, without credentials."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from understudy_mock import preferences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy_mock.journal import Entry
    from understudy_mock.redaction import Redaction

_STEPS = ("fault", "route", "authenticate", "validate", "answer")
_ENDED_AT = {"no-route": "route", "no-method": "route", "options": "route", "unknown-schema": "route"}
_ENDED_AT |= {"security": "authenticate", "fault": "fault"}
_ENDED_AT |= dict.fromkeys(("invalid", "media-type", "too-large"), "validate")


def instant(seconds: float) -> str:
    """Write seconds since the epoch as RFC 3339 in UTC, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def summary(entry: Entry, redaction: Redaction) -> dict[str, Any]:
    """Say in short what was asked and what became of it."""
    operation = entry.operation
    return {
        "number": entry.number,
        "at": instant(entry.at),
        "milliseconds": round(entry.seconds * 1000, 3),
        "session": entry.session,
        "contract": operation.contract.name if operation else None,
        "operation": operation.operation.id if operation else None,
        "method": entry.method,
        "path": entry.path,
        "query": redaction.query(entry.query),
        "status": entry.status,
        "verdict": entry.verdict,
        "explain": entry.reason,
    }


def whole(entry: Entry, redaction: Redaction) -> dict[str, Any]:
    """Tell everything the journal has of one exchange."""
    return {
        **summary(entry, redaction),
        "wishes": preferences.applied(entry.wish, ()),
        "request": {
            "headers": redaction.headers(entry.headers),
            "parameters": redaction.parameters(entry.values),
            "body": body(entry.content, entry.request_bytes),
        },
        "response": {
            "headers": redaction.headers(entry.answer_headers),
            "body": body(entry.answer_body, entry.answer_bytes),
        },
        "faults": [
            {"location": fault.location, "pointer": fault.name, "rule": fault.rule, "message": fault.message}
            for fault in entry.faults
        ],
        "trace": list(_trace(entry)),
        "nearest": list(_nearest(entry)),
    }


def body(content: bytes, size: int) -> dict[str, Any]:
    """Show a body as text, or in base64 if it is none; `cut` tells that only its beginning was kept."""
    shown: dict[str, Any] = {"bytes": size, "cut": size > len(content)}
    text = as_text(content, is_cut=size > len(content))
    return shown | ({"base64": base64.b64encode(content).decode()} if text is None else {"text": text})


def as_text(content: bytes, *, is_cut: bool = False) -> str | None:
    """Decode UTF-8; None if it is none. Where a body was cut, half a character at the end is dropped."""
    for end in range(len(content), max(len(content) - (4 if is_cut else 1), -1), -1):
        try:
            return content[:end].decode()
        except UnicodeDecodeError:
            continue
    return None


def _trace(entry: Entry) -> Iterator[dict[str, str]]:
    """Tell the walk of a request, step by step, up to the one that ended it."""
    ended = _ENDED_AT.get(entry.kind, "answer")
    for step in _STEPS[1:] if ended != "fault" else _STEPS[:1]:
        if step == ended:
            yield {"step": step, "outcome": entry.reason}
            return
        yield {"step": step, "outcome": _passed(step, entry)}


def _passed(step: str, entry: Entry) -> str:
    operation = entry.operation
    if operation is None:
        return "not reached"
    if step == "route":
        return f"{operation.operation.id}: {operation.operation.method} {operation.operation.path}"
    if step == "authenticate":
        return "a good credential" if operation.guard else "no credential is needed"
    return "the request fits the contract"


def _nearest(entry: Entry) -> Iterator[dict[str, Any]]:
    """Name the operations a refused request nearly was; where it had found one, what that one would have taken."""
    yield from (near.as_json() for near in entry.nearest)
    operation = entry.operation
    if operation is not None and not entry.nearest and entry.verdict == "refused":
        yield {
            "contract": operation.contract.name,
            "operation": operation.operation.id,
            "method": operation.operation.method,
            "path": operation.operation.path,
            "differs": [f"{fault.location} {fault.name}: {fault.message}" for fault in entry.faults],
        }
