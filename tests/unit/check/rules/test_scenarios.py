"""A scenario that names what is not there."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "scenarios"

CONTRACT = """\
    paths:
      /shop-orders:
        get: {operationId: list, responses: {"200": {description: x}}}
        post:
          operationId: make
          responses:
            "201": {description: x}
            "409":
              description: x
              content: {application/json: {examples: {taken: {value: 1}}}}
            5XX: {description: x}
        put: {operationId: any, responses: {default: {description: x}}}
    """
SOUND = """\
    name: sound
    description: All there is.
    given:
      shopOrders: {remove: [{id: 1}], change: [{match: {id: 2}, set: {total: 3}}], add: [{id: 4}]}
      people: [{id: 1}]
    steps:
      list: [{delay: 300}, {fault: truncate, delay: "lognormal(10,1)"}]
      make: [{status: 409, example: taken}, {status: 503}, {then: state}]
    """


def scenario(folder: Path, text: str, name: str = "one") -> None:
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios" / f"{name}.yaml").write_text(dedent(text))


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


def test_a_sound_scenario(found: Found, tmp_path: Path) -> None:
    scenario(tmp_path, SOUND)
    assert found(RULE, CONTRACT, behaviour="resources: {people: {}}\n") == []


FLAWS = {
    "no mapping": ("- 1\n", 1, "must be a mapping"),
    "nothing": ("name: x\n", 1, "changes nothing"),
    "an unknown key": ("given: {shopOrders: []}\nwhen: now\n", 2, "`when`"),
    "a name that is no text": ("name: 5\ngiven: {shopOrders: []}\n", 1, "`name`"),
    "a name nobody can wish for": ("name: 'a, b'\ngiven: {shopOrders: []}\n", 1, "`name`"),
    "an unknown resource": ("given:\n  shopOrdres: []\n", 2, "no resource `shopOrdres`"),
    "items that are none": ("given:\n  shopOrders: [1]\n", 2, "list of objects"),
    "an unknown change": ("given:\n  shopOrders: {drop: []}\n", 2, "`drop`"),
    "a change of nothing": ("given:\n  shopOrders:\n    change:\n      - {match: {id: 1}}\n", 4, "`set`"),
    "an unknown operation": ("steps:\n  mkae: [{status: 201}]\n", 2, "no operation `mkae`"),
    "steps that are none": ("steps:\n  make: {status: 201}\n", 2, "list of objects"),
    "no step": ("steps:\n  make: []\n", 2, "no step"),
    "an empty step": ("steps:\n  make:\n    - {}\n", 3, "says nothing"),
    "an unknown key of a step": ("steps:\n  make:\n    - {status: 201, after: 1}\n", 3, "`after`"),
    "an undeclared status": ("steps:\n  make:\n    - status: 404\n", 3, "no response 404"),
    "no status at all": ("steps:\n  make:\n    - {status: 42}\n", 3, "no status"),
    "an interim status": ("steps:\n  any:\n    - {status: 103}\n", 3, "`103` is no status that ends a request"),
    "an example without status": ("steps:\n  make:\n    - {example: taken}\n", 3, "`status` is missing"),
    "an unknown example": ("steps:\n  make:\n    - status: 409\n      example: free\n", 4, "no example `free`"),
    "a bad delay": ("steps:\n  make:\n    - delay: soon\n", 3, "soon"),
    "a bad fault": ("steps:\n  make:\n    - fault: boom\n", 3, "`boom`"),
    "a fault that is a status": ("steps:\n  make:\n    - fault: status=503\n", 3, "no fault of a step"),
    "then something else": ("steps:\n  make:\n    - {status: 201}\n    - {then: example}\n", 4, "`then`"),
    "then too early": ("steps:\n  make:\n    - {then: state}\n    - {status: 201}\n", 3, "last step"),
}


@pytest.mark.parametrize(("text", "line", "says"), FLAWS.values(), ids=FLAWS)
def test_a_flaw_is_told_with_its_line(found: Found, tmp_path: Path, text: str, line: int, says: str) -> None:
    scenario(tmp_path, text)
    findings = found(RULE, CONTRACT)
    assert len(findings) == 1
    assert findings[0].location
    assert findings[0].location.path.endswith("scenarios/one.yaml")
    assert findings[0].location.line == line
    assert says in findings[0].message
    assert findings[0].remedy


def test_two_of_one_name(found: Found, tmp_path: Path) -> None:
    scenario(tmp_path, "name: same\ngiven: {shopOrders: []}\n", "a")
    scenario(tmp_path, "name: same\ngiven: {shopOrders: []}\n", "b")
    (finding,) = found(RULE, CONTRACT)
    assert "a.yaml is named `same` too" in finding.message


def test_all_flaws_of_all_files(found: Found, tmp_path: Path) -> None:
    scenario(tmp_path, "given: {a: [], b: []}\n", "a")
    scenario(tmp_path, "steps: {c: [{status: 200}]}\n", "b")
    assert len(found(RULE, CONTRACT)) == 3
