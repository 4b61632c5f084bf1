"""docs/versions.md lists every rule, its weight and its sentence, in the order of the code."""

from __future__ import annotations

from pathlib import Path

from understudy.drift.versions import RULES, severity_of

PAGE = Path(__file__).parents[2] / "docs" / "versions.md"


def test_page_lists_every_rule() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `drift.")]
    weights = {"error": "error", "warning": "warning", "info": "note"}
    assert rows == [f"| `{rule}` | {weights[severity_of(rule)]} | {sentence} |" for rule, sentence in RULES.items()]
