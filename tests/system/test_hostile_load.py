"""Clients that mean harm: too slow, too many, or hoping that two readers of one request disagree."""

from __future__ import annotations

import asyncio
import contextlib
import re
import resource
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Serve, Server

WANTED_CONNECTIONS = 10_000
SPARE_DESCRIPTORS = 500
KIB_PER_CONNECTION = 64
"""Generous: what is asserted is that a connection costs a bounded amount, not how little."""

LIST = b"GET /api/v1/phone-numbers HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer talq_x\r\n"
POST = b"POST /api/phone-numbers/search HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer x\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: mock\r\n\r\n"


@pytest.fixture(scope="module")
def server(serve_module: Serve) -> Server:
    return serve_module("talkover", "talkturo")


@pytest.fixture(scope="module")
def impatient(serve_module: Serve) -> Server:
    return serve_module("talkover", "talkturo", "--client-seconds", "0.5")


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=60)


def read(connection: socket.socket) -> bytes:
    """Read until the server hangs up."""
    answer = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            answer += piece
    return answer


def speak(server: Server, raw: bytes) -> bytes:
    with connect(server) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        return read(connection)


def statuses(answer: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def still_answers(server: Server) -> bool:
    answer = speak(server, LIST + b"Connection: close\r\n\r\n")
    return statuses(answer) == [200] and "Traceback" not in server.said()


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b"", [408]),
        (b"G", [408]),
        (b"GET / HTTP/1.1\r\nHost:", [408]),
        (LIST, [408]),
        (POST + b"Content-Length: 10\r\n\r\n", [408]),
        (POST + b"Content-Length: 10\r\n\r\n{", [408]),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", [408]),
        (LIST + b"\r\nGET /", [200, 408]),
    ],
)
def test_a_client_that_stops_in_the_middle_is_turned_away(impatient: Server, start: bytes, expected: list[int]) -> None:
    with connect(impatient) as connection:
        connection.sendall(start)
        assert statuses(read(connection)) == expected
    assert still_answers(impatient)


@pytest.mark.parametrize("start", [b"GET / HTTP/1.1\r\nX: ", POST + b"Content-Length: 1000000\r\n\r\n"])
def test_a_client_that_trickles_is_turned_away(impatient: Server, start: bytes) -> None:
    with connect(impatient) as connection:
        connection.sendall(start)
        connection.settimeout(0.05)
        answer = b""
        while b"408" not in answer:
            connection.sendall(b" ")
            with contextlib.suppress(TimeoutError):
                answer += connection.recv(65536)
    assert still_answers(impatient)


def test_a_client_that_does_not_fetch_its_answers_is_left(impatient: Server) -> None:
    with connect(impatient) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)
        request, sent = (LIST + b"\r\n") * 1000, 0
        with contextlib.suppress(BlockingIOError):
            while sent < 50_000_000:
                sent += connection.send(request)
        connection.settimeout(60)
        with contextlib.suppress(OSError):
            while True:
                connection.sendall(b" ")
    assert still_answers(impatient)


def test_a_head_without_end_is_cut_short(server: Server) -> None:
    for piece in (b"X-A: b\r\n" * 1000, b"a" * 8192):
        with connect(server) as connection, contextlib.suppress(OSError):
            connection.sendall(b"GET / HTTP/1.1\r\n" + (b"X: " if piece[:1] == b"a" else b""))
            for _ in range(1000):
                connection.sendall(piece)
            pytest.fail("eight megabytes of head were taken")
    assert still_answers(server)


SHAPES: dict[str, bytes] = {
    "a length and chunks": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunks and a length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 99\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}" + SMUGGLED,
    "two lengths in one": POST + b"Content-Length: 2, 40\r\n\r\n{}" + SMUGGLED,
    "length with a plus": POST + b"Content-Length: +2\r\n\r\n{}" + SMUGGLED,
    "length in hexadecimal": POST + b"Content-Length: 0x2\r\n\r\n{}" + SMUGGLED,
    "chunked twice": POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked is not last": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked with a tab": POST + b"Transfer-Encoding:\tchunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked with a blank before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked after a fold": POST + b"X: y\r\n Transfer-Encoding: chunked\r\n\r\n" + SMUGGLED,
    "chunked of another kind": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "huge chunk": POST + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nab\r\n0\r\n\r\n" + SMUGGLED,
    "chunk beyond 64 bits": POST
    + b"Transfer-Encoding: chunked\r\n\r\n1"
    + b"0" * 40
    + b"\r\nab\r\n0\r\n\r\n"
    + SMUGGLED,
    "chunk in hexadecimal notation": POST + b"Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n" + SMUGGLED,
    "chunk ended by a bare line feed": POST + b"Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n" + SMUGGLED,
    "bare line feed in the head": POST.replace(b"\r\n", b"\n") + b"Content-Length: 2\n\n{}" + SMUGGLED,
    "bare carriage return": POST + b"X: a\rTransfer-Encoding: chunked\r\n\r\n" + SMUGGLED,
    "NUL in a header": POST + b"X: a\x00b\r\nContent-Length: 2\r\n\r\n{}" + SMUGGLED,
    "folded header": POST + b"X: a\r\n b\r\nContent-Length: 2\r\n\r\n{}" + SMUGGLED,
    "upgrade to HTTP/2": POST + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\n{}",
    "a body where there should be none": LIST + b"Content-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED,
}


