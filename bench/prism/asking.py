"""A compiled contract goes in; a few hundred requests that a mock may be asked come out: good, bad and odd ones."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from understudy_mock.examples import example_values
from understudy_mock.media import is_json, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Placed
    from understudy_mock.compiling import CompiledContract, CompiledOperation

ACCEPTS = (
    "*/*",
    "application/json",
    "application/*",
    "text/*",
    "text/html",
    "application/xml",
    "text/html, */*;q=0.1",
    "application/json;q=0.2, text/plain",
    "application/json; charset=utf-8",
    "application/vnd.none+json",
    "image/png",
)
WISHES = (
    "code=404",
    "code=500",
    "code=599",
    "code=2000",
    "code=abc",
    "dynamic=true",
    "dynamic=false",
    "dynamic=yes",
    "seed=7",
    "example=nope",
    "code=200, example=nope",
    "code=200, dynamic=true",
    "wait=10",
)
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/json", b"{}"),
    ("application/json", b"[]"),
    ("application/json", b'"text"'),
    ("application/json", b"null"),
    ("application/json", b"12"),
    ("application/json", b'{"a":'),
    ("application/json", b""),
    ("application/json; charset=utf-8", b"{}"),
    ("application/vnd.other+json", b"{}"),
    ("text/plain", b"plain"),
    ("application/xml", b"<a/>"),
    ("application/x-www-form-urlencoded", b"a=1&b=2"),
    ("application/octet-stream", b"\x00\x01"),
    ("", b"{}"),
    ("", b""),
)
CREDENTIALS = (
    "Basic",
    "Basic xxx",
    "Basic " + base64.b64encode(b"user:pass").decode(),
    "Basic " + base64.b64encode(b"user").decode(),
    "Bearer",
    "Bearer token",
    "bearer token",
    "Bearer a b",
    "Digest x",
    'Digest username="u",realm="r",nonce="n",uri="/",response="6629fae49393a05397450978507c4ef1"',
    'Digest username="u", realm="r", nonce="n", uri="/", response="6629fae49393a05397450978507c4ef1"',
    "Other token",
)
METHODS = ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "POST", "TRACE")


@dataclass(frozen=True)
class Question:
    """One request: a name for the report, and what goes over the wire."""

    name: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def having(self, name: str, **headers: str) -> Question:
        """Ask the same with other headers; an empty one is left out."""
        told = {key.replace("_", "-").lower(): value for key, value in headers.items()}
        kept = [pair for pair in self.headers if pair[0].lower() not in told]
        return replace(self, name=name, headers=(*kept, *((key, value) for key, value in told.items() if value)))


def questions(compiled: CompiledContract) -> Iterator[Question]:
    """List all requests for a contract."""
    for entry in compiled.operations.values():
        if not entry.defect:
            yield from _about(entry)
    yield Question("unknown path", "GET", "/no/such/path")
    yield Question("the root", "GET", "/")
    yield Question("an encoded unknown path", "GET", "/no%20such%2Fpath")
    yield Question("unknown path, unreadable wish", "GET", "/no/such/path", (("Prefer", "code=abc"),))


def _about(entry: CompiledOperation) -> Iterator[Question]:
    usual = _usual(entry)
    yield usual
    yield from _wishes(entry, usual)
    for accept in ACCEPTS:
        yield usual.having(f"Accept: {accept}", accept=accept)
    yield from _parameters(entry, usual)
    yield from _bodies(entry, usual)
    yield from _credentials(entry, usual)
    yield from _routes(entry, usual)


def _usual(entry: CompiledOperation) -> Question:
    """Write a request that fits, from examples and made values."""
    path, query, headers = entry.operation.path, [], [("accept", "application/json")]
    for placed in entry.operation.parameters:
        name, place = str(placed.value.get("name")), placed.value.get("in")
        value = _value(entry, placed)
        if place == "path":
            path = path.replace("{" + name + "}", quote(_text(value), safe=""))
        elif placed.value.get("required") and place == "query":
            query.append((name, _text(value)))
        elif placed.value.get("required") and place == "header":
            headers.append((name, _text(value)))
    query += _keys(entry, headers)
    content_type, body = _body(entry)
    headers += [("content-type", content_type)] if content_type else []
    target = path + ("?" + urlencode(query) if query else "")
    return Question("usual", entry.operation.method, target, tuple(headers), body)


def _keys(entry: CompiledOperation, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Write the first alternative of the credentials; gives those that stand in the query."""
    query: list[tuple[str, str]] = []
    for name in entry.operation.security[0] if entry.operation.security else ():
        scheme = entry.contract.contract.follow(("components", "securitySchemes", name)).value
        match scheme.get("type"), scheme.get("in"):
            case "apiKey", "query":
                query.append((scheme["name"], "key"))
            case "apiKey", "cookie":
                headers.append(("cookie", f"{scheme['name']}=key"))
            case "apiKey", _:
                headers.append((scheme["name"], "key"))
            case _:
                kind = str(scheme.get("scheme", "bearer")).lower()
                told = {"basic": CREDENTIALS[2], "digest": CREDENTIALS[9]}.get(kind, CREDENTIALS[5])
                headers.append(("authorization", told))
    return query


def _value(entry: CompiledOperation, placed: Placed) -> Any:
    told = example_values(entry.contract.contract, placed.tokens, placed.value)
    if told:
        return told[0][1]
    if "schema" not in placed.value:
        return "a"
    return entry.contract.synthesis.draft((*placed.tokens, "schema"), "asking")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return ",".join(map(_text, value)) if isinstance(value, list) else to_json(value).decode()


