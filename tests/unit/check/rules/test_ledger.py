"""A ledger and a contract that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "ledger"


def lines(findings: list[Finding]) -> list[int]:
    return [finding.location.line for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


CONTRACT = """\
    paths:
      /orders:
        get:
          operationId: list
          parameters: [{name: q, in: query, schema: {type: string}}]
          responses:
            "200":
              description: x
              x-understudy-assumed: No page states it.
    """
LEDGER = """\
    sources:
      page: {title: Orders}
    operations:
      - operationId: list
        method: GET
        path: /v1/orders
        source: page
        language: en
        evidence: full page
        positions:
          - {subject: a, position: b, reason: c}
        assumed:
          - {at: responses/200, reason: No page states it.}
    """


def test_a_complete_ledger(found: Found) -> None:
    assert found(RULE, CONTRACT, ledger=LEDGER) == []


def test_without_a_ledger_only_the_marks_are_looked_at(found: Found) -> None:
    assert found(RULE, CONTRACT) == []
    assert lines(found(RULE, CONTRACT.replace("No page states it.", '" "'))) == [12]


def test_an_operation_without_entry_and_an_entry_without_operation(found: Found) -> None:
    findings = found(RULE, CONTRACT, ledger=LEDGER.replace("operationId: list", "operationId: lst"))
    assert {(str(one.location).rpartition("/")[2], one.message) for one in findings} == {
        ("openapi.yaml:6:5", "The ledger has no entry for list (GET /orders)."),
        ("openapi.yaml:12:11", "No entry of the ledger lists this assumption."),
        ("ledger.yaml:4:18", "The contract has no operation `lst`."),
    }


def test_what_the_two_say_differently(found: Found) -> None:
    text = LEDGER.replace("GET", "get").replace("/v1/orders", "/orders").replace("source: page", "source: pge")
    assert lines(found(RULE, CONTRACT, ledger=text)) == [7, 5, 6]


def test_what_an_entry_lacks(found: Found) -> None:
    text = LEDGER.replace("        language: en\n", "").replace("full page", '""').replace(", reason: c", "")
    messages = [finding.message for finding in found(RULE, CONTRACT, ledger=text)]
    assert messages == ["`language` is missing.", "`evidence` must be a text.", "`reason` is missing."]


def test_assumptions_have_to_be_told_on_both_sides(found: Found) -> None:
    nowhere = found(RULE, CONTRACT, ledger=LEDGER.replace("at: responses/200", "at: responses/201"))
    assert ["leads nowhere" in one.message for one in nowhere] == [False, True]
    unmarked = found(RULE, CONTRACT, ledger=LEDGER.replace("at: responses/200", "at: parameters/q/schema"))
    assert ["does not mark" in one.message for one in unmarked] == [False, True]


def test_an_entry_that_stands_twice(found: Found) -> None:
    entry = LEDGER.partition("operations:\n")[2]
    findings = found(RULE, CONTRACT, ledger=LEDGER.rstrip(" ") + entry)
    assert any("twice" in finding.message for finding in findings)


def test_a_mark_inside_a_list_is_found_by_its_index(found: Found) -> None:
    marked = """\
        content:
          application/json:
            schema: {oneOf: [{type: string}, {type: object, x-understudy-assumed: No page shows it.}]}
            example: text
    """
    place = "{at: responses/200/content/application~1json/schema/oneOf/1, reason: No page shows it.}"
    contract = CONTRACT.replace(
        "              x-understudy-assumed: No page states it.\n",
        "".join(f"      {line}\n" for line in marked.splitlines() if line.strip()),
    )
    ledger = LEDGER.replace("{at: responses/200, reason: No page states it.}", place)
    assert found(RULE, contract, ledger=ledger) == []
