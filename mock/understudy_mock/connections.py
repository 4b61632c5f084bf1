"""Bytes of one client go in; the application's answers to its requests come out. With `serving`, the door to uvicorn.

It is uvicorn's own protocol, with its parser httptools, made cheaper where nothing has to be waited for: a request that
is there as a whole is answered within the very call that brought its last byte, and an answer of known length goes out
in one write.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httptools
from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    HEADER_VALUE_RE,
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from understudy_mock import eager
from understudy_mock.replaying import MAX_REQUEST_BYTES
from understudy_mock.slow_clients import turn_away

if TYPE_CHECKING:
    from collections.abc import Iterable

    from understudy_mock.exchange import Exchange, Header
    from understudy_mock.replaying import Replays

_MAX_HEAD_BYTES = 128 * 1024
_MAX_FIELDS = 2000
_MOST_IN_A_ROW = 16
"""How many requests that came in one piece are answered before other clients have their turn."""
_BODILESS = (204, 304)
_ASGI: Any = {"version": "3.0", "spec_version": "2.3"}
_TELLING = (b"content-length", b"transfer-encoding", b"connection")
"""Fields that decide how the answer is framed (RFC 9112, 6 and 9.3)."""


class Connection(HttpToolsProtocol):
    """One client. Bounds what it may send before its request is understood: the parser has no limit of its own."""

    cycle: Cycle
    replays: Replays | None = None
    """The answers that may be given again without a look at the request, if there are to be any."""
    answered = 0
    """How many requests have been answered."""
    is_between = True
    """Whether all that came were whole requests."""
    _head_bytes = 0
    _is_reading = False
    _ready: Cycle | None = None

    def data_received(self, data: bytes) -> None:
        """Take bytes, and answer the requests that are whole with them."""
        replays, cycle = self.replays, self.cycle
        is_fresh = self.is_between and (cycle is None or cycle.response_complete) and not self.flow.write_paused
        if replays is None or not is_fresh or len(data) > MAX_REQUEST_BYTES:
            self._read(data)
        elif (replay := replays.play(data)) is not None:
            defaults = _lines(tuple(self.server_state.default_headers))
            self.transport.write(b"".join((replay.start, defaults, replay.rest)))
            self.server_state.total_requests += 1
            self.answered += 1
        else:
            number = self.answered + 1
            self._read(data)
            if self.answered == number and self.is_between:
                self._keep(replays, data)

    def _keep(self, replays: Replays, data: bytes) -> None:
        """Remember how these bytes, which were one request and nothing else, were answered."""
        cycle, scope = self.cycle, self.scope
        exchange: Exchange | None = scope.get("understudy")  # type: ignore[assignment] # uvicorn's type is closed
        is_plain = cycle.keep_alive and not self.expect_100_continue and not self.parser.should_upgrade()
        if is_plain and cycle.whole is not None and exchange is not None:
            replays.keep(data, exchange, *cycle.whole)

    def _read(self, data: bytes) -> None:
        self._is_reading = True
        super().data_received(data)
        if not self._is_bounded(len(data)):
            self._ready = None
            turn_away(self, 431)
        in_a_row = 0
        while (cycle := self._ready) is not None:
            self._ready = None
            in_a_row += 1
            self._play(cycle, at_once=in_a_row <= _MOST_IN_A_ROW)
        self._is_reading = False

    def _is_bounded(self, size: int) -> bool:
        scope: dict[str, Any] | None = self.scope  # type: ignore[assignment] # None before the first request
        if scope is None or scope["method"]:
            self._head_bytes = 0
        else:
            self._head_bytes += size
        return self._head_bytes <= _MAX_HEAD_BYTES and not (self.headers and len(self.headers) > _MAX_FIELDS)

    def _play(self, cycle: Cycle, *, at_once: bool) -> None:
        if cycle.more_body or not at_once:
            super()._start_asgi_task(cycle, self.app)
        elif (task := eager.start(cycle.run_asgi(self.app), self.loop)) is not None:
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def on_message_begin(self) -> None:
        """Begin a request (a callback of the parser)."""
        self.is_between = self.expect_100_continue = False
        self.url, self.headers = b"", []
        self.scope = {
            "type": "http",
            "asgi": _ASGI,
            "http_version": "1.1",
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme or "http",
            "root_path": "",
            "method": "",
            "path": "",
            "raw_path": b"",
            "query_string": b"",
            "headers": self.headers,
            "state": self.app_state.copy(),
        }

    def on_headers_complete(self) -> None:
        """Make a cycle for the request, which waits its turn if another is not answered yet (RFC 9112, 9.3.2)."""
        version, url, scope = self.parser.get_http_version(), httptools.parse_url(self.url), self.scope
        scope["method"] = self.parser.get_method().decode("ascii")
        if version != "1.1":
            scope["http_version"] = version
        path = url.path.decode("ascii")
        scope["path"] = unquote(path) if "%" in path else path
        scope["raw_path"], scope["query_string"] = url.path, url.query or b""
        before = self.cycle
        cycle = self.cycle = Cycle(self, keep_alive=version != "1.0" and self.parser.should_keep_alive())
        if before is None or before.response_complete:
            self._start_asgi_task(cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((cycle, self.app))

    def on_message_complete(self) -> None:
        """End a request (a callback of the parser)."""
        self.is_between = True
        cycle = self.cycle
        if not cycle.response_complete:
            cycle.more_body = False
            cycle.message_event.set()

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        if self._is_reading:
            self._ready = cycle
        else:
            super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """Go on with the request that waits; idle connections are `slow_clients`' affair, without a timer for each."""
        self.server_state.total_requests += 1
        self.answered += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())


