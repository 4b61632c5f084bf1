"""Values are made for conditions and for `contains`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Serve


@pytest.mark.parametrize(
    "schema",
    [
        (
            "{type: object, required: [c, z], properties: {c: {enum: [US, NL]}, z: {type: string}}, "
            "if: {properties: {c: {const: US}}}, then: {properties: {z: {pattern: '^[0-9]{5}$'}}}, "
            "else: {properties: {z: {pattern: '^[0-9]{4}$'}}}}"
        ),
        "{type: object, required: [c], properties: {c: {enum: [NL]}}, if: {properties: {c: {const: US}}}, then: false}",
        "{type: integer, if: {minimum: 5}, else: {const: 2}}",
        (
            "{type: array, items: {type: integer, minimum: 1, maximum: 49}, minItems: 6, maxItems: 6, "
            "uniqueItems: true, contains: {const: 7}}"
        ),
        "{type: array, contains: {type: string}, minContains: 2, uniqueItems: true, items: {type: [string, integer]}}",
        "{type: array, prefixItems: [{const: a}], contains: {const: 5}, minItems: 3, items: {type: integer}}",
    ],
)
def test_a_value_is_made(mocked: Serve, schema: str) -> None:
    response = f"{{description: x, content: {{application/json: {{schema: {schema}}}}}}}"
    assert mocked(f"paths: {{/a: {{get: {{responses: {{'200': {response}}}}}}}}}").ask("GET /a").status == 200
