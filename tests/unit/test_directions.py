"""A read-only property is neither wanted nor taken in a request, a write-only one in a response, wherever it stands."""

from __future__ import annotations

from typing import Any

import pytest

from understudy.contract.pointer import join
from understudy.contract.validating import SchemaSet

ID: Any = {"type": "string", "readOnly": True}
ITEM: Any = {"type": "object", "required": ["id", "name"], "properties": {"id": ID, "name": {"type": "string"}}}
REF: Any = {"$ref": "#/components/schemas/Item"}
GOOD: Any = {"name": "a"}
KEPT_OUT: Any = {"id": "1", "name": "a"}


def schemas(schema: Any, version: str = "3.1.0", **others: Any) -> SchemaSet:
    return SchemaSet({"openapi": version, "components": {"schemas": {"S": schema, "Item": ITEM, "Id": ID, **others}}})


def faults(found: SchemaSet, value: Any) -> list[tuple[str, str]]:
    violations = found.validator(("components", "schemas", "S")).violations(value)
    return [(join(violation.tokens), violation.keyword) for violation in violations]


def at(path: str, value: Any) -> Any:
    """Put a value where the path leads: `a/0` is `{"a": [value]}`."""
    for name in reversed(path.split("/") if path else []):
        value = [value] if name == "0" else {name: value}
    return value


PLACES = [
    (REF, ""),
    ({"allOf": [REF, {"type": "object"}]}, ""),
    ({"oneOf": [REF, {"type": "integer"}]}, ""),
    ({"anyOf": [{"type": "integer"}, REF]}, ""),
    ({"if": {"type": "object"}, "then": REF}, ""),
    ({"properties": {"a": REF}}, "a"),
    ({"properties": {"a": {"type": "array", "items": REF}}}, "a/0"),
    ({"prefixItems": [REF]}, "0"),
    ({"additionalProperties": REF}, "a"),
    ({"patternProperties": {"^a": REF}}, "a"),
    ({"properties": {"a": {"allOf": [{"oneOf": [{"type": "null"}, {"items": REF}]}]}}}, "a/0"),
    ({"allOf": [{"properties": {"id": ID}}, {"required": ["id"]}]}, ""),
    ({"required": ["id"], "anyOf": [{"properties": {"id": ID}}]}, ""),
    ({"required": ["id"], "properties": {"id": {"$ref": "#/components/schemas/Id"}}}, ""),
    ({"required": ["id"], "properties": {"id": {"allOf": [{"$ref": "#/components/schemas/Id"}]}}}, ""),
    ({"required": ["id"], "properties": {"id": {"oneOf": [{"type": "null"}, ID]}}}, ""),
    ({"dependentRequired": {"name": ["id"]}, "properties": {"id": ID}}, ""),
    ({"dependentSchemas": {"name": REF}}, ""),
    ({"properties": {"id": ID}, "$ref": "#/components/schemas/Demanding"}, ""),
    ({"allOf": [{"properties": {"id": ID}}, {"$ref": "#/components/schemas/Demanding"}]}, ""),
    ({"allOf": [{"$ref": "#/components/schemas/Tree"}]}, "children/0"),
]
OTHERS: Any = {
    "Demanding": {"required": ["id", "name"]},
    "Tree": {"properties": {"children": {"items": {"allOf": [REF, {"$ref": "#/components/schemas/Tree"}]}}}},
}


@pytest.mark.parametrize(("schema", "path"), PLACES)
def test_a_read_only_property_stays_out_of_requests_at_any_depth(schema: Any, path: str) -> None:
    found = schemas(schema, **OTHERS)
    assert not faults(found.of_requests, at(path, GOOD))
    expected = "/".join(["", *path.split("/")] if path else [""]) + "/id"
    assert faults(found.of_requests, at(path, KEPT_OUT)) == [(expected, "readOnly")]
    assert not faults(found, at(path, KEPT_OUT))
    assert found.of_responses is found


@pytest.mark.parametrize(("schema", "path"), PLACES)
def test_a_write_only_property_stays_out_of_responses_at_any_depth(schema: Any, path: str) -> None:
    found = SchemaSet(_mirrored(schemas(schema, **OTHERS).document))
    assert not faults(found.of_responses, at(path, GOOD))
    assert [keyword for _, keyword in faults(found.of_responses, at(path, KEPT_OUT))] == ["writeOnly"]
    assert not faults(found, at(path, KEPT_OUT))
    assert found.of_requests is found


def _mirrored(value: Any) -> Any:
    if isinstance(value, list):
        return [_mirrored(item) for item in value]
    if isinstance(value, dict):
        return {{"readOnly": "writeOnly"}.get(key, key): _mirrored(item) for key, item in value.items()}
    return value


def test_other_names_are_still_demanded() -> None:
    assert faults(schemas({"properties": {"a": REF}}).of_requests, {"a": {}}) == [("/a/name", "required")]


def test_a_further_property_may_itself_be_read_only() -> None:
    assert faults(schemas({"additionalProperties": ID}).of_requests, {"x": "1"}) == [("/x", "readOnly")]


def test_what_is_no_demand_keeps_its_meaning() -> None:
    """`{}` must not become what `not` excludes, and a value without `id` not what `if` waits for."""
    assert not faults(schemas({"not": REF}).of_requests, GOOD)
    assert not faults(schemas({"if": REF, "then": False}).of_requests, GOOD)
    assert faults(schemas({"not": REF}).of_requests, KEPT_OUT)


def test_alternatives_that_only_a_read_only_property_told_apart_are_all_good() -> None:
    cat = {"properties": {"catId": ID}, "required": ["catId"]}
    dog = {"properties": {"dogId": ID}, "required": ["dogId"]}
    found = schemas({"oneOf": [cat, dog]})
    assert not faults(found.of_requests, {})
    assert faults(found, {})


def test_alternatives_told_apart_otherwise_stay_so() -> None:
    def kind(name: str) -> Any:
        return {"properties": {"id": ID, "name": {"const": name}}, "required": ["id", "name"]}

    found = schemas({"oneOf": [kind("cat"), kind("cat"), kind("dog")]}).of_requests
    assert not faults(found, {"name": "dog"})
    assert faults(found, {"name": "cat"})


def test_a_branch_where_the_property_may_be_written_takes_it() -> None:
    free = {"properties": {"id": {"type": "string"}, "free": {"const": True}}, "required": ["id", "free"]}
    found = schemas({"oneOf": [ITEM, free]}).of_requests
    assert not faults(found, {"id": "1", "free": True})
    assert faults(found, {"free": True})


def test_a_nullable_reference_of_3_0_is_read_only_too() -> None:
    identifier = {"nullable": True, "allOf": [{"$ref": "#/components/schemas/Id"}]}
    found = schemas({"required": ["id"], "properties": {"id": identifier}}, "3.0.3").of_requests
    assert not faults(found, {})
    assert faults(found, {"id": "1"}) == [("/id", "readOnly")]


def test_without_such_properties_nothing_is_made_twice() -> None:
    found = schemas({"type": "object"}, Item={}, Id={})
    assert found.of_requests is found
    assert found.of_responses is found
