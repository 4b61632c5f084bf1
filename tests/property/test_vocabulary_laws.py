"""A made-up value fits its schema, keyword by keyword: all that the mock promises to make values for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from understudy.contract.bundling import Bundle
from understudy.contract.model import Contract
from understudy_mock.schema_facts import SchemaFacts
from understudy_mock.synthesis import Synthesis

AT = ("components", "schemas", "Probe")
SELF: Any = {"$ref": "#/components/schemas/Probe"}
FORMATS = (
    *("date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri"),
    *(
        "uri-reference",
        "iri",
        "iri-reference",
        "uri-template",
        "json-pointer",
        "relative-json-pointer",
        "regex",
        "uuid",
    ),
    *("byte", "binary", "password"),
)
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
scalars: st.SearchStrategy[Any] = st.sampled_from(
    (
        *({"type": "string"}, {"type": "integer"}, {"type": "number", "minimum": 2}, {"type": "boolean"}),
        *({"enum": ["a", 2, None]}, {"const": {"a": 1}}, {"type": "null"}, {"type": ["integer", "null"]}),
        *({"type": "string", "minLength": 40}, {"type": "string", "pattern": "^[a-f]{3}-\\d+$"}, {}),
    )
)
names = st.lists(st.sampled_from(("a", "b", "c", "d")), min_size=1, max_size=3, unique=True)


def objects(properties: dict[str, Any], required: Any, **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), **more}


members = st.dictionaries(st.sampled_from(("a", "b", "c")), scalars, min_size=1, max_size=3)
parts = members.map(lambda found: objects(found, found))
small = st.integers(0, 3)

KEYWORDS: dict[str, st.SearchStrategy[Any]] = {
    "format": st.sampled_from(FORMATS).map(lambda name: {"type": "string", "format": name}),
    "integer formats": st.sampled_from(INTEGERS).map(lambda name: {"type": "integer", "format": name}),
    "length": st.builds(lambda low, more: {"type": "string", "minLength": low, "maxLength": low + more}, small, small),
    "bounds": st.builds(
        lambda low, width: {"type": "number", "exclusiveMinimum": low, "maximum": low + width},
        st.integers(-9, 9),
        st.sampled_from((0.5, 1, 7)),
    ),
    "multipleOf": st.builds(
        lambda step, low: {"type": "number", "multipleOf": step, "minimum": low},
        st.sampled_from((3, 0.5, 0.25, 7)),
        st.integers(-9, 9),
    ),
    "enum": st.lists(st.sampled_from(("a", 1, None, True, 2.5)), min_size=1, unique_by=repr).map(lambda v: {"enum": v}),
    "allOf": st.builds(lambda one, other: {"allOf": [one, objects({"z": other}, ["z"])]}, parts, scalars),
    "anyOf": st.lists(parts, min_size=1, max_size=3).map(lambda found: {"anyOf": found}),
    "oneOf": st.lists(parts, min_size=1, max_size=3).map(
        lambda found: {
            "oneOf": [
                {**part, "properties": {**part["properties"], "kind": {"const": n}}, "required": ["kind"]}
                for n, part in enumerate(found)
            ],
        }
    ),
    "discriminator": st.lists(parts, min_size=1, max_size=2).map(
        lambda found: {
            "oneOf": [
                {**part, "properties": {**part["properties"], "kind": {"enum": [f"k{n}"]}}, "required": ["kind"]}
                for n, part in enumerate(found)
            ],
            "discriminator": {"propertyName": "kind"},
        }
    ),
    "not": st.sampled_from(
        (
            {"type": "string", "not": {"const": "string"}},
            {"type": "string", "not": {"pattern": "^s"}},
            {"type": "integer", "not": {"const": 1}},
            {"type": "integer", "minimum": 0, "not": {"multipleOf": 2}},
            {"type": "string", "enum": ["a", "b"], "not": {"enum": ["a"]}},
            {"not": {"type": "string"}},
            {"type": "object", "properties": {"a": {}}, "not": {"required": ["a"]}},
        )
    ),
    "recursion": st.sampled_from(
        (
            objects({"next": SELF}, []),
            objects({"next": {"anyOf": [{"type": "null"}, SELF]}}, ["next"]),
            objects({"parts": {"type": "array", "items": SELF}}, ["parts"]),
            {"oneOf": [objects({"l": SELF, "r": SELF}, ["l", "r"]), objects({"v": {"type": "integer"}}, ["v"])]},
            {"type": "object", "additionalProperties": SELF},
        )
    ),
    "additionalProperties": st.builds(
        lambda found, schema, least: objects(found, found, additionalProperties=schema, minProperties=least),
        members,
        scalars,
        st.integers(0, 5),
    ),
    "patternProperties": st.builds(
        lambda schema, least: {
            "type": "object",
            "patternProperties": {"^x-[a-z]{4}$": schema},
            "additionalProperties": False,
            "minProperties": least,
        },
        scalars,
        st.integers(0, 3),
    ),
    "propertyNames": st.sampled_from(("^[A-Z]{3}$", "^k_")).map(
        lambda text: {"type": "object", "propertyNames": {"pattern": text}, "minProperties": 2}
    ),
    "uniqueItems": st.builds(
        lambda items, least: {"type": "array", "items": items, "minItems": least, "uniqueItems": True},
        st.sampled_from(({"type": "string"}, {"type": "integer"}, {"enum": [1, 2, 3]}, {"type": "number"})),
        small,
    ),
    "contains": st.builds(
        lambda schema, least, more: {"type": "array", "contains": schema, "minContains": least, "minItems": more},
        scalars,
        small,
        small,
    ),
    "contains among items": st.sampled_from(
        (
            {"type": "array", "items": {"type": "integer"}, "contains": {"minimum": 5}, "minItems": 2},
            {"type": "array", "items": {"type": "integer"}, "contains": {"const": 7}, "maxContains": 1, "minItems": 3},
            {"type": "array", "prefixItems": [{"const": 1}], "contains": {"type": "string"}},
        )
    ),
    "if": st.builds(
        lambda then, other: {
            **objects({"kind": {"enum": ["x", "y"]}}, ["kind"]),
            "if": {"properties": {"kind": {"const": "x"}}},
            "then": then,
            "else": other,
        },
        parts,
        parts,
    ),
    "prefixItems": st.builds(
        lambda first, rest, least: {"type": "array", "prefixItems": first, "items": rest, "minItems": least},
        st.lists(scalars, min_size=1, max_size=3),
        st.one_of(scalars, st.just(True)),
        small,
    ),
    "dependentRequired": names.map(
        lambda found: objects({"a": {"type": "string"}}, ["a"], dependentRequired={"a": found})
    ),
    "dependentSchemas": parts.map(lambda part: objects({"z": {"type": "string"}}, ["z"], dependentSchemas={"z": part})),
    "unevaluatedProperties": st.builds(
        lambda one, other: {"allOf": [one, objects({"z": other}, ["z"])], "unevaluatedProperties": False},
        parts,
        scalars,
    ),
    "unevaluatedItems": scalars.map(
        lambda schema: {"type": "array", "prefixItems": [schema], "unevaluatedItems": False, "minItems": 1}
    ),
    "nested": st.builds(
        lambda one, other: objects(
            {"a": {"type": "array", "minItems": 2, "items": one}, "b": {"allOf": [other]}}, "ab"
        ),
        parts,
        parts,
    ),
}


def made(schema: Any, version: str, seed: str, **others: Any) -> tuple[Any, list[Any]]:
    document = {"openapi": version, "components": {"schemas": {"Probe": schema, **others}}}
    contract = Contract("probe", Bundle(document, {}))
    value = Synthesis(contract, SchemaFacts(contract)).make(AT, seed)
    return value, list(contract.schemas.validator(AT).violations(value))


@pytest.mark.parametrize("keyword", KEYWORDS)
@settings(max_examples=40, deadline=None)
@given(data=st.data(), seed=st.sampled_from(("a", "b", "c")))
def test_a_made_up_value_fits(keyword: str, data: st.DataObject, seed: str) -> None:
    schema = data.draw(KEYWORDS[keyword])
    note(repr(schema))
    assert made(schema, "3.1.0", seed)[1] == []


@settings(max_examples=80, deadline=None)
@given(
    schema=st.one_of(
        st.sampled_from(
            (
                {"type": "string", "nullable": True},
                {"type": "string", "nullable": True, "enum": ["a", None]},
                {"nullable": True, "allOf": [{"$ref": "#/components/schemas/Leaf"}]},
                {"$ref": "#/components/schemas/Leaf"},
                {"type": "integer", "minimum": 3, "exclusiveMinimum": True},
                {"type": "number", "maximum": 3, "exclusiveMaximum": True, "minimum": 2},
                {"type": "array", "items": {"$ref": "#/components/schemas/Leaf"}, "minItems": 2},
            )
        )
    ),
    seed=st.sampled_from(("a", "b", "c")),
)
def test_a_made_up_value_fits_a_schema_of_3_0(schema: Any, seed: str) -> None:
    leaf = {"type": "object", "nullable": True, "required": ["x"], "properties": {"x": {"type": "string"}}}
    assert made(schema, "3.0.3", seed, Leaf=leaf)[1] == []
