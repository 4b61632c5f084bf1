"""Two sets of media types go in; which of the one is answered by which of the other comes out (RFC 9110, 8.3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def plain(name: str) -> str:
    """Write a media type so that equal ones are written alike; a charset is of no account."""
    kind, *told = (part.strip() for part in name.lower().split(";"))
    return ";".join([kind, *sorted(part for part in told if part and not part.startswith("charset="))])


def find(wanted: str, names: Iterable[str]) -> str | None:
    """Find the media type that covers another: itself, or else the narrowest range."""
    known = {plain(name): name for name in names}
    kind = plain(wanted).partition(";")[0]
    ranges = (plain(wanted), kind, f"{kind.partition('/')[0]}/*", "*/*", "*")
    return next((known[one] for one in ranges if one in known), None)
