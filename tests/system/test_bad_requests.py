"""Requests no well-meaning client would send: each gets an ordinary refusal, and the server goes on."""

from __future__ import annotations

import http.client
import re
import socket
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Serve, Server

MIB = 1024 * 1024
GOOD = b'{"filters": {"countryCode": "GB"}}'
SEARCH = b"POST /api/phone-numbers/search HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer x\r\nConnection: close\r\n"
LIST = b"GET /api/v1/phone-numbers HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer talq_x\r\nConnection: close\r\n"


@pytest.fixture(scope="module")
def server(serve_module: Serve) -> Server:
    return serve_module("talkover", "talkturo")


def speak(server: Server, raw: bytes) -> bytes:
    """Send bytes as they are and read until the server hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(raw)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
        return answer


def status(answer: bytes) -> int:
    """Read the status of an answer; 0 if the server hung up without one."""
    match = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    return int(match[1]) if match else 0


def still_answers(server: Server) -> bool:
    return status(speak(server, LIST + b"\r\n")) == 200 and "Traceback" not in server.said()


def search(content: bytes, *headers: bytes, length: bool = True) -> bytes:
    """Write a search request with this body."""
    lines = [b"Content-Length: %d" % len(content)] if length else []
    return SEARCH + b"".join(line + b"\r\n" for line in (*lines, *headers)) + b"\r\n" + content


def get(target: bytes, *headers: bytes, method: bytes = b"GET") -> bytes:
    """Write a request without a body."""
    line = method + b" " + target + b" HTTP/1.1\r\n"
    return line + LIST.partition(b"\r\n")[2] + b"".join(one + b"\r\n" for one in headers) + b"\r\n"


JSON = b"Content-Type: application/json"
CHUNKED = b"Transfer-Encoding: chunked"


def chunked(content: bytes) -> bytes:
    """Write a search request with this chunked body."""
    return search(content, JSON, CHUNKED, length=False)


END = b"\r\n0\r\n\r\n"

BODIES: dict[str, tuple[bytes, int]] = {
    "good": (search(GOOD, JSON), 200),
    "good without a content type": (search(GOOD), 200),
    "none": (search(b"", JSON), 400),
    "none, no length either": (search(b"", length=False), 400),
    "blank": (search(b" \r\n\t", JSON), 400),
    "truncated": (search(GOOD[:-2], JSON), 400),
    "more after the end": (search(GOOD + b"x", JSON), 400),
    "not UTF-8": (search(b'{"filters": {"countryCode": "\xff"}}', JSON), 400),
    "half a surrogate": (search(b'{"filters": {"countryCode": "\\ud800"}}', JSON), 400),
    "UTF-16": (search(GOOD.decode().encode("utf-16"), JSON), 400),
    "UTF-16 told as such": (search(GOOD.decode().encode("utf-16"), JSON + b"; charset=utf-16"), 400),
    "byte order mark": (search(b"\xef\xbb\xbf" + GOOD, JSON), 400),
    "not a number": (search(b'{"filters": NaN}', JSON), 400),
    "huge number": (search(b'{"filters": {"countryCode": "GB", "limit": 1e999999999}}', JSON), 400),
    "long number": (search(b'{"filters": {"countryCode": "GB", "limit": ' + b"9" * 10_000 + b"}}", JSON), 400),
    "one key twice": (search(b'{"filters": 1, "filters": {"countryCode": "GB"}}', JSON), 200),
    "NUL in a text": (search(b'{"filters": {"countryCode": "G\\u0000"}}', JSON), 400),
    "wrong kind": (search(b"[]", JSON), 400),
    "nested ten thousand deep": (search(b"[" * 10_000 + b"]" * 10_000, JSON), 400),
    "objects ten thousand deep": (search(b'{"a":' * 10_000 + b"1" + b"}" * 10_000, JSON), 400),
    "deep where the schema looks": (search(b'{"filters":' * 10_000 + b"1" + b"}" * 10_000, JSON), 400),
    "wrong content type": (search(GOOD, b"Content-Type: text/plain"), 400),
    "no content type at all": (search(GOOD, b"Content-Type: "), 400),
    "nonsense as content type": (search(GOOD, b"Content-Type: ;;=\xff/"), 400),
    "two content types": (search(GOOD, JSON, b"Content-Type: text/plain"), 400),
    "chunked": (
        search(b"5\r\n" + GOOD[:5] + b"\r\n1d\r\n" + GOOD[5:] + END, JSON, CHUNKED, length=False),
        200,
    ),
    "chunked, with extensions": (
        search(b"22;a=b\r\n" + GOOD + b"\r\n0\r\nX: y\r\n\r\n", JSON, CHUNKED, length=False),
        200,
    ),
    "chunked, empty": (chunked(b"0\r\n\r\n"), 400),
    "chunk without a size": (chunked(b"zz\r\n" + GOOD + END), 400),
    "chunk with a negative size": (chunked(b"-5\r\n" + GOOD + END), 400),
    "chunk longer than it says": (chunked(b"3\r\n" + GOOD + END), 400),
    "length and chunks": (search(b"22\r\n" + GOOD + END, JSON, CHUNKED), 400),
    "two lengths": (search(GOOD, JSON, b"Content-Length: 3"), 400),
    "negative length": (search(GOOD, JSON, b"Content-Length: -1", length=False), 400),
    "length in words": (search(GOOD, JSON, b"Content-Length: many", length=False), 400),
    "unknown transfer encoding": (search(GOOD, JSON, b"Transfer-Encoding: smoke"), 400),
    "eleven MiB announced": (search(b"", JSON, b"Content-Length: %d" % (11 * MIB), length=False), 413),
    "too much in chunks": (chunked(b"A00001\r\n" + b" " * (10 * MIB + 1) + b"\r\n"), 413),
    "more announced than Python counts": (search(b"", JSON, b"Content-Length: " + b"9" * 40, length=False), 400),
}


@pytest.mark.parametrize(("raw", "expected"), BODIES.values(), ids=BODIES)
def test_bodies(server: Server, raw: bytes, expected: int) -> None:
    assert status(speak(server, raw)) == expected
    assert still_answers(server)


RELEASE = b"/api/v1/phone-numbers/%s/request-release"
LONG = b"a" * 20_000

LINES: dict[str, tuple[bytes, set[int]]] = {
    "NUL in the path": (get(RELEASE % b"a%00b", method=b"POST"), {422}),
    "NUL in a literal": (get(b"/api/v1/phone-numbers%00"), {404}),
    "NUL in the query": (get(b"/api/v1/phone-numbers?search=%00"), {200}),
    "line ends in the path": (get(RELEASE % b"a%0d%0aSet-Cookie:x", method=b"POST"), {422}),
    "half a percent sign": (get(b"/api/v1/phone-numbers/%/request-release"), {404, 405}),
    "percent nonsense": (get(RELEASE % b"%zz", method=b"POST"), {422}),
    "no UTF-8 in the path": (get(RELEASE % b"%ff%fe", method=b"POST"), {422}),
    "no UTF-8 in the query": (get(b"/api/v1/phone-numbers?search=%ff"), {200}),
    "dots in the path": (get(b"/api/v1/../../etc/passwd"), {404}),
    "encoded dots": (get(b"/api/v1/%2e%2e/%2e%2e/etc/passwd"), {404}),
    "many slashes": (get(b"/" * 5000), {404}),
    "long path": (get(b"/" + LONG), {400, 404, 414}),
    "long query": (get(b"/api/v1/phone-numbers?search=" + LONG), {400, 414, 422}),
    "ten thousand parameters": (get(b"/api/v1/phone-numbers?" + b"&".join([b"a=1"] * 10_000)), {200, 400, 414}),
    "empty parameters": (get(b"/api/v1/phone-numbers?&&=&=1&search&"), {200}),
    "fragment": (get(b"/api/v1/phone-numbers#x"), {200, 400}),
    "star": (get(b"*", method=b"OPTIONS"), {400, 404}),
    "no path": (get(b"?a"), {400, 404}),
    "another host as target": (get(b"http://evil.test/api/v1/phone-numbers"), {200}),
    "huge header": (get(b"/api/v1/phone-numbers", b"X-Huge: " + b"a" * 200_000), {200, 400, 431}),
    "a thousand headers": (
        get(b"/api/v1/phone-numbers", *(b"X-%d: a" % number for number in range(1000))),
        {200, 400, 431},
    ),
    "bytes beyond ASCII in headers": (get(b"/api/v1/phone-numbers", b"Origin: \xe9\xff", b"Cookie: \xff=\xff"), {200}),
    "folded header": (get(b"/api/v1/phone-numbers", b"X-A: b\r\n c"), {200, 400}),
    "header without a name": (get(b"/api/v1/phone-numbers", b": a"), {400}),
    "blank before the colon": (get(b"/api/v1/phone-numbers", b"X-A : a"), {400}),
    "two hosts": (get(b"/api/v1/phone-numbers", b"Host: other"), {200, 400}),
    "no host": (b"GET /api/v1/phone-numbers HTTP/1.1\r\nConnection: close\r\n\r\n", {400, 401}),
    "two credentials": (get(b"/api/v1/phone-numbers", b"Authorization: Bearer talq_y"), {401}),
    "accept nonsense": (get(b"/api/v1/phone-numbers", b"Accept: ;;q=,/,*/*;q=nan"), {200, 406}),
    "wish nonsense": (get(b"/api/v1/phone-numbers", b'Prefer: =,;"\\'), {200}),
    "wish for the impossible": (get(b"/api/v1/phone-numbers", b"Prefer: code=1e3"), {422}),
    "wish beyond ASCII": (get(b"/api/v1/phone-numbers", b"Prefer: example=\xff"), {404}),
    "long wish": (get(b"/api/v1/phone-numbers", b"Prefer: example=" + LONG), {404}),
    "unknown method": (get(b"/api/v1/phone-numbers", method=b"BREW"), {400, 405}),
    "method in small letters": (get(b"/api/v1/phone-numbers", method=b"get"), {200, 400, 405}),
    "TRACE": (get(b"/api/v1/phone-numbers", method=b"TRACE"), {405}),
    "CONNECT": (get(b"mock:80", method=b"CONNECT"), {400, 404, 405}),
    "upgrade": (get(b"/api/v1/phone-numbers", b"Upgrade: websocket"), {200, 400}),
    "HTTP/1.0": (b"GET /api/v1/phone-numbers HTTP/1.0\r\nAuthorization: Bearer talq_x\r\n\r\n", {200}),
    "HTTP/0.9": (b"GET /api/v1/phone-numbers\r\n\r\n", {0, 400, 401}),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {0, 400}),
    "HTTP/9": (b"GET / HTTP/9.9\r\n\r\n", {0, 400}),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), {0, 400}),
    "garbage": (b"\x00\xff" * 500 + b"\r\n\r\n", {0, 400}),
    "garbage after a good request": (
        LIST.replace(b"Connection: close\r\n", b"") + b"\r\nnonsense\r\n\r\n",
        {200, 400},
    ),
}


@pytest.mark.parametrize(("raw", "expected"), LINES.values(), ids=LINES)
def test_lines_and_headers(server: Server, raw: bytes, expected: set[int]) -> None:
    assert status(speak(server, raw)) in expected
    assert still_answers(server)


@pytest.mark.parametrize(
    "raw",
    [
        get(b"/api/v1/phone-numbers?__example=a%0d%0aSet-Cookie:%20x=y"),
        get(b"/api/v1/phone-numbers?__code=404%0d%0aSet-Cookie:%20x=y"),
        get(b"/api/v1/phone-numbers", b"Prefer: example=a%0d%0aSet-Cookie:%20x=y"),
        get(b"/api/v1/phone-numbers", b'Prefer: example="a\\\x0bSet-Cookie: x=y"'),
        get(b"/api/v1/phone-numbers/a%0d%0aSet-Cookie:%20x=y"),
        get(b"/api/v1/phone-numbers?type=a%0d%0aSet-Cookie:%20x=y"),
        get(b"/api/v1/phone-numbers", b"Origin: a%0d%0aSet-Cookie: x=y"),
        get(b"/x", b"Origin: b", b"Access-Control-Request-Method: a%0d%0aSet-Cookie: x", method=b"OPTIONS"),
    ],
)
def test_nobody_adds_headers_to_an_answer(server: Server, raw: bytes) -> None:
    head = speak(server, raw).partition(b"\r\n\r\n")[0].lower()
    assert head.startswith(b"http/1.1 ")
    assert b"\nset-cookie" not in head
    assert still_answers(server)


def test_a_client_that_leaves_in_the_middle_disturbs_nobody(server: Server) -> None:
    for raw in (SEARCH, search(GOOD, JSON)[:-5], SEARCH + CHUNKED + b"\r\n\r\n5\r\nab", b"GE"):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(raw)
    assert still_answers(server)


def test_a_client_that_waits_for_leave_gets_it(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(search(GOOD, JSON, b"Expect: 100-continue")[: -len(GOOD)])
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(GOOD)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_one_connection_carries_good_requests_after_refused_ones(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Authorization": "Bearer x", "Content-Type": "application/json"}
    statuses = []
    try:
        for content in (GOOD, GOOD[:-2], b"[" * 5000, GOOD):
            connection.request("POST", "/api/phone-numbers/search", content, headers)
            response = connection.getresponse()
            response.read()
            statuses.append(response.status)
    finally:
        connection.close()
    assert statuses == [200, 400, 400, 200]
