"""What a client sees on a real socket when the mock is told to misbehave; the server itself takes no harm."""

from __future__ import annotations

import http.client
import re
import socket
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Serve, Server

HEAD = "Host: mock\r\nAuthorization: Bearer talq_x\r\n"
LIST = "/api/v1/phone-numbers"
RELEASE = "/api/v1/phone-numbers/phone-uuid-1/request-release"


@pytest.fixture(scope="module")
def server(serve_module: Serve) -> Server:
    return serve_module("talkover", "talkturo")


def raw(prefer: str, line: str = f"GET {LIST}", body: bytes = b"", more: str = "") -> bytes:
    length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    return f"{line} HTTP/1.1\r\n{HEAD}{length}{more}Prefer: {prefer}\r\n\r\n".encode() + body


def converse(server: Server, request: bytes) -> tuple[bytes, bool]:
    """Send bytes and read all there is; tells whether the end was a reset."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(request)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:
            return answer, True
        return answer, False


def unharmed(server: Server) -> bool:
    return status(server) == 200 and "ASGI" not in server.said() and "Traceback" not in server.said()


def status(server: Server, path: str = LIST, method: str = "GET", **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    sent = {"Authorization": "Bearer talq_x", **{name.replace("_", "-"): value for name, value in headers.items()}}
    connection.request(method, path, headers=sent)
    code = connection.getresponse().status
    connection.close()
    return code


POST = (f"POST {RELEASE}", b'{"reason": "No longer needed by anybody"}')
BIG = (f"POST {RELEASE}", b'{"reason": "' + b"x" * 300_000 + b'"}')


@pytest.mark.parametrize(("line", "body"), [(f"GET {LIST}", b""), POST, BIG], ids=["get", "post", "big"])
def test_reset_is_a_tcp_reset(server: Server, line: str, body: bytes) -> None:
    assert converse(server, raw("fault=reset", line, body)) == (b"", True)
    assert unharmed(server)


@pytest.mark.parametrize(("line", "body"), [(f"GET {LIST}", b""), POST, BIG], ids=["get", "post", "big"])
def test_an_empty_reply_ends_in_peace(server: Server, line: str, body: bytes) -> None:
    assert converse(server, raw("fault=empty", line, body)) == (b"", False)
    assert unharmed(server)


UNREAD = ("POST /nowhere", BIG[1])


@pytest.mark.parametrize(("line", "body"), [(f"GET {LIST}", b""), BIG, UNREAD], ids=["get", "big", "big and unread"])
def test_a_truncated_body_is_shorter_than_it_says(server: Server, line: str, body: bytes) -> None:
    answer, was_reset = converse(server, raw("fault=truncate", line, body))
    head, _, got = answer.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    assert length
    assert not was_reset
    assert len(got) == int(length[1]) // 2 > 0
    assert unharmed(server)


def test_drops_come_one_by_one_and_are_whole(server: Server) -> None:
    whole, _ = converse(server, raw("code=200", more="Connection: close\r\n"))
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(raw("fault=drip=3000", more="Connection: close\r\n"))
        pieces = []
        while piece := connection.recv(65536):
            pieces.append(piece)
    assert len(pieces) > 1
    assert b"".join(pieces).partition(b"\r\n\r\n")[2] == whole.partition(b"\r\n\r\n")[2]


def test_a_client_that_leaves_during_drops_is_forgotten(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(raw("fault=drip=1"))
        assert connection.recv(20).startswith(b"HTTP/1.1 200")
    assert unharmed(server)


def test_a_fault_ends_the_connection_for_pipelined_requests_too(server: Server) -> None:
    assert converse(server, raw("fault=empty") + raw("fault=empty")) == (b"", False)
    assert unharmed(server)


def test_faults_from_flags_profile_and_scenario(serve: Serve, tmp_path: Path) -> None:
    profile = tmp_path / "bad-day.yaml"
    profile.write_text("faults:\n  - {operation: listVoiceTemplates, fault: reset, session: ci}\n")
    server = serve(
        "talkover",
        *("--fault", "listPhoneNumbers:limit=1/600s"),
        *("--fault", "listReleaseRequests:status=500"),
        *("--faults", str(profile)),
        *("--scenario", "voice-demo-recovers"),
    )
    assert [status(server), status(server)] == [200, 429]
    assert status(server, f"{LIST}/release-requests") == 500
    assert status(server, "/api/v1/voice-templates") == 200
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        status(server, "/api/v1/voice-templates", Understudy_Session="ci")
    demo = "/api/v1/voice-templates/voice-uuid-1/demo"
    assert [status(server, demo), status(server, demo)] == [500, 500]
    assert status(server, demo) != 500


def test_with_a_log_of_requests(serve: Serve) -> None:
    server = serve("talkover", "--log", "text")
    assert converse(server, raw("fault=reset")) == (b"", True)
    assert converse(server, raw("fault=empty")) == (b"", False)
    assert unharmed(server)
