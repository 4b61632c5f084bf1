"""A request for a page goes in; what it asks for by path, query and form, and whose session it is about, come out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from understudy_mock.boundary import CONTROL_PREFIX, read_body
from understudy_mock.control.page.asking import NotDoneError
from understudy_mock.control.page.rendering import html, see_other
from understudy_mock.control.signing_in import is_own
from understudy_mock.media import bare
from understudy_mock.preferences import SESSION
from understudy_mock.sessions import DEFAULT

if TYPE_CHECKING:
    from understudy_mock.control.page.asking import Api
    from understudy_mock.exchange import Answer, Exchange
    from understudy_mock.runtime import Runtime

_FORM = "application/x-www-form-urlencoded"
_LARGEST = 1024 * 1024
_MOST_FIELDS = 50
_DIGITS = 6
_SHOWN_SESSIONS = 200

DONE = {
    "applied": "In force from the next request on.",
    "undone": "Taken back.",
    "playing": "The scenario has begun.",
    "left": "No scenario is played any more.",
    "added": "Added.",
    "saved": "Saved.",
    "deleted": "Deleted.",
    "reset": "The session is as it was when it began.",
    "reset-all": "All sessions are as they were when they began, and faults as at the start.",
    "begun": "The session has begun.",
    "ended": "The session has ended.",
    "cleared": "The journal is empty.",
    "recounted": "Counting begins anew.",
}
"""What is said after something was done, by the word that stands in the address."""


@dataclass(frozen=True)
class Visit:
    """One request for a page. `values` are those of the path's templates."""

    api: Api
    mock: Runtime
    exchange: Exchange
    values: tuple[str, ...]
    is_token_wanted: bool
    form: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)

    @property
    def named_session(self) -> str | None:
        """The session that the visitor chose; None where none was, or where it can't be one."""
        name = self.form.get("session") or self.query.get("session")
        return name if name and SESSION.fullmatch(name) else None

    @property
    def session(self) -> str:
        """The session that the page is about."""
        return self.named_session or DEFAULT

    def address(self, path: str, **query: Any) -> str:
        """Write the address of another page, about the same session."""
        told = {"session": self.named_session, **query}
        pairs = urlencode({name: value for name, value in told.items() if value not in (None, "")})
        return f"{CONTROL_PREFIX}/{path}" + (f"?{pairs}" if pairs else "")

    @property
    def page(self) -> int:
        """Which page of a long list is wanted, counted from 1."""
        text = self.query.get("page", "1")
        return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else 1

    @property
    def stands(self) -> str:
        """The address of this page, to which a form comes back."""
        return address_of(self.exchange)

    async def show(self, template: str, *, status: int = 200, problem: str = "", **data: Any) -> Answer:
        """Show a page, in the frame that all have."""
        sessions = (await self.api.get("sessions"))["sessions"][-_SHOWN_SESSIONS:]
        names = sorted({DEFAULT, self.session, *(one["name"] for one in sessions)})
        frame = {
            "visit": self,
            "session": self.session,
            "sessions": names,
            "contracts": [mount.compiled.name for mount in self.mock.mounts],
            "done": DONE.get(self.query.get("done", ""), ""),
            "problem": problem,
        }
        return html(template, {**frame, **data}, status)

    def back(self, done: str, path: str, **query: Any) -> Answer:
        """Send the browser to a page that says what was done; to where the form stood, if it says so."""
        stood = self.form.get("back", "")
        if not stood.startswith(f"{CONTROL_PREFIX}/") or not stood.isascii() or not stood.isprintable():
            return see_other(self.address(path, **query, done=done))
        place = urlsplit(stood)
        pairs = [pair for pair in parse_qsl(place.query) if pair[0] != "done"]
        return see_other(f"{place.path}?{urlencode([*pairs, ('done', done)])}")


def address_of(exchange: Exchange) -> str:
    """Write the path and query of a page that is looked at; nothing where something was to be done."""
    if exchange.method not in ("GET", "HEAD"):
        return ""
    query = exchange.query.decode("latin-1")
    return exchange.path + (f"?{query}" if query else "")


async def form_of(exchange: Exchange, receive: Any) -> dict[str, str]:
    """Read the form that a page of ours has sent. Raises NotDoneError for any other, RefusalError if it is large."""
    if not is_own(exchange):
        raise NotDoneError(403, "Only a form on this page may do that.")
    if bare(exchange.header(b"content-type") or "") != _FORM:
        raise NotDoneError(415, f"A form is sent as {_FORM}.")
    content, _ = await read_body(exchange, receive, _LARGEST)
    try:
        return dict(parse_qsl(content.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise NotDoneError(400, "The form can't be read.") from None
