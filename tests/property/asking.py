"""A document and a request go in; the mock's answer comes out, through all its stages, in this process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from understudy.contract.bundling import Bundle
from understudy.contract.model import Contract
from understudy_mock.app import mock_app
from understudy_mock.media import from_json
from understudy_mock.settings import Settings

if TYPE_CHECKING:
    from understudy_mock.app import MockApp


@dataclass(frozen=True)
class Asked:
    """A request, as it is on the wire."""

    method: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Told:
    """An answer."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @property
    def json(self) -> Any:
        return from_json(self.body)


def serving(document: dict[str, Any], **settings: Any) -> MockApp:
    """Serve a document that needs no bundling."""
    return mock_app([Contract("probe", Bundle({"openapi": "3.1.0", **document}, {}))], Settings(**settings))


def ask(app: MockApp, asked: Asked) -> Told:
    """Play one request."""
    return asyncio.run(play(app, asked))


def ask_at_once(app: MockApp, asked: list[Asked]) -> list[Told]:
    """Play many requests, none of which waits for another."""

    async def together() -> list[Told]:
        return list(await asyncio.gather(*(play(app, one) for one in asked)))

    return asyncio.run(together())


async def play(app: MockApp, asked: Asked) -> Told:
    """Play one request in the loop that runs."""
    start: dict[str, Any] = {}
    parts: list[bytes] = []
    scope = {
        "type": "http",
        "method": asked.method,
        "path": asked.path,
        "raw_path": asked.path.encode(),
        "query_string": asked.query.encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in asked.headers],
    }

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": asked.body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        start.update(message)
        parts.append(message.get("body", b""))

    await app.asgi(scope, receive, send)
    return Told(start["status"], tuple(start["headers"]), b"".join(parts))
