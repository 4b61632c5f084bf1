"""Changes of what stands at a path go in; when that was changed last comes out, for `Last-Modified` (RFC 9110, 8.8.2).

Moments of changes are kept in the session's document. What nobody has changed is as old as its own dates say, else as
the contract's clock.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from understudy_mock import locations
from understudy_mock.media import MalformedError, from_json, is_json
from understudy_mock.preconditions import http_date
from understudy_mock.sessions import session_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Answer, Exchange

_DATES = frozenset(("updated_at", "updatedAt", "updated", "modified_at", "modifiedAt", "modified", "last_modified"))
_BIRTHS = frozenset(("created_at", "createdAt", "created"))
_DEPTH = 3


def note(operation: CompiledOperation, exchange: Exchange, paths: Iterable[str], now: datetime) -> None:
    """Take note that what stands at some paths, and therefore above them, is another from now on."""
    document, start = session_of(exchange).document, locations.prefix(operation, exchange)
    for path in paths:
        own = path[len(start) :]
        while own:
            document.put(_group(operation), own, now.isoformat())
            own = own.rpartition("/")[0]


def moment(operation: CompiledOperation, exchange: Exchange, path: str, shown: Answer) -> datetime:
    """Tell when what stands at a path was changed last, in whole seconds."""
    own = path[len(locations.prefix(operation, exchange)) :]
    noted = session_of(exchange).document.get(_group(operation), own)
    if noted is not None:
        found = datetime.fromisoformat(noted)
    else:
        found = max(_dates(shown), default=operation.contract.behaviour.clock)
    return found.astimezone(UTC).replace(microsecond=0)


def _group(operation: CompiledOperation) -> str:
    return f"modified/{operation.contract.name}"


def _dates(shown: Answer) -> list[datetime]:
    """Read the dates of changes in a JSON content, else those of births."""
    kind = dict(shown.headers).get(b"content-type", b"").decode("latin-1")
    if not is_json(kind):
        return []
    try:
        value = from_json(shown.body)
    except MalformedError:
        return []
    return _named(value, _DATES) or _named(value, _BIRTHS)


def _named(value: Any, names: frozenset[str]) -> list[datetime]:
    texts = (text for text in _texts(value, names, _DEPTH) if isinstance(text, str))
    return [found for found in map(http_date, texts) if found is not None]


def _texts(value: Any, names: frozenset[str], depth: int) -> Iterator[Any]:
    if not depth:
        return
    if isinstance(value, list):
        for item in value:
            yield from _texts(item, names, depth)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name in names:
                yield item
            elif isinstance(item, dict | list):
                yield from _texts(item, names, depth - 1)
