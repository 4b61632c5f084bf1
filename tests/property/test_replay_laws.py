"""Laws of replays: an answer that is given again is the one that would have been given; nothing shows a difference."""

from __future__ import annotations

import asyncio
import json
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st
from uvicorn.server import ServerState

from understudy.contract.bundling import Bundle
from understudy.contract.fault_grammar import parse_rule
from understudy.contract.model import Contract
from understudy_mock.app import MockApp, mock_app
from understudy_mock.connections import Connection
from understudy_mock.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_TURNS = 10_000
DATE = (b"date", b"Fri, 20 Nov 2026 21:10:06 GMT")
PET = {"type": "object", "required": ["name"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}


def _answer(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return {"description": "x", "content": {"application/json": {"schema": schema, "example": example}}}


REX = {"id": "1", "name": "Rex"}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "security": [{"token": []}],
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets",
                "parameters": [{"name": "name", "in": "query", "schema": {"type": "string", "minLength": 2}}],
                "responses": {"200": _answer({"type": "array", "items": PET}, [REX])},
            },
            "post": {
                "operationId": "makePet",
                "requestBody": {"content": {"application/json": {"schema": PET}}},
                "responses": {"201": _answer(PET, {"id": "3", "name": "Bo"}), "503": {"description": "x"}},
            },
        },
        "/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {"operationId": "getPet", "responses": {"200": _answer(PET, REX), "404": {"description": "x"}}},
            "delete": {"operationId": "dropPet", "responses": {"204": {"description": "x"}}},
        },
    },
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
}


@cache
def contract() -> Contract:
    return Contract("pets", Bundle(DOCUMENT, {}))


