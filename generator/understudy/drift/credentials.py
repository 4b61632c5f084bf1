"""A contract and a credential go in; the request headers that carry it come out (OpenAPI, Security Scheme Object)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from understudy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract


def credential_headers(contract: Contract, credential: str) -> dict[str, str]:
    """Put a credential where every scheme of the contract looks for it; for HTTP Basic it is `user:password`.

    A contract without schemes gets `Authorization: Bearer`. Raises UsageError if all schemes look elsewhere than in
    headers.
    """
    schemes = contract.document.get("components", {}).get("securitySchemes")
    if not isinstance(schemes, dict) or not schemes:
        return {"Authorization": f"Bearer {credential}"}
    placed = [contract.follow(("components", "securitySchemes", name)).value for name in schemes]
    headers = dict(header for scheme in placed for header in _headers(scheme, credential))
    if not headers:
        message = f"No security scheme of {contract.name} takes its credential from a header."
        raise UsageError(message, "Leave --auth-token out and send what the server needs with --header.")
    return headers


def _headers(scheme: Any, credential: str) -> Iterator[tuple[str, str]]:
    match scheme:
        case {"type": "apiKey", "in": "header", "name": str(name)}:
            yield name, credential
        case {"type": "apiKey", "in": "cookie", "name": str(name)}:
            yield "Cookie", f"{name}={credential}"
        case {"type": "http", "scheme": str(kind)} if kind.lower() == "basic":
            yield "Authorization", f"Basic {base64.b64encode(credential.encode()).decode()}"
        case {"type": "http" | "oauth2" | "openIdConnect"}:
            yield "Authorization", f"Bearer {credential}"
