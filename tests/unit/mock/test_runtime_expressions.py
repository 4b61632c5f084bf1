"""Every runtime expression of OpenAPI, and what is none."""

from __future__ import annotations

import pytest

from understudy_mock.exchange import MISSING, Answer, Exchange
from understudy_mock.runtime_expressions import MalformedExpressionError, UnresolvedError, parse, parse_template


def exchange(body: object = MISSING) -> Exchange:
    headers = [(b"host", b"mock:1"), (b"x-hook", b"http://a"), (b"x-two", b"1"), (b"x-two", b"2")]
    made = Exchange("POST", "/pets/7", b"later=yes&n=1", headers)
    made.values = {"path": {"id": 7}, "query": {"n": 1}}
    made.body = body
    return made


ANSWER = Answer(201, ((b"location", b"/pets/7"),), b'{"id": 7, "tags": ["a", "b"], "a/b": {"~": 1.50}}', "")
BODY = {"url": "http://there/x", "failed": [{"url": "u0"}], "": "empty", "nothing": None, "on": True, "n": {"k": [1]}}

RESOLVED = {
    "$url": "http://mock:1/pets/7?later=yes&n=1",
    "$method": "POST",
    "$statusCode": 201,
    "$request.header.X-Hook": "http://a",
    "$request.header.x-hook": "http://a",
    "$request.header.X-Two": "1, 2",
    "$request.query.n": 1,
    "$request.query.later": "yes",
    "$request.path.id": 7,
    "$request.body": BODY,
    "$request.body#": BODY,
    "$request.body#/url": "http://there/x",
    "$request.body#/failed/0/url": "u0",
    "$request.body#/": "empty",
    "$request.body#/nothing": None,
    "$response.header.Location": "/pets/7",
    "$response.body#/id": 7,
    "$response.body#/tags/1": "b",
}


@pytest.mark.parametrize(("text", "value"), RESOLVED.items(), ids=RESOLVED)
def test_an_expression_has_its_value(text: str, value: object) -> None:
    assert parse(text).evaluate(exchange(BODY), ANSWER) == value


def test_pointers_are_unescaped() -> None:
    assert str(parse("$response.body#/a~1b/~0").evaluate(exchange(), ANSWER)) == "1.50"


@pytest.mark.parametrize(
    "text",
    [
        "$request.header.X-None",
        "$request.query.none",
        "$request.path.none",
        "$request.body",
        "$request.body#/url",
        "$response.header.x-none",
        "$response.body#/none",
        "$response.body#/tags/2",
        "$response.body#/tags/-",
        "$response.body#/id/deeper",
        "$response.query.n",
        "$response.path.id",
    ],
)
def test_a_value_that_was_not_sent(text: str) -> None:
    with pytest.raises(UnresolvedError, match="has no value here"):
        parse(text).evaluate(exchange(), ANSWER)


def test_an_answer_that_is_no_json_has_no_members() -> None:
    with pytest.raises(UnresolvedError):
        parse("$response.body#/id").evaluate(exchange(), Answer(200, (), b"plain", ""))


MALFORMED = [
    "",
    "$",
    "url",
    "$URL",
    "$url.x",
    "$status",
    "$request",
    "$request.",
    "$response.",
    "$request.headers.x",
    "$request.header",
    "$request.header.",
    "$request.header.a b",
    "$request.header.a:b",
    "$request.query.",
    "$request.path.",
    "$request.cookie.x",
    "$request.body.url",
    "$request.body/url",
    "$request.body#url",
    "$request.body#/a~2",
    "$request.body#/a~",
    "$message.body#/a",
]


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_no_expression(text: str) -> None:
    with pytest.raises(MalformedExpressionError):
        parse(text)


TEMPLATES = {
    "$request.body#/url": "http://there/x",
    "{$request.body#/url}": "http://there/x",
    "{$request.body#/url}?id={$response.body#/id}&m={$method}": "http://there/x?id=7&m=POST",
    "http://fixed/hook": "http://fixed/hook",
    "http://h/{$request.path.id}/{$request.body#/on}": "http://h/7/true",
    "http://h/{$request.body#/n}": 'http://h/{"k":[1]}',
    "": "",
}


@pytest.mark.parametrize(("text", "filled"), TEMPLATES.items(), ids=TEMPLATES)
def test_a_template_is_filled(text: str, filled: str) -> None:
    assert parse_template(text).fill(exchange(BODY), ANSWER) == filled


@pytest.mark.parametrize("text", ["{", "}", "{$url", "a}b", "{$url}}", "{{$url}}", "{}", "{url}", "{$request.x}", "$x"])
def test_what_is_no_template(text: str) -> None:
    with pytest.raises(MalformedExpressionError):
        parse_template(text)


def test_null_is_no_part_of_a_url() -> None:
    with pytest.raises(UnresolvedError, match="null"):
        parse_template("http://h/{$request.body#/nothing}").fill(exchange(BODY), ANSWER)
