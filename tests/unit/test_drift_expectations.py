"""Which refusals of a valid request the contract itself announces."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from understudy.contract.loading import load
from understudy.drift.expectations import STATE_REFUSALS, business_refusals

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.contract.model import Contract


def contract(folder: Path, statuses: list[str], behaviour: Any = None) -> Contract:
    operation = {"operationId": "buy", "responses": {status: {"description": "x"} for status in statuses}}
    document = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {"/x": {"post": operation}}}
    (folder / "openapi.json").write_text(json.dumps(document))
    if behaviour is not None:
        (folder / "behaviour.yaml").write_text(json.dumps(behaviour))
    return load(str(folder))


@pytest.mark.parametrize("status", sorted(STATE_REFUSALS))
def test_declared_refusals_for_the_state_of_things_are_expected(tmp_path: Path, status: int) -> None:
    assert business_refusals(contract(tmp_path, ["200", str(status)])) == {"buy": (status,)}


@pytest.mark.parametrize(
    "status", ["400", "405", "406", "411", "413", "414", "415", "416", "422", "431", "4XX", "default"]
)
def test_declared_refusals_of_the_requests_form_are_not(tmp_path: Path, status: str) -> None:
    assert business_refusals(contract(tmp_path, ["200", status])) == {}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"parameters": [{"name": "Idempotency-Key", "in": "header", "schema": {}}]}, (409, 422)),
        ({"parameters": [{"name": "Idempotency-Key", "in": "query", "schema": {}}]}, (409,)),
        ({"parameters": [{"name": "Range", "in": "header", "schema": {}}]}, (409, 416)),
        ({"requestBody": {"content": {"application/json-patch+json": {}}}}, (400, 409, 422)),
        ({"requestBody": {"content": {"application/json": {}}}}, (409,)),
    ],
)
def test_what_http_says_of_a_valid_header_or_patch_is_expected(
    tmp_path: Path, told: dict[str, Any], expected: tuple[int, ...]
) -> None:
    made = contract(tmp_path, ["200", "304", "400", "409", "416", "422"])
    made.document["paths"]["/x"]["post"].update(told)
    assert business_refusals(made) == {"buy": expected}


def test_statuses_that_rules_respond_with_are_expected(tmp_path: Path) -> None:
    rules = {
        "buy": [
            {"when": "a", "respond": {"status": 422, "example": "inUse"}},
            {"when": "b", "respond": {"status": 409}},
            {"set": {"a": "1"}},
        ],
        "sell": [{"respond": {"status": 418}}],
    }
    made = contract(tmp_path, ["200", "402", "422"], {"rules": rules})
    assert business_refusals(made) == {"buy": (402, 409, 422)}


@pytest.mark.parametrize(
    "behaviour",
    [
        [],
        {"rules": []},
        {"rules": {"buy": {}}},
        {"rules": {"buy": ["x", {"respond": 1}, {"respond": {"status": "a"}}]}},
    ],
)
def test_misshapen_behaviour_adds_nothing(tmp_path: Path, behaviour: Any) -> None:
    assert business_refusals(contract(tmp_path, ["200"], behaviour)) == {}


def test_shipped_contracts_announce_their_business_refusals() -> None:
    assert business_refusals(load("talkover"))["requestPhoneRelease"] == (404, 409, 422)
    assert business_refusals(load("talkturo"))["purchasePhoneNumber"] == (403, 409)
