"""An operation and the credentials that the mock takes go in; what a request carries so as to pass comes out."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from understudy.contract.model import Operation
    from understudy.publish.edition import Edition


@dataclass
class Carried:
    """What of a request shows who sends it."""

    query: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)


def is_guarded(operation: Operation) -> bool:
    """Tell whether an operation wants a credential."""
    return bool(operation.security) and all(operation.security)


def security_schemes(edition: Edition) -> dict[str, tuple[Any, dict[str, Any]]]:
    """List the security schemes with their places."""
    components = edition.contract.document.get("components")
    declared = components.get("securitySchemes") if isinstance(components, dict) else None
    found = {}
    for name in declared if isinstance(declared, dict) else ():
        placed = edition.contract.follow(("components", "securitySchemes", name))
        if isinstance(placed.value, dict):
            found[str(name)] = (placed.tokens, placed.value)
    return found


def carried(edition: Edition, operation: Operation) -> Carried:
    """Show the mock a credential for each scheme of the first alternative it knows (OpenAPI, Security Requirement)."""
    if not is_guarded(operation):
        return Carried()
    known, schemes = edition.stand_in.credentials, security_schemes(edition)
    names = next((one for one in operation.security if all(name in known and name in schemes for name in one)), None)
    if names is None:
        return Carried(headers=dict(edition.stand_in.headers))
    made = Carried()
    for name in names:
        _carry(made, schemes[name][1], known[name])
    return made


def _carry(made: Carried, scheme: dict[str, Any], credential: str) -> None:
    """Put a credential where its scheme wants it (OpenAPI, Security Scheme Object)."""
    name = str(scheme.get("name"))
    match str(scheme.get("type")), str(scheme.get("in")):
        case "apiKey", "query":
            made.query.append((name, credential))
        case "apiKey", "cookie":
            made.cookies.append(f"{name}={quote(credential)}")
        case "apiKey", _:
            made.headers[name] = credential
        case kind, _:
            way = str(scheme.get("scheme", "")).lower() if kind == "http" else "bearer"
            made.headers["Authorization"] = _authorization(way, credential)


def _authorization(way: str, credential: str) -> str:
    """Write the field of RFC 9110, 11.6.2; the mock takes any answer to a digest's challenge that has its secret."""
    if way == "basic":
        pair = credential if ":" in credential else f"user:{credential}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"
    if way == "digest":
        return f'Digest username="user", realm="mock", nonce="0", uri="/", response="{credential}"'
    return f"{way.capitalize()} {credential}"
