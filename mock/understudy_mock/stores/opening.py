"""The URL of a store goes in; the store comes out, or None where each process is to remember by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from understudy.errors import UsageError

if TYPE_CHECKING:
    from understudy_mock.stores.store import Store

MEMORY = "memory://"
DEFAULT_PREFIX = "understudy"

_REDIS = ("redis", "rediss", "unix")
_KNOWN = "Name one of memory://, sqlite:///FILE, redis://HOST:PORT/NUMBER, rediss://…, unix://SOCKET."
_PREFIX = re.compile(r"[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True)
class Place:
    """Where sessions are kept, under which prefix on a server, and how many seconds without use (None: for ever)."""

    url: str = MEMORY
    prefix: str | None = None
    lifetime: float | None = None


def open_store(place: Place) -> Store | None:
    """Open a store. Raises UsageError for a URL that names none, EnvironmentFailedError for a file that can't be one.

    A server is not asked for anything yet: it may come later.
    """
    scheme = _scheme(place.url)
    if scheme == "memory":
        if place.url.lower() != MEMORY:
            raise UsageError("memory:// takes nothing more.", _KNOWN)
        return None
    if scheme == "sqlite":
        return _sqlite(place)
    if scheme in _REDIS:
        return _redis(place)
    raise UsageError(f"There is no store `{shown(place.url)}`.", _KNOWN)


def apart(place: Place, name: str) -> Place:
    """Tell where a store of another name is, beside this one: another file, or another prefix. Raises UsageError."""
    if _scheme(place.url) == "sqlite":
        _file(place.url)
        return replace(place, url=f"{place.url}.{name}")
    if _scheme(place.url) in _REDIS:
        return replace(place, prefix=f"{_prefix(place, _query(place.url))}-{name}")
    return place


def _scheme(url: str) -> str:
    return url.partition("://")[0].lower() if "://" in url else ""


def shown(url: str) -> str:
    """Write a URL without its password."""
    return re.sub(r"(://[^:@/?#]*):[^@/]*@", r"\1:…@", url)


def _sqlite(place: Place) -> Store:
    from understudy_mock.stores.sqlite import SqliteStore

    return SqliteStore(_file(place.url), place.lifetime)


def _file(url: str) -> Path:
    host, _, name = url[len("sqlite://") :].partition("/")
    name, _, query = name.partition("?")
    if host or not name or query or name == ":memory:":
        remedy = "Write sqlite:///file.db, or with four slashes sqlite:////a/path/file.db; nothing else belongs there."
        raise UsageError(f"`{url}` names no file.", remedy)
    return Path(unquote(name))


def _redis(place: Place) -> Store:
    parts = urlsplit(place.url)
    query = _query(place.url)
    prefix = _prefix(place, query)
    if not _PREFIX.fullmatch(prefix):
        raise UsageError(f"`{prefix}` can't be a prefix.", "Take up to 100 letters, digits, points, - and _.")
    rest = urlencode([pair for pair in query if pair[0] != "prefix"])
    url = urlunsplit(parts._replace(query=rest))
    if parts.scheme == "unix" and not url.startswith("unix://"):  # urlunsplit drops an empty host
        url = f"unix://{url.removeprefix('unix:')}"
    from understudy_mock.stores.redis import RedisStore

    try:
        _ = parts.port  # raises for what is no port
        return RedisStore(url, prefix, place.lifetime)
    except (ValueError, TypeError) as error:
        reason = str(error).rpartition("() ")[2]
        raise UsageError(f"`{shown(place.url)}` can't be used: {reason}.", _KNOWN) from None


def _query(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


def _prefix(place: Place, query: list[tuple[str, str]]) -> str:
    named = [value for name, value in query if name == "prefix"]
    return place.prefix or (named[0] if named else DEFAULT_PREFIX)
