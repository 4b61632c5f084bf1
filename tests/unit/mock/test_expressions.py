"""CEL with our three functions, JSON values in and out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from understudy_mock.state.expressions import ExpressionError, compile_expression, compile_map, evaluate_map, timestamp

NOW = datetime(2024, 1, 15, 12, tzinfo=UTC)
VARIABLES = {
    "now": NOW,
    "item": {"status": "pending", "price": Decimal("1.50"), "n": 2, "tags": ["a"], "gone": None},
    "state": {"phones": [{"id": "p1", "number": "+12025550143"}, {"id": "p2", "number": "+442079460018"}]},
    "request": {"body": {"ids": ["p2"]}},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('item.status == "pending"', True),
        ("item.n + 1", 3),
        ("item.price * 2.0", Decimal("3.0")),
        ("item.price", Decimal("1.5")),
        ("item.gone == null", True),
        ("item.gone", None),
        ("has(item.status) && !has(item.colour)", True),
        ("state.phones.exists(p, p.id in request.body.ids)", True),
        ("state.phones.filter(p, p.id in request.body.ids).map(p, {'id': p.id})", [{"id": "p2"}]),
        ("size(state.phones.filter(p, false))", 0),
        ('"telnyx_" + item.status', "telnyx_pending"),
        ("now", "2024-01-15T12:00:00Z"),
        ('now + duration("120h")', "2024-01-20T12:00:00Z"),
        ('duration("90s")', "90s"),
        ("now > timestamp('2024-01-01T00:00:00Z')", True),
        ('date(now + duration("744h"))', "2024-02-15"),
        ("nationalNumber(state.phones[0].number)", "(202) 555-0143"),
        ("internationalNumber(state.phones[0].number)", "+1 202 555 0143"),
        ("nationalNumber(state.phones[1].number)", "020 7946 0018"),
        ("internationalNumber(state.phones[1].number)", "+44 20 7946 0018"),
        ("nationalNumber('nobody')", "nobody"),
        ("item.n > 1 ? 'many' : 'one'", "many"),
    ],
)
def test_an_expression_computes_json(text: str, value: Any) -> None:
    assert repr(compile_expression(text).evaluate(VARIABLES)) == repr(value)


@pytest.mark.parametrize(
    "text", ["item.colour", "nobody.x", "item.n + 'a'", "item.tags[3]", "1 / 0", "nationalNumber(1)", "unknown(1)"]
)
def test_what_fails_says_which_expression(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text).evaluate(VARIABLES)
    assert text in str(caught.value)


@pytest.mark.parametrize("text", ["", "item.", "a b", "(1", "'open"])
def test_what_is_no_cel_is_told_in_one_line(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text)
    assert len(str(caught.value).splitlines()) == 1


def test_the_resources_it_reads_are_known() -> None:
    found = compile_expression("state.phones.exists(p, p.id == 'state.none') && size(state . agents) > 0")
    assert {"phones", "agents"} <= found.reads


def test_maps_of_expressions() -> None:
    made = evaluate_map(compile_map({"a": "1 + 1", "b": "'x'"}), {})
    assert made == {"a": 2, "b": "x"}


def test_timestamps_are_written_in_utc() -> None:
    assert timestamp(datetime(2024, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))) == "2023-12-31T23:00:00Z"
    assert timestamp(NOW.replace(microsecond=5000)) == "2024-01-15T12:00:00.005000Z"
