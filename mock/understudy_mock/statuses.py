"""The key of a declared response, or a status, goes in; whether it can end a request comes out (RFC 9110, 15)."""

from __future__ import annotations

import re

LEAST_FINAL = 200
"""Below are interim responses, which only come before an answer (RFC 9110, 15.2)."""

_FINAL = re.compile(r"[2-9][0-9]{2}|[2-5](XX|xx)|default")


def is_final(key: str) -> bool:
    """Tell whether a key of the Responses Object declares an answer: `404`, `4XX` or `default`, but not `101`."""
    return _FINAL.fullmatch(key) is not None
