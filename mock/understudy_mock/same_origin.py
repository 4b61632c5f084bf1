"""Requests go in; they go on without what would make the mock answer to pages of other origins (`--no-cors`)."""

from __future__ import annotations

from typing import Any

_OF_PAGES = (b"origin", b"access-control-request-method", b"access-control-request-headers")


class SameOrigin:
    """An ASGI stage before all others: no request is told apart as one of another origin (Fetch standard, CORS)."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one ASGI connection."""
        if scope["type"] == "http":
            kept = [header for header in scope["headers"] if header[0] not in _OF_PAGES]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, send)
