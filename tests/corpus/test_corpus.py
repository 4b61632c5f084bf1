"""Every contract of the corpus: no error, a mock that starts, and nothing for Schemathesis to find on it.

`UNDERSTUDY_CORPUS=full` runs Schemathesis with its own numbers of examples, as `make fuzz` does.
"""

from __future__ import annotations

from pathlib import Path

import obedience
import pytest

from understudy.contract.loading import load
from understudy_mock.app import mock_app
from understudy_mock.settings import Settings as MockSettings

FOLDER = Path(__file__).parent / "contracts"
CONTRACTS = sorted(path.name for path in FOLDER.iterdir())
SETTINGS = obedience.settings(max_examples=10, max_steps=6)


def test_there_are_many_contracts_of_every_version() -> None:
    versions = [load(str(FOLDER / name)) for name in CONTRACTS]
    assert len(versions) >= 40
    assert {"2.0" if one.written else one.version[:3] for one in versions} == {"2.0", "3.0", "3.1", "3.2"}


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_contract_of_the_corpus_is_checked_served_and_obeyed(name: str) -> None:
    contract = load(str(FOLDER / name))
    assert obedience.errors(contract) == []
    outcome, _ = obedience.fuzzed(contract, SETTINGS, mock_app([contract], MockSettings(auth="strict")))
    assert obedience.complaints(contract, outcome) == []
    assert {one.operation for one in outcome.findings} == obedience.forgetful(contract)
    assert len(outcome.summary.tested) == len(contract.operations)