class Cycle(RequestResponseCycle):
    """One request and its answer. The head of an answer of known length waits for the body that follows at once."""

    disconnected = False
    more_body = True
    response_started = False
    response_complete = False
    chunked_encoding: bool | None = None
    expected_content_length = 0
    access_log = False
    _says_close = False
    _start = _rest = b""
    """The line of the status, and what follows the fields of all answers, as long as they are not written."""
    whole: tuple[bytes, bytes] | None = None
    """Both, with the body, where all of the answer was written at once."""

    def __init__(self, connection: Connection, *, keep_alive: bool) -> None:
        self.scope, self.transport, self.flow = connection.scope, connection.transport, connection.flow
        self.logger, self.on_response = connection.logger, connection.on_response_complete
        self.default_headers = connection.server_state.default_headers
        self.waiting_for_100_continue, self.keep_alive = connection.expect_100_continue, keep_alive
        self.message_event, self.body = asyncio.Event(), bytearray()

    async def send(self, message: Any) -> None:
        """Take an ASGI message. Raises RuntimeError for one out of turn."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected or self.transport.is_closing():
            self.disconnected = True  # which a connection that is lost tells the last one of its requests only
            return
        kind, due = message["type"], "http.response.body" if self.response_started else "http.response.start"
        if self.response_complete or kind != due:
            raise RuntimeError(f"{kind} was sent, but {'nothing' if self.response_complete else due} was due")
        if self.response_started:
            self._send_body(message.get("body", b""), is_last=not message.get("more_body", False))
        else:
            self._send_head(message["status"], message.get("headers", ()))

    def _send_head(self, status: int, headers: Iterable[Header]) -> None:
        self.response_started, self.waiting_for_100_continue = True, False
        lines = []
        for header in headers:
            line, name, value = _line(*header)
            lines.append(line)
            if name:
                self._heed(name, value)
        if not self.keep_alive and not self._says_close:
            lines.append(b"connection: close\r\n")
        if self.chunked_encoding is None and self.scope["method"] != "HEAD" and status not in _BODILESS:
            self.chunked_encoding = True
            lines.append(b"transfer-encoding: chunked\r\n")
        lines.append(b"\r\n")
        self._start, self._rest = STATUS_LINE[status], b"".join(lines)
        if not self.expected_content_length or self.scope["method"] == "HEAD":
            self._write(b"")

    def _heed(self, name: bytes, value: bytes) -> None:
        if name == b"content-length" and self.chunked_encoding is None:
            self.expected_content_length, self.chunked_encoding = int(value), False
        elif name == b"transfer-encoding" and value.lower() == b"chunked":
            self.expected_content_length, self.chunked_encoding = 0, True
        elif name == b"connection" and b"close" in (token.strip() for token in value.lower().split(b",")):
            self.keep_alive, self._says_close = False, True

    def _send_body(self, body: bytes, *, is_last: bool) -> None:
        if self.scope["method"] == "HEAD":
            self.expected_content_length, body = 0, b""
        elif self.chunked_encoding:
            body = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            body += b"0\r\n\r\n" if is_last else b""
        else:
            self.expected_content_length -= len(body)
        if self.expected_content_length < 0 or (is_last and self.expected_content_length):
            raise RuntimeError(f"the body is not as long as Content-Length says: {-self.expected_content_length:+}")
        if self._start or body:
            self._write(body)
        if is_last:
            self._end()

    def _write(self, body: bytes) -> None:
        """Write a part of the body, after the head if that is still to be written."""
        if not self._start:
            self.transport.write(body)
            self.whole = None
            return
        self._rest += body
        self.transport.write(b"".join((self._start, _lines(tuple(self.default_headers)), self._rest)))
        self.whole = (self._start, self._rest)
        self._start = b""

    def _end(self) -> None:
        if self.chunked_encoding:
            self.whole = None
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


@lru_cache(maxsize=4096)
def _line(name: bytes, value: bytes) -> tuple[bytes, bytes, bytes]:
    """Write a field of a head; with its name and value if it decides how the answer is framed. Raises RuntimeError."""
    if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
        raise RuntimeError(f"{name!r}: {value!r} is no field of a head (RFC 9110, 5)")
    lower = name.lower()
    told = (lower, value) if lower in _TELLING else (b"", b"")
    return b"%b: %b\r\n" % (lower, value), *told


@lru_cache(maxsize=4)
def _lines(headers: tuple[Header, ...]) -> bytes:
    """Write the fields that every answer has."""
    return b"".join(b"%b: %b\r\n" % header for header in headers)
