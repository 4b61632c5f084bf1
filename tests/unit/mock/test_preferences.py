"""What a client wishes, from `Prefer` (RFC 7240) or the query."""

from __future__ import annotations

import pytest

from understudy_mock.preferences import NO_WISH, MalformedWishError, Wish, read


@pytest.mark.parametrize(
    ("prefer", "wish"),
    [
        ("code=404", Wish(code=404, applied="code=404")),
        ("Code=404", Wish(code=404, applied="code=404")),
        ('code="404"', Wish(code=404, applied="code=404")),
        ("code = 404", Wish(code=404, applied="code=404")),
        ("example=a, code=404", Wish(code=404, example="a", applied="code=404, example=a")),
        ("code=404;x=1, example=a; y", Wish(code=404, example="a", applied="code=404, example=a")),
        ('example="a b, c"', Wish(example="a b, c", applied="example=a b, c")),
        (r'example="a\"b"', Wish(example='a"b', applied='example=a"b')),
        ("code=404, code=500", Wish(code=404, applied="code=404")),
        ("respond-async, wait=10", NO_WISH),
        ("", NO_WISH),
        (',;=, "', NO_WISH),
        ("dynamic=true", Wish(dynamic=True, applied="dynamic=true")),
        ("dynamic=false", Wish(applied="dynamic=false")),
        ("seed=-7", Wish(seed=-7, applied="seed=-7")),
        ('wait="code=500"', NO_WISH),
    ],
)
def test_a_header_is_read(prefer: str, wish: Wish) -> None:
    assert read(prefer, b"__code=500") == wish


@pytest.mark.parametrize(
    ("query", "wish"),
    [
        (b"__code=404&a=1", Wish(code=404, applied="code=404")),
        (b"__example=a%20b&__seed=3", Wish(example="a b", seed=3, applied="example=a b, seed=3")),
        (b"__dynamic=true", Wish(dynamic=True, applied="dynamic=true")),
        (b"a__code=404", NO_WISH),
        (b"__codes=404", NO_WISH),
        (b"_code=404", NO_WISH),
        (b"", NO_WISH),
    ],
)
def test_without_a_header_the_query_is_read(query: bytes, wish: Wish) -> None:
    assert read(None, query) == wish


@pytest.mark.parametrize(
    "prefer",
    [
        "code=abc",
        "code=",
        "code",
        "code=99",
        "code=600",
        "code=4040",
        "code=-404",
        "code=4\u0664",
        "example=",
        'example="\u0001"',
        "dynamic=1",
        "dynamic",
        "seed=x",
        "seed=1.5",
        "seed=" + "9" * 30,
    ],
)
def test_a_wish_that_can_not_be_read_is_told(prefer: str) -> None:
    with pytest.raises(MalformedWishError):
        read(prefer, b"")


def test_line_ends_in_a_wish_are_refused() -> None:
    with pytest.raises(MalformedWishError):
        read(None, b"__example=a%0d%0aSet-Cookie:%20b")
