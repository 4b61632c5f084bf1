"""`understudy publish --watch`: contracts that are edited go in; a site that follows them is shown on this machine.

The folder is written anew after each edit, and pages that are open show it at once. An edit that breaks something is
told with its place; then the last good site stays. What makes pages reload stands in no file of the site.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from understudy.contract.beside import places
from understudy.errors import UnderstudyError, UsageError
from understudy_mock.boundary import live, open_exchange, send_answer
from understudy_mock.exchange import Fault
from understudy_mock.loopback import strange_name
from understudy_mock.refusals import problem
from understudy_mock.shelves import Reading, Wanted, refused
from understudy_mock.watching import followed, occasions, signature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from understudy.contract.model import Contract
    from understudy.finding import Finding
    from understudy.publish.build import Builder
    from understudy.publish.site import Plan
    from understudy_mock.exchange import Answer, Exchange

SCRIPT, EVENTS = "__reload.js", "__reload"
_RELOADING = f"""\
(function () {{
  let shown = null;
  new EventSource("/{EVENTS}").onmessage = function (event) {{
    if (shown !== null && event.data !== shown) location.reload();
    shown = event.data;
  }};
}})();
"""
_TAG = f'<script src="/{SCRIPT}"></script></head>'.encode()
_STREAM = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
_HEARTBEAT_SECONDS = 15


class Preview:
    """An ASGI application that shows a site, and tells open pages when it has become another."""

    def __init__(self, builder: Builder) -> None:
        self.show(builder)
        self._news = asyncio.Event()
        self._is_ending = False

    def show(self, builder: Builder) -> None:
        """Show this site from now on."""
        self._builder = builder
        self._reading = Reading(self)
        self._version = time.time_ns()

    def tell(self) -> None:
        """Let every page that is open know."""
        self._news.set()
        self._news = asyncio.Event()

    def end(self) -> None:
        """Let the pages go that wait for news."""
        self._is_ending = True
        self.tell()

    def find(self, path: str, origin: str) -> bytes | None:
        """Give a file of the site; a page with what makes it reload."""
        del origin
        if path == SCRIPT:
            return _RELOADING.encode()
        file = self._builder.file(path)
        if file is None:
            return None
        return file.content.replace(b"</head>", _TAG, 1) if path.endswith(".html") else file.content

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one ASGI connection."""
        if scope["type"] == "lifespan":
            await live(receive, send)
        elif scope["type"] == "http":
            exchange = open_exchange(scope)
            exchange.headers = [pair for pair in exchange.headers if pair[0] != b"origin"]  # pages of others stay out
            if (answer := _turned_away(exchange) or refused(exchange)) is not None:
                await send_answer(answer, exchange, send)
            elif scope["path"] == f"/{EVENTS}":
                await self._stream(receive, send)
            else:
                wanted = Wanted(scope["path"].removeprefix("/"), "", exchange)
                await send_answer(await self._reading.answer(wanted), exchange, send)

    async def _stream(self, receive: Any, send: Any) -> None:
        """Say which site is shown, and again whenever it is another (HTML standard, server-sent events)."""
        await send({"type": "http.response.start", "status": 200, "headers": _STREAM})
        gone = asyncio.ensure_future(_left(receive))
        try:
            while not gone.done() and not self._is_ending:
                news, text = self._news, f"data: {self._version}\n\n".encode()
                await send({"type": "http.response.body", "body": text, "more_body": True})
                waiting = asyncio.ensure_future(news.wait())
                await asyncio.wait((waiting, gone), timeout=_HEARTBEAT_SECONDS, return_when="FIRST_COMPLETED")
                waiting.cancel()
        finally:
            gone.cancel()
        await send({"type": "http.response.body", "body": b""})


class Author:
    """Follows the files of contracts: `publish` writes the site of a plan, and gives what makes its pages."""

    def __init__(self, read: Callable[[], Plan], publish: Callable[[Plan], Builder]) -> None:
        self._read, self._publish = read, publish
        plan = read()
        contracts = [subject.contract for subject in plan.subjects]
        self._files = places(contracts)
        if not self._files:
            raise UsageError("`--watch` needs a contract in files.", "Name a file or a directory.")
        self._signature = signature(self._files)
        self._known = _flaws(contracts)
        self.preview = Preview(publish(plan))

    async def watch(self) -> None:
        """Publish again after each change of a file, until cancelled."""
        moments = occasions(lambda: self._files)
        async with contextlib.aclosing(moments):
            async for _ in moments:
                now = await asyncio.to_thread(signature, self._files)
                if now == self._signature:
                    continue
                self._signature = now
                builder = await asyncio.to_thread(self._again)
                if builder is not None:
                    self.preview.show(builder)
                    self.preview.tell()

    def _again(self) -> Builder | None:
        """Read and publish again; None, and a word about it, if what was edited can't be published."""
        try:
            plan = self._read()
            contracts = [subject.contract for subject in plan.subjects]
            self._follow(places(contracts) | self._files)
            flaws = _flaws(contracts)
            if broken := [flaw for mark, flaw in flaws.items() if mark not in self._known]:
                _refused(broken)
                return None
            builder = self._publish(plan)
        except UnderstudyError as error:
            _failed(error)
            return None
        except Exception as error:  # noqa: BLE001 - whatever an edit brings about, the site stays
            _failed(UnderstudyError(f"It can't be published: {error!r}."))
            return None
        self._known = flaws
        self._follow(places(contracts))
        return builder

    def _follow(self, files: frozenset[str]) -> None:
        self._files = files
        self._signature = followed(self._signature, files)


def run(author: Author, port: int) -> None:
    """Show the site on a port of this machine until Ctrl-C. Raises EnvironmentFailedError."""
    from understudy_mock import serving

    with serving.listening(serving.Address("127.0.0.1", port)) as listener:
        address = serving.url(listener)
        manners = serving.Manners(background=(author.watch,), on_signal=author.preview.end)
        serving.run(author.preview, listener, lambda: _say(f"Shown at {address}/; Ctrl-C stops it."), manners)
    _say("Stopped.")


def _turned_away(exchange: Exchange) -> Answer | None:
    """Refuse a request that calls us by the name of another machine: a page of that machine may have sent it."""
    if (name := strange_name(exchange)) is None:
        return None
    fault = Fault("host", (), "loopback", f"this site is shown to this machine only; call it localhost, not {name}")
    return problem(403, "not-here", (fault,))


def _flaws(contracts: Iterable[Contract]) -> dict[str, Finding]:
    """Find what of some contracts could not be read, by fingerprint."""
    return {finding.fingerprint: finding for contract in contracts for finding in contract.findings}


def _refused(broken: list[Finding]) -> None:
    from understudy.report.terminal import write

    with contextlib.suppress(OSError):  # nobody reads any more
        write(broken, sys.stderr)
    _say("The edit is not published; the last good site stays.")


def _failed(error: UnderstudyError) -> None:
    from understudy.report.terminal import show_error

    with contextlib.suppress(OSError):
        show_error(error, sys.stderr)
    _say("The edit is not published; the last good site stays.")


def _say(text: str) -> None:
    with contextlib.suppress(OSError):
        click.echo(text, err=True)


async def _left(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
