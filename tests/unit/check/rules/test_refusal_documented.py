"""An operation that can be asked wrongly and knows no refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "refusal-documented"


def lines(findings: list[Finding]) -> list[int]:
    return [finding.location.line for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


def test_parameters_a_body_or_credentials_without_a_refusal(found: Found) -> None:
    text = """\
        paths:
          /a:
            get:
              operationId: a
              parameters: [{name: q, in: query, schema: {type: string}}]
              responses:
                "200": {description: x}
            post:
              operationId: b
              requestBody: {content: {application/json: {schema: {}}}}
              responses: {"200": {description: x}}
            put:
              operationId: c
              security: [{token: []}]
              responses: {"200": {description: x}}
        """
    findings = found(RULE, text)
    assert sorted(lines(findings)) == [9, 14, 18]
    assert [finding.severity for finding in findings] == ["warning"] * 3
    assert "parameters" in findings[0].message


def test_nothing_to_ask_wrongly_or_any_refusal_is_enough(found: Found) -> None:
    text = """\
        paths:
          /a:
            parameters: [{name: q, in: query, schema: {type: string}}]
            get: {operationId: a, responses: {"4XX": {description: x}}}
            put: {operationId: b, responses: {default: {description: x}}}
          /b:
            get: {operationId: c, responses: {"200": {description: x}}}
            put: {operationId: d, security: [{}, {token: []}], responses: {"200": {description: x}}}
        """
    assert found(RULE, text) == []


def test_a_refusal_without_words(found: Found) -> None:
    text = """\
        paths:
          /a:
            parameters: [{name: q, in: query, schema: {type: string}}]
            get:
              operationId: a
              responses:
                "200": {description: x, content: {image/png: {}}}
                "404": {description: x, content: {image/png: {}, text/plain: {}}}
                "410": {description: x, content: {image/png: {example: a}}}
                "415": {description: x, content: {image/svg+xml: {}}}
                "422": {description: x, content: {image/png: {schema: {type: string}}, application/pdf: {}}}
        """
    (finding,) = found(RULE, text)
    assert str(finding.location).endswith("openapi.yaml:14:33")
    assert finding.message == "The response 422 of a is image/png or application/pdf, which tells no client why."
    assert "application/problem+json" in finding.remedy