@pytest.mark.parametrize("raw", SHAPES.values(), ids=SHAPES)
def test_two_readers_can_not_disagree_about_where_a_request_ends(server: Server, raw: bytes) -> None:
    answer = speak(server, raw)
    found = statuses(answer)
    assert all(status < 500 for status in found)
    assert b"/smuggled" not in answer or found[0] != 400, "after a refusal nothing more is read from a connection"
    assert found[1:] in ([], [404], [400])
    assert still_answers(server)


def test_what_is_ambiguous_ends_the_connection(server: Server) -> None:
    for name in ("a length and chunks", "two lengths", "chunked is not last", "chunk beyond 64 bits"):
        assert statuses(speak(server, SHAPES[name])) in ([400], [400, 400]), name


def test_a_long_chunk_extension_is_bounded(server: Server) -> None:
    raw = POST + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2;"
    answer = speak(server, raw + b"x" * 5_000_000 + b"\r\n{}\r\n0\r\n\r\n")
    assert statuses(answer) in ([400], [])
    assert still_answers(server)


INJECTING = """\
openapi: 3.1.0
info: {title: Split, version: "1"}
paths:
  /a:
    get:
      operationId: a
      responses:
        "200":
          description: X.
          headers:
            X-Split: {schema: {type: string}, example: "a\\r\\nSet-Cookie: x=y"}
            "X-Name\\r\\nSet-Cookie": {schema: {type: string}, example: b}
            Content-Length: {schema: {type: integer}, example: 3}
            Transfer-Encoding: {schema: {type: string}, example: chunked}
            X-Wide: {schema: {type: string}, example: "\\u010d\\u2028"}
          content:
            application/json:
              schema: {type: object}
              examples: {"e\\r\\nSet-Cookie: x=y": {value: {}}}
  /b:
    get:
      operationId: b
      responses: {"200": {description: X., content: {"text/plain\\r\\nSet-Cookie: x=y": {example: b}}}}
  "/c\\r\\nSet-Cookie: x=y":
    get: {operationId: "c\\r\\nSet-Cookie: x=y", responses: {"200": {description: X.}}}
"""


def test_a_contract_can_not_split_answers(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "split.yaml").write_text(INJECTING, "utf-8")
    server = serve("split.yaml")
    for path in (b"/a", b"/b", b"/c%0d%0aSet-Cookie:%20x=y", b"/a?__example=e%0D%0ASet-Cookie:%20x=y"):
        answer = speak(server, b"GET " + path + b" HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n")
        head, _, body = answer.partition(b"\r\n\r\n")
        assert statuses(answer)[0] != 500
        assert b"\nset-cookie" not in head.lower()
        assert head.lower().count(b"content-length:") == 1
        assert b"transfer-encoding" not in head.lower()
        assert b"content-length: %d\r" % len(body) in head.lower() + b"\r"
    assert "Traceback" not in server.said()


def resident(server: Server) -> int:
    """Tell how much memory a server has, in KiB (POSIX, ps)."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(server.process.pid)], capture_output=True, check=True)
    return int(told.stdout)


@contextlib.contextmanager
def many_descriptors() -> Iterator[int]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        yield hard
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def hold(server: Server, number: int) -> None:
    """Open so many connections, use each once, and ask once more while all are open."""
    opened = []
    for start in range(0, number, 200):
        group = range(min(200, number - start))
        opened += await asyncio.gather(*(asyncio.open_connection("127.0.0.1", server.port) for _ in group))
    for _, writer in opened:
        writer.write(b"GET /x HTTP/1.1\r\n")
    assert await asyncio.to_thread(still_answers, server)
    for _, writer in opened:
        writer.write(b"Host: mock\r\n\r\n")
    firsts = await asyncio.gather(*(reader.read(12) for reader, _ in opened))
    assert set(firsts) == {b"HTTP/1.1 404"}
    for _, writer in opened:
        writer.transport.abort()


def test_ten_thousand_connections_cost_a_bounded_amount(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    server = serve("talkover")
    assert still_answers(server)
    before = resident(server)
    with many_descriptors() as limit:
        number = min(WANTED_CONNECTIONS, limit - SPARE_DESCRIPTORS)
        with capsys.disabled():
            if number < WANTED_CONNECTIONS:
                print(f"\n{number} connections, for this machine allows {limit} descriptors")  # noqa: T201 - for who runs it
        asyncio.run(hold(server, number))
    assert resident(server) - before < number * KIB_PER_CONNECTION
    assert still_answers(server)