def _body(entry: CompiledOperation) -> tuple[str, bytes]:
    placed = entry.operation.request_body
    content = placed.value.get("content") if placed else None
    for name, media in content.items() if isinstance(content, dict) and placed else ():
        tokens = (*placed.tokens, "content", name)
        told = example_values(entry.contract.contract, tokens, media)
        if not told and "schema" not in media:
            continue
        value = told[0][1] if told else entry.contract.synthesis.draft((*tokens, "schema"), "asking")
        if is_json(name):
            return name, to_json(value)
        if name == "application/x-www-form-urlencoded" and isinstance(value, dict):
            return name, urlencode({key: _text(item) for key, item in value.items()}).encode()
        if isinstance(value, str):
            return name, value.encode()
    return "", b""


def _wishes(entry: CompiledOperation, usual: Question) -> Iterator[Question]:
    wishes = list(WISHES)
    for key, response in entry.responses.items():
        code = key if key.isdecimal() else {"default": "418"}.get(key, key[0] + "03")
        wishes += [f"code={code}", f"code={code}, dynamic=true"]
        wishes += [f"code={code}, example={name}" for name in response.example_names()]
        wishes += [f"example={name}" for name in response.example_names()]
    for wish in dict.fromkeys(wishes):
        yield usual.having(f"Prefer: {wish}", prefer=wish)
        yield usual.having(f"Prefer: {wish}, Accept: text/html", prefer=wish, accept="text/html")
        told = "&".join("__" + part.strip() for part in wish.split(","))
        yield _asking(usual, f"?{told}", told)
    yield replace(_asking(usual, "?__code beside Prefer", "__code=404"), headers=(*usual.headers, ("prefer", "wait=1")))


def _asking(usual: Question, name: str, query: str) -> Question:
    joint = "&" if "?" in usual.target else "?"
    return replace(usual, name=name, target=usual.target + joint + query)


def _parameters(entry: CompiledOperation, usual: Question) -> Iterator[Question]:
    path, _, query = usual.target.partition("?")
    yield replace(usual, name="no query", target=path)
    yield _asking(usual, "an unknown query parameter", "unknown-parameter=1")
    for placed in entry.operation.parameters:
        name = str(placed.value.get("name"))
        for text in ("", "x", "-1", "99999999999", "1.5", "true", "a,b", "%20"):
            match placed.value.get("in"):
                case "query":
                    kept = [pair for pair in query.split("&") if pair and not pair.startswith(f"{name}=")]
                    told = "&".join([*kept, f"{quote(name)}={text}"])
                    yield replace(usual, name=f"query {name}={text!r}", target=f"{path}?{told}")
                case "header" if text != "%20":
                    yield usual.having(f"header {name}: {text!r}", **{name: text})
                case "path" if text:
                    made = entry.operation.path.replace("{" + name + "}", text)
                    if "{" not in made:
                        target = made + ("?" + query if query else "")
                        yield replace(usual, name=f"path {name}={text!r}", target=target)


def _bodies(entry: CompiledOperation, usual: Question) -> Iterator[Question]:
    if entry.operation.request_body is None:
        return
    for content_type, body in BODIES:
        shown = f"body {body[:20]!r} as {content_type or 'nothing'}"
        yield replace(usual.having(shown, content_type=content_type), body=body)
    if not usual.body.startswith(b"{"):
        return
    value = json.loads(usual.body)
    for name in list(value)[:6]:
        yield replace(usual, name=f"body without {name}", body=to_json({k: v for k, v in value.items() if k != name}))
        for other in (None, 1, "x", True, [], {}, -5, 1.5):
            yield replace(usual, name=f"body {name}={other!r}", body=to_json({**value, name: other}))
    yield replace(usual, name="body with one more", body=to_json({**value, "one-more": 1}))


def _credentials(entry: CompiledOperation, usual: Question) -> Iterator[Question]:
    if not entry.operation.security:
        return
    bare = replace(usual.having("no credentials", authorization="", cookie=""), target=usual.target.partition("?")[0])
    names = {name for wanted in entry.operation.security for name in wanted}
    for name in sorted(names):
        scheme = entry.contract.contract.follow(("components", "securitySchemes", name)).value
        if scheme.get("in") == "header":
            bare = bare.having("no credentials", **{scheme["name"]: ""})
    yield bare
    for credential in CREDENTIALS:
        yield bare.having(f"Authorization: {credential}", authorization=credential)


def _routes(entry: CompiledOperation, usual: Question) -> Iterator[Question]:
    for method in METHODS:
        if method != usual.method:
            yield replace(usual, name=f"{method} instead", method=method)
    path, _, query = usual.target.partition("?")
    more = "?" + query if query else ""
    yield replace(usual, name="a slash at the end", target=path + "/" + more)
    yield replace(usual, name="two slashes", target="/" + path + more)
    yield replace(usual, name="below the base path", target=(entry.contract.base_path or "/v9") + path + more)
    if "/" in path[1:]:
        head, _, tail = path.rpartition("/")
        yield replace(usual, name="an encoded segment", target=f"{head}/%{ord(tail[0] or 'a'):02X}{tail[1:]}{more}")
    preflight = {"origin": "http://a.test", "access_control_request_method": usual.method}
    yield replace(usual, method="OPTIONS", body=b"").having("preflight", **preflight, content_type="")
    yield usual.having("Origin", origin="http://a.test")
    document = entry.contract.contract.document
    servers = document.get("servers") or ()
    yield replace(usual, name="an unknown server, an unknown path", target="/no/such/path?__server=http://nowhere.test")
    yield _asking(usual, "an unknown server", "__server=http://nowhere.test")
    for server in servers[:2] if isinstance(servers, list) else ():
        yield _asking(usual, "a known server", f"__server={server.get('url')}")
