"""The mock of each shipped contract, fuzzed by Schemathesis with all phases, all checks and its own example counts."""

from __future__ import annotations

import pytest

from understudy.contract.loading import load
from understudy.drift.fuzzing import fuzz
from understudy.drift.target import Settings, Target
from understudy_mock.app import mock_app
from understudy_mock.settings import Settings as MockSettings


@pytest.mark.parametrize("name", ["talkover", "talkturo"])
def test_the_mock_of_a_shipped_contract_is_beyond_reproach(name: str) -> None:
    contract = load(name)
    mock = mock_app([contract], MockSettings(auth="strict"))
    target = Target(app=mock.asgi, headers=mock.credential_headers(contract))
    outcome = fuzz(contract, target, Settings(seed=20240115), lambda _: None)
    assert list(outcome.findings) == []
    assert len(outcome.summary.tested) == len(contract.operations)
