"""Credentials of a request go in; what Prism finds wrong with them comes out: it looks at presence and shape only."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Any

from understudy_mock.credentials import MalformedCredentialError, extractor, http_scheme

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange

_CHALLENGES = {"basic": 'Basic realm="*"', "bearer": "Bearer", "digest": 'Digest realm="*", nonce="abc123"'}
_OF_KIND = {"oauth2": "OAuth2", "openIdConnect": "OpenID"}


def challenge(entry: CompiledOperation, exchange: Exchange) -> str | None:
    """Check the alternatives; None if one is fulfilled, else the challenges of what is missing, perhaps none."""
    operation, contract = entry.operation, entry.contract.contract
    if not operation.security or not any(operation.security):
        return None
    challenges: list[str] = []
    for wanted in operation.security:
        values = [contract.follow(("components", "securitySchemes", name)).value for name in wanted]
        found = [_fault(value, exchange) for value in values if isinstance(value, dict)]
        if not wanted and exchange.header(b"authorization") is not None:
            found = ["None"]  # who sends a credential although none is needed is held to it
        if not any(text is not None for text in found):
            return None
        challenges += [text for text in found if text]
    return ",".join(dict.fromkeys(challenges))


def _fault(value: dict[str, Any], exchange: Exchange) -> str | None:
    """Give None for a credential of the right shape, its challenge if there is none, an empty text if it is wrong."""
    extract = extractor(value)
    if extract is None:
        return None
    if value.get("type") == "apiKey":
        return None if extract(exchange) else ""
    kind, header = http_scheme(value), exchange.header(b"authorization") or ""
    name, _, rest = header.partition(" ")
    if not header or not _is_of(kind, name, rest):
        return _OF_KIND.get(str(value.get("type")), _CHALLENGES.get(kind, ""))
    if kind == "bearer":
        return None
    if kind == "basic":
        return None if _is_pair(rest.strip()) else ""
    try:
        extract(exchange)
    except MalformedCredentialError:
        return ""
    return None


def _is_of(kind: str, name: str, rest: str) -> bool:
    """Tell whether a credential is of a kind; `Bearer` has to be written so, and to be followed by something."""
    return name == "Bearer" and bool(rest.strip()) if kind == "bearer" else name.lower() == kind


def _is_pair(text: str) -> bool:
    try:
        return re.fullmatch(r"[^:]+:.+", base64.b64decode(text, validate=True).decode("utf-8")) is not None
    except (binascii.Error, ValueError):
        return False
