"""Journal entries go in; an HTTP Archive comes out (HAR 1.2), which browsers and proxies' tools can read."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from understudy_mock.entries import as_text, instant
from understudy_mock.redaction import REDACTED
from understudy_mock.statuses import phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from understudy_mock.journal import Entry
    from understudy_mock.redaction import Redaction

_HTTP = "HTTP/1.1"
_UNKNOWN = -1
"""What HAR writes for a size that nobody knows."""


def archive(entries: Iterable[Entry], redaction: Redaction, version: str) -> dict[str, Any]:
    """Write the archive, oldest entry first."""
    creator = {"name": "Understudy", "version": version}
    return {"log": {"version": "1.2", "creator": creator, "entries": [_entry(entry, redaction) for entry in entries]}}


def _entry(entry: Entry, redaction: Redaction) -> dict[str, Any]:
    milliseconds = round(entry.seconds * 1000, 3)
    return {
        "startedDateTime": instant(entry.at),
        "time": milliseconds,
        "request": _request(entry, redaction),
        "response": _response(entry, redaction),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": f"{entry.verdict}: {entry.reason}",
    }


def _request(entry: Entry, redaction: Redaction) -> dict[str, Any]:
    query = redaction.query(entry.query)
    host = entry.header(b"host") or "localhost"
    made: dict[str, Any] = {
        "method": entry.method,
        "url": f"{entry.scheme}://{host}{entry.path}{'?' if query else ''}{query}",
        "httpVersion": _HTTP,
        "cookies": [{"name": name, "value": REDACTED} for name in _cookie_names(entry)],
        "headers": redaction.headers(entry.headers),
        "queryString": [
            {"name": unquote_plus(name), "value": unquote_plus(value)}
            for name, _, value in (pair.partition("=") for pair in query.split("&") if pair)
        ],
        "headersSize": _UNKNOWN,
        "bodySize": entry.request_bytes,
    }
    if entry.content:
        made["postData"] = {
            "mimeType": entry.header(b"content-type") or "application/octet-stream",
            **_text(entry.content, entry.request_bytes),
        }
    return made


def _response(entry: Entry, redaction: Redaction) -> dict[str, Any]:
    headers = redaction.headers(entry.answer_headers)
    media_type = next((header["value"] for header in headers if header["name"] == "content-type"), "")
    location = next((header["value"] for header in headers if header["name"] == "location"), "")
    sent = _text(entry.answer_body, entry.answer_bytes) if entry.answer_body else {}
    return {
        "status": entry.status,
        "statusText": phrase(entry.status),
        "httpVersion": _HTTP,
        "cookies": [],
        "headers": headers,
        "content": {"size": entry.answer_bytes, "mimeType": media_type or "x-unknown", **sent},
        "redirectURL": location,
        "headersSize": _UNKNOWN,
        "bodySize": entry.answer_bytes,
    }


def _text(content: bytes, size: int) -> dict[str, str]:
    is_cut = size > len(content)
    note = {"comment": f"the first {len(content)} of {size} bytes"} if is_cut else {}
    text = as_text(content, is_cut=is_cut)
    if text is None:
        return {"text": base64.b64encode(content).decode(), "encoding": "base64", **note}
    return {"text": text, **note}


def _cookie_names(entry: Entry) -> list[str]:
    pairs = (pair.strip().partition("=") for pair in (entry.header(b"cookie") or "").split(";"))
    return [name for name, equals, _ in pairs if equals]
