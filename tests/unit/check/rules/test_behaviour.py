"""A behaviour that names what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "behaviour"


def lines(findings: list[Finding]) -> list[int]:
    return [finding.location.line for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


CONTRACT = """\
    paths:
      /shop-orders:
        get: {operationId: list, responses: {"200": {description: x}}}
        post:
          operationId: make
          responses:
            "201": {description: x}
            "409":
              description: x
              content: {application/json: {examples: {taken: {value: 1}}}}
            5XX: {description: x}
    """
BEHAVIOUR = """\
    clock: "2024-01-15T12:00:00Z"
    resources:
      people:
        path: /shop-orders
        seed: {from: list, where: item.age > 3}
      friends: {in: people}
    wording: {required: Give the {field}.}
    rules:
      make:
        - when: state.shopOrders.exists(o, o.id == request.body.id && "state.nothing" != "x")
          respond: {status: 409, example: taken}
        - when: size(state.people) > 9
          respond: {status: 503}
        - create: {in: people, item: {name: request.body.name}}
        - set: {made_at: now, kind: '"new"'}
        - delete: {in: friends, where: item.id == result.id}
        - answer: {/count: size(state.people)}
    """


def test_a_sound_behaviour(found: Found) -> None:
    assert (
        found(RULE, CONTRACT, behaviour=BEHAVIOUR.replace("{required: Give the {field}.}", "{required: Give it}")) == []
    )


def one(found: Found, text: str) -> Finding:
    findings = found(RULE, CONTRACT, behaviour=text)
    assert len(findings) == 1, [finding.message for finding in findings]
    return findings[0]


def test_an_unknown_key(found: Found) -> None:
    for text in (
        "clok: x",
        "rules: {make: [{whn: x}]}",
        "resources: {a: {sed: []}}",
        "rules: {make: [{delete: {frm: a}}]}",
    ):
        assert "is no key" in one(found, text).message


def test_an_unknown_operation(found: Found) -> None:
    finding = one(found, "rules:\n  mke: []\n")
    assert str(finding.location).endswith("behaviour.yaml:2:3")
    assert "no operation `mke`" in finding.message
    assert "no operation `lst`" in one(found, "resources: {a: {seed: {from: lst}}}").message


def test_an_undeclared_status_and_example(found: Found) -> None:
    finding = one(found, "rules:\n  make:\n    - respond: {status: 404}\n")
    assert str(finding.location).endswith("behaviour.yaml:3:25")
    assert finding.remedy == "It declares `201`, `409`, `5XX`."
    assert "`tken`" in one(found, "rules: {make: [{respond: {status: 409, example: tken}}]}").message
    assert "missing" in one(found, "rules: {make: [{respond: {}}]}").message
    assert "`100` is no status" in one(found, "rules: {make: [{respond: {status: 100}}]}").message


def test_an_unknown_resource(found: Found) -> None:
    for text in (
        "rules: {make: [{create: {in: nothing}}]}",
        "rules: {make: [{delete: {in: nothing}}]}",
        "resources: {a: {in: nothing}}",
        "rules: {make: [{when: state.nothing == 1}]}",
    ):
        finding = one(found, text)
        assert "no resource `nothing`" in finding.message
        assert "`shopOrders`" in finding.remedy


def test_an_unknown_path_or_clock(found: Found) -> None:
    assert "no path" in one(found, "resources: {a: {path: /nowhere}}").message
    assert "clock" in one(found, "clock: noon").message


def test_an_expression_that_does_not_compile(found: Found) -> None:
    finding = one(found, "rules:\n  make:\n    - when: item.a ==\n")
    assert str(finding.location).endswith("behaviour.yaml:3:13")
    assert "ends too early" in finding.message
    nested = one(found, "rules:\n  make:\n    - answer:\n        /a:\n          b: (1\n")
    assert str(nested.location).endswith("behaviour.yaml:5:14")


def test_a_text_without_its_quotation_marks_and_a_value_that_is_no_text(found: Found) -> None:
    assert "unknown variable, `active`" in one(found, "rules: {make: [{set: {status: active}}]}").message
    assert "must be a text" in one(found, "rules: {make: [{set: {status: 3}}]}").message


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ("id: 7", "`id` must be a text"),
        ("item: /nowhere/{id}", "no path `/nowhere/{id}`"),
        ("singleton: perhaps", "`singleton` must be true or false"),
        ("items: data", "`items` must be a JSON pointer"),
        ("parents: [a]", "`parents` must map"),
        ("operations: {make: explode}", "`explode` is no effect"),
        ("operations: {mke: create}", "no operation `mke`"),
        ("colour: red", "`colour` is no key"),
    ],
)
def test_a_correction_that_can_not_be_understood(found: Found, told: str, message: str) -> None:
    finding = one(found, f"resources:\n  a:\n    {told}\n")
    assert message in finding.message
    assert "behaviour.yaml:3:" in str(finding.location)


TYPED = """\
    paths:
      /orders:
        get:
          operationId: list
          responses:
            "200":
              description: x
              content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}}}
      /orders/{order_id}:
        parameters:
          - {name: order_id, in: path, required: true, schema: {type: string}}
          - {name: dry, in: query, schema: {type: boolean}}
        put:
          operationId: put
          requestBody: {content: {application/json: {schema: {type: object, properties: {total: {type: number}}}}}}
          responses:
            "200": {description: x, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
            "409": {description: x}
    components:
      schemas:
        Order: {type: object, properties: {id: {type: string}, state: {type: string}, total: {type: number}}}
    """


def rule(found: Found, text: str) -> list[tuple[int, str]]:
    findings = found(RULE, TYPED, behaviour=f"rules:\n  put:\n{text}")
    return [(finding.location.line, finding.message) for finding in findings if finding.location]


def test_names_that_the_contract_has_are_no_findings(found: Found) -> None:
    text = """\
    - when: item.state == "open" && request.body.total > 3.0 && request.path.order_id != "" && request.query.dry
      respond: {status: 409}
    - when: state.orders.exists(o, o.total > item.total) || has(item.attempts)
      set: {state: '"paid"', attempts: item.attempts + 1}
    - answer: {"": {total: size(state.orders)}, /inner: {id: 'date(now)'}}
    - {delete: {in: orders, where: item.id == result.id}}
    - set: {in: orders, where: item.id != "x", values: {total: item.total * 2.0}}
"""
    assert rule(found, text) == []


def test_unknown_fields_are_told_wherever_they_stand(found: Found) -> None:
    for text in (
        "    - when: item.stat == 1\n      set: {state: '1'}\n",
        "    - when: state.orders.exists(o, o.stat == 1)\n      set: {state: '1'}\n",
        "    - set: {state: item.stat}\n",
        "    - create: {in: orders, item: {state: item.stat}}\n",
        "    - answer: {/a: {state: result.stat}}\n",
        "    - delete: {in: orders, where: item.stat == 1}\n",
        "    - set: {in: orders, values: {state: item.stat}}\n",
    ):
        assert rule(found, text) == [(3, "Nothing has a field `stat`.")]
    for text in ("    - set:\n        stat: '1'\n", "    - create:\n        {in: orders, item: {stat: '1'}}\n"):
        assert rule(found, text) == [(4, "Nothing in the contract has a field `stat`, and no rule reads it.")]


def test_what_a_request_does_not_bring_is_told_with_what_it_does(found: Found) -> None:
    for name in ("body.totl", "path.id", "query.dri", "header.dry", "boddy"):
        text = f"    - when: request.{name} == 1\n      set: {{state: '1'}}\n"
        assert rule(found, text) == [(3, f"The request has no `request.{name}`.")]


def test_unknown_functions_and_what_can_not_be_computed_are_told(found: Found) -> None:
    assert rule(found, "    - set: {state: upper(item.state)}\n") == [(3, "There is no function `upper`.")]
    for text in ('1 + "a"', 'now > "2020"', "!1", "5 / 0"):
        ((line, message),) = rule(found, f"    - set: {{total: '{text}'}}\n")
        assert line == 3
        assert message.startswith("The expression does not compile: ")


def test_a_rule_that_never_gets_a_turn_is_told_at_its_line(found: Found) -> None:
    effect = "    - set: {state: '1'}\n"
    always, sometimes = "    - respond: {status: 409}\n", "    - {when: 'item.total > 1.0', respond: {status: 409}}\n"
    first = "This rule is never reached: the one on line {} responds first."
    assert rule(found, always + sometimes) == [(4, first.format(3))]
    assert rule(found, always + effect) == [(4, first.format(3))]
    assert rule(found, effect + always) == [(3, first.format(4))]
    assert rule(found, sometimes + effect + sometimes) == [(5, first.format(3))]
    assert rule(found, sometimes + always) == []
    assert rule(found, "    - {when: 'true', respond: {status: 409}}\n" + effect) == [(4, first.format(3))]
    never = "    - {when: 1 > 2, respond: {status: 409}}\n"
    assert rule(found, never) == [(3, "This rule is never reached: its condition never holds.")]


def test_a_pointer_that_is_none_is_told(found: Found) -> None:
    assert rule(found, "    - answer: {total: {id: '1'}}\n") == [(3, "`total` is no JSON pointer.")]
