"""A media type and the schema of its content go in; the function that writes values as that media type comes out.

Chosen once, when the mock starts. A text in place of a structure, such as an example that is XML, is sent as is.
"""

from __future__ import annotations

import csv
import hashlib
import io
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from understudy_mock.media import bare, is_json, to_json
from understudy_mock.sequences import sequence_writer
from understudy_mock.xml_writing import XmlWriter

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.contract.model import Tokens
    from understudy_mock.schema_facts import SchemaFacts

_USUAL = {"*/*": "application/json", "application/*": "application/json", "text/*": "text/plain"}
_USUAL |= {"audio/*": "audio/mpeg", "image/*": "image/png", "video/*": "video/mp4", "multipart/*": "multipart/mixed"}


def concrete(media_type: str, types: frozenset[str]) -> str:
    """Name the media type that is written where the contract declares a range; text where only text can be meant."""
    if "*" not in (name := bare(media_type)):
        return media_type
    if name == "*/*" and types == {"string"}:
        return "text/plain"
    return _USUAL.get(name, "application/octet-stream")


def encode(media_type: str, value: Any) -> bytes:
    """Write one value as a media type, where no schema is at hand."""
    return writer(None, media_type, None)(value)


def writer(facts: SchemaFacts | None, media_type: str, schema: Tokens | None) -> Callable[[Any], bytes]:
    """Choose how values are written as a media type."""
    name = bare(media_type)
    if is_json(name):
        return to_json
    if name == "application/x-www-form-urlencoded":
        return _as_is_or(_form)
    if name.startswith("multipart/"):
        return _as_is_or(_multipart)
    if name in ("application/xml", "text/xml") or name.endswith("+xml"):
        xml = XmlWriter(facts)
        return _as_is_or(lambda value: xml.document(value, schema).encode())
    if sequence := sequence_writer(name):
        return _as_is_or(lambda value: sequence(_listed(value)))
    return _as_is_or(_csv if name == "text/csv" else to_json)


def content_type(media_type: str, body: bytes) -> str:
    """Write the Content-Type of a body: that of `multipart/…` names the boundary the body begins with."""
    if not media_type.startswith("multipart/") or "boundary=" in media_type or not body.startswith(b"--"):
        return media_type
    boundary = body[2:].partition(b"\r\n")[0].decode("latin-1")
    return f"{media_type}; boundary={boundary}"


def _as_is_or(write: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    def written(value: Any) -> bytes:
        return value.encode("utf-8", "replace") if isinstance(value, str) else write(value)

    return written


def text_of(value: Any) -> str:
    """Write one value as plain text: texts as they are, null as nothing, others as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else to_json(value).decode()


def _form(value: Any) -> bytes:
    """Write the pairs of a form; a list repeats its name (OpenAPI, Encoding Object: style form, explode)."""
    if not isinstance(value, dict):
        return quote_plus(text_of(value)).encode()
    pairs = [(name, item) for name, held in value.items() for item in (held if isinstance(held, list) else [held])]
    return "&".join(f"{quote_plus(name)}={quote_plus(text_of(item))}" for name, item in pairs).encode()


def _multipart(value: Any) -> bytes:
    """Write one part per property or item (RFC 7578, RFC 2046); the boundary comes from the content itself."""
    members = list(value.items()) if isinstance(value, dict) else [("", item) for item in _listed(value)]
    parts = [(name, item) for name, held in members for item in (held if isinstance(held, list) else [held])]
    written = [_part(name, item) for name, item in parts]
    boundary = b"understudy-" + hashlib.sha256(b"".join(written)).hexdigest()[:24].encode()
    return b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in written) + b"--" + boundary + b"--\r\n"


def _part(name: str, value: Any) -> bytes:
    kind = "text/plain; charset=utf-8" if isinstance(value, str) else "application/json"
    safe = name.replace("\\", "\\\\").replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    disposition = f'Content-Disposition: form-data; name="{safe}"\r\n' if name else ""
    return f"{disposition}Content-Type: {kind}\r\n\r\n{text_of(value)}".encode()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _csv(value: Any) -> bytes:
    """Write rows (RFC 4180); objects get a head line with the names of the first."""
    rows = _listed(value)
    names = list(rows[0]) if rows and isinstance(rows[0], dict) else []
    text = io.StringIO(newline="")
    out = csv.writer(text)
    if names:
        out.writerow(names)
    for row in rows:
        cells = [row.get(name) for name in names] if isinstance(row, dict) else _listed(row)
        out.writerow([text_of(cell) for cell in cells])
    return text.getvalue().encode()
