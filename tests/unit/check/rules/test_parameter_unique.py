"""A parameter declared twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "parameter-unique"


def lines(findings: list[Finding]) -> list[int]:
    return [finding.location.line for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


def test_the_second_of_the_same_name_and_place(found: Found) -> None:
    text = """\
        paths:
          /orders:
            get:
              operationId: list
              parameters:
                - {name: q, in: query, schema: {type: string}}
                - {name: q, in: header, schema: {type: string}}
                - $ref: "#/components/parameters/Q"
              responses: {"200": {description: x}}
        components:
          parameters:
            Q: {name: q, in: query, schema: {type: integer}}
        """
    assert lines(found(RULE, text)) == [11]
