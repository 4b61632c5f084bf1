"""Raw ASGI goes in; an `Exchange` goes on inwards, and every answer or refusal goes out through here.

CORS (Fetch standard), HEAD, the limits on bodies, and the promise that nothing leaves as a traceback live here.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from understudy_mock import preferences
from understudy_mock.exchange import Answer, Exchange, Fault, RefusalError
from understudy_mock.refusals import problem, refuse
from understudy_mock.sessions import name_of

if TYPE_CHECKING:
    from understudy_mock.exchange import Header
    from understudy_mock.runtime import Runtime

logger = logging.getLogger("understudy")

_NO_BODY = (204, 304)


class ClientGoneError(Exception):
    """The client left before its request was read; nobody waits for an answer."""


class Boundary:
    """The outermost stage."""

    def __init__(self, app: Any, *, runtime: Runtime) -> None:
        self.app, self.runtime = app, runtime

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one ASGI connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = open_exchange(scope)
        scope["understudy"] = exchange
        answer = await self._answer(exchange, scope, receive, send)
        if answer is not None:
            self.runtime.journal.record(exchange, answer)
            await send_answer(answer, exchange, send)

    async def _answer(self, exchange: Exchange, scope: Any, receive: Any, send: Any) -> Answer | None:
        """Let the inner stages find the answer; None if the client has gone."""
        try:
            if exchange.method == "OPTIONS" and exchange.header(b"access-control-request-method"):
                return _preflight(exchange)
            exchange.wish = _wish(exchange)
            exchange.session = self.runtime.sessions.open(name_of(exchange))
            await self.app(scope, receive, send)
        except RefusalError as refusal:
            return _refused(exchange, refusal)
        except ClientGoneError:
            return None
        except Exception as error:  # noqa: BLE001 - whatever fails in here, the client gets an answer and no traceback
            return _broken(exchange, error)
        return exchange.answer


def open_exchange(scope: Any) -> Exchange:
    """Start the record of a request from the ASGI scope; the path stays undecoded until it is split."""
    raw = scope.get("raw_path")
    path = raw.decode("latin-1") if raw else quote(scope["path"], safe="/:@!$&'()*+,;=~-._%")
    return Exchange(scope["method"].upper(), path.partition("?")[0], scope["query_string"], scope["headers"])


def _wish(exchange: Exchange) -> preferences.Wish:
    try:
        return preferences.read(exchange.header(b"prefer"), exchange.query)
    except preferences.MalformedWishError as error:
        fault = Fault("preference", (), "malformed", str(error))
        raise RefusalError("unknown-wish", (422,), (fault,)) from None


def _refused(exchange: Exchange, refusal: RefusalError) -> Answer:
    if refusal.kind == "no-method" and exchange.method == "OPTIONS":
        return Answer(204, refusal.headers, b"", "the methods the path knows")
    return refuse(exchange.operation, refusal, exchange.header(b"accept"))


def _preflight(exchange: Exchange) -> Answer:
    """Allow what the browser asks for (Fetch, CORS-preflight request)."""
    wanted = {
        b"access-control-allow-methods": exchange.header(b"access-control-request-method"),
        b"access-control-allow-headers": exchange.header(b"access-control-request-headers"),
        b"access-control-max-age": "86400",
    }
    headers = tuple((name, value.encode("latin-1")) for name, value in wanted.items() if value)
    return Answer(204, headers, b"", "preflight")


async def read_body(exchange: Exchange, receive: Any, limit: int) -> tuple[bytes, Any]:
    """Read a whole body, chunked or not, and a `receive` that plays it again. Raises RefusalError beyond the limit."""
    declared = exchange.header(b"content-length")
    if declared and declared.isdecimal() and int(declared) > limit:
        raise _too_large(limit)
    content = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        content += message.get("body", b"")
        if len(content) > limit:
            raise _too_large(limit)
        if not message.get("more_body", False):
            break

    async def replay() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    return content, replay


def _too_large(limit: int) -> RefusalError:
    fault = Fault("body", (), "size", f"is larger than {limit} bytes")
    return RefusalError("too-large", (413,), (fault,), ((b"connection", b"close"),))


async def send_answer(answer: Answer, exchange: Exchange, send: Any) -> None:
    """Put an answer on the wire."""
    body = answer.body
    headers: list[Header] = [*answer.headers, (b"understudy-explain", _one_line(answer.reason))]
    if exchange.wish.applied:
        headers.append((b"preference-applied", _one_line(exchange.wish.applied)))
    if answer.status not in _NO_BODY:
        headers.append((b"content-length", str(len(body)).encode()))
    origin = exchange.header(b"origin")
    if origin is not None:
        headers.extend(_cross_origin(origin, answer))
    if exchange.method == "HEAD" or answer.status in _NO_BODY:
        body = b""
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _cross_origin(origin: str, answer: Answer) -> list[Header]:
    exposed = b", ".join(sorted({name for name, _ in answer.headers} | {b"understudy-explain", b"preference-applied"}))
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", exposed),
        (b"vary", b"Origin"),
    ]


def _one_line(text: str) -> bytes:
    """Keep a header one line of printable ASCII (RFC 9110, 5.5), at most 500 characters."""
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text)[:500].encode("ascii")


def _broken(exchange: Exchange, error: Exception) -> Answer:
    """Answer for a fault of ours: a problem without any detail of the machine; the log has the rest."""
    logger.error("no answer to %s %s", exchange.method, exchange.path, exc_info=error)
    fault = Fault("mock", (), "internal", "the mock failed on this request; its log has the details")
    return problem(500, "internal", (fault,))
