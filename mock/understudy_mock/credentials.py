"""A security scheme goes in; the function that finds its credential in a request comes out (Security Scheme Object)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from understudy_mock.exchange import Exchange

_TOKEN = re.compile(r"[A-Za-z0-9._~+/|-]+=*")
_FIELD = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')
_DIGEST_FIELDS = ("username", "realm", "nonce", "uri", "response")
_HASHES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}


class MalformedCredentialError(Exception):
    """A credential is there, but not in the shape its scheme asks for; `other_kind` if it is one of another scheme."""

    def __init__(self, message: str, *, other_kind: bool = False) -> None:
        super().__init__(message)
        self.other_kind = other_kind


@dataclass(frozen=True)
class Presented:
    """A credential as it was sent: the texts it may be known by, the telling one first; `proves` is a digest's test."""

    texts: tuple[str, ...]
    proves: Callable[[str], bool] | None = field(default=None, repr=False)

    def find(self, known: dict[str, Any]) -> str | None:
        """Find which of the known credentials it is."""
        for text in self.texts:
            if text in known:
                return text
        return next(filter(self.proves, known), None) if self.proves else None


Extract = Callable[["Exchange"], Presented | None]


def extractor(value: dict[str, Any]) -> Extract | None:
    """Choose how to find a scheme's credential; None where HTTP does not carry one, as with `mutualTLS`."""
    kind = str(value.get("type"))
    if kind == "apiKey":
        return _api_key(str(value.get("in")), str(value.get("name")))
    if kind not in ("http", "oauth2", "openIdConnect"):
        return None
    scheme = http_scheme(value)
    readers: dict[str, Callable[[str, Exchange], Presented]] = {"basic": _basic, "bearer": _bearer, "digest": _digest}
    return _authorization(scheme, readers.get(scheme, _opaque))


def http_scheme(value: dict[str, Any]) -> str:
    """Name the authentication scheme of RFC 9110, 11.1, in lower case; OAuth 2 and OpenID Connect use Bearer."""
    return "bearer" if value.get("type") in ("oauth2", "openIdConnect") else str(value.get("scheme", "")).lower()


def _authorization(scheme: str, read: Callable[[str, Exchange], Presented]) -> Extract:
    def extract(exchange: Exchange) -> Presented | None:
        header = exchange.header(b"authorization")
        if not header:
            return None
        kind, _, rest = header.strip().partition(" ")
        if kind.lower() != scheme:
            message = f"the Authorization header is not of the kind {scheme.capitalize()}"
            raise MalformedCredentialError(message, other_kind=True)
        return read(rest.strip(), exchange)

    return extract


def _opaque(text: str, _exchange: Exchange) -> Presented:
    return Presented((text,))


def _bearer(text: str, _exchange: Exchange) -> Presented:
    if not _TOKEN.fullmatch(text):
        raise MalformedCredentialError("the Authorization header holds no bearer token (RFC 6750, 2.1)")
    return Presented((text,))


def _basic(text: str, _exchange: Exchange) -> Presented:
    try:
        whole = base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        whole = ""
    user, separator, password = whole.partition(":")
    if not separator:
        raise MalformedCredentialError("the Authorization header does not decode to user:password (RFC 7617)")
    return Presented((whole, password or user))


def _digest(text: str, exchange: Exchange) -> Presented:
    fields = {name.lower(): quoted or plain for name, quoted, plain in _FIELD.findall(text)}
    missing = [name for name in _DIGEST_FIELDS if name not in fields]
    if missing:
        raise MalformedCredentialError(f"the Authorization header lacks {', '.join(missing)} (RFC 7616, 3.4)")
    sent, method = fields["response"], exchange.method
    return Presented((sent,), lambda secret: _response(fields, method, secret) == sent)


def _response(fields: dict[str, str], method: str, secret: str) -> str | None:
    """Compute what a client that knows the secret, `password` or `user:password`, sends (RFC 7616, 3.4.1)."""
    algorithm = fields.get("algorithm", "MD5").upper().removesuffix("-SESS")
    if algorithm not in _HASHES:
        return None

    def hashed(*parts: str) -> str:
        return hashlib.new(_HASHES[algorithm], ":".join(parts).encode(), usedforsecurity=False).hexdigest()

    password = secret.removeprefix(f"{fields['username']}:")
    user = hashed(fields["username"], fields["realm"], password)
    if fields.get("algorithm", "").upper().endswith("-SESS"):
        user = hashed(user, fields["nonce"], fields.get("cnonce", ""))
    asked = hashed(method, fields["uri"])
    if "qop" not in fields:
        return hashed(user, fields["nonce"], asked)
    return hashed(user, fields["nonce"], fields.get("nc", ""), fields.get("cnonce", ""), fields["qop"], asked)


def _api_key(place: str, name: str) -> Extract:
    header = name.lower().encode("latin-1", "replace")

    def extract(exchange: Exchange) -> Presented | None:
        if place == "header":
            found = exchange.header(header)
        elif place == "query":
            found = next(iter(parse_qs(exchange.query.decode("latin-1")).get(name, [])), None)
        else:
            found = _cookie(exchange.header(b"cookie") or "", name)
        return Presented((found,)) if found else None

    return extract


def _cookie(text: str, name: str) -> str | None:
    for pair in text.split(";"):
        key, _, value = pair.strip().partition("=")
        if key == name:
            return value
    return None
