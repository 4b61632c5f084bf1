"""Every change of a schema, in both directions of time and of travel: the findings it earns, and none besides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from versioning import contract

from understudy.drift.versions import RULES, compare

if TYPE_CHECKING:
    from understudy.contract.model import Contract

FOLDER = Path(__file__).parent / "changes"
FILES = ("values", "objects", "alternatives", "equal")
CASES = [case for name in FILES for case in yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))]
WAYS = ("request", "response")
COMPONENTS = {
    "Cat": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "Cat"}}},
    "SameCat": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "Cat"}}},
    "Dog": {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["Dog", "hound"]}}},
    "Tree": {
        "type": "object",
        "properties": {"below": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}},
    },
    "SameTree": {
        "type": "object",
        "properties": {"below": {"type": "array", "items": {"$ref": "#/components/schemas/SameTree"}}},
    },
}
PAIRS = [
    pytest.param(case, way, time, id=f"{case['name']}, {way}, {time}")
    for case in CASES
    for way in WAYS
    if case.get("way", way) == way
    for time in ("there", "back")
]


def with_body(schema: Any, way: str) -> Contract:
    """A contract that has a schema in what callers send, or in what they are sent."""
    body = {
        "content": {
            "application/json": {"schema": {"type": "object", "required": ["it"], "properties": {"it": schema}}}
        }
    }
    operation: dict[str, Any] = {"operationId": "put", "responses": {"204": {"description": "Done."}}}
    if way == "request":
        operation["requestBody"] = body
    else:
        operation["responses"] = {"200": {"description": "Done.", **body}}
    return contract({"/it": {"put": operation}}, components={"schemas": COMPONENTS})


@pytest.mark.parametrize(("case", "way", "time"), PAIRS)
def test_change_earns_its_findings_and_no_other(case: dict[str, Any], way: str, time: str) -> None:
    sides = [with_body(case[side], way) for side in ("before", "after")]
    old, new = sides if time == "there" else reversed(sides)
    found = {one.rule: one.severity.value for one in compare(old, new, texts=case.get("texts", False))}
    weight = WAYS.index(way)
    assert found == {f"drift.{way}-{kind}": weights[weight] for kind, weights in case.get(time, {}).items()}


def test_every_rule_about_schemas_is_earned() -> None:
    earned = {
        f"drift.{way}-{kind}"
        for case in CASES
        for way in (WAYS if "way" not in case else (case["way"],))
        for kind in (*case.get("there", ()), *case.get("back", ()))
    }
    about_schemas = {rule for rule in RULES if RULES[rule].startswith("In what ")}
    assert about_schemas == earned
