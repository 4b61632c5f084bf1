"""Raw ASGI goes in; an `Exchange` goes on inwards, and every answer or refusal goes out through here.

CORS (Fetch standard), HEAD, the limits on bodies, and the promise that nothing leaves as a traceback live here.
"""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from understudy_mock import preferences
from understudy_mock.eager import under_task
from understudy_mock.exchange import Answer, Exchange, Fault, RefusalError
from understudy_mock.faults import BrokenOffError
from understudy_mock.misbehaving import NOTHING, break_off, marred, unsent
from understudy_mock.refusals import problem, refuse
from understudy_mock.session import down
from understudy_mock.sessions import name_of
from understudy_mock.stores.store import StoreDownError

if TYPE_CHECKING:
    from understudy_mock.exchange import Header
    from understudy_mock.runtime import Runtime
    from understudy_mock.session import Session

logger = logging.getLogger("understudy")

CONTROL_PREFIX = "/__understudy__"
_DESCRIPTIONS = ("/openapi.json", "/openapi.yaml")
"""How paths end at which a mock describes itself."""

_NO_BODY = (204, 304)


def is_control(path: str) -> bool:
    """Tell whether a path belongs to the control API, which takes everything below its prefix."""
    return path == CONTROL_PREFIX or path.startswith(f"{CONTROL_PREFIX}/")


class ClientGoneError(Exception):
    """The client left before its request was read; nobody waits for an answer."""


class Boundary:
    """The outermost stage. Requests to the control API and the documentation leave here, by one look at the path."""

    def __init__(self, app: Any, *, runtime: Runtime, control: Any = None, documentation: Any = None) -> None:
        self.app, self.runtime, self.control, self.documentation = app, runtime, control, documentation
        runtime.entrance = self

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one ASGI connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if (path.startswith("/__") or path.endswith(_DESCRIPTIONS)) and (aside := self._aside(path)) is not None:
            await under_task
            await aside(scope, receive, send)
            return
        exchange = open_exchange(scope)
        scope["understudy"] = exchange
        answer = await self._answer(exchange, scope, receive, send)
        exchange.answer = answer
        if answer is None:
            return
        if exchange.mishap is None:
            self.runtime.journal.record(exchange, answer)
            if self.runtime.journal.is_shared:
                await self.runtime.journal.written()
            await send_answer(answer, exchange, send)
        else:
            await self._misbehave(exchange, answer, receive, send)
        if exchange.operation is not None and exchange.operation.triggers and not exchange.is_repeated:
            self.runtime.callbacks.answered(exchange, answer)

    def _aside(self, path: str) -> Any:
        """Find what answers for the mock itself at a path; None where that is the contracts' affair."""
        if self.control is not None and is_control(path):
            return self.control
        return self.documentation if self.documentation is not None and self.documentation.takes(path) else None

    async def _answer(self, exchange: Exchange, scope: Any, receive: Any, send: Any) -> Answer | None:
        """Let the inner stages find the answer; None if the client has gone."""
        try:
            if exchange.method == "OPTIONS" and exchange.header(b"access-control-request-method"):
                return preflight(exchange)
            exchange.wish = _wish(exchange)
            session = exchange.session = self.runtime.sessions.open(name_of(exchange))
            if not session.is_local:
                await self._refresh(exchange, session)
            exchange.version = session.version
            exchange.mishap = self.runtime.faults.plan(exchange)
            if exchange.mishap is not None:
                await exchange.mishap.begin()
            await self.app(scope, receive, send)
        except BrokenOffError as broken:
            exchange.kind = "fault"
            return unsent(broken.action)
        except RefusalError as refusal:
            return self._refused(exchange, refusal)
        except ClientGoneError:
            return None
        except Exception as error:  # noqa: BLE001 - whatever fails in here, the client gets an answer and no traceback
            return _broken(exchange, error)
        return exchange.answer

    async def _refresh(self, exchange: Exchange, session: Session) -> None:
        """Learn what others did to the session; if that can't be had, the request goes on to its refusal."""
        await under_task
        try:
            await self.runtime.sessions.refresh(session)
            if self.runtime.agreement.is_due:
                await self.runtime.agreement.settle()
        except StoreDownError as error:
            exchange.outage = down(error.reason)

    async def _misbehave(self, exchange: Exchange, answer: Answer, receive: Any, send: Any) -> None:
        """Send the answer as badly as it is meant to be sent."""
        mishap = exchange.mishap
        if mishap is None:
            raise TypeError("nothing is to go wrong with this exchange")
        answer = exchange.answer = mishap.mark(answer)
        self.runtime.journal.record(exchange, answer)
        await self.runtime.journal.written()
        if answer.status == NOTHING:
            await break_off(mishap, receive)
        else:
            await send_answer(answer, exchange, marred(mishap, send, receive))

    def _refused(self, exchange: Exchange, refusal: RefusalError) -> Answer:
        if exchange.mishap is not None and exchange.operation is None:
            refusal = exchange.mishap.refusal() or refusal
        exchange.kind, exchange.faults, exchange.unmet = refusal.kind, refusal.faults, preferences.OF_ANSWERS
        if refusal.kind not in ("no-route", "no-method"):
            return refuse(exchange.operation, refusal, exchange.header(b"accept"))
        if refusal.kind == "no-method" and exchange.method == "OPTIONS":
            exchange.kind, exchange.faults = "options", ()
            return Answer(204, refusal.headers, b"", "the methods the path knows")
        exchange.nearest = nearest = self.runtime.near_misses.find(exchange.method, exchange.path)
        return problem(refusal.statuses[0], refusal.kind, refusal.faults, refusal.headers, nearest=nearest)


