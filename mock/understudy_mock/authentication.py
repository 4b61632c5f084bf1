"""Credentials of a request go in; nothing, or a refusal with `WWW-Authenticate`, comes out.

The contract's `security` is an OR of ANDs over its schemes (OpenAPI, Security Requirement Object). What a good
credential is may be told by `x-understudy-credentials` on a scheme: `values` (exact), a `pattern`, and `personas`, each
with a `token` and the `scopes` it has. What HTTP does not carry, such as `mutualTLS`, is not asked for.
"""

from __future__ import annotations

import base64
import hashlib
import random
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from understudy.errors import InputError
from understudy.finding import Finding
from understudy_mock import patterns
from understudy_mock.credentials import MalformedCredentialError, extractor, http_scheme
from understudy_mock.exchange import Fault, RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy.contract.model import Contract, Operation
    from understudy_mock.credentials import Extract, Presented
    from understudy_mock.exchange import Exchange, Header

_DEFAULT_TOKEN = "understudy-token"  # noqa: S105 - the mock's public credential, printed when it starts
MODES = ("lenient", "strict", "off")
_KEPT_CREDENTIALS = 256

_TELLING = {"wrong": "invalid_token", "revoked": "invalid_token", "malformed": "invalid_token"}
"""Which faults of a bearer token are told to whom sent one (RFC 6750, 3.1)."""


@dataclass(frozen=True)
class Persona:
    """Somebody with a credential; `scopes` is None for one who may do everything."""

    name: str
    credential: str
    scopes: tuple[str, ...] | None = None

    def lacks(self, wanted: tuple[str, ...]) -> list[str]:
        """List the wanted scopes that it does not have."""
        return [] if self.scopes is None else [scope for scope in wanted if scope not in self.scopes]


@dataclass(frozen=True)
class Scheme:
    """One security scheme, compiled: how to find its credential, and which ones are good.

    `known` are the personas by credential; `pattern` lets others pass; without either all do, where `is_open`.
    """

    name: str
    extract: Extract = field(repr=False)
    challenge: str
    known: dict[str, Persona]
    pattern: re.Pattern[str] | None = None
    is_open: bool = False
    is_bearer: bool = False
    is_plain: bool = False
    """Whether it looks at the field `Authorization` and at nothing else of a request."""

    @property
    def good(self) -> Persona:
        """The one to use, which has most scopes."""
        return max(self.known.values(), key=lambda one: float("inf") if one.scopes is None else len(one.scopes))

    def fault(self, exchange: Exchange, scopes: tuple[str, ...]) -> Fault | None:
        """Say what is wrong with the request's credential for this scheme, if anything."""
        try:
            presented = self.extract(exchange)
        except MalformedCredentialError as error:
            return Fault("security", (self.name,), "kind" if error.other_kind else "malformed", str(error))
        if presented is None:
            return Fault("security", (self.name,), "required", "no credential was sent")
        found = presented.find(self.known)
        if found is None and not self._lets_pass(presented):
            return Fault("security", (self.name,), "wrong", "the credential is not accepted")
        if exchange.session is not None and exchange.session.revoked:
            persona = (self.known[found].name, found) if found else ()
            if any(text in exchange.session.revoked for text in (*presented.texts, *persona)):
                return Fault("security", (self.name,), "revoked", "the credential has been revoked")
        if found is not None and (missing := self.known[found].lacks(scopes)):
            message = f"the credential lacks the scope {', '.join(missing)}"
            return Fault("security", (self.name,), "scope", message, scopes)
        return None

    def _lets_pass(self, presented: Presented) -> bool:
        if self.pattern is not None:
            return any(map(self.pattern.fullmatch, presented.texts))
        return self.is_open

    def challenged(self, fault: Fault | None) -> str:
        """Write the challenge; a bearer token that was sent is told what is wrong with it (RFC 6750, 3)."""
        if not self.is_bearer or fault is None:
            return self.challenge
        if fault.rule == "scope":
            return f'{self.challenge}, error="insufficient_scope", scope="{" ".join(fault.expected)}"'
        if fault.rule in _TELLING:
            return f'{self.challenge}, error="{_TELLING[fault.rule]}", error_description="{fault.message}"'
        return self.challenge


