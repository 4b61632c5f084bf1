"""What a client wishes, from `Prefer` (RFC 7240) or the query."""

from __future__ import annotations

from typing import Any

import pytest

from understudy_mock.preferences import NO_WISH, MalformedWishError, applied, read


def wishes(prefer: str | None, query: bytes) -> dict[str, Any]:
    """Read the wishes that choose an answer, as far as they differ from none."""
    found = read(prefer, query)
    names = ("code", "example", "dynamic", "seed")
    return {name: getattr(found, name) for name in names if getattr(found, name) != getattr(NO_WISH, name)}


@pytest.mark.parametrize(
    ("prefer", "wish"),
    [
        ("code=404", {"code": 404}),
        ("Code=404", {"code": 404}),
        ('code="404"', {"code": 404}),
        ("code = 404", {"code": 404}),
        ("example=a, code=404", {"code": 404, "example": "a"}),
        ("code=404;x=1, example=a; y", {"code": 404, "example": "a"}),
        ('example="a b, c"', {"example": "a b, c"}),
        (r'example="a\"b"', {"example": 'a"b'}),
        ("code=404, code=500", {"code": 404}),
        ("respond-async, wait=10", {}),
        ("", {}),
        (',;=, "', {}),
        ("dynamic=true", {"dynamic": True}),
        ("dynamic=false", {}),
        ("seed=-7", {"seed": -7}),
        ('wait="code=500"', {}),
    ],
)
def test_a_header_is_read(prefer: str, wish: dict[str, Any]) -> None:
    assert wishes(prefer, b"__code=500") == wish


@pytest.mark.parametrize(
    ("query", "wish"),
    [
        (b"__code=404&a=1", {"code": 404}),
        (b"__example=a%20b&__seed=3", {"example": "a b", "seed": 3}),
        (b"__dynamic=true", {"dynamic": True}),
        (b"a__code=404", {}),
        (b"__codes=404", {}),
        (b"_code=404", {}),
        (b"", {}),
    ],
)
def test_without_a_header_the_query_is_read(query: bytes, wish: dict[str, Any]) -> None:
    assert wishes(None, query) == wish


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


def test_only_what_was_granted_is_told() -> None:
    wish = read('example="a b", code=404, seed=7', b"")
    assert applied(wish, ()) == 'code=404, example="a b", seed=7'
    assert applied(wish, ("seed", "dynamic")) == 'code=404, example="a b"'
    assert applied(wish, ("seed", "code", "example")) == ""
