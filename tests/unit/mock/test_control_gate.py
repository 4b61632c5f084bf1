"""Only this machine, or whoever has the token, gets at the control API; the mock itself does not notice it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Mocked, Serve

PING = "paths: {/ping: {get: {operationId: ping, responses: {'204': {description: pong}}}}}"
HEALTH = "/__understudy__/health"


def status(mock: Mocked, client: tuple[str, int] | None = ("127.0.0.1", 5), **headers: str) -> int:
    return int(start(mock, HEALTH, client, **headers)["status"])


def start(mock: Mocked, path: str, client: tuple[str, int] | None, **headers: str) -> dict[str, Any]:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": sent, "client": client}
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    asyncio.run(mock.app.asgi(scope, receive, send))
    return messages[0]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_may(mocked: Serve, host: str) -> None:
    assert status(mocked(PING), (host, 5)) == 200


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1", "::2", "::ffff:192.0.2.1", "not-an-address", ""])
def test_other_machines_may_not(mocked: Serve, host: str) -> None:
    assert status(mocked(PING), (host, 5)) == 403


def test_within_the_process_there_is_no_address(mocked: Serve) -> None:
    assert status(mocked(PING), None) == 200


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:4010", "127.0.0.1:4010", "[::1]:4010", "mock.localhost", "LOCALHOST."]
)
def test_names_of_this_machine_are_good(mocked: Serve, host: str) -> None:
    assert status(mocked(PING), host=host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        "evil.test:4010",
        "127.0.0.1.evil.test",
        "localhost.evil.test",
        "[::2]:80",
        "localhost, evil.test",
        "[localhost",
        ":x",
    ],
)
def test_a_foreign_name_that_leads_here_is_turned_away(mocked: Serve, host: str) -> None:
    assert status(mocked(PING), host=host) == 403


@pytest.mark.parametrize(
    ("origin", "wanted"),
    [("http://localhost:4010", 200), ("http://localhost:3000", 403), ("null", 403), ("http://[", 403)],
)
def test_pages_of_other_origins_are_turned_away(mocked: Serve, origin: str, wanted: int) -> None:
    assert status(mocked(PING), host="localhost:4010", origin=origin) == wanted


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip"])
def test_what_a_proxy_passed_on_is_turned_away(mocked: Serve, header: str) -> None:
    assert status(mocked(PING), None, **{header: "192.0.2.1"}) == 403


def test_nothing_is_said_about_cors(mocked: Serve) -> None:
    headers = dict(start(mocked(PING), HEALTH, None, host="localhost", origin="http://localhost")["headers"])
    assert not [name for name in headers if name.startswith(b"access-control")]


@pytest.mark.parametrize(
    ("authorization", "wanted"),
    [("Bearer sesame", 200), ("bearer sesame", 200), ("Bearer wrong", 401), ("Basic sesame", 401), ("", 401)],
)
def test_with_a_token_it_is_the_token_that_counts(mocked: Serve, authorization: str, wanted: int) -> None:
    mock = mocked(PING, control_token="sesame")  # noqa: S106 - known to this test only
    sent = {"authorization": authorization} if authorization else {}
    assert status(mock, ("192.0.2.1", 5), host="mock.test", **sent) == wanted
    assert status(mock, ("127.0.0.1", 5), **sent) == wanted


def test_a_401_says_what_is_wanted(mocked: Serve) -> None:
    told = mocked(PING, control_token="sesame").ask(f"GET {HEALTH}")  # noqa: S106 - known to this test only
    assert told.headers["www-authenticate"] == "Bearer"
    assert told.json["faults"][0]["pointer"] == "controlToken"


def test_switched_off_it_is_not_there(mocked: Serve) -> None:
    mock = mocked(PING, control=False)
    assert mock.ask(f"GET {HEALTH}").status == 404
    assert mock.app.runtime.journal.last == 1


def test_it_is_not_journalled_and_begins_no_session(mocked: Serve) -> None:
    mock = mocked(PING)
    assert mock.ask(f"GET {HEALTH}", understudy_session="spy").status == 200
    assert mock.app.runtime.journal.last == 0
    assert list(mock.app.runtime.sessions) == []


def test_it_is_no_contract_of_the_mock(mocked: Serve) -> None:
    mock = mocked(PING)
    names = [contract["name"] for contract in mock.ask("GET /__understudy__/contracts").json["contracts"]]
    assert names == [mount.compiled.name for mount in mock.app.mounts]


def test_wishes_mean_nothing_to_it(mocked: Serve) -> None:
    assert mocked(PING).ask(f"GET {HEALTH}", prefer="code=500").status == 200


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("GET /__understudy__/nowhere", 404),
        ("GET /__understudy__", 404),
        ("GET /__understudy__x/health", 404),
        ("DELETE /__understudy__/health", 405),
        ("GET /__understudy__/journal?limit=many", 422),
        ("GET /%5F%5Funderstudy%5F%5F/health", 404),
    ],
)
def test_what_is_not_there_is_a_problem(mocked: Serve, line: str, wanted: int) -> None:
    told = mocked(PING).ask(line)
    assert (told.status, told.headers["content-type"]) == (wanted, "application/problem+json")