@dataclass(frozen=True)
class Guard:
    """The security of one operation: alternatives, each of schemes with the scopes that are wanted."""

    alternatives: tuple[tuple[tuple[Scheme, tuple[str, ...]], ...], ...]
    passed: set[str] = field(default_factory=set, repr=False, compare=False)
    """Fields `Authorization` that were good before, where nothing else is looked at."""

    @cached_property
    def _is_plain(self) -> bool:
        return all(scheme.is_plain for schemes in self.alternatives for scheme, _ in schemes)

    def check(self, exchange: Exchange) -> None:
        """Let the request pass if any alternative is wholly fulfilled.

        Raises RefusalError: 403 if nothing but a scope is missing, else 401.
        """
        sent = exchange.header(b"authorization")
        if sent in self.passed and not (exchange.session is not None and exchange.session.revoked):
            return
        self._check(exchange)
        if sent is not None and self._is_plain and len(self.passed) < _KEPT_CREDENTIALS:
            self.passed.add(sent)

    def _check(self, exchange: Exchange) -> None:
        faults: list[Fault] = []
        is_known = False
        for schemes in self.alternatives:
            found = [fault for scheme, scopes in schemes if (fault := scheme.fault(exchange, scopes))]
            if not found:
                return
            is_known = is_known or all(fault.rule == "scope" for fault in found)
            faults.extend(found)
        if is_known:
            faults = [fault for fault in faults if fault.rule == "scope"]
        raise RefusalError("security", (403 if is_known else 401,), tuple(faults), tuple(self._challenges(faults)))

    def _challenges(self, faults: list[Fault]) -> Iterator[Header]:
        """Write a challenge for every scheme that would do (RFC 9110, 11.6.1)."""
        of_scheme = {fault.name: fault for fault in faults}
        schemes = {scheme.name: scheme for alternative in self.alternatives for scheme, _ in alternative}
        told = [scheme.challenged(of_scheme.get(name)) for name, scheme in schemes.items()]
        yield from ((b"www-authenticate", text.encode("latin-1", "replace")) for text in dict.fromkeys(told))


def compile_guards(contract: Contract, mode: str) -> Callable[[Operation], Guard | None]:
    """Prepare the schemes of a contract; the result gives each operation its guard, or None where all may pass.

    Raises InputError for a pattern of credentials that is none.
    """
    schemes = _schemes(contract, mode)

    def guard(operation: Operation) -> Guard | None:
        if mode == "off" or not operation.security or any(not wanted for wanted in operation.security):
            return None
        alternatives = tuple(
            tuple((schemes[name], _texts(scopes)) for name, scopes in wanted.items() if name in schemes)
            for wanted in operation.security
        )
        return Guard(alternatives) if all(alternatives) else None

    return guard


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def credential_headers(contract: Contract) -> dict[str, str]:
    """Give the headers that let requests pass in every mode: of each operation's first alternative made of headers."""
    guard, headers, cookies = compile_guards(contract, "strict"), dict[str, str](), dict[str, None]()
    for operation in contract.operations:
        made = guard(operation)
        alternatives = (
            [[_as_header(contract, scheme) for scheme, _ in one] for one in made.alternatives] if made else []
        )
        for name, value in next((found for found in alternatives if all(name for name, _ in found)), ()):
            if name == "Cookie":
                cookies[value] = None
            else:
                headers.setdefault(name, value)
    return {**headers, **({"Cookie": "; ".join(cookies)} if cookies else {})}


def credentials(contract: Contract) -> dict[str, str]:
    """Give for each security scheme, by its name, the credential that may do most."""
    return {name: scheme.good.credential for name, scheme in _schemes(contract, "strict").items()}


def personas(contract: Contract) -> list[tuple[str, Persona]]:
    """List the credentials that are good in strict mode, each with its scheme's name, for a person to use."""
    return [(name, one) for name, scheme in _schemes(contract, "strict").items() for one in scheme.known.values()]


