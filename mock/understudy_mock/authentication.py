"""Credentials of a request go in; nothing, or a refusal with `WWW-Authenticate`, comes out.

The contract's `security` is an OR of ANDs over its schemes (OpenAPI, Security Requirement Object). What a good
credential looks like may be told by `x-understudy-credentials` on a scheme: `values` (exact) or a `pattern`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

from understudy_mock.exchange import Fault, RefusalError

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Operation
    from understudy_mock.exchange import Exchange

_TOKEN = re.compile(r"[A-Za-z0-9._~+/|-]+=*")
_DEFAULT_TOKEN = "understudy-token"  # noqa: S105 - the mock's public credential, printed when it starts
MODES = ("lenient", "strict", "off")

Extract = Callable[["Exchange"], str | None]


class _MalformedError(Exception):
    """A credential is there, but not in the shape its scheme asks for."""


@dataclass(frozen=True)
class Scheme:
    """One security scheme, compiled: how to find its credential, and which ones are good."""

    name: str
    extract: Extract
    challenge: str
    accepts: Callable[[str], bool]
    good: str

    def fault(self, exchange: Exchange) -> Fault | None:
        """Say what is wrong with the request's credential for this scheme, if anything."""
        try:
            credential = self.extract(exchange)
        except _MalformedError as error:
            return Fault("security", (self.name,), "malformed", str(error))
        if credential is None:
            return Fault("security", (self.name,), "required", "no credential was sent")
        if not self.accepts(credential):
            return Fault("security", (self.name,), "wrong", "the credential is not accepted")
        return None


@dataclass(frozen=True)
class Guard:
    """The security of one operation."""

    alternatives: tuple[tuple[Scheme, ...], ...]

    def check(self, exchange: Exchange) -> None:
        """Let the request pass if any alternative is wholly fulfilled. Raises RefusalError otherwise."""
        faults: list[Fault] = []
        for schemes in self.alternatives:
            found = [fault for scheme in schemes if (fault := scheme.fault(exchange))]
            if not found:
                return
            faults.extend(found)
        challenges = {scheme.challenge for schemes in self.alternatives for scheme in schemes if scheme.challenge}
        headers = tuple((b"www-authenticate", challenge.encode("latin-1")) for challenge in sorted(challenges))
        raise RefusalError("security", (401,), tuple(faults), headers)


def compile_guards(contract: Contract, mode: str) -> Callable[[Operation], Guard | None]:
    """Prepare the schemes of a contract; the result gives each operation its guard, or None where all may pass."""
    components = contract.document.get("components")
    declared = components.get("securitySchemes") if isinstance(components, dict) else None
    schemes = {
        name: _compile(name, contract.follow(("components", "securitySchemes", name)).value, mode)
        for name in (declared if isinstance(declared, dict) else {})
    }

    def guard(operation: Operation) -> Guard | None:
        if mode == "off" or not operation.security or any(not wanted for wanted in operation.security):
            return None
        alternatives = [[schemes.get(name) for name in wanted] for wanted in operation.security]
        known = tuple(tuple(scheme for scheme in wanted if scheme) for wanted in alternatives)
        return Guard(known) if all(known) else None

    return guard


def credential_headers(contract: Contract) -> dict[str, str]:
    """Give the headers that let a request pass in every mode, for the first security alternative."""
    guard = compile_guards(contract, "strict")
    for operation in contract.operations:
        if made := guard(operation):
            return {
                ("Cookie" if name == "cookie" else name): value
                for scheme in made.alternatives[0]
                for name, value in [_as_header(contract, scheme)]
            }
    return {}


def _as_header(contract: Contract, scheme: Scheme) -> tuple[str, str]:
    value = contract.follow(("components", "securitySchemes", scheme.name)).value
    if value.get("type") == "apiKey":
        name = str(value.get("name"))
        return (name, scheme.good) if value.get("in") == "header" else ("cookie", f"{name}={quote(scheme.good)}")
    if str(value.get("scheme", "")).lower() == "basic":
        return "Authorization", "Basic " + base64.b64encode(f"user:{scheme.good}".encode()).decode()
    if str(value.get("scheme", "")).lower() == "digest":
        return "Authorization", f'Digest username="user", realm="mock", nonce="0", uri="/", response="{scheme.good}"'
    return "Authorization", f"Bearer {scheme.good}"


