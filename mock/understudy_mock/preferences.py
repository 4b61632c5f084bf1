"""What a client asks the mock for besides the API's own request: RFC 7240 `Prefer`, or `__…` in the query.

`code=404`, `example=name`, `dynamic=true` and `seed=7` mean what they mean in Prism, so clients move over unchanged;
`session=name` is ours.
The query forms are looked at only when there is no `Prefer` header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

KNOWN = ("code", "example", "dynamic", "seed", "session")

_PREFERENCE = re.compile(r'\s*([A-Za-z0-9_!#$%&\'*+.^`|~-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s,;"]*))?\s*(?:;[^,]*)?')
_SESSION = re.compile(r"[A-Za-z0-9._-]{1,100}")
_CODE = re.compile(r"[1-5][0-9]{2}")


class MalformedWishError(ValueError):
    """A wish that can't be read; the message names it and its permitted values."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The wishes of one request; None means not expressed."""

    code: int | None = None
    example: str | None = None
    dynamic: bool = False
    seed: int | None = None
    session: str | None = None
    applied: str = ""


NO_WISH = Wish()


def read(prefer: str | None, query: bytes) -> Wish:
    """Read the wishes of a request. Raises MalformedWishError."""
    if prefer is not None:
        wishes = _parse(prefer)
    elif b"__" in query:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        wishes = {name[2:]: value for name, value in pairs if name.startswith("__") and name[2:] in KNOWN}
    else:
        return NO_WISH
    if not wishes:
        return NO_WISH
    return Wish(
        code=_code(wishes.get("code")),
        example=_example(wishes.get("example")),
        dynamic=_dynamic(wishes.get("dynamic")),
        seed=_seed(wishes.get("seed")),
        session=_session(wishes.get("session")),
        applied=", ".join(f"{name}={wishes[name]}" for name in KNOWN if name in wishes),
    )


def _parse(prefer: str) -> dict[str, str]:
    """Read the preferences we know; others are ignored, and of equal ones the first counts (RFC 7240, section 2)."""
    wishes: dict[str, str] = {}
    for match in _PREFERENCE.finditer(prefer):
        name, value = match.group(1).lower(), match.group(2) or ""
        if name in KNOWN:
            wishes.setdefault(name, re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value)
    return wishes


def _code(value: str | None) -> int | None:
    if value is None:
        return None
    if not _CODE.fullmatch(value):
        raise MalformedWishError(f"code={value!r}: a status from 100 to 599 is wanted")
    return int(value)


def _example(value: str | None) -> str | None:
    if value == "" or (value and not value.isprintable()):
        raise MalformedWishError("example: the name of an example is wanted")
    return value


def _session(value: str | None) -> str | None:
    if value is not None and not _SESSION.fullmatch(value):
        raise MalformedWishError("session: up to 100 letters, digits, points, hyphens and underscores are wanted")
    return value


def _dynamic(value: str | None) -> bool:
    if value not in (None, "true", "false"):
        raise MalformedWishError(f"dynamic={value!r}: true or false is wanted")
    return value == "true"


def _seed(value: str | None) -> int | None:
    if value is None:
        return None
    if not re.fullmatch(r"-?[0-9]{1,18}", value):
        raise MalformedWishError(f"seed={value!r}: a whole number is wanted")
    return int(value)
