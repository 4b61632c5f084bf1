"""A mishap and an answer go in; on the connection the answer comes out late, in drops, cut short, or not at all.

Works on the transport of the server that runs the mock. In a process without sockets, where there is none, a broken
connection is what a client library makes of it: a `ConnectionError`.
"""

from __future__ import annotations

import os
import socket
import struct
from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import Answer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from understudy.contract.fault_grammar import FaultAction
    from understudy_mock.faults import Mishap

    Send = Callable[[dict[str, Any]], Awaitable[None]]
    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Sleep = Callable[[float], Awaitable[None]]

NOTHING = 0
"""Stands in the journal for the status of an answer that was never sent."""

_DROPS_PER_SECOND = 10
_NO_LINGERING = struct.pack("ii", 1, 0)


def unsent(action: FaultAction) -> Answer:
    """Write down that nothing was answered."""
    return Answer(NOTHING, (), b"", f"fault {action}: no answer")


async def break_off(mishap: Mishap, receive: Receive) -> None:
    """End the connection without an answer: `reset` at once with a TCP RST, `empty` as if all had been said."""
    is_reset = mishap.struck is not None and mishap.struck.kind == "reset"
    transport = _transport(receive)
    if transport is None:
        raise (ConnectionResetError if is_reset else ConnectionAbortedError)(f"fault {mishap.struck}")
    if is_reset:
        _forget_what_is_unsent(transport)
        transport.abort()
        _leave(receive)
        return
    await _request_read(receive)
    transport.close()
    _leave(receive)


def marred(mishap: Mishap, send: Send, receive: Receive) -> Send:
    """Give a `send` that does to a body what the mishap wants."""
    action = mishap.struck
    if action is not None and action.kind == "truncate":
        return cut_short(send, receive)
    if action is not None and action.kind == "drip":
        return in_drops(send, receive, action.rate, mishap.faults.sleep)
    return send


def cut_short(send: Send, receive: Receive) -> Send:
    """Give a `send` that promises the whole body and hangs up after the first half (RFC 9112, 8)."""

    async def sent(message: dict[str, Any]) -> None:
        body = message.get("body", b"")
        if message["type"] != "http.response.body" or not body:
            await send(message)
            return
        await send({**message, "body": body[: len(body) // 2], "more_body": True})
        transport = _transport(receive)
        if transport is None:
            raise ConnectionAbortedError("fault truncate")
        await _request_read(receive)
        transport.close()
        _leave(receive)

    return sent


def in_drops(send: Send, receive: Receive, rate: int, sleep: Sleep) -> Send:
    """Give a `send` that lets the body pass at so many bytes a second."""
    drops_per_second = min(_DROPS_PER_SECOND, rate)
    size = rate // drops_per_second

    async def sent(message: dict[str, Any]) -> None:
        body = message.get("body", b"")
        if message["type"] == "http.response.body":
            for start in range(0, len(body) - size, size):
                if getattr(_cycle(receive), "disconnected", False):
                    return
                await send({**message, "body": body[start : start + size], "more_body": True})
                await sleep(1 / drops_per_second)
            last = (len(body) - 1) // size * size if body else 0
            message = {**message, "body": body[last:]}
        await send(message)

    return sent


def _cycle(receive: Any) -> Any:
    """Find what plays one request of a connection: in uvicorn, `receive` is a method of it."""
    return getattr(receive, "__self__", None)


def _transport(receive: Any) -> Any:
    """Find the connection; None in a process without sockets."""
    return getattr(_cycle(receive), "transport", None)


def _forget_what_is_unsent(transport: Any) -> None:
    """Have the system answer a close with RST instead of FIN (SO_LINGER of zero seconds)."""
    owner = transport.get_extra_info("socket")
    if owner is None:
        return
    with socket.socket(fileno=os.dup(owner.fileno())) as shared:  # options belong to the connection, not to the number
        shared.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)


async def _request_read(receive: Receive) -> None:
    """Take in the rest of the request: closing on unread bytes would be a reset."""
    while getattr(_cycle(receive), "more_body", False) and (await receive())["type"] != "http.disconnect":
        pass


def _leave(receive: Receive) -> None:
    """Tell the server that nobody waits for this answer any more, so that it gives none in our place."""
    _cycle(receive).disconnected = True
