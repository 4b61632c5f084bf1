"""A `Prefer` header or `__…` in the query go in; what Prism makes of them comes out. Raises PrismError with 422."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from understudy_mock.prism.errors import PrismError
from understudy_mock.statuses import LEAST_FINAL

if TYPE_CHECKING:
    from understudy_mock.exchange import Exchange
    from understudy_mock.settings import Settings

_PAIR = re.compile(r'([A-Za-z_]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,;]+)')
_CODE = re.compile(r"[0-9]{3}")


@dataclass(frozen=True)
class PrismWish:
    """What a client asks for; `server` is the URL of a server entry."""

    code: int | None = None
    example: str | None = None
    dynamic: bool = False
    seed: str = ""
    server: str | None = None


def read(exchange: Exchange, settings: Settings) -> PrismWish:
    """Read the wishes; with a `Prefer` header, whatever it says, the query is not looked at for the four.

    The settings say what is wished for where nobody does.
    """
    query = {name: found[0] for name, found in parse_qs(exchange.query.decode("latin-1")).items()}
    prefer = exchange.header(b"prefer")
    if prefer is None:
        given = {name[2:]: value for name, value in query.items() if name.startswith("__")}
    else:
        given = {name.lower(): value.strip('"') for name, value in _PAIR.findall(prefer)}
    code, dynamic = given.get("code"), given.get("dynamic")
    if code is not None and not _CODE.fullmatch(code):
        raise _undecodable("code", code, "number")
    if dynamic not in (None, "true", "false"):
        raise _undecodable("dynamic", str(dynamic), "boolean")
    if code is not None and int(code) < LEAST_FINAL:
        raise PrismError("UNPROCESSABLE_ENTITY", f"{code} is an interim status, which ends no request (RFC 9110, 15.2)")
    return PrismWish(
        code=int(code) if code else None,
        example=given.get("example"),
        dynamic=settings.dynamic if dynamic is None else dynamic == "true",
        seed=given.get("seed", ""),
        server=query.get("__server"),
    )


def _undecodable(name: str, value: str, wanted: str) -> PrismError:
    detail = f'optional property "{name}"\n└─ cannot decode "{value}", should be a {wanted}'
    return PrismError("UNPROCESSABLE_ENTITY", detail)