def _as_header(contract: Contract, scheme: Scheme) -> tuple[str, str]:
    value, good = contract.follow(("components", "securitySchemes", scheme.name)).value, scheme.good.credential
    if value.get("type") == "apiKey":
        name = str(value.get("name"))
        forms = {"header": (name, good), "cookie": ("Cookie", f"{name}={quote(good)}")}
        return forms.get(str(value.get("in")), ("", ""))
    kind = http_scheme(value)
    if kind == "basic":
        pair = good if ":" in good else f"user:{good}"
        return "Authorization", "Basic " + base64.b64encode(pair.encode()).decode()
    if kind == "digest":
        return "Authorization", f'Digest username="user", realm="mock", nonce="0", uri="/", response="{good}"'
    return "Authorization", f"{kind.capitalize()} {good}"


def _schemes(contract: Contract, mode: str) -> dict[str, Scheme]:
    components = contract.document.get("components")
    declared = components.get("securitySchemes") if isinstance(components, dict) else None
    found = {}
    for name in declared if isinstance(declared, dict) else ():
        placed = contract.follow(("components", "securitySchemes", name))
        extract = extractor(placed.value) if isinstance(placed.value, dict) else None
        if extract is not None:
            found[name] = _compile(contract, name, placed.value, extract, mode)
    return found


def _compile(contract: Contract, name: str, value: dict[str, Any], extract: Extract, mode: str) -> Scheme:
    credentials = value.get("x-understudy-credentials")
    told = credentials if isinstance(credentials, dict) else {}
    pattern = _pattern(contract, name, told.get("pattern"))
    known = _known(told)
    is_told = bool(known or pattern)
    if not known and (mode == "strict" or pattern):
        good = _fitting(pattern) if pattern else _DEFAULT_TOKEN
        known = {good: Persona("", good)}
    return Scheme(
        name=name,
        extract=extract,
        challenge=_challenge(contract, name, value),
        known=known,
        pattern=pattern,
        is_open=mode != "strict" and not is_told,
        is_bearer=value.get("type") != "apiKey" and http_scheme(value) == "bearer",
        is_plain=value.get("type") != "apiKey" and http_scheme(value) != "digest",
    )


def _known(told: dict[str, Any]) -> dict[str, Persona]:
    known = {text: Persona("", text) for text in _texts(told.get("values"))}
    declared = told.get("personas")
    for name, persona in declared.items() if isinstance(declared, dict) else ():
        described = persona if isinstance(persona, dict) else {}
        credential = str(described.get("token", f"understudy-{name}"))
        scopes = described.get("scopes")
        known[credential] = Persona(str(name), credential, _texts(scopes) if isinstance(scopes, list) else None)
    return known


def _pattern(contract: Contract, name: str, text: Any) -> re.Pattern[str] | None:
    if not isinstance(text, str) or not text:
        return None
    try:
        return re.compile(text)
    except re.error as error:
        place = contract.location(("components", "securitySchemes", name, "x-understudy-credentials", "pattern"))
        message = f"The pattern of the credentials of {name} can't be read: {error}."
        finding = Finding("credentials", message, remedy="Write a regular expression of Python.", location=place)
        raise InputError(finding) from None


def _fitting(pattern: re.Pattern[str]) -> str:
    """Make a credential that fits: the pattern's own beginning and our name, else any text that does."""
    prefix = re.match(r"[A-Za-z0-9_-]*", pattern.pattern)
    candidate = (prefix.group() if prefix else "") + "understudy"
    if pattern.fullmatch(candidate):
        return candidate
    chance = random.Random(pattern.pattern)  # noqa: S311 - no secret: the same credential on every start is wanted
    return patterns.example(pattern.pattern, chance)


def _challenge(contract: Contract, name: str, value: dict[str, Any]) -> str:
    if value.get("type") == "apiKey":
        return f'ApiKey realm="mock", in="{value.get("in")}", name="{value.get("name")}"'
    kind = http_scheme(value)
    if kind != "digest":
        return f'{kind.capitalize()} realm="mock"'
    nonce = hashlib.sha256(f"{contract.name}/{name}".encode()).hexdigest()[:32]
    return f'Digest realm="mock", qop="auth", algorithm=SHA-256, nonce="{nonce}", opaque="understudy"'
