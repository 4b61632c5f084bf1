"""Media types and JSON text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from understudy_mock.media import MalformedError, from_json, is_json, matches, parameter, to_json
from understudy_mock.multipart import read_multipart


@pytest.mark.parametrize(
    "text",
    ["1.00", "1.0", "1", "-0.10", "[1.50,null,true]", '{"b":1,"a":"\u00e9"}', '"\\n"', "12345678901234567890", "1E+3"],
)
def test_json_is_written_as_it_was_read(text: str) -> None:
    assert to_json(from_json(text.encode())).decode() == text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b'{"a": ', "truncated"),
        (b"{'a': 1}", ""),
        (b"[1,]", ""),
        (b"NaN", ""),
        (b"1 2", ""),
        (b'"\xff"', "UTF-8"),
        (b"\xff\xfe1\x00", ""),
        (b'"\xed\xa0\x80"', "UTF-8"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_json_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(MalformedError) as caught:
        from_json(content)
    assert message in str(caught.value)


def test_fractions_are_decimal_and_whole_numbers_are_not() -> None:
    found = from_json(b"[1.00, 7]")
    assert repr(found) == repr([Decimal("1.00"), 7])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/problem+json", True),
        ("application/jsonl", False),
        ("text/json", False),
        ("application/json-seq", False),
    ],
)
def test_json_is_told_by_its_name(name: str, expected: Any) -> None:
    assert is_json(name) is expected


@pytest.mark.parametrize(
    ("media_range", "media_type", "expected"),
    [
        ("*/*", "image/png", True),
        ("image/*", "image/png; q=1", True),
        ("IMAGE/PNG", "image/png", True),
        ("image/*", "imagery/png", False),
        ("image/png", "image/*", False),
    ],
)
def test_ranges_cover_types(media_range: str, media_type: str, expected: Any) -> None:
    assert matches(media_range, media_type) is expected


def test_parameters_of_a_media_type() -> None:
    assert parameter('text/plain; Charset="utf-8"; x=1', "charset") == "utf-8"
    assert parameter("text/plain", "charset") == ""


PART = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n'
FILE = b'--b\r\ncontent-disposition: form-data; name="f"; filename="x"\r\nContent-Type: text/plain\r\n\r\nx\r\ny\r\n'


def test_multipart_fields_come_in_order() -> None:
    assert read_multipart("multipart/form-data; boundary=b", FILE + PART) == [
        ("f", "x\r\ny", "text/plain"),
        ("a", "1", ""),
    ]
    assert read_multipart('multipart/form-data; boundary="b"', PART) == [("a", "1", "")]


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("multipart/form-data", PART),
        ("multipart/form-data; boundary=c", PART),
        ("multipart/form-data; boundary=b", PART[:-8]),
        ("multipart/form-data; boundary=b", b"junk"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=" + "b" * 10_000, PART),
        ("multipart/form-data; boundary=\u00e9", PART),
    ],
)
def test_a_broken_multipart_body_is_refused(content_type: str, content: bytes) -> None:
    with pytest.raises(MalformedError):
        read_multipart(content_type, content)
