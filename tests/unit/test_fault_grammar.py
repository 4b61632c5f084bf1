"""How faults are written, and what their delays amount to."""

from __future__ import annotations

import pytest

from understudy.contract.fault_grammar import FaultGrammarError, parse_action, parse_delay, parse_rule

RULES = {
    "createDid:status=503@10%": "createDid:status=503@10%",
    "*:delay=200": "*:delay=200",
    "delay=200": "*:delay=200",
    "*:delay=lognormal(120,0.4)": "*:delay=lognormal(120,0.4)",
    "*:delay=uniform( 100 , 300.5 )": "*:delay=uniform(100,300.5)",
    " createDid : reset @ 5% ": "createDid:reset@5%",
    "GET /a:b:empty": "GET /a:b:empty",
    "truncate@0.5%": "*:truncate@0.5%",
    "drip": "*:drip=32",
    "drip=1": "*:drip=1",
    "a:limit=10/60s": "a:limit=10/60",
    "a:limit=0/1": "a:limit=0/1",
    "reset@100%": "*:reset",
}


@pytest.mark.parametrize(("text", "plain"), RULES.items(), ids=RULES)
def test_a_rule_is_read(text: str, plain: str) -> None:
    assert str(parse_rule(text)) == plain
    assert parse_rule(plain) == parse_rule(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":reset",
        "a:",
        "a:explode",
        "a:reset=1",
        "a:status=200",
        "a:status=600",
        "a:status=",
        "a:status",
        "a:delay=",
        "a:delay=-1",
        "a:delay=soon",
        "a:delay=600001",
        "a:delay=uniform(3,1)",
        "a:delay=uniform(1)",
        "a:delay=uniform(0,600001)",
        "a:delay=normal(1,2)",
        "a:drip=0",
        "a:drip=x",
        "a:limit=10",
        "a:limit=10/0",
        "a:reset@5",
        "a:reset@101%",
        "a:reset@-1%",
        "a:reset@%",
        "a:reset@5%@5%",
    ],
)
def test_what_is_no_rule(text: str) -> None:
    with pytest.raises(FaultGrammarError):
        parse_rule(text)


@pytest.mark.parametrize(
    ("text", "draw", "seconds"),
    [
        ("200", 0.0, 0.2),
        ("200", 0.9, 0.2),
        ("uniform(100,300)", 0.0, 0.1),
        ("uniform(100,300)", 0.5, 0.2),
        ("lognormal(120,0.4)", 0.5, 0.12),
        ("lognormal(100,0)", 0.99, 0.1),
        ("lognormal(600000,9)", 0.999, 600.0),
    ],
)
def test_a_delay_follows_its_distribution(text: str, draw: float, seconds: float) -> None:
    assert parse_delay(text).seconds(draw) == pytest.approx(seconds)


def test_a_log_normal_delay_has_its_spread() -> None:
    delay = parse_delay("lognormal(100,1)")
    assert delay.seconds(0.8413447) == pytest.approx(0.1 * 2.718281828, rel=1e-4)
    assert 0 < delay.seconds(0.0) < delay.seconds(0.1) < delay.seconds(1.0)


def test_an_action_says_what_is_permitted() -> None:
    with pytest.raises(FaultGrammarError, match=r"`boom` is no fault; write delay=…"):
        parse_action("boom")
