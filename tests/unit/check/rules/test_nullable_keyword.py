"""A keyword of 3.0 in a later document."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "nullable-keyword"


def lines(findings: list[Finding]) -> list[int]:
    return [finding.location.line for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


TEXT = """\
    components:
      schemas:
        A:
          type: string
          nullable: true
    """


def test_it_counts_for_nothing_in_3_1(found: Found) -> None:
    assert lines(found(RULE, TEXT)) == [8]


def test_it_counts_in_3_0(found: Found) -> None:
    assert found(RULE, TEXT, head="openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths: {}\n") == []
