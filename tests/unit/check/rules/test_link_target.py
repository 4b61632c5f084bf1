"""A link that leads nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "link-target"


def lines(findings: list[Finding]) -> list[int]:
    return [finding.location.line for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


LINKS = """\
    paths:
      /orders:
        get:
          operationId: list
          parameters: [{name: q, in: query, schema: {type: string}}]
          responses:
            "200":
              description: x
              links:
"""


def test_an_unknown_operation_or_parameter(found: Found) -> None:
    text = (
        LINKS
        + """\
                a: {operationId: lst}
                b: {operationId: list, parameters: {q: 1, query.q: 2, r: 3}}
                c: {operationRef: "#/paths/~1orders/get"}
                d: {operationRef: "#/paths/~1orders/post"}
                e: {operationRef: "https://elsewhere.test/#/paths/~1x/get"}
    """
    )
    findings = found(RULE, text)
    assert lines(findings) == [13, 14, 16]
    assert "`lst`" in findings[0].message
    assert "`r`" in findings[1].message
