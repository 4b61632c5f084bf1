"""A tag declared twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "tag-unique"


def lines(findings: list[Finding]) -> list[int]:
    return [finding.location.line for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


def test_the_second_of_two(found: Found) -> None:
    text = """\
        tags:
          - name: a
          - name: b
          - name: a
        paths: {}
        """
    assert lines(found(RULE, text)) == [7]
