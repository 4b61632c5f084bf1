"""Contracts made to take for ever, or too deep, are compared all the same."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from versioning import contract, read

from understudy.drift.versions import compare
from understudy.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPTH = 400


def component(name: object) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/S{name}"}


def numbered(last: dict[str, Any], step: Any) -> dict[str, Any]:
    """Schemas of which each refers to the next, down to the last."""
    return {f"S{number}": step(component(number + 1)) for number in range(DEPTH)} | {f"S{DEPTH}": last}


STEPS = {
    "all of twice the same": lambda below: {"allOf": [below, below, {"minLength": 1}]},
    "any of twice the same": lambda below: {"anyOf": [below, {"type": "array", "items": below}, {"type": "boolean"}]},
    "conditions": lambda below: {"not": {"anyOf": [below, below]}},
    "properties": lambda below: {"type": "object", "properties": {"a": below, "b": below}},
    "items": lambda below: {"type": "array", "items": {"oneOf": [below, {"type": "string"}]}},
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_long_chains_are_compared(step: Any) -> None:
    body = {"content": {"application/json": {"schema": component(0)}}}
    paths = {"/it": {"put": {"operationId": "put", "requestBody": body, "responses": {}}}}
    old, new = (
        contract(paths, components={"schemas": numbered(last, step)})
        for last in ({"type": "string"}, {"type": "integer"})
    )
    found = compare(old, new)
    assert found
    assert {one.operation for one in found} == {"put"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"multipleOf": 1E+999999999}', '{"multipleOf": 3}'),
        ('{"type": "integer", "exclusiveMinimum": 1E+999999999}', '{"type": "integer", "minimum": 2}'),
        ('{"const": 1E+999999999}', '{"const": 1E-999999999}'),
        ('{"patternProperties": {"(": {}}, "properties": {"a": {}}}', '{"properties": {"a": {"type": "string"}}}'),
        ('{"required": 1, "properties": [], "enum": {}, "type": 3, "allOf": {}}', '{"anyOf": [3], "type": "string"}'),
    ],
)
def test_odd_values_are_compared(before: str, after: str) -> None:
    sides = [
        read(
            b'{"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {"/it": {"put": {"requestBody": '
            b'{"content": {"a/b": {"schema": ' + schema.encode() + b"}}}}}}}"
        )
        for schema in (before, after)
    ]
    assert compare(*sides)


def test_alternatives_inside_alternatives_are_compared() -> None:
    def nested(depth: int, leaf: Any) -> Any:
        branches = [
            {"type": "object", "properties": {"a": nested(depth - 1, leaf), "b": {"type": "array", "minItems": number}}}
            for number in range(3 if depth else 0)
        ]
        return {"anyOf": branches} if branches else leaf

    sides = [sending(nested(4, {"type": kind})) for kind in ("string", "integer")]
    assert {one.severity for one in compare(*sides)} >= {"error"}


def sending(schema: Any) -> Any:
    body = {"content": {"application/json": {"schema": schema}}}
    return contract({"/it": {"put": {"operationId": "put", "requestBody": body, "responses": {}}}})


OTHERS: tuple[Any, ...] = (3, [None], {"$ref": "#/components/nothing"})
TEXT = {"schema": {"enum": ["a"]}, "examples": {"one": {"value": 1}}}
CALL = {
    "operationId": "call",
    "deprecated": True,
    "x-sunset": "2030-01-01",
    "tags": ["a"],
    "servers": [{"url": "https://{v}.example", "variables": {"v": {"default": "a", "enum": ["a"]}}}],
    "security": [{"oauth": ["read"]}],
    "parameters": [{"in": "query", "name": "q", "schema": {"type": "string"}, "examples": {"one": {"value": "a"}}}],
    "requestBody": {"required": True, "content": {"text/plain": {**TEXT, "encoding": {"a": {"style": "form"}}}}},
    "responses": {
        "200": {
            "description": "Done.",
            "headers": {"X-A": {"required": True, **TEXT}},
            "content": {"application/json": TEXT},
            "links": {"next": {"operationId": "call"}},
        }
    },
}
FLOWS = {"clientCredentials": {"tokenUrl": "https://a.example", "scopes": {"read": "Read."}}}
DOCUMENT: dict[str, Any] = {
    "servers": [{"url": "/v1", "variables": {"v": {"default": "a"}}}],
    "paths": {"/it": {"put": {**CALL, "callbacks": {"done": {"{$url}": {"post": {**CALL, "operationId": "back"}}}}}}},
    "webhooks": {"sent": {"post": {**CALL, "operationId": "hook"}}},
    "components": {"securitySchemes": {"oauth": {"type": "oauth2", "flows": FLOWS}}},
}


def places(value: Any) -> Iterator[list[Any]]:
    """Every way down to a value inside another."""
    for name, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield [name]
        yield from ([name, *below] for below in places(item))


@pytest.mark.parametrize("other", OTHERS, ids=repr)
def test_what_is_something_else_than_it_should_be_is_compared(other: Any) -> None:
    whole, read_too = contract(**copy.deepcopy(DOCUMENT)), 0
    for *above, last in places(DOCUMENT):
        document = copy.deepcopy(DOCUMENT)
        within: Any = document
        for name in above:
            within = within[name]
        within[last] = other
        try:
            changed = contract(**document)
        except InputError:
            continue
        read_too += 1
        compare(whole, changed, texts=True)
        compare(changed, whole, texts=True)
    assert read_too > 100
