"""A component that nothing uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "unused-component"


def lines(findings: list[Finding]) -> list[int]:
    return [finding.location.line for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


def test_what_no_path_leads_to(found: Found) -> None:
    text = """\
        paths:
          /a:
            get:
              operationId: a
              responses: {"200": {$ref: "#/components/responses/Pet"}}
        components:
          responses:
            Pet: {description: x, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
          schemas:
            Pet: {discriminator: {propertyName: kind}, required: [kind], properties: {kind: {type: string}}}
            Cat: {allOf: [{$ref: "#/components/schemas/Pet"}, {$ref: "#/components/schemas/Fur"}]}
            Fur: {type: object}
            Ring: {properties: {next: {$ref: "#/components/schemas/Chain"}}}
            Chain: {properties: {next: {$ref: "#/components/schemas/Ring"}}}
          examples:
            lonely: {value: 1}
          x-own: {a: 1}
        """
    findings = found(RULE, text)
    assert lines(findings) == [16, 17, 19]
    assert "`Ring`" in findings[0].message


def test_a_discriminator_uses_what_it_maps_to(found: Found) -> None:
    text = """\
        webhooks:
          made:
            post:
              requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
        components:
          schemas:
            Pet: {discriminator: {propertyName: kind, mapping: {c: "#/components/schemas/Cat", d: Dog}}}
            Cat: {type: object}
            Dog: {type: object}
        """
    assert found(RULE, text) == []
