"""Every contract of the corpus: no error, a mock that starts, and nothing for Schemathesis to find on it.

`UNDERSTUDY_CORPUS=full` runs Schemathesis with its own numbers of examples, as `make fuzz` does.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from understudy.check import check
from understudy.contract.loading import load
from understudy.drift.fuzzing import fuzz
from understudy.drift.target import Settings, Target
from understudy.finding import Severity
from understudy_mock.app import mock_app
from understudy_mock.settings import Settings as MockSettings

if TYPE_CHECKING:
    from understudy.finding import Finding

FOLDER = Path(__file__).parent / "contracts"
CONTRACTS = sorted(path.name for path in FOLDER.iterdir())
FULL = os.environ.get("UNDERSTUDY_CORPUS") == "full"
SETTINGS = Settings(seed=20240115) if FULL else Settings(seed=20240115, max_examples=10, max_steps=6)
UNDOCUMENTED = "is not documented; documented:"


def test_there_are_many_contracts_of_every_version() -> None:
    versions = [load(str(FOLDER / name)) for name in CONTRACTS]
    assert len(versions) >= 40
    assert {"2.0" if one.written else one.version[:3] for one in versions} == {"2.0", "3.0", "3.1", "3.2"}


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_contract_of_the_corpus_is_checked_served_and_obeyed(name: str) -> None:
    contract = load(str(FOLDER / name))
    found = list(check(contract))
    assert [one for one in found if one.severity is Severity.ERROR] == []
    forgetful = {one.operation for one in found if one.rule == "refusal-documented"}
    mock = mock_app([contract], MockSettings(auth="strict"))
    target = Target(app=mock.asgi, headers=mock.credential_headers(contract))
    outcome = fuzz(contract, target, SETTINGS)
    assert [one for one in outcome.findings if not _is_forgotten_refusal(one, forgetful)] == []
    assert {one.operation for one in outcome.findings} == forgetful
    assert len(outcome.summary.tested) == len(contract.operations)


def _is_forgotten_refusal(finding: Finding, forgetful: set[str]) -> bool:
    """Tell the one finding that no mock can mend: a refusal where the contract declares none, as `check` has said."""
    is_about_status = finding.rule == "drift-status-code-conformance" and UNDOCUMENTED in finding.message
    return is_about_status and "status 4" in finding.message and finding.operation in forgetful
