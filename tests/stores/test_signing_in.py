"""Who signs in on the control page of one mock is signed in on all that share its store, and signs out of all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from understudy.contract.loading import load
from understudy_mock.app import MockApp, mock_app
from understudy_mock.control import gate
from understudy_mock.settings import Settings
from understudy_mock.stores.store import StoreDownError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Stores

CONTROL = "/__understudy__"
FORM = {"host": "mock.test", "origin": "http://mock.test", "content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def replica(stores: Stores, tmp_path: Path) -> Callable[..., MockApp]:
    file = tmp_path / "a.yaml"
    file.write_text("openapi: 3.1.0\npaths: {/a: {get: {responses: {'204': {description: x}}}}}\n", "utf-8")

    def start(token: str = "sesame") -> MockApp:  # noqa: S107 - known to this test only
        return mock_app([load(str(file))], Settings(control_token=token), store=stores.open())

    return start


async def ask(mock: MockApp, line: str, body: bytes = b"", **more: str) -> tuple[int, str]:
    """Ask as a browser does; gives the status and the cookie that is set."""
    method, _, path = line.partition(" ")
    headers = [(name.encode(), value.encode()) for name, value in {**FORM, **more}.items()]
    scope = {"type": "http", "method": method, "path": CONTROL + path, "query_string": b"", "headers": headers}
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await mock.asgi(scope, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"]).get(b"set-cookie", b"").decode().partition(";")[0]


def test_all_know_who_has_signed_in_and_out(replica: Any, stores: Stores) -> None:
    one, other, stranger = replica(), replica(), replica("another")
    _, cookie = stores.run(ask(one, "POST /page/sign-in", b"token=sesame"))
    assert [stores.run(ask(mock, "GET /sessions", cookie=cookie))[0] for mock in (one, other)] == [200, 200]
    assert stores.run(ask(stranger, "GET /sessions", cookie=cookie))[0] == 401
    stores.run(ask(other, "POST /page/sign-out", cookie=cookie))
    assert [stores.run(ask(mock, "GET /sessions", cookie=cookie))[0] for mock in (one, other)] == [401, 401]


def test_without_the_store_nobody_is_let_in_by_a_cookie(
    replica: Any, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    mock = replica()
    _, cookie = stores.run(ask(mock, "POST /page/sign-in", b"token=sesame"))

    async def away(*_: object) -> None:
        raise StoreDownError("gone")

    monkeypatch.setattr(type(mock.runtime.sessions.terms.store), "fetch", away)
    assert stores.run(ask(mock, "GET /page/assets/page.css", cookie=cookie))[0] == 503
    assert stores.run(ask(mock, "GET /health", cookie=cookie))[0] == 200


def test_a_stream_ends_when_its_browser_has_signed_out(
    replica: Any, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "_LOOK_SECONDS", 0.01)
    one, other = replica(), replica()
    _, cookie = stores.run(ask(one, "POST /page/sign-in", b"token=sesame"))

    async def watched() -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        begun, never = asyncio.Event(), asyncio.Event()
        messages = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> dict[str, Any]:
            for message in messages:
                return message
            await never.wait()
            raise AssertionError

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)
            begun.set()

        headers = [(b"host", b"mock.test"), (b"cookie", cookie.encode())]
        scope = {"type": "http", "method": "GET", "path": f"{CONTROL}/events", "query_string": b"", "headers": headers}
        stream = asyncio.ensure_future(one.asgi(scope, receive, send))
        await asyncio.wait_for(begun.wait(), 60)
        assert not stream.done()
        await ask(other, "POST /page/sign-out", cookie=cookie)
        await asyncio.wait_for(stream, 60)
        return sent

    sent = stores.run(watched())
    assert (sent[0]["status"], sent[-1].get("more_body", False)) == (200, False)
