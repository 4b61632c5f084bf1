"""The control API tells what is served, in which variants, and whether the mock is up to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from understudy.contract.loading import load
from understudy_mock.app import mock_app
from understudy_mock.settings import Settings

if TYPE_CHECKING:
    from conftest import Mocked, Serve

C = "/__understudy__"
PETS = """
paths:
  /pets/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}, example: 7}]
      responses: {'200': {description: ok, content: {application/json: {schema: {enum: [a, b]}}}}}
  /broken:
    get:
      operationId: broken
      parameters: [{name: q, in: query, schema: {type: 5}}]
      responses: {'200': {description: ok}}
"""


@pytest.fixture
def both(mocked: Serve) -> Mocked:
    return replace(mocked(PETS), app=mock_app([load("talkover"), load("talkturo")], Settings()))


def test_it_lives_and_says_what_it_can_not_answer(mocked: Serve) -> None:
    mock = mocked(PETS)
    assert mock.ask(f"GET {C}/health").json == {"status": "ok"}
    told = mock.ask(f"GET {C}/ready").json
    assert (told["ready"], told["contracts"][0]["operations"], len(told["contracts"][0]["defects"])) == (True, 2, 1)


def test_a_mock_that_is_to_end_is_not_ready(mocked: Serve) -> None:
    mock = mocked(PETS)
    mock.app.runtime.drain()
    assert (mock.ask(f"GET {C}/ready").status, mock.ask(f"GET {C}/health").status) == (503, 200)


def test_what_was_not_read_from_files_is_not_read_again(mocked: Serve) -> None:
    told = mocked(PETS).ask(f"POST {C}/reload").json
    assert told["changed"] is False
    assert "not started from files" in told["errors"][0]


def test_the_only_contract_and_each_of_several_are_given_as_bundles(mocked: Serve, both: Mocked) -> None:
    assert mocked(PETS).ask(f"GET {C}/contract").json["paths"].keys() == {"/pets/{id}", "/broken"}
    assert both.ask(f"GET {C}/contract").status == 409
    assert both.ask(f"GET {C}/contracts/talkturo").json["info"]["title"] == load("talkturo").document["info"]["title"]
    assert both.ask(f"GET {C}/contracts/nobody").status == 404
    assert [one["name"] for one in both.ask(f"GET {C}/contracts").json["contracts"]] == ["talkover", "talkturo"]


def test_operations_are_listed_for_one_contract_or_all(both: Mocked) -> None:
    everything = both.ask(f"GET {C}/operations").json["operations"]
    some = both.ask(f"GET {C}/operations?contract=talkturo").json["operations"]
    assert [one for one in everything if one["contract"] == "talkturo"] == some
    assert len(everything) > len(some) > 0
    assert both.ask(f"GET {C}/operations?contract=nobody").status == 404


def test_variants_are_listed_with_requests_that_get_them(mocked: Serve) -> None:
    mock = mocked(PETS)
    told = mock.ask(f"GET {C}/operations/GET%20%2Fpets%2F%7Bid%7D/variants").json
    assert told["complete"] is True
    assert [variant["kind"] for variant in told["variants"]] == ["status", "enum"]
    for variant in told["variants"]:
        answer = mock.ask(f"GET {variant['request']['href']}")
        assert (answer.status, answer.json) == (200, variant.get("value", "a"))
    assert mock.ask(f"GET {C}/operations/nobody/variants").status == 404


def test_an_operation_of_two_contracts_has_to_be_told_apart(mocked: Serve) -> None:
    mock = replace(mocked(PETS), app=mock_app([load("talkover"), load("talkover")], Settings()))
    assert mock.ask(f"GET {C}/operations/listDids/variants").status == 409
    assert mock.ask(f"GET {C}/operations/listDids/variants?contract=talkover-2").json["contract"] == "talkover-2"


def test_coverage_is_told_and_reset(both: Mocked) -> None:
    both.ask("GET /api/v1/phone-numbers", authorization="Bearer talq_x")
    assert both.ask(f"GET {C}/coverage").json["totals"]["operations"]["used"] == 1
    assert both.ask(f"GET {C}/coverage?contract=talkturo").json["totals"]["operations"]["used"] == 0
    assert both.ask(f"DELETE {C}/coverage").status == 204
    assert both.ask(f"GET {C}/coverage").json["totals"]["operations"]["used"] == 0
