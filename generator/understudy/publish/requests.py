"""An operation goes in; a request for it that the mock takes comes out: address, headers and body."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from understudy.publish import prose
from understudy.publish.credentials import carried
from understudy.publish.examples import as_text, examples, is_json
from understudy.publish.pieces import filled
from understudy.publish.sampling import sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Operation, Placed
    from understudy.publish.edition import Edition, Tokens
    from understudy.publish.pieces import Piece

_SAFE = "-._~"
_IN_PATH = "/-._~!$&'()*+,;=:@%"
_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|"}
NONE = object()


@dataclass(frozen=True)
class Request:
    """A request in parts. `form` tells how the body is written: json, form, multipart, text, or nothing."""

    method: str
    host: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    media_type: str = ""
    form: str = ""
    login: tuple[str, str] | None = None
    """User and password (RFC 7617), which each language has a way of its own to send."""
    pattern: Request | None = field(default=None, repr=False)
    """The same with tokens for its pieces."""
    pieces: tuple[Piece, ...] = ()
    """What another server wants otherwise: the address, then credentials."""

    @property
    def address(self) -> str:
        """The address without the query."""
        return self.host + self.path

    @property
    def url(self) -> str:
        """The whole address."""
        return self.host + self.target

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{urlencode(self.query, quote_via=quote)}" if self.query else self.path


def request(edition: Edition, operation: Operation, body: tuple[str, Any] | None = None) -> Request:
    """Make a request of examples, as far as there are some; `body` is a media type and a value."""
    shown = carried(edition, operation)
    path, query, headers, cookies = operation.path, shown.query, shown.headers, shown.cookies
    for placed in operation.parameters:
        value = parameter_value(edition, placed)
        name, place = str(placed.value.get("name")), placed.value.get("in")
        if place == "path":
            path = path.replace("{" + name + "}", _in_path(placed.value, name, value))
        elif value is NONE or not placed.value.get("required"):
            continue
        elif place == "query":
            query += list(_pairs(placed.value, name, value))
        elif place == "header":
            headers[name] = _header(value)
        elif place == "cookie":
            cookies.append(f"{name}={quote(as_text(value), safe='')}")
    chosen = body or example_body(edition, operation)
    if cookies:
        headers["Cookie"] = "; ".join([*([headers["Cookie"]] if "Cookie" in headers else []), *cookies])
    media_type, value = chosen or ("", None)
    headers = {prose.one_line(name): prose.one_line(text) for name, text in headers.items()}
    made = Request(
        operation.method,
        shown.pieces[0].token,
        quote(path, safe=_IN_PATH),
        tuple(query),
        headers,
        value,
        media_type,
        _form(media_type),
        shown.login,
    )
    return _for_the_mock(edition, made, tuple(shown.pieces))


def _for_the_mock(edition: Edition, pattern: Request, pieces: tuple[Piece, ...]) -> Request:
    """Put what the mock takes into a request that is made of tokens."""
    mock, login = edition.stand_in, pattern.login
    return replace(
        pattern,
        host=mock.shown_address,
        path=f"{mock.prefix}{pattern.path}",
        query=tuple((name, filled(value, pieces)) for name, value in pattern.query),
        headers={name: filled(value, pieces) for name, value in pattern.headers.items()},
        login=(filled(login[0], pieces), filled(login[1], pieces)) if login else None,
        pattern=pattern,
        pieces=pieces,
    )


def _form(media_type: str) -> str:
    name = media_type.partition(";")[0].strip().lower()
    if not name:
        return ""
    if is_json(name):
        return "json"
    return {"application/x-www-form-urlencoded": "form", "multipart/form-data": "multipart"}.get(name, "text")


def example_body(edition: Edition, operation: Operation) -> tuple[str, Any] | None:
    """Find a body to send: the first example, else what its schema says."""
    if operation.request_body is None or not isinstance(operation.request_body.value, dict):
        return None
    content = operation.request_body.value.get("content")
    for media_type, value in content.items() if isinstance(content, dict) else ():
        tokens: Tokens = (*operation.request_body.tokens, "content", media_type)
        if not isinstance(value, dict):
            continue
        for one in examples(edition, tokens, value):
            return media_type, one.value
        if isinstance(value.get("schema"), dict):
            return media_type, sample(edition, (*tokens, "schema"))
        return media_type, ""
    return None


def parameter_value(edition: Edition, placed: Placed) -> Any:
    """Find a value for a parameter: its first example, else what its schema says; NONE if it says nothing."""
    for one in examples(edition, placed.tokens, placed.value):
        return one.value
    if isinstance(placed.value.get("schema"), dict):
        return sample(edition, (*placed.tokens, "schema"), str(placed.value.get("name")))
    content = placed.value.get("content")
    for media_type, held in content.items() if isinstance(content, dict) else ():
        tokens = (*placed.tokens, "content", media_type)
        for one in examples(edition, tokens, held):
            return one.value
        return sample(edition, (*tokens, "schema")) if "schema" in held else {}
    return NONE


def _in_path(parameter: dict[str, Any], name: str, value: Any) -> str:
    """Write a path parameter (OpenAPI, Style Values: simple, label, matrix)."""
    if value is NONE:
        return "1"
    style, explode = parameter.get("style", "simple"), parameter.get("explode") is True
    pairs = [[quote(as_text(part), safe=_SAFE) for part in pair] for pair in _path_pairs(value)]
    inner = [("=" if explode else ",").join(pair) for pair in pairs]
    if style == "label":
        return "." + ("." if explode else ",").join(inner)
    if style == "matrix":
        start = f";{quote(name, safe=_SAFE)}="
        if explode:
            return ";" + ";".join(inner) if isinstance(value, dict) else "".join(f"{start}{one}" for one in inner)
        return start + ",".join(inner)
    return ",".join(inner)


def _path_pairs(value: Any) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return list(value.items())
    return [(one,) for one in value] if isinstance(value, list) else [(value,)]


def _header(value: Any) -> str:
    return ",".join(map(as_text, value)) if isinstance(value, list) else as_text(value)


def _pairs(parameter: dict[str, Any], name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Write a query parameter (OpenAPI, Style Values)."""
    style = parameter.get("style", "form")
    explode = parameter.get("explode", style == "form")
    if "content" in parameter or not isinstance(value, list | dict):
        yield name, as_text(value)
    elif isinstance(value, dict):
        if style == "deepObject":
            yield from ((f"{name}[{key}]", as_text(one)) for key, one in value.items())
        elif explode:
            yield from ((key, as_text(one)) for key, one in value.items())
        else:
            yield name, ",".join(as_text(part) for pair in value.items() for part in pair)
    elif explode:
        yield from ((name, as_text(one)) for one in value)
    else:
        yield name, _DELIMITERS.get(style, ",").join(map(as_text, value))
