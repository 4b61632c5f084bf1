"""Schemas of every version mean in our dialect what their version says."""

from __future__ import annotations

from typing import Any

import pytest

from understudy.contract.dialect import lift
from understudy.contract.validating import SchemaSet

PET = {"type": "object", "required": ["name"]}


def takes(schema: Any, value: Any, version: str = "3.0.3") -> bool:
    document = {"openapi": version, "components": {"schemas": {"S": schema, "Pet": PET}}}
    return bool(SchemaSet(document).validator(("components", "schemas", "S")).is_valid(value))


@pytest.mark.parametrize(
    ("schema", "takes_null"),
    [
        ({"type": "string"}, False),
        ({"type": "string", "nullable": True}, True),
        ({"type": "string", "nullable": True, "minLength": 3, "format": "uuid"}, True),
        ({"type": "string", "nullable": True, "enum": ["a"]}, False),
        ({"type": "string", "nullable": True, "enum": ["a", None]}, True),
        ({"nullable": True, "allOf": [{"$ref": "#/components/schemas/Pet"}]}, True),
        ({"nullable": True, "allOf": [PET, {"type": "object", "allOf": [PET]}]}, True),
        ({"nullable": True, "oneOf": [PET, {"type": "string"}]}, True),
        ({"nullable": True, "oneOf": [{**PET, "nullable": True}, {"type": "string"}]}, True),
        ({"nullable": True, "anyOf": [PET]}, True),
        ({"nullable": True, "type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}, True),
        ({"nullable": True, "$ref": "#/components/schemas/Pet"}, True),
        ({"nullable": False, "type": "object"}, False),
        ({"allOf": [{"type": "string", "nullable": True}, {"type": "string"}]}, False),
    ],
)
def test_nullable(schema: dict[str, Any], takes_null: bool) -> None:
    assert takes(schema, None) is takes_null
    assert takes(schema, 5) is False


def test_what_is_nullable_still_says_the_rest() -> None:
    schema = {"nullable": True, "allOf": [{"$ref": "#/components/schemas/Pet"}]}
    assert takes(schema, {"name": "Rex"})
    assert not takes(schema, {})


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"minimum": 1, "exclusiveMinimum": True}, 2, 1),
        ({"minimum": 1, "exclusiveMinimum": False}, 1, 0),
        ({"maximum": 5, "exclusiveMaximum": True}, 4, 5),
    ],
)
def test_exclusive_bounds_are_switches_in_3_0(schema: dict[str, Any], good: int, bad: int) -> None:
    assert takes({"type": "integer", **schema}, good)
    assert not takes({"type": "integer", **schema}, bad)


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "integer", "format": "int32"}, 2**31 - 1, 2**31),
        ({"type": "integer", "format": "int32"}, -(2**31), -(2**31) - 1),
        ({"type": "integer", "format": "int64"}, 2**63 - 1, 2**63),
        ({"type": "integer", "format": "uint8"}, 255, 256),
        ({"type": "integer", "format": "uint8"}, 0, -1),
        ({"type": "integer", "format": "int32", "maximum": 10}, 10, 11),
        ({"type": "integer", "format": "int32", "minimum": -(2**40)}, -(2**31), -(2**31) - 1),
    ],
)
def test_an_integer_format_is_a_range_in_every_version(schema: Any, good: int, bad: int, version: str) -> None:
    assert takes(schema, good, version)
    assert not takes(schema, bad, version)
    assert takes({"type": "object", "properties": {"n": schema}}, {"n": good}, version)
    assert not takes({"type": "object", "properties": {"n": schema}}, {"n": bad}, version)


def test_a_format_says_nothing_of_other_types() -> None:
    assert takes({"type": "string", "format": "int32"}, "99999999999")
    assert takes({"type": "number", "format": "float"}, 1e300)


@pytest.mark.parametrize(("value", "fits"), [("aGVsbG8=", True), ("not base64!", False)])
def test_byte_is_base64(value: str, fits: bool) -> None:
    assert takes({"type": "string", "format": "byte"}, value) is fits


def test_beside_a_reference_3_0_ignores_what_3_1_adds() -> None:
    schema = {"$ref": "#/components/schemas/Pet", "maxProperties": 1}
    value = {"name": "Rex", "age": 3}
    assert takes(schema, value, "3.0.3")
    assert not takes(schema, value, "3.1.0")


def test_a_document_that_says_the_same_in_both_is_shared() -> None:
    document = {"openapi": "3.1.0", "components": {"schemas": {"A": {"type": "string"}}}}
    assert lift(document) is document


def test_lifting_leaves_the_document_alone_and_keeps_pointers() -> None:
    inner = {"type": "integer", "format": "int32", "nullable": True, "example": 3}
    document = {
        "openapi": "3.0.3",
        "components": {"schemas": {"A": {"allOf": [{"properties": {"n": inner}}], "nullable": True}}},
    }
    made = lift(document)
    lifted = made["components"]["schemas"]["A"]["allOf"][0]["properties"]["n"]
    bounds = {"minimum": -(2**31), "maximum": 2**31 - 1}
    assert lifted == {"type": ["integer", "null"], "format": "int32", "examples": [3], **bounds}
    assert inner == {"type": "integer", "format": "int32", "nullable": True, "example": 3}


@pytest.mark.parametrize("branch", [{}, True, {"not": {"const": 3}}, {"type": "string", "nullable": True}])
def test_null_is_taken_by_one_alternative_only(branch: Any) -> None:
    assert takes({"nullable": True, "oneOf": [branch, {"type": "object"}]}, None)
    assert takes({"nullable": True, "oneOf": [branch, {"type": "object"}]}, "text")
    assert not takes({"oneOf": [branch, {}]}, "text")