class Transport:
    """Takes what a connection writes."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        self.written.append(b"<closed>")

    def get_extra_info(self, name: str) -> Any:
        return ("127.0.0.1", 40000) if name in ("peername", "sockname") else None

    def pause_reading(self) -> None:
        self.written.append(b"<paused>")

    def resume_reading(self) -> None:
        self.written.append(b"<resumed>")


class Client:
    """One connection to a mock in this process, with replays or without."""

    def __init__(self, app: MockApp, runner: asyncio.Runner, *, has_replays: bool = True) -> None:
        self.app, self._runner = app, runner
        self._replays = app.runtime.replays if has_replays else None
        self._connection: Connection | None = None
        self.transport = Transport()

    def tell(self, data: bytes, answers: int = 1) -> bytes:
        """Send bytes in one piece; gives what came back, once so many requests are answered."""
        return self._runner.run(self._tell(data, answers))

    def ask(self, line: str, body: Any = None, *fields: str) -> bytes:
        return self.tell(request(line, body, *fields))

    async def _tell(self, data: bytes, answers: int) -> bytes:
        connection = self._connected()
        wanted, self.transport.written = connection.answered + answers, []
        connection.data_received(data)
        for _ in range(_MOST_TURNS):
            if connection.answered >= wanted:
                break
            await asyncio.sleep(0)
        return b"".join(self.transport.written)

    def _connected(self) -> Connection:
        if self._connection is None:
            config = uvicorn.Config(self.app.asgi, interface="asgi3", ws="none", log_config=None, proxy_headers=False)
            config.load()
            state = ServerState()
            state.default_headers = [DATE]
            self._connection = Connection(config, state, {})
            self._connection.replays = self._replays
            self._connection.connection_made(self.transport)  # type: ignore[arg-type] # as much of one as is used
        return self._connection


def request(line: str, body: Any = None, *fields: str) -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    told = [f"{line} HTTP/1.1", "Host: localhost", "Authorization: Bearer rex", *fields]
    told += ["Content-Type: application/json", f"Content-Length: {len(content)}"] if body is not None else []
    return "\r\n".join([*told, "", ""]).encode() + content


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as made:
        yield made


@pytest.fixture
def client(runner: asyncio.Runner) -> Client:
    return Client(mock_app([contract()]), runner)


def count(client: Client) -> int:
    return client.app.runtime.replays.count


def test_the_second_of_two_is_a_replay_and_recorded(client: Client) -> None:
    woken: list[int] = []
    journal = client.app.runtime.journal
    journal.watch(lambda: woken.append(journal.last))
    first, second = client.ask("GET /pets?name=Rex"), client.ask("GET /pets?name=Rex")
    assert (first, count(client)) == (second, 1)
    assert b"HTTP/1.1 200 OK\r\n" in first
    assert b"understudy-explain: the memory: 1 of 1 in pets" in first
    one, other = journal
    assert (other.number, woken) == (2, [1, 2])
    assert other.at >= one.at
    assert other[3:] == one[3:]
    (listing, *_) = journal.coverage.report([mount.compiled for mount in client.app.mounts])["operations"]
    assert (listing["count"], listing["parameters"][0]["count"]) == (2, 2)


@pytest.mark.parametrize("line", ["GET /pets?name=x", "GET /nothing", "DELETE /pets", "GET /pets/9", "HEAD /pets"])
def test_refusals_are_replayed_too(client: Client, line: str) -> None:
    assert client.ask(line) == client.ask(line)
    assert count(client) == 1


def _revoke(client: Client) -> None:
    client.ask("POST /__understudy__/credentials/revoke", {"credential": "rex"})


CHANGES: dict[str, Callable[[Client], object]] = {
    "a write": lambda client: client.ask("POST /pets", {"name": "Mia"}),
    "a removal": lambda client: client.ask("DELETE /pets/1"),
    "a control request": lambda client: client.ask("POST /__understudy__/state/reset"),
    "a fault": lambda client: client.ask("PUT /__understudy__/faults", {"faults": [{"fault": "status=503"}]}),
    "a revocation": _revoke,
    "a reset": lambda client: client.app.reset(),
    "a fault by hand": lambda client: setattr(
        client.app.runtime.sessions.common, "rules", (parse_rule("listPets:status=503"),)
    ),
    "the end of the session": lambda client: client.app.runtime.sessions.close("default"),
    "the end of the mock": lambda client: client.app.runtime.drain(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_after_a_change_the_next_is_none(client: Client, change: Callable[[Client], object]) -> None:
    for _ in range(2):
        client.ask("GET /pets")
    assert count(client) == 1
    change(client)
    client.ask("GET /pets")
    assert count(client) == 1


def test_a_change_of_the_mock_shows_at_once(client: Client) -> None:
    assert b'"Mia"' not in client.ask("GET /pets")
    client.ask("POST /pets", {"name": "Mia"})
    assert b'"Mia"' in client.ask("GET /pets")
    _revoke(client)
    assert b"401 Unauthorized" in client.ask("GET /pets")


def test_another_session_changes_nothing(client: Client) -> None:
    client.ask("GET /pets")
    client.ask("POST /pets", {"name": "Mia"}, "Understudy-Session: other")
    client.ask("GET /pets")
    assert count(client) == 1


@pytest.mark.parametrize(
    "asked",
    [
        request("POST /pets", {"name": "Mia"}),
        request("GET /pets", None, "Prefer: delay=1"),
        request("GET /__understudy__/health"),
        request("GET /pets", None, "Expect: 100-continue"),
        request("OPTIONS /pets", None, "Origin: http://a.test", "Access-Control-Request-Method: GET"),
    ],
)
def test_what_may_be_otherwise_is_never_replayed(client: Client, asked: bytes) -> None:
    for _ in range(3):
        client.tell(asked)
    assert count(client) == 0


def test_with_a_real_clock_nothing_is_replayed(runner: asyncio.Runner) -> None:
    client = Client(mock_app([contract()], Settings(real_clock=True)), runner)
    assert client.ask("GET /pets") == client.ask("GET /pets")
    assert count(client) == 0


def test_a_handler_is_called_each_time(runner: asyncio.Runner) -> None:
    calls: list[str] = []

    async def get_pet(id_: str) -> dict[str, str]:
        async with asyncio.timeout(5):  # which wants to run under a task
            await asyncio.sleep(0)
        calls.append(id_)
        return {"id": id_, "name": str(len(calls))}

    module = ModuleType("handlers")
    vars(module)["getPet"] = get_pet
    client = Client(mock_app([contract()], modules=[module]), runner)
    assert b'"name":"1"' in client.ask("GET /pets/7").replace(b" ", b"")
    assert b'"name":"2"' in client.ask("GET /pets/7").replace(b" ", b"")
    assert (calls, count(client)) == (["7", "7"], 0)


def test_requests_in_one_piece_are_answered_in_order(client: Client) -> None:
    one, other = request("GET /pets/1"), request("GET /nothing")
    together = client.tell(one + other, answers=2)
    for _ in range(2):
        apart = client.tell(one) + client.tell(other)
    assert together.replace(b"<paused>", b"").replace(b"<resumed>", b"") == apart
    assert count(client) == 2


def test_many_requests_in_one_piece_are_answered_in_order(client: Client) -> None:
    lines = [f"GET /pets/{number}" for number in range(1, 100)]
    apart = b"".join(map(client.ask, lines))
    together = client.tell(b"".join(map(request, lines)), answers=len(lines))
    assert together.replace(b"<paused>", b"").replace(b"<resumed>", b"") == apart


def test_a_request_in_two_pieces_is_read(client: Client) -> None:
    whole = request("GET /pets/1")
    for _ in range(2):
        expected = client.tell(whole)
    client.tell(whole[:20], answers=0)
    assert client.tell(whole[20:]) == expected
    client.tell(whole[:20], answers=0)
    assert client.tell(whole[20:] + whole, answers=2).count(b"HTTP/1.1 200 OK") == 2
    assert count(client) == 1


def test_many_that_never_come_again_are_not_kept_for_ever(client: Client) -> None:
    for number in range(3000):
        client.ask(f"GET /nothing/{number}")
    assert len(client.app.runtime.replays) < 300
    for _ in range(3):
        client.ask("GET /nothing/2999")
    assert count(client) == 2


ASKED = [
    request("GET /pets"),
    request("GET /pets?name=Mia"),
    request("GET /pets?name=x"),
    request("GET /pets/1"),
    request("GET /pets/4"),
    request("GET /nothing"),
    request("POST /pets", {"name": "Mia"}),
    request("POST /pets", {"name": 1}),
    request("DELETE /pets/1"),
    request("GET /pets", None, "Understudy-Session: other"),
    request("POST /pets", {"name": "Bo"}, "Understudy-Session: other"),
    request("GET /pets", None, "Prefer: dynamic=true, seed=4"),
]
DONE: list[Callable[[MockApp], object]] = [
    lambda app: app.reset(),
    lambda app: app.runtime.sessions.open("default").revoke("rex"),
    lambda app: app.runtime.sessions.open("default").allow("rex"),
    lambda app: setattr(app.runtime.sessions.common, "rules", (parse_rule("listPets:status=503@50%"),)),
    lambda app: setattr(app.runtime.sessions.open("other"), "rules", (parse_rule("status=418"),)),
    lambda app: setattr(app.runtime.sessions.common, "rules", ()),
    lambda app: app.runtime.sessions.close("other"),
]


def told(app: MockApp) -> list[tuple[Any, ...]]:
    """List everything that the journal says apart from times."""
    left_out = ("at", "seconds", "operation", "values")
    entries = [entry._asdict() for entry in app.runtime.journal]
    return [tuple(value for name, value in entry.items() if name not in left_out) for entry in entries]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(ASKED), st.sampled_from(DONE)), max_size=40))
def test_a_conversation_is_the_same_with_replays_and_without(steps: list[Any]) -> None:
    with asyncio.Runner() as runner:
        with_them = Client(mock_app([contract()]), runner)
        without = Client(mock_app([contract()]), runner, has_replays=False)
        for step in steps:
            if isinstance(step, bytes):
                assert with_them.tell(step) == without.tell(step)
            else:
                step(with_them.app)
                step(without.app)
    assert told(with_them.app) == told(without.app)
    coverages = [one.app.runtime.journal.coverage.report([one.app.mounts[0].compiled]) for one in (with_them, without)]
    assert coverages[0] == coverages[1]
