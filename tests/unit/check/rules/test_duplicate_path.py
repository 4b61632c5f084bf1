"""Two templates that fit the same requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "duplicate-path"


def lines(findings: list[Finding]) -> list[int]:
    return [finding.location.line for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


def test_the_second_path_of_one_shape(found: Found) -> None:
    text = """\
        paths:
          /orders/{id}: {}
          /orders/all: {}
          /orders/{number}: {}
        """
    findings = found(RULE, text)
    assert lines(findings) == [7]
    assert "`/orders/{id}`" in findings[0].message
