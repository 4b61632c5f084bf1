"""An operation without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "operation-id"


def lines(findings: list[Finding]) -> list[int]:
    return [finding.location.line for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


def test_a_missing_name(found: Found) -> None:
    text = """\
        paths:
          /orders:
            get:
              responses: {"200": {description: All.}}
            put:
              operationId: ""
              responses: {"200": {description: All.}}
        """
    findings = found(RULE, text)
    assert lines(findings) == [6, 8]
    assert findings[0].message == "GET /orders has no operationId."
