"""The journal goes in; its entries, as they come, go out as server-sent events (HTML standard, 9.2).

A client has no queue of its own: it remembers the number it was told last and reads on from there, so a slow one costs
nothing, and one that comes back with `Last-Event-ID` misses nothing that the journal still has.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from understudy_mock import entries
from understudy_mock.control.journal_queries import Wanted
from understudy_mock.exchange import Fault, RefusalError
from understudy_mock.handlers import answers
from understudy_mock.media import to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy_mock.journal import Entry, Journal
    from understudy_mock.runtime import Runtime

HEARTBEAT_SECONDS = 15.0
MAX_STREAMS = 100
TURN_SECONDS = 0.25
"""How often a client with a limit is told something, at most."""

_RETRY_MS = 1000

_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


@dataclass
class EventStream:
    """One client's stream: entries after `last` that are `wanted`, each shown by `show`.

    With `follow` it goes on until the client leaves or the mock stops; without, it ends when all has been told. With a
    `limit` no more than so many a second are told, the latest, and how many were left out. Then the journal is looked
    at some times a second, however much comes, so that a watcher slows nobody down.
    """

    journal: Journal
    last: int
    wanted: Callable[[Entry], bool]
    show: Callable[[Entry], dict[str, Any]]
    follow: bool = True
    limit: int | None = None

    async def play(self, receive: Any, send: Any, *, is_head: bool) -> None:
        """Send the whole stream."""
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        if not is_head:
            await _send_text(send, f"retry: {_RETRY_MS}\n\n")
            await self._tell(send)
            if self.follow:
                await self._follow(receive, send)
        await send({"type": "http.response.body", "body": b""})

    async def _follow(self, receive: Any, send: Any) -> None:
        loop, news, asleep = asyncio.get_running_loop(), asyncio.Event(), [False]

        def wake() -> None:
            if asleep[0]:  # once is enough, however many entries come until it is awake
                asleep[0] = False
                loop.call_soon_threadsafe(news.set)

        gone = asyncio.ensure_future(_client_leaves(receive))
        self.journal.watch(wake)
        try:
            while not gone.done() and not self.journal.is_closed:
                asleep[0] = True
                await self._tell(send)
                if self.limit is not None:
                    await asyncio.wait((gone,), timeout=self._turn)
                await self._pause(news, gone, send)
        finally:
            self.journal.unwatch(wake)
            gone.cancel()

    @property
    def _turn(self) -> float:
        return max(TURN_SECONDS, 1 / self.limit) if self.limit else 0.0

    async def _pause(self, news: asyncio.Event, gone: asyncio.Future[None], send: Any) -> None:
        """Wait for news or for the client to leave; say that all is well when there is none for long."""
        waiting = asyncio.ensure_future(news.wait())
        try:
            done, _ = await asyncio.wait((waiting, gone), timeout=HEARTBEAT_SECONDS, return_when="FIRST_COMPLETED")
        finally:
            waiting.cancel()
        news.clear()
        if not done:
            await _send_text(send, ": nothing new\n\n")

    async def _tell(self, send: Any) -> None:
        start, found = self.last, self.journal.since(self.last)
        self.last = max(self.last, self.journal.last)
        told = [entry for entry in found if self.wanted(entry)]
        if self.limit is not None:
            lost = 0 if self.journal.has_all_since(start) else self.last - start - len(found)
            told = await self._cut(told, lost, send)
        for entry in told:
            data = to_json(self.show(entry)).decode()
            await _send_text(send, f"id: {entry.number}\nevent: exchange\ndata: {data}\n\n")

    async def _cut(self, told: list[Entry], lost: int, send: Any) -> list[Entry]:
        """Leave out what is too much for one turn, and say how much that was; `lost` is what the journal has not."""
        most = max(1, int((self.limit or 1) * self._turn))
        count = max(0, len(told) - most) + lost
        if count:
            data = to_json({"count": count}).decode()
            await _send_text(send, f"event: skipped\ndata: {data}\n\n")
        return told[-most:]


async def _send_text(send: Any, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _client_leaves(receive: Any) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        while (await receive())["type"] != "http.disconnect":
            pass


class EventOperations:
    """What watches the mock."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @answers("streamEvents")
    def stream(
        self,
        since: int | None = None,
        last_event_id: int | None = None,
        limit_per_second: int | None = None,
        *,
        follow: bool = True,
        **wanted: Any,
    ) -> EventStream:
        """Stream entries from where the client left off, else from the number it names, else from now on."""
        journal, hidden = self._runtime.journal, self._runtime.redaction
        if journal.watchers >= MAX_STREAMS:
            fault = Fault("control", ("events",), "limit", f"{MAX_STREAMS} streams are open already")
            raise RefusalError("limit", (429,), (fault,))
        named = since if last_event_id is None else last_event_id
        start = journal.last if named is None else named if named <= journal.last else 0  # numbers began anew
        return EventStream(
            journal=journal,
            last=start,
            wanted=Wanted(**wanted).takes,
            show=lambda entry: entries.summary(entry, hidden),
            follow=follow,
            limit=limit_per_second,
        )
