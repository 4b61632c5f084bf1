"""Contracts are written inline: `mocked` serves one in this process, `contract` only reads it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from understudy.contract.loading import load
from understudy_mock.app import MockApp, mock_app
from understudy_mock.media import from_json
from understudy_mock.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.contract.model import Contract

HEAD = "openapi: 3.1.0\ninfo: {title: Probe, version: '1'}\n"


@dataclass(frozen=True)
class Told:
    """An answer: status, headers and body; `json` reads it exactly."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return from_json(self.body)


@dataclass(frozen=True)
class Mocked:
    """A mock in this process; `ask` plays one request through all its stages."""

    app: MockApp

    def ask(self, line: str, body: Any = None, **headers: str) -> Told:
        method, _, target = line.partition(" ")
        path, _, query = target.partition("?")
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
        if body is not None and "content_type" not in headers:
            sent.append((b"content-type", b"application/json"))
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": sent,
        }
        return asyncio.run(self._play(scope, content))

    async def _play(self, scope: dict[str, Any], content: bytes) -> Told:
        start: dict[str, Any] = {}
        body = b""

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            nonlocal body
            start.update(message)
            body += message.get("body", b"")

        await self.app.asgi(scope, receive, send)
        headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
        return Told(start["status"], headers, body)


class Read(Protocol):
    def __call__(self, text: str, *, behaviour: str | None = None) -> Contract: ...


class Serve(Protocol):
    def __call__(self, text: str, *, behaviour: str | None = None, **settings: Any) -> Mocked: ...


@pytest.fixture
def contract(tmp_path: Path) -> Read:
    def read(text: str, *, behaviour: str | None = None) -> Contract:
        file = tmp_path / "openapi.yaml"
        file.write_text(("" if text.startswith("openapi") else HEAD) + dedent(text), "utf-8")
        if behaviour is not None:
            (tmp_path / "behaviour.yaml").write_text(dedent(behaviour), "utf-8")
        return load(str(file))

    return read


@pytest.fixture
def mocked(contract: Read) -> Serve:
    def serve(text: str, *, behaviour: str | None = None, **settings: Any) -> Mocked:
        return Mocked(mock_app([contract(text, behaviour=behaviour)], Settings(**settings)))

    return serve
