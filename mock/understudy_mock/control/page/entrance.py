"""A control token goes in by a form; the cookie of a browser that may use the page comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy_mock.boundary import CONTROL_PREFIX
from understudy_mock.control.page.rendering import html, see_other
from understudy_mock.control.page.visits import address_of
from understudy_mock.control.signing_in import SIGN_IN, SIGN_OUT

if TYPE_CHECKING:
    from understudy_mock.control.signing_in import Token
    from understudy_mock.exchange import Answer, Exchange, Header


def sign_in(exchange: Exchange, headers: tuple[Header, ...] = (), *, wrong: bool = False, onward: str = "") -> Answer:
    """Ask for the token; who has come from elsewhere, and signed in before, only has to go on."""
    data = {"action": SIGN_IN, "onward": _own(onward or address_of(exchange)), "wrong": wrong}
    return html("sign_in.html", data, 401 if headers or wrong else 200, headers)


def signed_in(exchange: Exchange, token: Token | None, form: dict[str, str]) -> Answer:
    """Give the cookie to who knows the token."""
    onward = _own(form.get("onward", ""))
    if token is None:
        return see_other(onward)
    if not token.is_same(form.get("token", "").strip()):
        return sign_in(exchange, wrong=True, onward=onward)
    return see_other(onward, ((b"set-cookie", token.sign_in(exchange)),))


def signed_out(exchange: Exchange, token: Token | None) -> Answer:
    """Let the cookie be good no longer, and take it back; a link can't do that."""
    if token is None or exchange.method != "POST":
        return see_other(f"{CONTROL_PREFIX}/")
    return see_other(f"{CONTROL_PREFIX}/", ((b"set-cookie", token.sign_out(exchange)),))


def _own(place: str) -> str:
    """Let nobody be sent anywhere but below the control API."""
    is_own = place.startswith(f"{CONTROL_PREFIX}/") and place.isascii() and place.isprintable()
    return place if is_own and not place.startswith((SIGN_IN, SIGN_OUT)) else f"{CONTROL_PREFIX}/"
