"""What Prism says when it can't answer: problem details under its own error URIs."""

from __future__ import annotations

from typing import Any

from understudy_mock.exchange import Answer
from understudy_mock.media import to_json

_BASE = "https://stoplight.io/prism/errors#"

_UNFOUND = "so Prism is generating this error for you."
TITLES: dict[str, tuple[int, str]] = {
    "NO_PATH_MATCHED_ERROR": (404, "Route not resolved, no path matched"),
    "NO_METHOD_MATCHED_ERROR": (405, "Route resolved, but no method matched"),
    "NO_SERVER_MATCHED_ERROR": (404, "Route not resolved, no server matched"),
    "NO_SERVER_CONFIGURATION_PROVIDED_ERROR": (404, "Route not resolved, no server configuration provided"),
    "NO_RESPONSE_RESPONSE_DEFINED": (500, "No response defined for the selected operation"),
    "NOT_FOUND": (404, "The server cannot find the requested content"),
    "NOT_ACCEPTABLE": (406, "The server cannot produce a representation for your accept header"),
    "NO_COMPLEX_OBJECT_TEXT": (500, "Cannot serialise complex objects as text"),
    "SCHEMA_TOO_COMPLEX": (500, "Schema too complex"),
    "UNPROCESSABLE_ENTITY": (422, "Invalid request"),
    "INVALID_CONTENT_TYPE": (415, "Invalid content type"),
    "UNAUTHORIZED": (401, "Invalid security scheme used"),
    "VIOLATIONS": (500, "Request/Response not valid"),
}
"""Type → status and title."""
INVALID = f"Your request is not valid and no HTTP validation response was found in the spec, {_UNFOUND}"
UNAUTHORIZED = (
    "Your request does not fullfil the security requirements and no HTTP unauthorized response was found in the spec, "
    + _UNFOUND
)
VIOLATED = f"Your request/response is not valid and the --errors flag is set, {_UNFOUND}"


class PrismError(Exception):
    """Ends a request with one of Prism's errors; `more` are further members of the problem."""

    def __init__(self, kind: str, detail: str = "", *, title: str = "", **more: Any) -> None:
        super().__init__(kind)
        self.kind, self.detail, self.more = kind, detail, more
        self.status, usual = TITLES.get(kind, (500, ""))
        self.title = title or usual

    def __str__(self) -> str:
        return f"{_BASE}{self.kind}: {self.title}"

    def answer(self) -> Answer:
        """Write the problem."""
        body = {"type": _BASE + self.kind, "title": self.title, "status": self.status, "detail": self.detail}
        headers = [(b"content-type", b"application/problem+json")]
        headers += [(name.lower().encode(), value.encode()) for name, value in self.more.get("headers", {}).items()]
        return Answer(self.status, tuple(headers), to_json({**body, **self.more}), f"prism: {self.kind}")


def unknown(title: str) -> PrismError:
    """Make the error for what Prism did not foresee."""
    return PrismError("UNKNOWN", title=title)
