"""An operation and the credentials that the mock takes go in; what a request carries so as to pass comes out."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from understudy.publish import prose
from understudy.publish.naming import slug
from understudy.publish.pieces import Piece

if TYPE_CHECKING:
    from understudy.contract.model import Operation
    from understudy.publish.edition import Edition

_OWN_KEY = "YOUR_API_KEY"


@dataclass
class Carried:
    """What of a request shows who sends it, in tokens of its pieces; the first of these is the address."""

    pieces: list[Piece]
    query: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)
    login: tuple[str, str] | None = None
    """User and password (RFC 7617)."""

    def piece(self, value: str, instead: str, kind: str) -> str:
        """Take a credential in; gives its token."""
        self.pieces.append(Piece(len(self.pieces), prose.one_line(value), instead, kind))
        return self.pieces[-1].token


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


def scheme_anchor(name: str) -> str:
    """Name the place of a security scheme on the page of authentication."""
    return f"scheme-{slug(name)}"


def carried(edition: Edition, operation: Operation) -> Carried:
    """Show the mock a credential for each scheme of the first alternative it knows (OpenAPI, Security Requirement)."""
    made = Carried([Piece(0, f"{edition.stand_in.shown_address}{edition.stand_in.prefix}")])
    if not is_guarded(operation):
        return made
    known, schemes = edition.stand_in.credentials, security_schemes(edition)
    names = next((one for one in operation.security if all(name in known and name in schemes for name in one)), None)
    if names is None:
        for name, value in edition.stand_in.headers.items():
            way, space, credential = value.partition(" ") if name == "Authorization" else ("", "", value)
            made.headers[name] = f"{way}{space}{made.piece(credential, 'YOUR_CREDENTIALS', 'other')}"
        return made
    for name in names:
        _carry(made, schemes[name][1], known[name])
    return made


def _carry(made: Carried, scheme: dict[str, Any], credential: str) -> None:
    """Put a credential where its scheme wants it (OpenAPI, Security Scheme Object)."""
    name = str(scheme.get("name"))
    match str(scheme.get("type")), str(scheme.get("in")):
        case "apiKey", "query":
            made.query.append((name, made.piece(credential, _OWN_KEY, "key")))
        case "apiKey", "cookie":
            made.cookies.append(f"{name}={made.piece(quote(credential), _OWN_KEY, 'key')}")
        case "apiKey", _:
            made.headers[name] = made.piece(credential, _OWN_KEY, "key")
        case kind, _:
            _authorize(made, str(scheme.get("scheme", "")).lower() if kind == "http" else "bearer", credential)


def _authorize(made: Carried, way: str, credential: str) -> None:
    """Fill the field of RFC 9110, 11.6.2; the mock takes any answer to a digest's challenge that has its secret."""
    pair = credential if ":" in credential else f"user:{credential}"
    if way == "basic" and pair.isascii():
        user, _, password = pair.partition(":")
        made.login = made.piece(user, "user", "login"), made.piece(password, "password", "login")
    elif way == "basic":
        encoded = base64.b64encode(pair.encode()).decode()
        made.headers["Authorization"] = f"Basic {made.piece(encoded, 'BASE64_OF_USER_AND_PASSWORD', 'login')}"
    elif way == "digest":
        answer = f'username="user", realm="mock", nonce="0", uri="/", response="{credential}"'
        made.headers["Authorization"] = f"Digest {made.piece(answer, 'YOUR_CREDENTIALS', 'other')}"
    else:
        made.headers["Authorization"] = f"{way.capitalize()} {made.piece(credential, 'YOUR_TOKEN', 'token')}"
