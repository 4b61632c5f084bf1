"""A request's conditions and what its target is like go in; whether they hold comes out (RFC 9110, 13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from understudy_mock.entity_tags import is_same, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from understudy_mock.exchange import Exchange

CONDITIONS = (b"if-match", b"if-none-match", b"if-modified-since", b"if-unmodified-since")
_SAFE = ("GET", "HEAD")


@dataclass(frozen=True)
class Standing:
    """What a target is like now: the tags of its representations, if it has any, and when it was changed last."""

    exists: bool
    tags: Sequence[str] = ()
    modified: datetime | None = None


def is_conditional(exchange: Exchange) -> bool:
    """Tell whether a request has any condition."""
    return any(name in CONDITIONS for name, _ in exchange.headers)


def failed_condition(exchange: Exchange, standing: Standing) -> str | None:
    """Name the header whose condition does not hold, in the order of RFC 9110, 13.2.2; None if all do."""
    if (wanted := exchange.header(b"if-match")) is not None:
        if not _is_matched(wanted, standing):
            return "If-Match"
    elif _is_changed_since(exchange.header(b"if-unmodified-since"), standing.modified):
        return "If-Unmodified-Since"
    if (unwanted := exchange.header(b"if-none-match")) is not None:
        return "If-None-Match" if _is_matched(unwanted, standing, weakly=True) else None
    since = exchange.header(b"if-modified-since")
    if exchange.method in _SAFE and standing.modified and (moment := http_date(since)) and standing.modified <= moment:
        return "If-Modified-Since"
    return None


def is_cached(exchange: Exchange, failed: str) -> bool:
    """Tell whether the client has what it asks for, so that it is told 304 instead of 412."""
    return failed in ("If-None-Match", "If-Modified-Since") and exchange.method in _SAFE


def _is_matched(header: str, standing: Standing, *, weakly: bool = False) -> bool:
    """Tell whether any tag is that of a representation; `*` is whatever there is (RFC 9110, 13.1.1 and 13.1.2).

    Where the contract has only weak tags, these count in `If-Match` too: nothing else could.
    """
    if header.strip() == "*":
        return standing.exists
    return any(
        is_same(tag, held, weakly=weakly or held.startswith("W/")) for tag in listed(header) for held in standing.tags
    )


def _is_changed_since(header: str | None, modified: datetime | None) -> bool:
    moment = http_date(header)
    return moment is not None and modified is not None and modified > moment


def http_date(text: str | None) -> datetime | None:
    """Read an HTTP date (RFC 9110, 5.6.7), or an instant as RFC 3339 writes it; None for anything else."""
    if text is None:
        return None
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(text.strip())
        except (ValueError, TypeError, OverflowError):
            continue
        return found.replace(tzinfo=found.tzinfo or UTC)
    return None
