"""A control token goes in; who has it, in a header or in the cookie of one who signed in on the page, comes out.

A cookie is a random text of its own for each sign-in. What is kept of it, with what all sessions have in common, is a
digest that the token is part of. So all workers and replicas with one store know it, none can tell it, and it is good
no longer after signing out, after a week, or with another token; with sessions in memory, after the mock's end, too.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import TYPE_CHECKING

from understudy_mock.boundary import CONTROL_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy_mock.exchange import Exchange
    from understudy_mock.session import Session

COOKIE = "understudy-control"
SIGN_IN, SIGN_OUT = (f"{CONTROL_PREFIX}/page/sign-{way}" for way in ("in", "out"))
_OPEN = f"{CONTROL_PREFIX}/page/assets/"
_SAFE = ("GET", "HEAD")
_WEEK = 7 * 24 * 3600
_GROUP = "sign-ins"
"""Where in the document the sign-ins are: digest of the cookie → until when it is good, in seconds since the epoch."""
_MOST = 1000


class Token:
    """The token that a mock was started with, and who has signed in with it. What is secret is compared as digests."""

    def __init__(self, token: str, held: Session, now: Callable[[], float] = time.time) -> None:
        self._token, self._held, self._now = token.encode(), held, now

    def is_borne(self, exchange: Exchange) -> bool:
        """Tell whether a request carries it as a bearer token (RFC 6750, 2.1)."""
        kind, _, given = (exchange.header(b"authorization") or "").partition(" ")
        return kind.lower() == "bearer" and self.is_same(given.strip())

    def is_same(self, given: str) -> bool:
        """Tell whether somebody knows it."""
        return hmac.compare_digest(given.encode(), self._token)

    def is_signed_in(self, exchange: Exchange) -> bool:
        """Tell whether a request comes from a browser that has signed in, and not out."""
        held, now = self._held.document.group(_GROUP), self._now()
        return any(held.get(self._digest(value), 0) > now for value in cookies(exchange))

    def sign_in(self, exchange: Exchange) -> bytes:
        """Let a browser in from now on; gives the cookie by which it will be known."""
        value, now = secrets.token_urlsafe(32), self._now()
        document = self._held.document
        ends = sorted(document.group(_GROUP).items(), key=lambda item: item[1])
        for number, (digest, end) in enumerate(ends):
            if end <= now or len(ends) - number >= _MOST:
                document.drop(_GROUP, digest)
        document.put(_GROUP, self._digest(value), int(now) + _WEEK)
        return _cookie(exchange, value, _WEEK)

    def sign_out(self, exchange: Exchange) -> bytes:
        """Let its cookie be good no longer; gives one that takes it away from the browser."""
        for value in cookies(exchange):
            self._held.document.drop(_GROUP, self._digest(value))
        return _cookie(exchange, "", 0)

    def _digest(self, value: str) -> str:
        return hmac.new(self._token, value.encode(), hashlib.sha256).hexdigest()


def cookies(exchange: Exchange) -> Iterator[str]:
    """Yield the cookies by which a request may be known."""
    wanted = _name(exchange)
    for part in (exchange.header(b"cookie") or "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == wanted and value:
            yield value


def _name(exchange: Exchange) -> str:
    """Name the cookie by the port: browsers send all ports of a host the same ones (RFC 6265, section 8.5)."""
    port = (exchange.header(b"host") or "").rpartition(":")[2]
    return f"{COOKIE}-{port}" if port.isascii() and port.isdecimal() else COOKIE


def _cookie(exchange: Exchange, value: str, age: int) -> bytes:
    """Write a cookie that no script reads and no other page sends (RFC 6265bis: HttpOnly, SameSite)."""
    secure = "; Secure" if exchange.scheme == "https" else ""
    text = f"{_name(exchange)}={value}; Path={CONTROL_PREFIX}; Max-Age={age}; HttpOnly; SameSite=Strict{secure}"
    return text.encode("ascii")


def is_open(exchange: Exchange) -> bool:
    """Tell whether a request is for what one needs before signing in."""
    return exchange.path == SIGN_IN or (exchange.method in _SAFE and exchange.path.startswith(_OPEN))


def is_foreign(exchange: Exchange) -> bool:
    """Tell whether a browser says that a page of another origin sent the request (Fetch standard; Fetch Metadata)."""
    origin, host = exchange.header(b"origin"), exchange.header(b"host") or "localhost"
    if origin is not None and origin.partition("://")[2].lower() != host.lower():
        return True
    site = exchange.header(b"sec-fetch-site")
    return exchange.method not in _SAFE and site not in (None, "same-origin", "none")


def is_own(exchange: Exchange) -> bool:
    """Tell whether a browser vouches that a page of this origin sent the request, as all do that send forms."""
    told = exchange.header(b"origin") is not None or exchange.header(b"sec-fetch-site") in ("same-origin", "none")
    return told and not is_foreign(exchange)


def needs_proof(exchange: Exchange) -> bool:
    """Tell whether a request changes anything, so that a cookie alone is not enough."""
    return exchange.method not in _SAFE
