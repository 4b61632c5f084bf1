"""A template's name and what it shows go in; an answer that a browser can show, and nothing beyond it, comes out.

The one door to jinja2 in the mock. Whatever is shown is untrusted text, and escaped.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from understudy_mock.boundary import CONTROL_PREFIX
from understudy_mock.exchange import Answer
from understudy_mock.media import MalformedError, from_json, indented
from understudy_mock.statuses import phrase

if TYPE_CHECKING:
    from understudy_mock.exchange import Header

_HERE = Path(__file__).parent
_ASSETS = {
    "page.css": b"text/css; charset=utf-8",
    "page.js": b"text/javascript; charset=utf-8",
    "mark.svg": b"image/svg+xml",
}
_POLICY = (
    b"default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    b"connect-src 'self'"
)
_SAFE = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_KILO = 10_000
_REASON = "the control page"


def html(template: str, data: dict[str, Any], status: int = 200, headers: tuple[Header, ...] = ()) -> Answer:
    """Show a page."""
    text = _environment().get_template(template).render(data)
    kind = (b"content-type", b"text/html; charset=utf-8")
    return Answer(status, (kind, *_SAFE, (b"cache-control", b"no-store"), *headers), text.encode(), _REASON)


def see_other(location: str, headers: tuple[Header, ...] = ()) -> Answer:
    """Send a browser on with a GET (RFC 9110, 15.4.4)."""
    return Answer(303, ((b"location", location.encode("ascii")), *_SAFE, *headers), b"", _REASON)


def asset(name: str) -> Answer | None:
    """Give a file that pages need; None if there is no such file. Its address changes with its content."""
    if name not in _ASSETS:
        return None
    kept = (b"cache-control", b"max-age=31536000, immutable")
    return Answer(200, ((b"content-type", _ASSETS[name]), *_SAFE, kept), _content(name), _REASON)


@cache
def _content(name: str) -> bytes:
    return (_HERE / "assets" / name).read_bytes()


@cache
def _asset_address(name: str) -> str:
    return f"{CONTROL_PREFIX}/page/assets/{name}?{hashlib.sha256(_content(name)).hexdigest()[:12]}"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"asset": _asset_address, "home": f"{CONTROL_PREFIX}/", "below": f"{CONTROL_PREFIX}/page"}
    made.filters |= {
        "pretty": indented,
        "segment": lambda text: quote(str(text), safe=""),
        "query": lambda pairs: urlencode({name: value for name, value in pairs.items() if value not in (None, "")}),
        "clock": lambda instant: str(instant)[11:23],
        "family": lambda status: f"s{int(status) // 100}",
        "phrase": lambda status: phrase(int(status)),
        "size": _size,
    }
    return made


def prettied(text: str) -> str:
    """Write a text that is JSON for people; any other stays as it is."""
    try:
        return indented(from_json(text.encode()))
    except MalformedError:
        return text


def _size(count: int) -> str:
    return f"{count:,} bytes" if count < _KILO else f"{count / 1000:,.0f} kB"
