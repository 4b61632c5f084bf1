"""The end: a signal lets requests under way finish, for so long and no longer; a second one does not wait."""

from __future__ import annotations

import signal
import socket
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Serve, Server

SLOW = """\
import asyncio, pathlib


async def slow():
    pathlib.Path("begun").touch()
    while not pathlib.Path("go").exists():
        await asyncio.sleep(0.01)
    return "done"
"""
CONTRACT = """\
openapi: 3.1.0
info: {title: Slow, version: "1"}
paths:
  /slow:
    get:
      operationId: slow
      responses: {"200": {description: Done., content: {application/json: {schema: {type: string}}}}}
  /body:
    post:
      operationId: body
      requestBody: {content: {application/json: {schema: {type: string}}}}
      responses: {"204": {description: Done.}}
"""
GET = b"GET /slow HTTP/1.1\r\nHost: mock\r\n\r\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    (tmp_path / "slow.yaml").write_text(CONTRACT, "utf-8")
    (tmp_path / "slowly.py").write_text(SLOW, "utf-8")
    return tmp_path


def begin(server: Server, folder: Path) -> socket.socket:
    """Send a request and wait until the handler has it."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    connection.sendall(GET)
    while not (folder / "begun").exists():
        time.sleep(0.01)
    return connection


def read(connection: socket.socket) -> bytes:
    answer = b""
    with connection:
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
    return answer


def refuses(server: Server) -> bool:
    """Wait until nobody can connect any more."""
    for _ in range(3000):
        try:
            socket.create_connection(("127.0.0.1", server.port), timeout=60).close()
        except ConnectionRefusedError:
            return True
        time.sleep(0.01)
    return False


def test_a_request_under_way_is_answered_and_its_connection_closed(serve: Serve, folder: Path) -> None:
    server = serve("slow.yaml", "--handlers", "slowly", "--drain-seconds", "60")
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as idle:
        connection = begin(server, folder)
        server.process.send_signal(signal.SIGTERM)
        assert refuses(server)
        assert idle.recv(1) == b"", "a connection without a request is closed"
        (folder / "go").touch()
        answer = read(connection)
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"connection: close" in answer.lower()
        assert answer.rstrip().endswith(b'"done"')
        assert server.process.wait(60) == 0
    assert server.said().endswith("\nStopped.\n")


def test_who_takes_too_long_is_cut_off(serve: Serve, folder: Path) -> None:
    server = serve("slow.yaml", "--handlers", "slowly", "--drain-seconds", "0.2")
    connection = begin(server, folder)
    assert server.stop(signal.SIGTERM) == 0
    assert read(connection) == b""
    assert server.said().endswith("\nStopped; 1 request under way was cut off.\n")


def test_a_second_signal_does_not_wait(serve: Serve, folder: Path) -> None:
    server = serve("slow.yaml", "--handlers", "slowly", "--drain-seconds", "3600")
    connection = begin(server, folder)
    server.process.send_signal(signal.SIGTERM)
    assert refuses(server)
    assert server.stop(signal.SIGTERM) == 0
    assert read(connection) == b""


def test_half_a_request_does_not_keep_it_alive(serve: Serve) -> None:
    server = serve("slow.yaml", "--drain-seconds", "0.2")
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(b"POST /body HTTP/1.1\r\nHost: mock\r\nContent-Length: 9\r\n\r\n12")
        time.sleep(0.1)
        assert server.stop(signal.SIGTERM) == 0
    assert "Stopped" in server.said()
