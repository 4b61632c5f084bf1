"""A requirement that names no scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "security-defined"


def lines(findings: list[Finding]) -> list[int]:
    return [finding.location.line for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


def test_an_unknown_scheme_at_the_root_and_at_an_operation(found: Found) -> None:
    text = """\
        security:
          - tokn: []
        paths:
          /orders:
            get:
              operationId: list
              security:
                - {}
                - other: []
              responses: {"200": {description: x}}
        components:
          securitySchemes:
            token: {type: http, scheme: bearer}
        """
    findings = found(RULE, text)
    assert lines(findings) == [5, 12]
    assert "Declared are: token." in findings[0].message
