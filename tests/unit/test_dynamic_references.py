"""A `$dynamicRef` that can mean but one schema is a plain reference; others stay as they are."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from understudy.contract.anchors import settle


def document(**schemas: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "components": {"schemas": schemas}}


@pytest.mark.parametrize("keyword", ["$dynamicAnchor", "$anchor"])
def test_the_only_schema_of_that_name_is_meant(keyword: str) -> None:
    tree: Any = {keyword: "node", "properties": {"next": {"$dynamicRef": "#node", "description": "Next."}}}
    made = document(Tree=tree)
    settle(made)
    assert tree["properties"]["next"] == {"$ref": "#/components/schemas/Tree", "description": "Next."}


@pytest.mark.parametrize(
    "schemas",
    [
        {"A": {"$dynamicAnchor": "x"}, "B": {"$dynamicAnchor": "x"}, "C": {"$dynamicRef": "#x"}},
        {"C": {"$dynamicRef": "#x"}},
        {"A": {"$dynamicAnchor": "x"}, "C": {"$dynamicRef": "#x", "$ref": "#/components/schemas/A"}},
        {"A": {"$dynamicAnchor": ["x"]}, "C": {"$dynamicRef": 3}},
    ],
)
def test_what_may_mean_another_stays(schemas: dict[str, Any]) -> None:
    made = document(**schemas)
    before = deepcopy(made)
    settle(made)
    assert made == before
