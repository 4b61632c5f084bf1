"""A template and its parameters that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "path-parameters"


def lines(findings: list[Finding]) -> list[int]:
    return [finding.location.line for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


def test_declared_only_templated_only_and_optional(found: Found) -> None:
    text = """\
        paths:
          /orders/{order_id}:
            get:
              operationId: getOrder
              parameters:
                - {name: id, in: path, required: true, schema: {type: string}}
              responses: {"200": {description: x}}
            put:
              operationId: putOrder
              parameters:
                - name: order_id
                  in: path
                  required: false
                  schema: {type: string}
              responses: {"200": {description: x}}
        """
    findings = found(RULE, text)
    assert lines(findings) == [6, 9, 16]
    assert "`order_id`" in findings[0].message
    assert "`id`" in findings[1].message
    assert "not marked as required" in findings[2].message


def test_the_required_fault_is_told_once(found: Found) -> None:
    text = """\
        paths:
          /orders/{id}:
            get:
              operationId: getOrder
              parameters: [{name: id, in: path, schema: {type: string}}]
              responses: {"200": {description: x}}
        """
    assert lines(found(RULE, text)) == [8]
    assert found("specification", text) == []


def test_braces_that_do_not_pair_up_and_names_given_twice(found: Found) -> None:
    text = """\
        paths:
          /a/{id: {}
          /b/{id}/{id}: {}
          /c/{}: {}
        """
    findings = found(RULE, text)
    assert lines(findings) == [5, 6, 7]


def test_a_parameter_of_the_path_item_counts_for_its_operations(found: Found) -> None:
    text = """\
        paths:
          /a/{id}.{format}:
            parameters:
              - {name: id, in: path, required: true, schema: {type: string}}
              - {name: format, in: path, required: true, schema: {type: string}}
            get: {operationId: a, responses: {"200": {description: x}}}
        """
    assert found(RULE, text) == []
