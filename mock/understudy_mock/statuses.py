"""The key of a declared response, or a status, goes in; its name, and whether it can end a request, come out."""

from __future__ import annotations

import re
from http import HTTPStatus

LEAST_FINAL = 200
"""Below are interim responses, which only come before an answer (RFC 9110, 15.2)."""

_FINAL = re.compile(r"[2-9][0-9]{2}|[2-5](XX|xx)|default")


_RENAMED = {413: "Content Too Large", 414: "URI Too Long", 416: "Range Not Satisfiable", 422: "Unprocessable Content"}
"""What RFC 9110 calls what had other names before, which older versions of Python go on to use."""


def phrase(status: int, unknown: str = "") -> str:
    """Name a status as RFC 9110, section 15, does; `unknown` is said of one that nobody has registered."""
    try:
        return _RENAMED.get(status) or HTTPStatus(status).phrase
    except ValueError:
        return unknown


def is_final(key: str) -> bool:
    """Tell whether a key of the Responses Object declares an answer: `404`, `4XX` or `default`, but not `101`."""
    return _FINAL.fullmatch(key) is not None