def _compile(name: str, value: Any, mode: str) -> Scheme | None:
    if not isinstance(value, dict):
        return None
    credentials = value.get("x-understudy-credentials")
    told = credentials if isinstance(credentials, dict) else {}
    good = _good_credential(told)
    accepts = _acceptance(told, good, mode)
    kind = str(value.get("type"))
    scheme = str(value.get("scheme", "bearer" if kind in ("oauth2", "openIdConnect") else "")).lower()
    if kind == "apiKey":
        return Scheme(name, _api_key(str(value.get("in")), str(value.get("name"))), "", accepts, good)
    if kind in ("http", "oauth2", "openIdConnect"):
        readers = {"basic": _basic, "bearer": _bearer, "digest": _digest}
        read = readers.get(scheme, lambda text: text)
        challenge = scheme.capitalize() + (' realm="mock"' if scheme in ("basic", "digest") else "")
        return Scheme(name, _authorization(scheme, read), challenge, accepts, good)
    return None


def _good_credential(told: dict[str, Any]) -> str:
    if isinstance(values := told.get("values"), list) and values:
        return str(values[0])
    pattern = str(told.get("pattern", ""))
    prefix = re.match(r"[A-Za-z0-9_-]*", pattern)
    candidate = (prefix.group() if prefix else "") + "understudy"
    return candidate if pattern and re.fullmatch(pattern, candidate) else _DEFAULT_TOKEN


def _acceptance(told: dict[str, Any], good: str, mode: str) -> Callable[[str], bool]:
    if isinstance(values := told.get("values"), list) and values:
        allowed = frozenset(map(str, values))
        return allowed.__contains__
    if pattern := told.get("pattern"):
        compiled = re.compile(str(pattern))
        return lambda credential: compiled.fullmatch(credential) is not None
    if mode == "strict":
        return lambda credential: credential == good
    return lambda _: True


def _authorization(scheme: str, read: Callable[[str], str]) -> Extract:
    def extract(exchange: Exchange) -> str | None:
        header = exchange.header(b"authorization")
        if not header:
            return None
        kind, _, rest = header.strip().partition(" ")
        if kind.lower() != scheme:
            raise _MalformedError(f"the Authorization header is not of the kind {scheme.capitalize()}")
        return read(rest.strip())

    return extract


def _bearer(text: str) -> str:
    if not _TOKEN.fullmatch(text):
        raise _MalformedError("the Authorization header holds no bearer token (RFC 6750, 2.1)")
    return text


def _basic(text: str) -> str:
    try:
        user, separator, password = base64.b64decode(text, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        user = separator = password = ""
    if not separator:
        raise _MalformedError("the Authorization header does not decode to user:password (RFC 7617)")
    return password or user


def _digest(text: str) -> str:
    fields = dict(re.findall(r'(\w+)=(?:"([^"]*)"|[^\s,]+)', text))
    missing = [name for name in ("username", "realm", "nonce", "uri", "response") if name not in fields]
    if missing:
        raise _MalformedError(f"the Authorization header lacks {', '.join(missing)} (RFC 7616, 3.4)")
    return str(fields["response"])


def _api_key(place: str, name: str) -> Extract:
    def extract(exchange: Exchange) -> str | None:
        if place == "header":
            return exchange.header(name.lower().encode("latin-1")) or None
        if place == "query":
            return next(iter(parse_qs(exchange.query.decode("latin-1")).get(name, [])), None)
        for pair in (exchange.header(b"cookie") or "").split(";"):
            key, _, value = pair.strip().partition("=")
            if key == name:
                return value or None
        return None

    return extract
