"""What becomes of failures: words that stay the same, one finding for each, the shortest way to reproduce it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest
from schemathesis.core import failures
from schemathesis.openapi import checks

from understudy.contract.loading import load
from understudy.drift.tally import Tally
from understudy.drift.wording import WORDINGS
from understudy.finding import Finding, Severity

if TYPE_CHECKING:
    from understudy.contract.model import Contract

LABELS = ("POST /phone-numbers/search", "GET /phone-numbers/purchase", "POST /phone-numbers/purchase")


@pytest.fixture
def contract() -> Contract:
    return load("talkturo")


def test_every_failure_of_schemathesis_has_words() -> None:
    kinds = {
        kind
        for module in (failures, checks)
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, failures.Failure)
    }
    spoken_elsewhere = {
        failures.Failure,
        failures.CustomFailure,  # a user's own check: its own words
        checks.JsonSchemaError,  # needs the contract's property names
        checks.ObjectLevelAuthorizationViolation,  # needs two identities, which a target has not
    }
    assert kinds - spoken_elsewhere == set(WORDINGS)


def curl(text: str) -> Finding:
    return Finding("drift.ignored-auth", "Open.", operation="searchPhoneNumbers", details=(("curl", text),))


def test_equal_findings_become_one_with_the_shortest_reproduction(contract: Contract) -> None:
    tally = Tally(contract, tested={LABELS[0]})
    tally.statuses[LABELS[0]][200] += 1
    for text in ("curl -X GET aaa", "curl b", "curl -d ccc d"):
        tally.add(curl(text))
    found = [finding for finding in tally.findings(frozenset(LABELS)) if finding.rule == "drift.ignored-auth"]
    assert [finding.details for finding in found] == [(("curl", "curl b"), ("times", "3"))]


def test_findings_come_in_the_order_of_the_contract(contract: Contract) -> None:
    tally = Tally(contract, tested=set(LABELS))
    for label in LABELS:
        tally.statuses[label][200] += 1
    for operation in ("purchasePhoneNumber", "searchPhoneNumbers", ""):
        tally.add(Finding("drift.x", "x", operation=operation))
    order = [finding.operation for finding in tally.findings(frozenset())]
    assert order == ["", "searchPhoneNumbers", "purchasePhoneNumber"]


def test_run_that_tested_nothing_is_not_clean(contract: Contract) -> None:
    (finding,) = Tally(contract).findings(frozenset())
    assert (finding.rule, finding.severity) == ("drift.untested", Severity.ERROR)


def test_operations_left_out_are_excluded_and_others_untested(contract: Contract) -> None:
    tally = Tally(contract, tested={LABELS[1]})
    tally.statuses[LABELS[1]][200] += 1
    excluded = frozenset({LABELS[2]})
    shares = (("listPurchasedPhoneNumbers",), ("searchPhoneNumbers",), ("purchasePhoneNumber",))
    assert tally.outside(excluded) == shares
    (finding,) = tally.findings(excluded)
    assert (finding.rule, finding.operation) == ("drift.untested", "searchPhoneNumbers")
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(("accepted", "severity"), [(200, Severity.WARNING), (401, Severity.ERROR)])
def test_refusing_everything_weighs_more_than_refusing_one(
    contract: Contract, accepted: int, severity: Severity
) -> None:
    tally = Tally(contract, tested=set(LABELS[:2]))
    tally.statuses[LABELS[0]][accepted] += 1
    tally.statuses[LABELS[1]].update([401, 404, 404])
    found = [one for one in tally.findings(frozenset(LABELS)) if one.operation == "listPurchasedPhoneNumbers"]
    assert [(one.message, one.severity) for one in found] == [
        ("No request was accepted; the answers were 401, 404.", severity)
    ]


@pytest.mark.parametrize(
    ("times", "kept"), [(1, ["drift.server-lost"]), (2, ["drift.broken-answer", "drift.server-lost"])]
)
def test_an_answer_that_broke_off_when_the_server_went_is_no_other_finding(
    contract: Contract, times: int, kept: list[str]
) -> None:
    tally = Tally(contract, tested=set(LABELS))
    for label in LABELS:
        tally.statuses[label][200] += 1
    for _ in range(times):
        tally.add(Finding("drift.broken-answer", "x"))
    tally.add(Finding("drift.server-lost", "x"))
    assert [finding.rule for finding in tally.findings(frozenset())] == kept
