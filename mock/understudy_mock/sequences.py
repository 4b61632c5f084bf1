"""The items of a sequential media type go in; its bytes come out, and the other way round (OpenAPI 3.2, 4.14.3).

JSON Lines, newline-delimited JSON, JSON text sequences (RFC 7464), and server-sent events (HTML, section 9.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.media import MalformedError, bare, from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Callable

_LINES = ("application/jsonl", "application/x-ndjson", "application/ndjson", "application/json-lines")
_EVENT_FIELDS = ("event", "id", "retry", "data")
_RECORD = b"\x1e"


def sequence_writer(media_type: str) -> Callable[[list[Any]], bytes] | None:
    """Choose how a list of items is written; None for a media type that is no sequence."""
    name = bare(media_type)
    if name in _LINES:
        return lambda items: b"".join(to_json(item) + b"\n" for item in items)
    if _is_text_sequence(name):
        return lambda items: b"".join(_RECORD + to_json(item) + b"\n" for item in items)
    if name == "text/event-stream":
        return lambda items: b"".join(map(_event, items))
    return None


def sequence_reader(media_type: str) -> Callable[[bytes], list[Any]] | None:
    """Choose how items are read; None for a media type that is no sequence. What is made raises MalformedError."""
    name = bare(media_type)
    if name in _LINES:
        return lambda content: [from_json(line) for line in content.splitlines() if line.strip()]
    if _is_text_sequence(name):
        return lambda content: [from_json(text) for text in content.split(_RECORD) if text.strip()]
    return _events if name == "text/event-stream" else None


def _is_text_sequence(name: str) -> bool:
    return name == "application/json-seq" or name.endswith("+json-seq")


def _event(item: Any) -> bytes:
    """Write one event: an object with `data` and other fields of an event as these, anything else as its data."""
    is_event = isinstance(item, dict) and "data" in item and all(name in _EVENT_FIELDS for name in item)
    fields = item if is_event else {"data": item}
    lines = [
        f"{name}: {line}"
        for name in _EVENT_FIELDS
        if name in fields
        for line in _text(fields[name]).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ]
    return ("\n".join(lines) + "\n\n").encode("utf-8", "replace")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value).decode()


def _events(content: bytes) -> list[Any]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError(f"it is not UTF-8 (byte {error.start})") from None
    blocks = text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    return [event for block in blocks if (event := _event_of(block))]


def _event_of(block: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for line in block.split("\n"):
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data" and "data" in made:
            made["data"] += "\n" + value
        elif name in _EVENT_FIELDS:
            made[name] = int(value) if name == "retry" and value.isdecimal() else value
    return made
