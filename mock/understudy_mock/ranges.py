"""A `Range` header and a content go in; the parts that were asked for come out (RFC 9110, 14)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_SPEC = re.compile(r"bytes=(.+)", re.IGNORECASE)
_RANGE = re.compile(r"([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18})")
_MOST = 50
"""More ranges than that are no honest request (RFC 9110, 17.15)."""


class UnsatisfiableError(Exception):
    """None of the ranges lies within the content (RFC 9110, 15.5.17)."""


@dataclass(frozen=True)
class Span:
    """Bytes from `first` to `last`, both included."""

    first: int
    last: int

    def header(self, length: int) -> bytes:
        """Write the Content-Range (RFC 9110, 14.4)."""
        return b"bytes %d-%d/%d" % (self.first, self.last, length)


def read(header: str, length: int) -> tuple[Span, ...]:
    """Read the ranges, overlapping ones joined; none where the header is to be ignored. Raises UnsatisfiableError."""
    match = _SPEC.fullmatch(header.strip())
    specs = [part.strip() for part in match[1].split(",") if part.strip()] if match else []
    found = [_RANGE.fullmatch(spec) for spec in specs]
    if not found or len(found) > _MOST or not all(found):
        return ()
    spans = []
    for one in found:
        if one is not None:
            if one[2] and int(one[2]) < int(one[1]):
                return ()
            spans.append(_span(one, length))
    kept = [span for span in spans if span is not None]
    if not kept:
        raise UnsatisfiableError
    return _joined(kept)


def _span(found: re.Match[str], length: int) -> Span | None:
    if found[3] is not None:
        span = Span(max(0, length - int(found[3])), length - 1)
        return span if int(found[3]) and length else None
    last = min(int(found[2]) if found[2] else length - 1, length - 1)
    return Span(int(found[1]), last) if int(found[1]) < length else None


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """Keep the order that was asked for unless ranges overlap or touch (RFC 9110, 15.3.7.2)."""
    ordered = sorted(spans, key=lambda span: span.first)
    joined = ordered[:1]
    for span in ordered[1:]:
        if span.first <= joined[-1].last + 1:
            joined[-1] = Span(joined[-1].first, max(joined[-1].last, span.last))
        else:
            joined.append(span)
    return tuple(spans) if len(joined) == len(spans) else tuple(joined)


def multipart(content: bytes, spans: tuple[Span, ...], content_type: bytes) -> tuple[bytes, bytes]:
    """Write several parts as one body; gives it with its Content-Type (RFC 9110, 14.6)."""
    boundary = b"understudy-" + hashlib.sha256(content).hexdigest()[:24].encode()
    parts = [
        b"--%b\r\nContent-Type: %b\r\nContent-Range: %b\r\n\r\n%b\r\n"
        % (boundary, content_type, span.header(len(content)), content[span.first : span.last + 1])
        for span in spans
    ]
    body = b"".join(parts) + b"--" + boundary + b"--\r\n"
    return body, b"multipart/byteranges; boundary=" + boundary
