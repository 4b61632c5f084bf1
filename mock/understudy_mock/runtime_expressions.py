"""A runtime expression of OpenAPI goes in; what it means for one request and its answer comes out.

OpenAPI, Runtime Expressions: `$url`, `$method`, `$statusCode`, `$request.…` and `$response.…` with `header.`, `query.`,
`path.` or `body#/pointer`. A template is text with expressions in braces, or one expression alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from understudy.contract import pointer as pointers
from understudy_mock.exchange import MISSING
from understudy_mock.media import MalformedError, from_json, to_json

if TYPE_CHECKING:
    from understudy_mock.exchange import Answer, Exchange

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BAD_ESCAPE = re.compile(r"~(?![01])")
_EMBEDDED = re.compile(r"\{([^{}]*)\}")
_WHOLE = ("$url", "$method", "$statusCode")


class MalformedExpressionError(ValueError):
    """Text that is no runtime expression; the message says why."""


class UnresolvedError(LookupError):
    """An expression whose value was not sent; the message names it."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A read expression: `of` is url, method, statusCode, request or response; `source` is which part of these."""

    text: str
    of: str
    source: str = ""
    name: str = ""
    tokens: tuple[str, ...] | None = None

    def evaluate(self, exchange: Exchange, answer: Answer) -> Any:
        """Find the value. Raises UnresolvedError if there is none."""
        value = _value(self, exchange, answer)
        if value is MISSING:
            raise UnresolvedError(f"{self.text} has no value here")
        return value


@dataclass(frozen=True, slots=True)
class Template:
    """Text and expressions in turn."""

    text: str
    parts: tuple[str | Expression, ...]

    def fill(self, exchange: Exchange, answer: Answer) -> str:
        """Write the text with the values put in. Raises UnresolvedError if one is missing or null."""
        return "".join(part if isinstance(part, str) else _told(part, exchange, answer) for part in self.parts)


def parse(text: str) -> Expression:
    """Read one expression. Raises MalformedExpressionError."""
    if text in _WHOLE:
        return Expression(text, text[1:])
    of, dot, rest = text.partition(".")
    if of not in ("$request", "$response") or not dot:
        raise MalformedExpressionError(f"`{text}` is none of {', '.join(_WHOLE)}, $request.… and $response.…")
    if rest == "body":
        return Expression(text, of[1:], "body", tokens=())
    if rest.startswith("body#"):
        return Expression(text, of[1:], "body", tokens=_tokens(text, rest.removeprefix("body#")))
    source, dot, name = rest.partition(".")
    if source not in ("header", "query", "path") or not dot:
        raise MalformedExpressionError(f"`{text}`: after {of}. comes header., query., path. or body")
    if not name or (source == "header" and not _TOKEN.fullmatch(name)):
        raise MalformedExpressionError(f"`{text}`: `{name}` is no name of a {source} value")
    return Expression(text, of[1:], source, name)


def parse_template(text: str) -> Template:
    """Read a text with expressions in braces, or an expression alone. Raises MalformedExpressionError."""
    if text.startswith("$"):
        return Template(text, (parse(text),))
    parts: list[str | Expression] = []
    position = 0
    for match in _EMBEDDED.finditer(text):
        parts += [text[position : match.start()], parse(match[1])]
        position = match.end()
    parts.append(text[position:])
    for part in parts:
        if isinstance(part, str) and ("{" in part or "}" in part):
            raise MalformedExpressionError(f"`{text}`: a brace without its partner")
    return Template(text, tuple(part for part in parts if part))


def _tokens(text: str, pointer: str) -> tuple[str, ...]:
    if _BAD_ESCAPE.search(pointer):
        raise MalformedExpressionError(f"`{text}`: a tilde is written ~0 in a JSON pointer (RFC 6901, 3)")
    try:
        return tuple(pointers.split(pointer))
    except ValueError as error:
        raise MalformedExpressionError(f"`{text}`: {error}") from None


def _told(expression: Expression, exchange: Exchange, answer: Answer) -> str:
    value = expression.evaluate(exchange, answer)
    if value is None:
        raise UnresolvedError(f"{expression.text} is null here")
    return value if isinstance(value, str) else to_json(value).decode()


def _value(expression: Expression, exchange: Exchange, answer: Answer) -> Any:
    match expression.of:
        case "url":
            return _url(exchange)
        case "method":
            return exchange.method
        case "statusCode":
            return answer.status
        case "request":
            return _of_request(expression, exchange)
    return _of_response(expression, answer)


def _url(exchange: Exchange) -> str:
    host = exchange.header(b"host") or "localhost"
    query = exchange.query.decode("latin-1")
    return f"{exchange.scheme}://{host}{exchange.path}{'?' if query else ''}{query}"


def _of_request(expression: Expression, exchange: Exchange) -> Any:
    if expression.source == "body":
        return _at(exchange.body, expression.tokens or ())
    if expression.source == "header":
        found = exchange.header(expression.name.lower().encode("latin-1"))
        return MISSING if found is None else found
    declared = exchange.values.get(expression.source, {})
    if expression.source == "query" and expression.name not in declared:
        return dict(parse_qsl(exchange.query.decode("latin-1"), keep_blank_values=True)).get(expression.name, MISSING)
    return declared.get(expression.name, MISSING)


def _of_response(expression: Expression, answer: Answer) -> Any:
    if expression.source == "header":
        wanted = expression.name.lower().encode("latin-1")
        found = [value for name, value in answer.headers if name.lower() == wanted]
        return b", ".join(found).decode("latin-1") if found else MISSING
    if expression.source != "body":
        return MISSING
    try:
        return _at(from_json(answer.body), expression.tokens or ())
    except MalformedError:
        return MISSING


def _at(value: Any, tokens: tuple[str, ...]) -> Any:
    try:
        return pointers.resolve(value, tokens)
    except KeyError:
        return MISSING
