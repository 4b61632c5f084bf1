"""A response without an example."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "response-example"


def lines(findings: list[Finding]) -> list[int]:
    return [finding.location.line for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


def test_content_that_nothing_shows(found: Found) -> None:
    text = """\
        paths:
          /a:
            get:
              operationId: a
              responses:
                "200":
                  description: x
                  content:
                    application/json: {schema: {type: string}}
                    text/plain: {example: x}
                    application/xml: {examples: {}}
                    image/png: {}
                    application/vnd.a+json: {schema: {type: string, examples: [a]}}
                "204": {description: none}
        """
    findings = found(RULE, text)
    assert lines(findings) == [12, 14]
    assert [finding.severity for finding in findings] == ["info"] * 2
