"""`x-faker` and `x-json-schema-faker`: methods that nobody knows, settings without effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "faker-extension"

CONTRACT = """\
    x-json-schema-faker: SETTINGS
    paths: {}
    components:
      schemas:
        A:
          type: string
          x-faker: FAKER
"""
SOUND = "{min-items: 2, maxItems: 3, requiredOnly: false, optionalsProbability: 0.5}"


def contract(settings: str = SOUND, faker: str = "internet.email") -> str:
    return CONTRACT.replace("SETTINGS", settings).replace("FAKER", faker)


@pytest.mark.parametrize(
    "faker",
    [
        "name.firstName",
        "person.firstName",
        "{datatype.number: {min: 1}}",
        "{fake: '{{name.suffix}}'}",
        "location.city",
    ],
)
def test_what_is_known_is_no_finding(found: Found, good: str, faker: str) -> None:
    assert found(RULE, good) == []
    assert found(RULE, contract(faker=faker)) == []


@pytest.mark.parametrize(
    ("faker", "message"),
    [
        ("no.such", "`no.such` is no method"),
        ("{no.such: 1}", "`no.such` is no method"),
        ("7", "neither the name of a method nor a map"),
        ("{a: 1, b: 2}", "neither the name of a method nor a map"),
        ("{fake: '{{name.lastName}} {{no.such}}'}", "`no.such` is no method"),
    ],
)
def test_an_unknown_method_is_told(found: Found, faker: str, message: str) -> None:
    findings = found(RULE, contract(faker=faker))
    assert [finding.location.pointer for finding in findings if finding.location] == ["/components/schemas/A/x-faker"]
    assert message in findings[0].message


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("7", "is no map"),
        ("{locale: de}", "`locale` of json-schema-faker has no effect"),
        ("{min-items: two}", "`min-items` is no whole number"),
        ("{min-items: true}", "`min-items` is no whole number"),
        ("{optionalsProbability: 2}", "`optionalsProbability` is no number"),
        ("{requiredOnly: 1}", "`requiredOnly` is neither"),
    ],
)
def test_a_setting_without_effect_is_told(found: Found, settings: str, message: str) -> None:
    findings = found(RULE, contract(settings=settings))
    assert [message in finding.message for finding in findings] == [True]
