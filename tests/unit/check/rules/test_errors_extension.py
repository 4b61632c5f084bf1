"""Extensions that tell where the faults of a request go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "errors-extension"

CONTRACT = """\
    x-understudy-errors: {/errors/*/field: field, /errors/*/text: message, /status: status, /kind: {const: bad}}
    paths:
      /a:
        get:
          operationId: a
          x-understudy-errors: OPERATION
          responses:
            "400": {description: x, x-understudy-errors: RESPONSE}
"""


def contract(operation: str = "{/why: summary}", response: str = '{"/errors/{field}/*": message}') -> str:
    return CONTRACT.replace("OPERATION", operation).replace("RESPONSE", response)


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []
    assert found(RULE, contract()) == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("7", "is no map of JSON pointers"),
        ("{errors: message}", "`errors` is no JSON pointer"),
        ("{/a: nonsense}", "`nonsense` is nothing"),
        ("{/a: {value: 1}}", "is nothing that can be told"),
        ("{/a: 7}", "`7` is nothing"),
        ("{/a/*: field, /a/b: field}", "`/a/b` can't stand beside"),
        ("{/a: field, /a/b: field}", "`/a/b` can't stand beside"),
        ("{/a: {const: {}}, /a/b: field}", "`/a/b` can't stand beside"),
    ],
)
def test_what_can_not_be_understood_is_told_with_its_place(found: Found, value: str, message: str) -> None:
    for text, line in ((contract(operation=value), 9), (contract(response=value), 11)):
        findings = found(RULE, text)
        assert [finding.location.line for finding in findings if finding.location] == [line]
        assert message in findings[0].message