def open_exchange(scope: Any) -> Exchange:
    """Start the record of a request from the ASGI scope; the path stays undecoded until it is split."""
    raw = scope.get("raw_path")
    path = raw.decode("latin-1") if raw else quote(scope["path"], safe="/:@!$&'()*+,;=~-._%")
    method, now = scope["method"].upper(), time.time()
    place = path.partition("?")[0]
    scheme = scope.get("scheme", "http")
    return Exchange(method, place, scope["query_string"], scope["headers"], started=now, scheme=scheme)


async def live(receive: Any, send: Any) -> None:
    """Answer the server's start and end (ASGI, Lifespan Protocol)."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _wish(exchange: Exchange) -> preferences.Wish:
    try:
        return preferences.read(exchange.header(b"prefer"), exchange.query)
    except preferences.MalformedWishError as error:
        fault = Fault("preference", (), "malformed", str(error))
        raise RefusalError("unknown-wish", (422,), (fault,)) from None


def preflight(exchange: Exchange) -> Answer:
    """Allow what the browser asks for (Fetch, CORS-preflight request)."""
    exchange.kind = "options"
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

    return content, partial(_again, content)


async def _again(content: bytes) -> dict[str, Any]:
    return {"type": "http.request", "body": content, "more_body": False}


def _too_large(limit: int) -> RefusalError:
    fault = Fault("body", (), "size", f"is larger than {limit} bytes")
    return RefusalError("too-large", (413,), (fault,), ((b"connection", b"close"),))


async def send_answer(answer: Answer, exchange: Exchange, send: Any) -> None:
    """Put an answer on the wire."""
    body = answer.body
    headers: list[Header] = [*answer.headers, (b"understudy-explain", _one_line(answer.reason))]
    if exchange.wish.given and (applied := preferences.applied(exchange.wish, exchange.unmet)):
        headers.append((b"preference-applied", _one_line(applied)))
    if answer.status not in _NO_BODY:
        headers.append((b"content-length", b"%d" % len(body)))
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
    if not (text.isascii() and text.isprintable()):
        text = "".join(letter if " " <= letter <= "~" else "?" for letter in text)
    return text[:500].encode("ascii")


def _broken(exchange: Exchange, error: Exception) -> Answer:
    """Answer for a fault of ours: a problem without any detail of the machine; the log has the rest."""
    logger.error("no answer to %s %s", exchange.method, exchange.path, exc_info=error)
    exchange.kind, exchange.version = "internal", -1
    fault = Fault("mock", (), "internal", "the mock failed on this request; its log has the details")
    return problem(500, "internal", (fault,))
