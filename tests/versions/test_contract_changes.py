"""Every change of a contract beside its schemas, there and back: the findings it earns, and none besides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from versioning import contract

from understudy.drift.versions import RULES, compare

FOLDER = Path(__file__).parent / "changes"
OPERATIONS, CONTRACTS = (
    yaml.safe_load((FOLDER / name).read_text("utf-8")) for name in ("operations.yaml", "contracts.yaml")
)
DONE = {"operationId": "getIt", "responses": {"200": {"description": "Done."}}}
ROOTS = [
    *(
        {**case, **{side: {"paths": {"/it": {"get": DONE | case[side]}}} for side in ("before", "after")}}
        for case in OPERATIONS
    ),
    *CONTRACTS,
]


@pytest.mark.parametrize("time", ["there", "back"])
@pytest.mark.parametrize("case", ROOTS, ids=[case["name"] for case in ROOTS])
def test_change_earns_its_findings_and_no_other(case: dict[str, Any], time: str) -> None:
    sides = [contract(**{"paths": {}, **case[side]}) for side in ("before", "after")]
    old, new = sides if time == "there" else reversed(sides)
    found = {one.rule: one.severity.value for one in compare(old, new, texts=case.get("texts", False))}
    assert found == {f"drift.{rule}": weight for rule, weight in case[time].items()}


def test_every_rule_beside_schemas_is_earned() -> None:
    earned = {f"drift.{rule}" for case in ROOTS for time in ("there", "back") for rule in case[time]}
    assert {rule for rule in RULES if not RULES[rule].startswith("In what ")} <= earned
