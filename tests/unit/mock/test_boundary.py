"""The outermost stage: what leaves, and what never does."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from understudy_mock import connexion_app

if TYPE_CHECKING:
    from conftest import Serve

CONTRACT = """\
    paths:
      /a:
        get:
          operationId: readA
          responses:
            "200": {description: x, content: {application/json: {example: {a: 1}}}}
            "204": {description: x, content: {application/json: {example: {a: 1}}}}
        post:
          operationId: sendA
          requestBody: {content: {application/json: {schema: {type: object}}}}
          responses: {"204": {description: x}}
    """


def test_head_has_the_headers_of_get_and_no_body(mocked: Serve) -> None:
    served = mocked(CONTRACT)
    got, told = served.ask("GET /a"), served.ask("HEAD /a")
    assert (got.body, told.body) == (b'{"a":1}', b"")
    assert told.headers == got.headers
    assert told.headers["content-length"] == "7"


def test_a_status_without_content_has_neither_body_nor_length(mocked: Serve) -> None:
    told = mocked(CONTRACT).ask("GET /a", prefer="code=204")
    assert (told.status, told.body) == (204, b"")
    assert "content-length" not in told.headers
    assert "content-type" not in told.headers


def test_the_limit_on_bodies_is_a_setting(mocked: Serve) -> None:
    served = mocked(CONTRACT, max_body_bytes=10)
    assert served.ask("POST /a", b'{"a": "b"}').status == 204
    assert served.ask("POST /a", b'{"a": "bc"}').status == 413


def test_a_failure_of_ours_is_a_500_without_details(
    mocked: Serve, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError("the inner workings")

    monkeypatch.setattr(connexion_app, "answer", fail)
    with caplog.at_level(logging.ERROR):
        told = mocked(CONTRACT).ask("GET /a")
    assert (told.status, told.headers["content-type"]) == (500, "application/problem+json")
    assert b"inner workings" not in told.body
    assert "inner workings" in caplog.text


@pytest.mark.parametrize("name", ["\u00e9", "a\tb", "a" * 2000])
def test_what_is_echoed_is_one_line_of_ascii(mocked: Serve, name: str) -> None:
    told = mocked(CONTRACT).ask("GET /a", prefer=f'code=200, example="{name}"')
    for header in ("understudy-explain", "preference-applied"):
        assert told.headers.get(header, "").isascii()
        assert len(told.headers.get(header, "")) <= 500
        assert told.headers.get(header, "").isprintable()
