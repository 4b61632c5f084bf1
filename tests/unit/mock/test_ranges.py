"""Parts of a content, as RFC 9110, 14 wants them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from understudy_mock import ranges
from understudy_mock.ranges import Span, UnsatisfiableError

if TYPE_CHECKING:
    from conftest import Mocked, Serve

DOWNLOADS = (Path(__file__).parents[2] / "corpus" / "contracts" / "downloads.yaml").read_text("utf-8")


@pytest.fixture
def files(mocked: Serve) -> Mocked:
    return mocked(DOWNLOADS)


@pytest.mark.parametrize(
    ("header", "spans"),
    [
        ("bytes=0-3", [(0, 3)]),
        ("BYTES=7-", [(7, 9)]),
        ("bytes=-2", [(8, 9)]),
        ("bytes=-99", [(0, 9)]),
        ("bytes=5-99", [(5, 9)]),
        ("bytes=8-9, 0-1", [(8, 9), (0, 1)]),
        ("bytes=4-6,0-3", [(0, 6)]),
        ("bytes=0-1,99-", [(0, 1)]),
        ("items=0-3", []),
        ("bytes=3-1", []),
        ("bytes=a-b", []),
        ("bytes=", []),
        ("bytes=" + "0-0," * 51, []),
    ],
)
def test_ranges_are_read(header: str, spans: list[tuple[int, int]]) -> None:
    assert ranges.read(header, 10) == tuple(Span(*span) for span in spans)


@pytest.mark.parametrize(("header", "length"), [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=-5", 0)])
def test_what_lies_outside_is_unsatisfiable(header: str, length: int) -> None:
    with pytest.raises(UnsatisfiableError):
        ranges.read(header, length)


def test_one_part_is_the_content_and_says_which_part_it_is(files: Mocked) -> None:
    told = files.ask("GET /files/a", range="bytes=2-4")
    assert (told.status, told.body, told.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
    assert told.headers["content-type"] == "text/plain"
    assert told.headers["etag"] == files.ask("GET /files/a").headers["etag"]


def test_several_parts_come_as_one_multipart(files: Mocked) -> None:
    told = files.ask("GET /files/a", range="bytes=0-1,8-")
    kind, _, boundary = told.headers["content-type"].partition("; boundary=")
    assert (told.status, kind) == (206, "multipart/byteranges")
    assert "content-range" not in told.headers
    parts = told.body.decode().split(f"--{boundary}")
    assert parts[1] == "\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/10\r\n\r\n01\r\n"
    assert parts[2] == "\r\nContent-Type: text/plain\r\nContent-Range: bytes 8-9/10\r\n\r\n89\r\n"
    assert parts[3] == "--\r\n"


def test_what_can_not_be_had_in_part_comes_whole(files: Mocked, mocked: Serve) -> None:
    whole = files.ask("GET /files/a")
    assert (whole.status, whole.headers["accept-ranges"]) == (200, "bytes")
    assert files.ask("GET /files/a", range="lines=1-2").status == 200
    assert files.ask("HEAD /files/a", range="bytes=0-1").status == 200
    single = mocked(DOWNLOADS.replace("            multipart/byteranges: {schema: {type: string}}\n", ""))
    assert single.ask("GET /files/a", range="bytes=0-1,8-").body == b"0123456789"


def test_nothing_left_is_416_with_the_length(files: Mocked) -> None:
    told = files.ask("GET /files/a", range="bytes=10-")
    assert (told.status, told.headers["content-range"]) == (416, "bytes */10")


def test_a_part_is_of_the_content_the_client_has_begun(files: Mocked) -> None:
    tag = files.ask("GET /files/a").headers["etag"]
    assert files.ask("GET /files/a", range="bytes=0-1", if_range=tag).status == 206
    assert files.ask("GET /files/a", range="bytes=0-1", if_range='"other"').body == b"0123456789"
    assert files.ask("GET /files/a", range="bytes=0-1", if_range=f"W/{tag}").status == 200
