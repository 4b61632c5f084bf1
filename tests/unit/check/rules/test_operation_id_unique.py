"""Two operations of one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "operation-id-unique"


def lines(findings: list[Finding]) -> list[int]:
    return [finding.location.line for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


def test_the_second_of_two_equal_names(found: Found) -> None:
    text = """\
        paths:
          /orders:
            get: {operationId: one, responses: {"200": {description: x}}}
            put:
              operationId: one
              responses: {"200": {description: x}}
        """
    findings = found(RULE, text)
    assert lines(findings) == [8]
    assert "taken by GET /orders" in findings[0].message
