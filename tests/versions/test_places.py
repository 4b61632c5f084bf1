"""A finding about two versions says where in both, for which operations, and is the same when lines move."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from versioning import read

from understudy.drift.versions import RULES, compare, severity_of, title_of

if TYPE_CHECKING:
    from understudy.contract.model import Contract
    from understudy.finding import Finding

BEFORE = """\
    openapi: 3.1.0
    info: {title: Cats, version: '1'}
    paths:
      /cats:
        get:
          operationId: listCats
          responses:
            '200':
              description: Cats.
              content:
                application/json:
                  schema: {type: array, items: {$ref: '#/components/schemas/Cat'}}
        post:
          operationId: addCat
          requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Cat'}}}}
          responses:
            '201':
              description: The cat.
              content: {application/json: {schema: {$ref: '#/components/schemas/Cat'}}}
    components:
      schemas:
        Cat:
          type: object
          properties:
            name:
              type: string
              maxLength: 20
            age: {type: integer}
    """
AFTER = BEFORE.replace("maxLength: 20", "maxLength: 10").replace("        age: {type: integer}\n", "")


def contract(text: str) -> Contract:
    return read(textwrap.dedent(text).encode())


def found(before: str, after: str) -> dict[str, Finding]:
    return {one.rule: one for one in compare(contract(before), contract(after))}


def test_place_is_that_of_the_new_contract_and_the_old_one_is_told() -> None:
    lowered = found(BEFORE, AFTER)["drift.request-max-length-lowered"]
    assert str(lowered.location) == "openapi.json:27:22"
    assert lowered.location
    assert lowered.location.pointer == "/components/schemas/Cat/properties/name/maxLength"
    assert lowered.message == "The greatest length of `Cat.name` in requests was lowered: 20 → 10."
    assert (lowered.operation, dict(lowered.details)) == ("addCat", {"before": "openapi.json:27:22"})


def test_what_is_gone_is_told_at_its_parent_and_for_all_operations() -> None:
    removed = found(BEFORE, AFTER)["drift.response-property-removed"]
    assert str(removed.location) == "openapi.json:23:7"
    assert (removed.operation, dict(removed.details)) == (
        "listCats",
        {"before": "openapi.json:28:14", "operations": "listCats, addCat"},
    )


def test_the_gravest_comes_first() -> None:
    weights = [one.severity.value for one in compare(contract(BEFORE), contract(AFTER))]
    assert weights == ["error", "warning", "warning", "info"]


def test_fingerprints_stay_when_lines_move() -> None:
    moved = AFTER.replace("info:", "x-mine: 1\n    info:").replace("description: Cats.", "description: All cats.")
    assert moved.count("\n") > AFTER.count("\n")
    prints = [{rule: one.fingerprint for rule, one in found(BEFORE, text).items()} for text in (AFTER, moved)]
    assert len(prints[0]) == 4
    assert prints[0] == prints[1]


def test_3_0_and_3_1_say_the_same_in_their_own_words() -> None:
    old = """\
        openapi: 3.0.3
        info: {title: A, version: '1'}
        paths: {}
        components:
          parameters:
            P: {in: query, name: p, schema: {type: number, nullable: true, minimum: 1, exclusiveMinimum: true}}
        """
    new = old.replace("3.0.3", "3.1.0").replace(
        "{type: number, nullable: true, minimum: 1, exclusiveMinimum: true}",
        "{type: [number, 'null'], exclusiveMinimum: 1}",
    )
    path = "paths: {/a: {get: {parameters: [{$ref: '#/components/parameters/P'}], responses: {}}}}"
    sides = [contract(text.replace("paths: {}", path)) for text in (old, new)]
    assert compare(*sides) == []


def test_every_rule_has_a_weight_and_a_title() -> None:
    for rule in RULES:
        assert severity_of(rule).value in ("error", "warning", "info")
    assert title_of("drift.request-property-removed") == "Request property removed"
