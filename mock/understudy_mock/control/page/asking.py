"""What the page wants to know or do goes in as a request to the control API; its answer comes out.

The request goes through the API's own stages, so that the page can do nothing that the API does not allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from understudy_mock.boundary import CONTROL_PREFIX
from understudy_mock.exchange import MISSING, Exchange, RefusalError
from understudy_mock.media import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from understudy_mock.exchange import Fault

_ERROR = 400


class NotDoneError(Exception):
    """The control API refused; the text is for people."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


@dataclass(frozen=True)
class Api:
    """The control API, within the process."""

    app: Any
    scope: Mapping[str, Any]

    async def ask(
        self, method: str, path: tuple[str, ...], query: Mapping[str, Any] | None = None, body: Any = MISSING
    ) -> Any:
        """Ask; `path` is in segments, undecoded. Gives the answer's JSON, None without. Raises NotDoneError."""
        place = "/".join([CONTROL_PREFIX, *(quote(part, safe="") for part in path)])
        told = {name: value for name, value in (query or {}).items() if value is not None}
        content = b"" if body is MISSING else to_json(body)
        headers = [] if body is MISSING else [(b"content-type", b"application/json")]
        exchange = Exchange(method, place, urlencode(told).encode(), headers)
        inner = {
            **self.scope,
            "method": method,
            "path": place,
            "raw_path": place.encode(),
            "query_string": exchange.query,
            "headers": headers,
            "extensions": {},
            "understudy": exchange,
        }
        try:
            await self.app(inner, partial(_played, content), _unheard)
        except RefusalError as refusal:
            raise NotDoneError(refusal.statuses[0], _sentence(refusal.faults) or refusal.kind) from None
        return _read(exchange)

    async def get(self, *path: str, **query: Any) -> Any:
        """Ask for something."""
        return await self.ask("GET", path, query)


def _read(exchange: Exchange) -> Any:
    answer = exchange.answer
    if answer is None:
        raise NotDoneError(500, "The control API did not answer.")
    if answer.status >= _ERROR:
        raise NotDoneError(answer.status, answer.reason)
    return from_json(answer.body) if answer.body else None


async def _played(content: bytes) -> dict[str, Any]:
    return {"type": "http.request", "body": content, "more_body": False}


async def _unheard(_message: Any) -> None:
    """Take what no operation of the control API sends."""


def _sentence(faults: tuple[Fault, ...]) -> str:
    told = "; ".join(_told(fault) for fault in faults)
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def _told(fault: Fault) -> str:
    return fault.message if fault.location in ("control", "path") else f"{fault.name}: {fault.message}"
