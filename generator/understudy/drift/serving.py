"""An ASGI application goes in; one that answers as a server would comes out: what it raises becomes a 500.

In process, an exception would otherwise fly past the client instead of being an answer (as uvicorn makes it).
"""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from understudy.drift.target import AsgiApp, Message

_LOG = logging.getLogger(__name__)


class Served:
    """The application behind the manners of a server. Schemathesis tells ASGI from WSGI by the `async` below."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app
        self._logged: set[tuple[type, int | None]] = set()

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        """Pass the call on; log an exception, once for each place, and answer 500 unless the answer has begun."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = ended = False

        async def watched(message: Message) -> None:
            nonlocal begun, ended
            begun = begun or message["type"] == "http.response.start"
            ended = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - whatever an application can raise, as uvicorn does
            self._log(error, f"{scope['method']} {scope['path']}")
        if not begun:
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 500, "headers": headers})
        if not ended:
            await send({"type": "http.response.body", "body": b"" if begun else b"Internal Server Error"})

    def _log(self, error: Exception, request: str) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        place = type(error), frames[-1].lineno if frames else None
        if place not in self._logged:
            self._logged.add(place)
            _LOG.error("%s failed in the application", request, exc_info=error)
