"""`behaviour.yaml`: what can't be understood is told with its line; what can is carried out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from understudy.errors import InputError
from understudy_mock.compiling import compile_contract
from understudy_mock.state.behaviour import DEFAULT_CLOCK, read_behaviour

if TYPE_CHECKING:
    from conftest import Read, Serve
    from understudy.finding import Finding

BARE = "paths: {}\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("clock: noon\n", 1, "The clock is not an RFC 3339 instant."),
        ("- clock\n", 1, "A mapping belongs here."),
        ("rules: []\n", 1, "A mapping belongs here."),
        ("rules:\n  make:\n    when: true\n", 3, "A list of rules belongs here."),
        ("rules:\n  make:\n    - when: a ==\n", 3, "This is not CEL: "),
        ("rules:\n  make:\n    - set: {a: '1'}\n    - set:\n        b: 1 +\n", 5, "This is not CEL: "),
        ("rules:\n  make:\n    - create: {in: x, item: [1]}\n", 3, "A mapping belongs here."),
        ("rules:\n  make:\n    - respond: 409\n", 3, "A mapping belongs here."),
        ("rules:\n  make:\n    - delete: {in: x, where: ')'}\n", 3, "This is not CEL: "),
        ("rules:\n  make:\n    - answer:\n        /a: {b: '('}\n", 4, "This is not CEL: "),
        ("resources:\n  books: [1]\n", 2, "A mapping belongs here."),
        ("resources:\n  books:\n    seed: 3\n", 3, "A mapping belongs here."),
        ("resources:\n  books:\n    seed: [{id: 1}, x]\n", 3, "A mapping belongs here."),
        ("resources:\n  books:\n    seed: {from: list, where: '&'}\n", 3, "This is not CEL: "),
    ],
)
def test_a_mistake_is_told_with_its_line(contract: Read, text: str, line: int, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_behaviour(contract(BARE, behaviour=text))
    finding = caught.value.finding
    assert finding.message.startswith(message)
    assert finding.location is not None
    assert (finding.location.line, finding.location.path.endswith("behaviour.yaml")) == (line, True)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("clock: 2020-02-02T20:20:20Z\n", datetime(2020, 2, 2, 20, 20, 20, tzinfo=UTC)),
        ("clock: '2020-02-02T20:20:20'\n", datetime(2020, 2, 2, 20, 20, 20, tzinfo=UTC)),
        ("wording: {}\n", DEFAULT_CLOCK),
        ("", DEFAULT_CLOCK),
    ],
)
def test_the_clock_is_read(contract: Read, text: str, clock: datetime) -> None:
    assert read_behaviour(contract(BARE, behaviour=text)).clock == clock


def test_without_a_file_there_are_no_rules(contract: Read) -> None:
    assert read_behaviour(contract(BARE)).rules == {}


def test_what_a_rule_reads_is_known(contract: Read) -> None:
    text = """\
        rules:
          make:
            - when: state.a.exists(x, true)
              set: {one: size(state.b)}
              delete: {in: c, where: item.id in state.d}
              answer: {/x: {y: size(state.e)}}
        """
    assert read_behaviour(contract(BARE, behaviour=text)).rules["make"][0].reads == {"a", "b", "d", "e"}


SHOP = """\
    paths:
      /orders:
        get:
          operationId: listOrders
          responses:
            "200":
              description: Orders.
              content:
                application/json:
                  schema: {type: array, items: {$ref: "#/components/schemas/Order"}}
                  example: [{id: o-1, state: open, total: 2}, {id: o-2, state: paid, total: 3}]
        post:
          operationId: makeOrder
          requestBody: {content: {application/json: {schema: {type: object}}}}
          responses:
            "201": {description: x, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
            "402": {description: x, content: {application/json: {examples: {poor: {value: {error: poor}}}}}}
      /orders/{id}:
        parameters: [{name: id, in: path, required: true, schema: {type: string}}]
        delete:
          operationId: dropOrder
          responses: {"204": {description: x}, "404": {description: x}}
      /orders/{id}/pay:
        parameters: [{name: id, in: path, required: true, schema: {type: string}}]
        post:
          operationId: payOrder
          responses:
            "200":
              description: x
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      order: {$ref: "#/components/schemas/Order"}
                      left: {type: integer}
    components:
      schemas:
        Order:
          type: object
          required: [id, state, total]
          properties: {id: {type: string}, state: {type: string}, total: {type: number}, note: {type: string}}
    """


def test_rules_refuse_change_and_answer(mocked: Serve) -> None:
    behaviour = """\
        rules:
          makeOrder:
            - when: request.body.total > 100
              respond: {status: 402, example: poor}
            - set: {state: '"new"'}
          payOrder:
            - set: {state: '"paid"'}
            - set: {in: orders, where: item.id == "o-2", values: {note: '"' + "'seen'" + '"'}}
            - answer: {"": {left: 'size(state.orders.filter(o, o.state != "paid"))'}}
        """.replace("""'"' + "'seen'" + '"'""", "'\"seen\"'")
    shop = mocked(SHOP, behaviour=behaviour)
    assert shop.ask("POST /orders", {"total": 101}).status == 402
    made = shop.ask("POST /orders", {"total": 5})
    assert made.json == {"id": "o-3", "state": "new", "total": 5}
    paid = shop.ask("POST /orders/o-1/pay")
    assert paid.json == {"order": {"id": "o-1", "state": "paid", "total": 2}, "left": 1}
    assert shop.ask("GET /orders").json == [
        {"id": "o-1", "state": "paid", "total": 2},
        {"id": "o-2", "state": "paid", "total": 3, "note": "seen"},
        {"id": "o-3", "state": "new", "total": 5},
    ]


def test_a_rule_can_keep_what_would_be_deleted(mocked: Serve) -> None:
    plain = mocked(SHOP)
    assert plain.ask("DELETE /orders/o-1").status == 204
    assert [order["id"] for order in plain.ask("GET /orders").json] == ["o-2"]
    keeping = mocked(SHOP, behaviour="rules: {dropOrder: [{set: {state: '\"dropped\"'}}]}\n")
    assert keeping.ask("DELETE /orders/o-1").status == 204
    assert [order["state"] for order in keeping.ask("GET /orders").json] == ["dropped", "paid"]


def test_a_rule_that_fails_on_its_values_is_told_and_does_nothing(mocked: Serve) -> None:
    shop = mocked(SHOP, behaviour="rules: {makeOrder: [{set: {state: request.body.nothing}}]}\n")
    told = shop.ask("POST /orders", {"total": 5, "state": "fine"})
    assert told.json == {"id": "o-3", "state": "fine", "total": 5}
    assert "`request.body.nothing` failed" in told.headers["understudy-explain"]


def test_seeds_are_written_out_or_filtered(contract: Read) -> None:
    text = """\
        resources:
          orders: {path: /orders, seed: {from: listOrders, where: item.total > 2}}
          people: {seed: [{id: p, name: Ada}]}
        """
    resources = compile_contract(contract(SHOP, behaviour=text)).resources.by_name
    assert [item["id"] for item in resources["orders"].seeds] == ["o-2"]
    assert resources["people"].seeds == ({"id": "p", "name": "Ada"},)


def test_what_can_not_be_understood_is_left_out_and_the_rest_stays(contract: Read) -> None:
    text = """\
        clock: noon
        wording: [1]
        resources: {good: {id: key}, bad: {id: 3}}
        rules:
          make:
            - {when: a ==, respond: {status: 409}}
            - {when: "true", respond: {status: 404}}
          none: 7
        """
    flaws: list[Finding] = []
    behaviour = read_behaviour(contract(BARE, behaviour=text), flaws)
    assert [flaw.location.line for flaw in flaws if flaw.location] == [2, 3, 1, 6, 8]
    assert list(behaviour.corrections) == ["good"]
    assert behaviour.clock == DEFAULT_CLOCK
    assert [rule.respond for rule in behaviour.rules["make"]] == [(404, "")]
    assert behaviour.rules["none"] == ()
    flaws.clear()
    assert read_behaviour(contract(BARE, behaviour="- 1\n"), flaws).rules == {}
    assert len(flaws) == 1


def test_a_rule_that_fails_leaves_nothing_behind(mocked: Serve) -> None:
    served = mocked(
        SHOP,
        behaviour="""\
            rules:
              payOrder:
                - create: {in: orders, item: {state: '"copied"', total: item.total}}
                  set: {state: '"paid"', note: item.nothing}
                - set: {note: '"rung up"'}
            """,
    )
    told = served.ask("POST /orders/o-1/pay")
    assert "nothing" in told.headers["understudy-explain"]
    orders = served.ask("GET /orders").json
    assert [(order["id"], order["note"]) for order in orders if "note" in order] == [("o-1", "rung up")]
    assert len(orders) == 2


def test_a_rule_that_fails_halfway_through_its_items_leaves_them_all(mocked: Serve) -> None:
    served = mocked(
        SHOP,
        behaviour="""\
            rules:
              makeOrder:
                - set: {in: orders, where: item.total > 0, values: {total: 6 / (int(item.total) - 3)}}
            """,
    )
    told = served.ask("POST /orders", {"total": 2, "state": "open"})
    assert "by zero" in told.headers["understudy-explain"].lower()
    assert [order["total"] for order in served.ask("GET /orders").json] == [2, 3, 2]


ALONE = """\
    paths:
      /quote:
        post:
          operationId: quote
          requestBody: {content: {application/json: {schema: {type: object}}}}
          responses:
            "200":
              description: x
              content: {application/json: {schema: {type: object}, example: {price: 1, currency: EUR}}}
            "402": {description: x, content: {application/json: {examples: {poor: {value: {error: poor}}}}}}
    """


def test_rules_hold_for_operations_that_are_about_no_resource(mocked: Serve) -> None:
    served = mocked(
        ALONE,
        behaviour="""\
            rules:
              quote:
                - when: request.body.count > 9
                  respond: {status: 402, example: poor}
                - answer: {"": {price: request.body.count * 2}}
            """,
    )
    assert served.ask("POST /quote", {"count": 10}).status == 402
    assert served.ask("POST /quote", {"count": 3}).json == {"price": 6, "currency": "EUR"}
    told = served.ask("POST /quote", {})
    assert told.json == {"price": 1, "currency": "EUR"}
    assert "request.body.count" in told.headers["understudy-explain"]
