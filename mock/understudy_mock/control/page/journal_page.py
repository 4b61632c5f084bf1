"""Entries of the journal go in; a table that goes on by itself, and a page about each of them, come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from understudy_mock.boundary import CONTROL_PREFIX
from understudy_mock.control.page import curl
from understudy_mock.control.page.rendering import prettied
from understudy_mock.journal import VERDICTS

if TYPE_CHECKING:
    from understudy_mock.control.page.visits import Visit
    from understudy_mock.exchange import Answer

ROWS = 200
"""So many are shown at most, here and by the module that goes on."""

_PER_SECOND = 40
_FILTERS = ("operation", "status", "verdict")


async def listing(visit: Visit) -> Answer:
    """Show the latest entries that are meant, the latest first."""
    wanted = {name: visit.query.get(name, "").strip() for name in _FILTERS}
    told = {name: value or None for name, value in wanted.items()} | {"session": visit.named_session}
    found = await visit.api.get("journal", limit=ROWS, **told)
    limits = {"since": found["last"], "limit_per_second": _PER_SECOND}
    pairs: dict[str, Any] = {**{name: value for name, value in told.items() if value}, **limits}
    return await visit.show(
        "journal.html",
        title="Journal",
        entries=found["entries"][::-1],
        total=found["total"],
        wanted=wanted,
        verdicts=VERDICTS,
        operations=sorted({one["id"] for one in (await visit.api.get("operations"))["operations"]}),
        events=f"{CONTROL_PREFIX}/events?{urlencode(pairs)}",
        rows=ROWS,
        is_any_session=True,
    )


async def entry(visit: Visit) -> Answer:
    """Show everything about one exchange."""
    found = await visit.api.get("journal", visit.values[0])
    host = visit.exchange.header(b"host") or "127.0.0.1:4010"
    return await visit.show(
        "entry.html",
        title=f"Request {found['number']}",
        entry=found,
        request=_body(found["request"]["body"]),
        response=_body(found["response"]["body"]),
        curl=curl.command(found, f"{visit.exchange.scheme}://{host}", visit.mock),
        is_any_session=True,
    )


def _body(body: dict[str, Any]) -> dict[str, Any]:
    text = body.get("text")
    return {**body, "shown": "" if text is None else text if body["cut"] else prettied(text)}


async def clear(visit: Visit) -> Answer:
    """Forget the entries of a session, or all."""
    await visit.api.ask("DELETE", ("journal",), {"session": visit.named_session})
    return visit.back("cleared", "page/journal")
