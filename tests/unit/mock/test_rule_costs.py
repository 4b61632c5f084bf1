"""A rule can't take for ever: what could be too much work is known before it runs, and does not run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from understudy_mock.state.expressions import ExpressionError, compile_expression
from understudy_mock.state.rule_costs import BUDGET, plan, work

if TYPE_CHECKING:
    from conftest import Serve

LIST = "request.body.list"


def body(count: int, item: Any = 1) -> dict[str, Any]:
    return {"request": {"body": {"list": [item] * count, "text": "x" * count}}}


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("1 + 1", 0),
        ("a.exists(x, x > 1)", 1),
        ("a.filter(x, x > 1).map(x, x)", 1),
        ("a.exists(x, b.all(y, c.map(z, z) == y))", 3),
        ("a . exists ( x , b\n.all( y, true))", 2),
        ("a.//)\nexists(x, b.all(y, true))", 2),
        ("'.map(' + a", 1),
        ("a.exists(x, x == ')' || b.all(y, true))", 2),
        (r"a.exists(x, x == r'\' || b.all(y, true) || x == r'\')", 2),
        (r"a.exists(x, x == '\')' || b.all(y, true))", 2),
        ("a.exists(x, x == '''it's''' || b.all(y, true))", 2),
        ("a.mapped(x)", 0),
        ("has(a.map)", 0),
    ],
)
def test_comprehensions_are_seen_however_they_are_written(text: str, depth: int) -> None:
    compile_expression(text)
    assert plan(text).whole.depth == depth


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f"{LIST}.exists(x, x == 2)", 100_000),
        (f"{LIST}.exists(x, x in {LIST})", 2_000),
        (f"size({LIST}.filter(x, x == 1)) > 3", 3_000),
        (f"{LIST}.map(x, x + 1)", 1_000),
        (f"{LIST}.all(x, {LIST}.exists(y, x == y))", 1_000),
        ("request.body.text + request.body.text", 1_000_000),
    ],
)
def test_ordinary_work_is_done(text: str, count: int) -> None:
    assert 0 <= work(plan(text), body(count)) <= BUDGET


HOSTILE = [
    f"{LIST}.map(a, {LIST}.map(b, {LIST}.map(c, {LIST}.map(d, {LIST}.map(e, e)))))",
    f"{LIST}.all(a, {LIST}.all(b, {LIST}.all(c, {LIST}.all(d, {LIST}.all(e, true)))))",
    f"{LIST}.map(a, {LIST}).map(b, b.map(c, c))",
    f"{LIST}.filter(a, true)",
    f"[{LIST} + {LIST}].map(a, [a + a].map(b, [b + b].map(c, c.map(d, d))))",
    f"{LIST}.all(a, {LIST}.filter(b, b == a) == {LIST})",
    f"{LIST}.map(a, request.body.text + request.body.text)",
    "[1,2,3,4,5,6,7,8,9,10]"
    + "".join(f".map(x, [1,2,3,4,5,6,7,8,9,10].map(y{n}, y{n}))" for n in range(1))
    + ".map(z, z)"
    f".map(q, {LIST}.map(w, {LIST}))",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_too_much_work_is_not_begun(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text).evaluate(body(10_000))
    assert "was not run" in str(caught.value)


def test_what_is_done_for_every_item_counts_as_often() -> None:
    made = compile_expression("item.id in request.body.list")
    variables = {**body(1000), "item": {"id": 1}}
    assert made.evaluate(variables, times=10) is True
    with pytest.raises(ExpressionError):
        made.evaluate(variables, times=10_000)


def test_a_deep_value_is_a_failure_like_any_other() -> None:
    deep: Any = 1
    for _ in range(3000):
        deep = [deep]
    with pytest.raises(ExpressionError):
        compile_expression("request.deep == 1").evaluate({"request": {"deep": deep}})


def test_an_expression_is_not_longer_than_a_page_or_two() -> None:
    with pytest.raises(ExpressionError):
        compile_expression("1" + " + 1" * 3000)


CONTRACT = """
paths:
  /orders:
    post:
      operationId: makeOrder
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        "201": {description: x, content: {application/json: {schema: {type: object}, example: {id: o-1}}}}
        "402": {description: x}
"""
RULES = """
rules:
  makeOrder:
    - when: request.body.list.all(a, request.body.list.all(b, request.body.list.all(c, request.body.list.all(d, true))))
      respond: {status: 402}
"""


def test_the_request_is_answered_and_told_so(mocked: Serve) -> None:
    served = mocked(CONTRACT, behaviour=RULES)
    assert served.ask("POST /orders", {"list": [1, 2]}).status == 402
    told = served.ask("POST /orders", {"list": list(range(10_000))})
    assert told.status == 201
    assert "was not run" in told.headers["understudy-explain"]
