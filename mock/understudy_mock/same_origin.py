"""Requests go in; they go on without what would make the mock answer to pages of other origins (`--no-cors`)."""

from __future__ import annotations

from typing import Any

from understudy_mock.boundary import is_control

_OF_PAGES = (b"origin", b"access-control-request-method", b"access-control-request-headers")


class SameOrigin:
    """An ASGI stage before all others: no request is told apart as one of another origin (Fetch standard, CORS).

    The control API is left alone: it says nothing about CORS anyhow, and has to know who asks.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one ASGI connection."""
        if scope["type"] == "http" and not is_control(scope["path"]):
            kept = [header for header in scope["headers"] if header[0] not in _OF_PAGES]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, send)
