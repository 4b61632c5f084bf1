"""A required name that is not declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "required-property"


def lines(findings: list[Finding]) -> list[int]:
    return [finding.location.line for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


def test_a_name_that_no_part_declares(found: Found) -> None:
    text = """\
        components:
          schemas:
            Base: {type: object, properties: {id: {type: string}}}
            Order:
              required:
                - id
                - total
                - totl
              allOf:
                - $ref: "#/components/schemas/Base"
                - properties: {total: {type: number}}
        """
    findings = found(RULE, text)
    assert lines(findings) == [11]
    assert "`totl`" in findings[0].message


def test_open_schemas_and_parts_of_a_combination_may_require_anything(found: Found) -> None:
    text = """\
        components:
          schemas:
            Map: {required: [a], properties: {}, additionalProperties: {type: string}}
            Either: {properties: {a: {}, b: {}}, anyOf: [{required: [a]}, {required: [b], properties: {c: {}}}]}
            Only: {required: [a]}
        """
    assert found(RULE, text) == []
