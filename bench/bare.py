"""The limit: an ASGI application that validates nothing and always sends the same two numbers."""

from __future__ import annotations

from typing import Any

BODY = b'{"success":true,"data":[' + b'{"id":"phone-uuid-1","number":"+1234567890","type":"voice"},' * 9 + b"{}]}"
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer any request."""
    if scope["type"] == "http":
        if scope["method"] == "POST":
            await receive()
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": BODY})
