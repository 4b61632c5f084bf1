"""Exchanges go in as they end; one line each comes out, for a person or for a machine.

Credentials have no place in it: neither headers, nor the query, nor bodies are written, only the path and the mock's
own words, in which values of faulty requests do not stand.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

from understudy_mock.media import to_json
from understudy_mock.refusals import FAULTY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy_mock.exchange import Exchange

_COLOURS = {2: "32", 3: "36", 4: "33", 5: "31"}
_GONE = 0
"""Stands for the status where the client left before there was one."""
_MS = 1000
_WHOLE = 4096
"""How many bytes a pipe takes in one piece (POSIX, PIPE_BUF on Linux)."""


@dataclass(frozen=True, slots=True)
class Served:
    """What is told of one request; `started` is in seconds since the epoch, `milliseconds` how long it took."""

    started: float
    milliseconds: float
    method: str
    path: str
    status: int
    operation: str
    explanation: str


class AccessLog:
    """A stage around the whole mock. Lines of one turn of the event loop are written together."""

    def __init__(self, app: Any, stream: TextIO, write: Callable[[Served], str]) -> None:
        self.app, self._stream, self._write = app, stream, write
        self._waiting: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one ASGI connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, clock = time.time(), time.perf_counter()
        status = _GONE

        async def watched(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            self._take(_served(scope, status, started, (time.perf_counter() - clock) * _MS))

    def _take(self, served: Served) -> None:
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._flush)
        self._waiting.append(self._write(served))

    def _flush(self) -> None:
        lines, self._waiting = self._waiting, []
        try:
            for part in _parts(lines):
                self._stream.write(part)
                self._stream.flush()
        except (OSError, ValueError):  # nobody reads any more, or the stream is closed; the mock goes on
            return


def _parts(lines: list[str]) -> Iterator[str]:
    """Join lines to what a pipe takes in one piece, so that those of several workers do not get into each other."""
    part = ""
    for line in lines:
        if part and len(part) + len(line) > _WHOLE:
            yield part
            part = ""
        part += line
    yield part


def _served(scope: Any, status: int, started: float, milliseconds: float) -> Served:
    exchange: Exchange | None = scope.get("understudy")
    if exchange is None:
        path = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
        return Served(started, milliseconds, scope["method"], _clean(path.decode("latin-1")), status, "", "")
    operation = exchange.operation.operation.id if exchange.operation else ""
    return Served(
        started, milliseconds, exchange.method, _clean(exchange.path), status, operation, explanation(exchange)
    )


def explanation(exchange: Exchange) -> str:
    """Say what chose the answer; of a request that breaks the contract only which fields and rules, no values."""
    if exchange.answer is None:
        return "the client left"
    if exchange.kind == FAULTY and exchange.faults:
        return f"{FAULTY}: " + ", ".join(dict.fromkeys(f"{_clean(one.name)} ({one.rule})" for one in exchange.faults))
    return _clean(exchange.answer.reason)


def _clean(text: str) -> str:
    """Keep a line one line, whatever a client puts into its path."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else "?" for letter in text)


def text_line(served: Served, *, colour: bool = False) -> str:
    """Write a line for a person; times are local."""
    clock = datetime.fromtimestamp(served.started, UTC).astimezone().strftime("%H:%M:%S.%f")[:-3]
    status = str(served.status) if served.status else "---"
    if colour:
        clock = f"\x1b[2m{clock}\x1b[0m"
        status = f"\x1b[{_COLOURS.get(served.status // 100, '31')}m{status}\x1b[0m"
    operation = f" {served.operation}" if served.operation else ""
    told = f" · {served.explanation}" if served.explanation else ""
    return f"{clock} {served.method:<6} {served.path} {status}{operation} {served.milliseconds:.1f} ms{told}\n"


def json_line(served: Served) -> str:
    """Write a JSON object on one line; the time is in UTC (RFC 3339)."""
    facts = {
        "time": datetime.fromtimestamp(served.started, UTC).isoformat(timespec="milliseconds"),
        "method": served.method,
        "path": served.path,
        "status": served.status or None,
        "operation": served.operation or None,
        "duration_ms": round(served.milliseconds, 3),
        "explanation": served.explanation or None,
    }
    return to_json(facts).decode() + "\n"
