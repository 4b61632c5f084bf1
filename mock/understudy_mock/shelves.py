"""The files of a site, and the path of a request, go in; the answer comes out: a file, a redirect, or the page for 404.

Nothing is looked up but whole paths, so no path leads out of the site.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from understudy_mock.exchange import Answer, Fault
from understudy_mock.preconditions import Standing, failed_condition
from understudy_mock.refusals import problem

if TYPE_CHECKING:
    from understudy_mock.exchange import Exchange, Header

_KINDS = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "wasm": "application/wasm",
    "woff2": "font/woff2",
    "xml": "application/xml",
    "yaml": "application/yaml",
}
_INDEX, _MISSING = "index.html", "404.html"
_COMMON: tuple[Header, ...] = ((b"cache-control", b"no-cache"), (b"x-content-type-options", b"nosniff"))


class Shelf(Protocol):
    """The files of a site. It is asked from threads, one question after another."""

    def find(self, path: str, origin: str) -> bytes | None:
        """Give the file at a path such as `en/index.html`; None if there is no such file.

        `origin` is how the client called us, as in `http://127.0.0.1:4010`.
        """


@dataclass(frozen=True)
class Wanted:
    """What a client asks for. `path` is decoded and counts from the site's root, without a slash before it."""

    path: str
    origin: str
    exchange: Exchange

    def file(self, name: str) -> Wanted:
        """Ask for another file in the same way."""
        return replace(self, path=name)


class Reading:
    """Answers from a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._lock = asyncio.Lock()

    async def answer(self, wanted: Wanted) -> Answer:
        """Answer GET or HEAD."""
        path = wanted.path
        name = path + _INDEX if not path or path.endswith("/") else path
        content = await self._find(wanted.file(name))
        if content is not None:
            return sent(content, kind(name), wanted.exchange)
        if name == path and await self._find(wanted.file(f"{path}/{_INDEX}")) is not None:
            return moved(quote(path.rpartition("/")[2]) + "/")
        return _missing(await self._find(wanted.file(_MISSING)))

    async def _find(self, wanted: Wanted) -> bytes | None:
        async with self._lock:
            return await asyncio.to_thread(self._shelf.find, wanted.path, wanted.origin)


def refused(exchange: Exchange) -> Answer | None:
    """Refuse any method but those that read (RFC 9110, 15.5.6)."""
    if exchange.method in ("GET", "HEAD"):
        return None
    fault = Fault("method", (), "method", f"the path knows GET, HEAD, not {exchange.method}")
    return problem(405, "no-method", (fault,), ((b"allow", b"GET, HEAD"),))


def sent(content: bytes, media_type: str, exchange: Exchange) -> Answer:
    """Send a file, unless the client has it already (RFC 9110, 13.1.2)."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers: tuple[Header, ...] = ((b"etag", etag.encode()), *_COMMON)
    if failed_condition(exchange, Standing(exists=True, tags=(etag,))) == "If-None-Match":
        return Answer(304, headers, b"", "unchanged")
    return Answer(200, ((b"content-type", media_type.encode()), *headers), content, "the documentation")


def moved(address: str) -> Answer:
    """Send the client to where a folder's page is, relative to where it asked (RFC 9110, 10.2.2)."""
    return Answer(308, ((b"location", address.encode()), *_COMMON), b"", "a folder ends with a slash")


def kind(name: str) -> str:
    """Tell the media type of a file by its name."""
    return _KINDS.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def _missing(page: bytes | None) -> Answer:
    media_type = kind(_MISSING if page is not None else "txt").encode()
    return Answer(404, ((b"content-type", media_type), *_COMMON), page or b"There is no such page.\n", "no such page")
