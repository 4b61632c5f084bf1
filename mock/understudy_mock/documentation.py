"""Requests for what a mock says of itself go in: its documentation at `/__docs/`, and its contracts as `/openapi.json`.

The pages are a shelf's, which whoever starts the mock hands in: the mock knows no more of them than paths and bytes. It
is filled when somebody asks for the first time, and again when other contracts are served. Nothing of this is written
into the journal. A contract that has one of these paths itself, written out, answers there.
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from understudy_mock.boundary import open_exchange, preflight, send_answer
from understudy_mock.exchange import Answer, Fault
from understudy_mock.media import to_json
from understudy_mock.own_description import described
from understudy_mock.refusals import problem
from understudy_mock.shelves import Reading, Wanted, moved, refused, sent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy_mock.exchange import Exchange
    from understudy_mock.mounting import Mount
    from understudy_mock.runtime import Runtime
    from understudy_mock.shelves import Shelf

PREFIX = "/__docs"

logger = logging.getLogger("understudy")

_JSON = "application/json"
_NAMES = {"/openapi.json": _JSON, "/openapi.yaml": "application/yaml"}
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")
_MOST_DESCRIPTIONS = 16

Library: TypeAlias = "Callable[[tuple[Mount, ...]], Shelf]"
"""Fills a shelf for the contracts that are mounted; called in a thread."""


def is_page(path: str) -> bool:
    """Tell whether a path is one of the documentation's."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


@dataclass(frozen=True)
class _Place:
    """Where one form of the description of one contract is found; several share one address where `mount` is None."""

    form: str
    mount: Mount | None


@dataclass
class _Served:
    """What there is to tell as long as the same contracts are mounted."""

    mounts: tuple[Mount, ...]
    places: dict[str, _Place]
    has_pages: bool
    reading: Reading | None = None
    descriptions: dict[tuple[str, str], bytes] = field(default_factory=dict)


class Documentation:
    """What one mock says of itself; without a library it has no pages."""

    def __init__(self, runtime: Runtime, library: Library | None = None) -> None:
        self._runtime, self._library = runtime, library
        self._now = self._adopted()
        self._lock = asyncio.Lock()

    def takes(self, path: str) -> bool:
        """Tell whether a request to a path is answered here."""
        if self._now.mounts is not self._runtime.mounts:
            self._now = self._adopted()
        if self._now.has_pages and is_page(path):
            return True
        return path in self._now.places

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one ASGI connection whose path is one of these."""
        del receive
        exchange = open_exchange(scope)
        await send_answer(await self._answer(exchange, scope), exchange, send)

    async def _answer(self, exchange: Exchange, scope: Any) -> Answer:
        if exchange.method == "OPTIONS" and exchange.header(b"access-control-request-method"):
            return preflight(exchange)
        if (answer := refused(exchange)) is not None:
            return answer
        path, now = scope["path"], self._now
        try:
            if path in now.places:
                return await self._description(now, path, exchange, scope)
            if path == PREFIX:
                return moved(f"{PREFIX.removeprefix('/')}/")
            reading = await self._reading(now)
            return await reading.answer(Wanted(path.removeprefix(f"{PREFIX}/"), _origin(exchange, scope), exchange))
        except Exception as error:  # noqa: BLE001 - whatever a contract brings about, the mock goes on
            return _broken(path, error)

    async def _reading(self, now: _Served) -> Reading:
        """Fill the shelf if nobody has asked before."""
        async with self._lock:
            if now.reading is None:
                if self._library is None:
                    raise TypeError("there are no pages")
                now.reading = Reading(await asyncio.to_thread(self._library, now.mounts))
            return now.reading

    async def _description(self, now: _Served, path: str, exchange: Exchange, scope: Any) -> Answer:
        place, origin = now.places[path], _origin(exchange, scope)
        if place.mount is None:
            return _several(path, [f"{origin}{one}" for one, other in now.places.items() if other.mount is not None])
        key = (path, origin)
        content = now.descriptions.get(key)
        if content is None:
            content = await asyncio.to_thread(_written, described(place.mount, origin), place.form)
            if len(now.descriptions) >= _MOST_DESCRIPTIONS:  # a client may call us by any name
                now.descriptions.clear()
            now.descriptions[key] = content
        return sent(content, place.form, exchange)

    def _adopted(self) -> _Served:
        mounts = self._runtime.mounts
        own = set(_own_paths(mounts))
        places = {path: place for path, place in _places(mounts) if path not in own}
        is_free = not any(map(is_page, own))
        return _Served(mounts, places, has_pages=self._library is not None and is_free)


def _own_paths(mounts: tuple[Mount, ...]) -> Iterator[str]:
    for mount in mounts:
        for entry in mount.compiled.operations.values():
            for prefix in mount.prefixes:
                yield prefix + entry.operation.path


def _places(mounts: tuple[Mount, ...]) -> Iterator[tuple[str, _Place]]:
    for name, form in _NAMES.items():
        yield name, _Place(form, mounts[0] if len(mounts) == 1 else None)
        for mount in mounts:
            yield f"/{mount.compiled.name}{name}", _Place(form, mount)


def _written(document: dict[str, Any], form: str) -> bytes:
    if form == _JSON:
        return to_json(document)
    from understudy.contract.writing import to_yaml

    return to_yaml(document).encode()


def _origin(exchange: Exchange, scope: Any) -> str:
    """Say what the client called us by, or where we listen if that is no host (RFC 9110, 7.2)."""
    host = exchange.header(b"host") or ""
    if not _HOST.fullmatch(host):
        name, port = scope.get("server") or ("localhost", None)
        host = f"{name}:{port}" if port else "localhost"
    return f"{exchange.scheme}://{host}"


def _several(path: str, addresses: list[str]) -> Answer:
    listed = ", ".join(address for address in addresses if address.endswith(path))
    fault = Fault("path", (), "several", f"this mock serves several contracts; their descriptions are {listed}")
    return problem(404, "several", (fault,))


def _broken(path: str, error: Exception) -> Answer:
    """Answer for a fault of ours, without any detail of the machine."""
    logger.error("the documentation has no answer to %s", path, exc_info=error)
    fault = Fault("mock", (), "internal", "the documentation failed on this request; the mock's log has the details")
    return problem(500, "internal", (fault,))
