"""A request to the control API goes in; it goes on only if it comes from this machine, or has the token.

Without a token the client's address must be a loopback one, and so must be the name it calls us by: a page that had its
own host name lead to this machine (DNS rebinding) is turned away, as is any page of another origin (CSRF), and what a
proxy passed on for somebody else. There is no CORS here, no wish, and nothing is written into the journal.

With a token it is that which counts: as a bearer token, or as the cookie of a browser that signed in on the page.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from understudy_mock.boundary import CONTROL_PREFIX, Boundary, ClientGoneError, open_exchange, read_body, send_answer
from understudy_mock.control import signing_in
from understudy_mock.exchange import Fault, RefusalError
from understudy_mock.loopback import is_loopback, strange_name
from understudy_mock.refusals import problem
from understudy_mock.session import down
from understudy_mock.stores.store import ConflictError, StoreDownError

if TYPE_CHECKING:
    from understudy_mock.control.signing_in import Token
    from understudy_mock.exchange import Answer, Exchange
    from understudy_mock.runtime import Runtime

STREAM = "understudy.stream"
"""Where an operation leaves a stream that is to be sent instead of an answer."""

_MOST_TRIES = 20
_LOOK_SECONDS = 1.0
"""How often a stream looks whether its browser has signed out."""
_OF_THE_PROCESS = (f"{CONTROL_PREFIX}/health", f"{CONTROL_PREFIX}/ready")
"""What is told without asking the store, which may be away."""
_OTHER_ORIGIN = "pages of another origin may not use the control API"
_FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-real-ip")


class Gate(Boundary):
    """The outermost stage of the control API."""

    def __init__(self, app: Any, *, runtime: Runtime, token: Token | None, mock: Runtime) -> None:
        super().__init__(app, runtime=runtime)
        self._token, self._mock, self._sessions = token, mock, mock.sessions

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one HTTP request."""
        exchange = open_exchange(scope)
        scope["understudy"] = exchange
        answer = await self._answer(exchange, scope, receive, send)
        if STREAM in scope:
            stays = receive if self._token is None else self._until_signed_out(self._token, exchange, receive)
            await scope[STREAM].play(stays, send, is_head=exchange.method == "HEAD")
        elif answer is not None:
            exchange.headers = [pair for pair in exchange.headers if pair[0] != b"origin"]  # so that CORS says nothing
            await send_answer(answer, exchange, send)

    async def _answer(self, exchange: Exchange, scope: Any, receive: Any, send: Any) -> Answer | None:
        try:
            await self._learn_of_sign_ins(exchange)
            self._admit(exchange, scope)
        except StoreDownError as error:
            return self._refused(exchange, down(error.reason))
        except RefusalError as refusal:
            return self._refused(exchange, refusal)
        if not self._sessions.is_local and exchange.path not in _OF_THE_PROCESS:
            return await self._answer_shared(exchange, scope, receive, send)
        answer = await super()._answer(exchange, scope, receive, send)
        if self._sessions.is_local:
            await self._sessions.flush()
        return answer

    async def _answer_shared(self, exchange: Exchange, scope: Any, receive: Any, send: Any) -> Answer | None:
        """Answer from what all processes have done, and only after the store has taken what the request does."""
        try:
            _, replay = await read_body(exchange, receive, self.runtime.settings.max_body_bytes)
            for _ in range(_MOST_TRIES):
                await self._sessions.refresh_all()
                await self._mock.catch_up()
                answer = await super()._answer(exchange, scope, replay, send)
                try:
                    await self._sessions.flush()
                except ConflictError:
                    continue
                return answer
        except ClientGoneError:
            return None
        except StoreDownError as error:
            return self._refused(exchange, down(error.reason))
        except RefusalError as refusal:
            return self._refused(exchange, refusal)
        return self._refused(exchange, down("too many others change the same sessions"))

    def _refused(self, exchange: Exchange, refusal: RefusalError) -> Answer:
        if refusal.kind == "security" and "text/html" in (exchange.header(b"accept") or ""):
            from understudy_mock.control.page.entrance import sign_in

            return sign_in(exchange, refusal.headers)
        if refusal.kind in ("no-route", "no-method"):
            return super()._refused(exchange, refusal)
        return problem(refusal.statuses[0], refusal.kind, refusal.faults, refusal.headers)

    async def _learn_of_sign_ins(self, exchange: Exchange) -> None:
        """Learn who has signed in or out elsewhere, if that decides. Raises StoreDownError."""
        if self._sessions.is_local or self._token is None or self._token.is_borne(exchange):
            return
        if exchange.path not in _OF_THE_PROCESS and any(signing_in.cookies(exchange)):
            await self._sessions.common.refresh()

    def _until_signed_out(self, token: Token, exchange: Exchange, receive: Any) -> Any:
        """Let a stream's client be gone as soon as it is seen to have signed out."""
        if token.is_borne(exchange):
            return receive

        async def watched() -> Any:
            waiting = asyncio.ensure_future(receive())
            try:
                while not waiting.done():
                    await asyncio.wait((waiting,), timeout=_LOOK_SECONDS)
                    with contextlib.suppress(StoreDownError):
                        await self._learn_of_sign_ins(exchange)
                    if not token.is_signed_in(exchange):
                        return {"type": "http.disconnect"}
                return waiting.result()
            finally:
                waiting.cancel()

        return watched

    def _admit(self, exchange: Exchange, scope: Any) -> None:
        """Raise RefusalError unless the client may come in."""
        if self._token is not None:
            self._admit_holder(self._token, exchange)
            return
        if (reason := _foreign(exchange, scope)) is not None:
            raise RefusalError("control", (403,), (Fault("control", (), "loopback", reason),))

    @staticmethod
    def _admit_holder(token: Token, exchange: Exchange) -> None:
        """Let those in who have the token; a browser sends its cookie for other pages, too, so that alone won't do."""
        if token.is_borne(exchange):
            return
        if not signing_in.is_open(exchange) and not token.is_signed_in(exchange):
            fault = Fault("security", ("controlToken",), "required", "the control API wants its token")
            raise RefusalError("security", (401,), (fault,), ((b"www-authenticate", b"Bearer"),))
        is_proven = signing_in.is_own(exchange) or not signing_in.needs_proof(exchange)
        if signing_in.is_foreign(exchange) or not is_proven:
            raise RefusalError("control", (403,), (Fault("control", (), "origin", _OTHER_ORIGIN),))


def _foreign(exchange: Exchange, scope: Any) -> str | None:
    """Say why a request is not taken for one from this machine; without a client address it came within the process."""
    client = scope.get("client")
    remedy = "start the mock with --control-token and send that"
    if client is not None and not is_loopback(str(client[0])):
        return f"only this machine may use the control API; {remedy}"
    if any(exchange.header(name) is not None for name in _FORWARDED):
        return f"a proxy passed this on, and only this machine may use the control API; {remedy}"
    if (name := strange_name(exchange)) is not None:
        return f"the control API is not called by the name {name}; call it localhost, or {remedy}"
    return _OTHER_ORIGIN if signing_in.is_foreign(exchange) else None
