"""What a function of the control API gives goes in; an answer that the contract declares, or a problem, comes out."""

from __future__ import annotations

import difflib
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from understudy_mock.control.gate import STREAM
from understudy_mock.exchange import MISSING, Answer, Fault, RefusalError
from understudy_mock.handlers import Stage, breach, failed
from understudy_mock.media import to_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange


_NEAR, _ALIKE, _COMPARED = 5, 0.5, 2000
"""How many names are told for one that is not there, how like it they are, and how many are looked at."""


@dataclass(frozen=True)
class Reply:
    """A status and a JSON body; without a body there is none."""

    body: Any = MISSING
    status: int = 200


NOTHING = Reply(status=204)


def unknown(what: str, name: object, known: list[str] | None = None) -> RefusalError:
    """Say that there is no such thing, and what there is instead."""
    listed = f"; there is {', '.join(known[:20])}" if known else ""
    fault = Fault("control", (what,), "unknown", f"no {what} {name!r}{listed}")
    return RefusalError(f"unknown-{what}", (404,), (fault,))


def near(name: str, known: Iterable[str]) -> list[str]:
    """List what there is, what is most like the name first; of much only what is like it."""
    listed = list(dict.fromkeys(known))
    alike = difflib.get_close_matches(name, listed[:_COMPARED], _NEAR, _ALIKE)
    return alike if len(listed) > _NEAR else [*alike, *(one for one in listed if one not in alike)]


def conflict(what: str, message: str) -> RefusalError:
    """Say that things are not such that this could be done."""
    return RefusalError("conflict", (409,), (Fault("control", (what,), "conflict", message),))


class Replying(Stage):
    """Calls a function with the request's path and query parameters, by name, and its body as `body`."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def prepare(self, compiled: CompiledOperation) -> Callable[[Any, Any, Any], Awaitable[None]]:
        """Make the ASGI callable that answers for the operation."""

        async def called(scope: Any, _receive: Any, _send: Any) -> None:
            exchange: Exchange = scope["understudy"]
            reply = self._function(**_arguments(exchange))
            if inspect.isawaitable(reply):
                reply = await reply
            if isinstance(reply, Answer):
                exchange.answer = reply
                return
            if not isinstance(reply, Reply):
                scope[STREAM] = reply
                return
            answer = _answer(compiled, reply)
            fault = breach(compiled, answer)
            exchange.answer = failed(compiled, fault) if fault else answer

        return called


def _arguments(exchange: Exchange) -> dict[str, Any]:
    values = exchange.values
    found = {**values.get("path", {}), **values.get("query", {}), **values.get("header", {})}
    named = {name.replace("-", "_").lower(): value for name, value in found.items()}
    return named if exchange.body is MISSING else {**named, "body": exchange.body}


def _answer(compiled: CompiledOperation, reply: Reply) -> Answer:
    reason = f"the control API: {compiled.operation.id}"
    if reply.body is MISSING:
        return Answer(reply.status, (), b"", reason)
    return Answer(reply.status, ((b"content-type", b"application/json"),), to_json(reply.body), reason)
