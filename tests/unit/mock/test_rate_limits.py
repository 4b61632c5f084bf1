"""A limit that the contract declares is in force, and its headers tell the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.errors import InputError

if TYPE_CHECKING:
    from conftest import Mocked, Serve

LIMITED = """
x-understudy-rate-limit: 3/60s
paths:
  /a:
    get:
      operationId: a
      responses:
        "200": {description: x, headers: {%s}, content: {application/json: {example: 1}}}
        "429": {description: x}
  /b:
    get:
      operationId: b
      x-understudy-rate-limit: 1/10
      responses: {"200": {description: x, content: {application/json: {example: 2}}}}
"""


def at(served: Mocked, moment: float) -> None:
    served.app.runtime.faults.clock = lambda: moment


@pytest.fixture
def old(mocked: Serve) -> Mocked:
    samples = 'RateLimit: {example: "limit=5, remaining=1, reset=7"}, RateLimit-Policy: {example: "5;w=7"}'
    served = mocked(LIMITED % samples)
    at(served, 1000.0)
    return served


def test_what_goes_beyond_the_contracts_own_limit_waits_for_the_next_window(old: Mocked) -> None:
    assert [old.ask("GET /a").status for _ in range(4)] == [200, 200, 200, 429]
    assert old.ask("GET /a").headers["retry-after"] == "60"
    assert [old.ask("GET /b").status for _ in range(2)] == [200, 429]
    assert old.ask("GET /a", understudy_session="other").status == 200
    at(old, 1061.0)
    assert old.ask("GET /a").status == 200


def test_the_headers_are_told_as_older_drafts_wrote_them(old: Mocked) -> None:
    told = old.ask("GET /a").headers
    assert (told["ratelimit"], told["ratelimit-policy"]) == ("limit=3, remaining=2, reset=60", "3;w=60")
    assert "x-ratelimit-limit" not in told


def test_the_headers_are_told_as_structured_fields(mocked: Serve) -> None:
    served = mocked(LIMITED % "RateLimit: {example: '\"burst\";r=1;t=7'}, RateLimit-Policy: {schema: {type: string}}")
    at(served, 1000.0)
    served.ask("GET /a")
    at(served, 1010.5)
    told = served.ask("GET /a").headers
    assert (told["ratelimit"], told["ratelimit-policy"]) == ('"burst";r=1;t=50', '"default";q=3;w=60')


def test_without_declared_headers_the_usual_ones_are_sent(mocked: Serve) -> None:
    served = mocked(LIMITED % "")
    at(served, 1000.0)
    assert served.ask("GET /a").headers["x-ratelimit-remaining"] == "2"


def test_a_limit_that_is_none_is_told_with_its_line(mocked: Serve) -> None:
    with pytest.raises(InputError) as caught:
        mocked((LIMITED % "").replace("3/60s", "often"))
    assert caught.value.finding.location is not None
    assert caught.value.finding.location.line == 4
