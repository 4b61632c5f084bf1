"""A behaviour that names what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        - respond: {status: 503}
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
