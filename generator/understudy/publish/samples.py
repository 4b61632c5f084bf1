"""A request goes in; the same request in curl, Python and TypeScript comes out, ready to be pasted."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from understudy.publish import pieces, prose
from understudy.publish.examples import as_text, written
from understudy.publish.page import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy.publish.pieces import Piece, Place
    from understudy.publish.requests import Request

_PLAIN_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_WIDTH = 88
_LOGIN = "the login"


def samples(request: Request, title: str, servers: Part | None = None) -> Part:
    """Write a request in three languages, and the servers it may be sent to, if there are several."""
    parts = tuple(sample(request, name) for name in _LANGUAGES)
    return Part("samples", title=title, parts=(*parts, *([servers] if servers else ())), is_aside=True)


def sample(request: Request, name: str) -> Part:
    """Write a request in one language."""
    language = _LANGUAGES[name]
    text, places = _written(request, language)
    facts = {"syntax": language.syntax, "places": pieces.told(places)}
    return Part("sample", title=name, text=prose.fenced(text, language.syntax), facts=facts)


def curl(request: Request) -> str:
    """Write it for a POSIX shell."""
    return _written(request, _LANGUAGES["curl"])[0]


def python(request: Request) -> str:
    """Write it with httpx."""
    return _written(request, _LANGUAGES["Python"])[0]


def typescript(request: Request) -> str:
    """Write it with fetch."""
    return _written(request, _LANGUAGES["TypeScript"])[0]


def _written(request: Request, language: _Language) -> tuple[str, tuple[Place, ...]]:
    """Write a request by its pattern, so that it is known where its pieces stand."""
    pattern = request.pattern or request

    def write(piece: Piece) -> str:
        is_encoded = language.has_whole_address and any(piece.token in value for _, value in pattern.query)
        return language.escape(pieces.in_query(piece) if is_encoded else piece.value)

    return pieces.settled(language.write(pattern), request.pieces, write)


def _curl(request: Request) -> str:
    words = ["curl"]
    if request.method == "HEAD":
        words.append("--head")
    elif request.method not in ("GET", "POST") or (request.method == "POST" and not request.form):
        words.append(f"-X {shlex.quote(request.method)}")
    elif request.method == "GET" and request.form:
        words.append("-X GET")
    words.append(_quoted(request.url))
    lines = [" ".join(words)]
    if request.login:
        lines.append(f"-u {_quoted(':'.join(request.login))}")
    lines += [f"-H {_quoted(f'{name}: {value}')}" for name, value in request.headers.items()]
    if request.form and request.form != "multipart":
        lines.append(f"-H {_quoted(f'Content-Type: {request.media_type}')}")
    lines += _curl_body(request)
    return " \\\n  ".join(lines)


def _quoted(text: str) -> str:
    return f"'{_in_shell(text)}'"


def _in_shell(text: str) -> str:
    return text.replace("'", "'\\''")


def _curl_body(request: Request) -> Iterator[str]:
    match request.form:
        case "json":
            yield f"--data {_quoted(written(request.body))}"
        case "form":
            yield f"--data {_quoted(_form_text(request.body))}"
        case "multipart":
            for name, value in _members(request.body):
                yield f"-F {_quoted(f'{name}={value}')}"
        case "text":
            yield f"--data-binary {_quoted(_text(request.body))}"


def _python(request: Request) -> str:
    arguments = [_py_string(request.address)]
    if request.query:
        repeated = len(dict(request.query)) < len(request.query)
        arguments.append(f"params={python_value(list(request.query) if repeated else dict(request.query), 1)}")
    headers = dict(request.headers)
    body = _py_body(request)
    if request.form == "text" or (request.form == "json" and request.media_type != "application/json"):
        headers["Content-Type"] = request.media_type
    if headers:
        arguments.append(f"headers={python_value(headers, 1)}")
    if request.login:
        arguments.append(f"auth={_py_flat(request.login)}")
    if body:
        arguments.append(body)
    call = f"httpx.{request.method.lower()}"
    if request.method not in _PLAIN_METHODS or (body and request.method in ("GET", "DELETE", "HEAD", "OPTIONS")):
        call = "httpx.request"
        arguments.insert(0, _py_string(request.method))
    inner = "".join(f"    {argument},\n" for argument in arguments)
    return f"import httpx\n\nresponse = {call}(\n{inner})\nprint(response.status_code, response.text)"


def _py_body(request: Request) -> str:
    match request.form:
        case "json":
            return f"json={python_value(request.body, 1)}"
        case "form":
            return f"data={python_value(dict(_members(request.body)), 1)}"
        case "multipart":
            return f"files={python_value({name: (None, value) for name, value in _members(request.body)}, 1)}"
        case "text":
            return f"content={_py_string(_text(request.body))}"
    return ""


def python_value(value: Any, depth: int = 0) -> str:
    """Write a value as Python, on one line if there is room."""
    flat = _py_flat(value)
    if len(flat) + 4 * depth < _WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    inner, outer = "    " * (depth + 1), "    " * depth
    if isinstance(value, dict):
        lines = [f"{_py_string(str(key))}: {python_value(item, depth + 1)}" for key, item in value.items()]
        return "{\n" + "".join(f"{inner}{line},\n" for line in lines) + outer + "}"
    return "[\n" + "".join(f"{inner}{python_value(item, depth + 1)},\n" for item in value) + outer + "]"


def _py_flat(value: Any) -> str:
    if isinstance(value, str):
        return _py_string(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_py_string(str(key))}: {_py_flat(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_py_flat, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_py_flat, value)) + ")"
    return str(value) if isinstance(value, Decimal | float) else repr(value)


def _py_string(text: str) -> str:
    return json.dumps(prose.printable(text), ensure_ascii=False)


def _typescript(request: Request) -> str:
    options = [f'method: "{request.method}"'] if request.method != "GET" else []
    headers = dict(request.headers)
    if request.form in ("json", "text"):
        headers["Content-Type"] = request.media_type
    if headers or request.login:
        options.append(f"headers: {_ts_headers(headers, request.login)}")
    before = ""
    match request.form:
        case "json":
            options.append(f"body: JSON.stringify({_ts_value(request.body)})")
        case "form":
            options.append(f"body: new URLSearchParams({_ts_value(dict(_members(request.body)))})")
        case "multipart":
            pairs = _members(request.body)
            appended = [f"form.append({_ts_string(name)}, {_ts_string(text)});" for name, text in pairs]
            before = "\n".join(["const form = new FormData();", *appended, "", ""])
            options.append("body: form")
        case "text":
            options.append(f"body: {_ts_string(_text(request.body))}")
    inner = "".join(f"  {option},\n" for option in options)
    told = f", {{\n{inner}}}" if options else ""
    call = f"const response = await fetch({_ts_string(request.url)}{told});"
    return f"{before}{call}\nconsole.log(response.status, await response.text());"


def _ts_value(value: Any) -> str:
    return written(value).replace("\n", "\n  ")


def _ts_headers(headers: dict[str, str], login: tuple[str, str] | None) -> str:
    """Write headers; a login is encoded where the sample runs, so that a reader can put in their own."""
    if login is None:
        return _ts_value(headers)
    encoded = f'"Basic " + btoa({_ts_string(":".join(login))})'
    return _ts_value({"Authorization": _LOGIN, **headers}).replace(f'"{_LOGIN}"', encoded, 1)


def _ts_string(text: str) -> str:
    return json.dumps(prose.printable(text), ensure_ascii=False)


def _in_string(text: str) -> str:
    """Write what stands between the quotes of a string of Python or TypeScript."""
    return _ts_string(text)[1:-1]


def _members(body: Any) -> list[tuple[str, str]]:
    return [(str(name), as_text(value)) for name, value in body.items()] if isinstance(body, dict) else []


def _form_text(body: Any) -> str:
    pairs = [
        (name, part)
        for name, value in (body.items() if isinstance(body, dict) else ())
        for part in (value if isinstance(value, list) else [value])
    ]
    return urlencode([(name, as_text(value)) for name, value in pairs], quote_via=quote)


def _text(body: Any) -> str:
    return prose.printable(body) if isinstance(body, str) else written(body)


@dataclass(frozen=True)
class _Language:
    syntax: str
    write: Callable[[Request], str]
    escape: Callable[[str], str]
    has_whole_address: bool = True
    """Whether the query stands in the address, rather than beside it."""


_LANGUAGES = {
    "curl": _Language("bash", _curl, _in_shell),
    "Python": _Language("python", _python, _in_string, has_whole_address=False),
    "TypeScript": _Language("typescript", _typescript, _in_string),
}
