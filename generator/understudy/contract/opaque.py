"""The name of a media type goes in; whether its content is of a form in which no sentence can be written comes out."""

from __future__ import annotations

_KINDS = ("image/", "audio/", "video/", "font/", "model/")
_NAMES = ("application/pdf", "application/zip", "application/gzip", "application/x-tar", "application/wasm")
_TEXTUAL = ("+json", "+xml")


def is_opaque(media_type: str) -> bool:
    """Tell whether a media type says nothing in words (RFC 6838, 4.2); `image/svg+xml` does, as any XML may."""
    name = media_type.partition(";")[0].strip().lower()
    return (name.startswith(_KINDS) or name in _NAMES) and not name.endswith(_TEXTUAL)
