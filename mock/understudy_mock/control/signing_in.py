"""A control token goes in; who has it, in a header or in the cookie of one who signed in on the page, comes out."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from understudy_mock.boundary import CONTROL_PREFIX

if TYPE_CHECKING:
    from understudy_mock.exchange import Exchange

COOKIE = "understudy-control"
SIGN_IN, SIGN_OUT = (f"{CONTROL_PREFIX}/page/sign-{way}" for way in ("in", "out"))
_OPEN = f"{CONTROL_PREFIX}/page/assets/"
_SAFE = ("GET", "HEAD")
_WEEK = 7 * 24 * 3600


class Token:
    """The token that a mock was started with. What is compared is compared in constant time."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        self._proof = hmac.new(self._token, b"control page", hashlib.sha256).hexdigest()

    def is_borne(self, exchange: Exchange) -> bool:
        """Tell whether a request carries it as a bearer token (RFC 6750, 2.1)."""
        kind, _, given = (exchange.header(b"authorization") or "").partition(" ")
        return kind.lower() == "bearer" and self.is_same(given.strip())

    def is_same(self, given: str) -> bool:
        """Tell whether somebody knows it."""
        return hmac.compare_digest(given.encode(), self._token)

    def is_signed_in(self, exchange: Exchange) -> bool:
        """Tell whether a request comes from a browser that has signed in; its cookie does not tell the token."""
        held = [part.strip().partition("=") for part in (exchange.header(b"cookie") or "").split(";")]
        proofs = [value for name, _, value in held if name == COOKIE]
        return any(hmac.compare_digest(proof.encode(), self._proof.encode()) for proof in proofs)

    def cookie(self, scheme: str, *, is_kept: bool = True) -> bytes:
        """Write the cookie of one who signs in, or out (RFC 6265bis: HttpOnly, SameSite)."""
        value, age = (self._proof, _WEEK) if is_kept else ("", 0)
        secure = "; Secure" if scheme == "https" else ""
        text = f"{COOKIE}={value}; Path={CONTROL_PREFIX}; Max-Age={age}; HttpOnly; SameSite=Strict{secure}"
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
