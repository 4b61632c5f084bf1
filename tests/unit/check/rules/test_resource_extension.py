"""`x-understudy-resource`: what can't be understood, and names that the contract does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "resource-extension"

CONTRACT = """\
    paths:
      /pets:
        x-understudy-resource: PATH
        get:
          operationId: list
          x-understudy-resource: OPERATION
          responses: {'200': {description: x}}
    components:
      schemas:
        Pet:
          type: object
          x-understudy-resource: SCHEMA
"""


def contract(path: str = "{name: pets}", operation: str = "{effect: list}", schema: str = "{id: tag}") -> str:
    return CONTRACT.replace("PATH", path).replace("OPERATION", operation).replace("SCHEMA", schema)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"path": "{id: tag, parents: {}, singleton: false, items: /data, ignore: true, in: pets}"},
        {"operation": "{resource: pets, items: /data, effect: none}"},
        {"operation": "{item: ''}"},
        {"schema": "{parents: {userId: owner}}"},
    ],
)
def test_what_is_sound_is_no_finding(found: Found, said: dict[str, str]) -> None:
    assert found(RULE, contract(**said)) == []


@pytest.mark.parametrize(
    ("said", "message", "line"),
    [
        ({"path": "7"}, "must be a mapping", 6),
        ({"path": "{effect: list}"}, "`effect` is no key", 6),
        ({"path": "{id: 7}"}, "`id` must be a text", 6),
        ({"path": "{ignore: maybe}"}, "`ignore` must be true or false", 6),
        ({"path": "{item: '/pets/{id}'}"}, "has no path `/pets/{id}`", 6),
        ({"path": "{path: /pets, parents: {userId: owner}}"}, "is called `userId`", 6),
        ({"operation": "{effect: explode}"}, "`explode` is no effect", 9),
        ({"operation": "{items: data}"}, "`items` must be a JSON pointer", 9),
        ({"operation": "{resource: dogs}"}, "no resource `dogs`", 9),
        ({"schema": "{parents: [a]}"}, "`parents` must map", 15),
    ],
)
def test_what_is_not_is_told_with_its_line(found: Found, said: dict[str, str], message: str, line: int) -> None:
    findings = found(RULE, contract(**said))
    assert len(findings) == 1
    assert message in findings[0].message
    assert findings[0].location is not None
    assert findings[0].location.line == line
