"""Events are streamed over a real port as they happen; a client that comes back misses nothing."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
from typing import TYPE_CHECKING, Any

import pytest

from understudy_mock.control import events

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Serve, Server

EVENTS = "/__understudy__/events"
PING = "paths: {/ping: {get: {operationId: ping, responses: {'204': {description: pong}}}}}"


class Stream:
    """A client of the stream; iterating gives the events, one at a time, as (id, data)."""

    def __init__(self, server: Server, query: str = "", **headers: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.connection.request("GET", f"{EVENTS}?{query}", headers=headers)
        self.response = self.connection.getresponse()
        assert self.response.status == 200
        assert self.response.getheader("content-type") == "text/event-stream"
        assert self.read() == {"retry": "1000"}

    def read(self) -> dict[str, str]:
        fields = {}
        while line := self.response.readline().decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            fields[name] = value
        return fields

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        while found := self.read():
            assert found["event"] == "exchange"
            yield int(found["id"]), json.loads(found["data"])

    def rest(self) -> list[int]:
        """The numbers of all events up to the end of the stream."""
        numbers = [number for number, _ in self]
        self.close()
        return numbers

    def close(self) -> None:
        self.response.close()
        self.connection.close()


@pytest.fixture
def server(serve: Serve, tmp_path: Path) -> Server:
    head = "openapi: 3.1.0\ninfo: {title: Probe, version: '1'}\n"
    (tmp_path / "ping.yaml").write_text(head + PING, "utf-8")
    return serve("ping.yaml", cwd=tmp_path)


def ask(server: Server, path: str = "/ping") -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", path)
    connection.getresponse().read()
    connection.close()


def test_what_happens_is_told_as_it_happens(server: Server) -> None:
    ask(server)
    stream = Stream(server)
    told = iter(stream)
    ask(server)
    assert next(told)[0] == 2
    ask(server, "/pong")
    number, entry = next(told)
    assert (number, entry["verdict"], entry["path"]) == (3, "no-route", "/pong")
    stream.close()


def test_a_client_that_comes_back_goes_on_where_it_was(server: Server) -> None:
    for _ in range(4):
        ask(server)
    stream = Stream(server, **{"Last-Event-ID": "2"})
    told = iter(stream)
    assert [next(told)[0] for _ in range(2)] == [3, 4]
    ask(server)
    assert next(told)[0] == 5
    stream.close()


def test_a_stream_that_does_not_follow_ends(server: Server) -> None:
    for path in ("/ping", "/pong", "/ping"):
        ask(server, path)
    assert Stream(server, "since=0&follow=false").rest() == [1, 2, 3]
    assert Stream(server, "since=0&follow=false&operation=ping").rest() == [1, 3]
    assert Stream(server, "follow=false", **{"Last-Event-ID": "900"}).rest() == [1, 2, 3]


def test_when_the_mock_is_stopped_the_stream_ends_in_peace(server: Server) -> None:
    stream = Stream(server)
    assert server.stop() == 0
    assert stream.rest() == []


def test_a_client_that_goes_leaves_nothing_behind(server: Server) -> None:
    for _ in range(events.MAX_STREAMS + 1):
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        connection.sendall(f"GET {EVENTS} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
        connection.close()
        ask(server)  # by then the server has heard of it


def test_a_head_request_gets_no_stream(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("HEAD", EVENTS)
    response = connection.getresponse()
    assert (response.status, response.read()) == (200, b"")
    connection.close()


def test_there_are_never_more_streams_than_so_many(mocked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MAX_STREAMS", 0)
    mock = mocked(PING)
    assert mock.ask(f"GET {EVENTS}").status == 429


def test_when_nothing_happens_a_comment_says_so(monkeypatch: pytest.MonkeyPatch, mocked: Any) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.01)
    journal = mocked(PING).app.runtime.journal
    sent: list[bytes] = []

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))
        if b": nothing new\n\n" in sent:
            journal.close()

    stream = events.EventStream(journal, 0, lambda _: True, lambda _: {})
    asyncio.run(stream.play(receive, send, is_head=False))
    assert b": nothing new\n\n" in sent
    assert journal.watchers == 0


def test_with_a_limit_the_latest_are_told_and_how_many_were_left_out(server: Server) -> None:
    for _ in range(30):
        ask(server)
    stream = Stream(server, "since=0&limit_per_second=8&follow=false")
    assert stream.read() == {"event": "skipped", "data": '{"count":28}'}
    assert stream.rest() == [29, 30]
    follower = Stream(server, "limit_per_second=8")
    told = iter(follower)
    ask(server)
    assert next(told)[0] == 31
    ask(server)
    assert next(told)[0] == 32
    follower.close()
