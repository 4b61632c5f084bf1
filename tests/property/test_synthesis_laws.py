"""Laws of made-up values: they fit their schema, and the same question gets the same answer."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.contract.bundling import Bundle
from understudy.contract.model import Contract
from understudy_mock.schema_facts import SchemaFacts
from understudy_mock.synthesis import Synthesis

FORMATS = ("date-time", "date", "time", "email", "hostname", "ipv4", "ipv6", "uri", "uuid", "byte", "uri-reference")
PATTERNS = (r"^[A-Z]{2}$", r"^\+[1-9]\d{6,14}$", r"^(ab|cd)+-[^x]?\w$", r"^\d+(\.\d+)?$", "[aeiou]", "^a{2,}b*c+?$")
NAMES = ("id", "name", "kind", "size", "parts")
AT = ("components", "schemas", "Probe")


def synthesis(schema: Any, **others: Any) -> tuple[Contract, Synthesis]:
    document = {"openapi": "3.1.0", "components": {"schemas": {"Probe": schema, **others}}}
    contract = Contract("probe", Bundle(document, {}))
    return contract, Synthesis(contract, SchemaFacts(contract))


def bounded(low: str, high: str, most: int) -> st.SearchStrategy[dict[str, int]]:
    """Draw a pair of bounds, either of which may be absent."""
    pairs = st.tuples(st.integers(0, most), st.integers(0, most)).map(sorted)
    return st.builds(
        lambda pair, kept: {name: value for name, value in zip((low, high), pair, strict=True) if name in kept},
        pairs,
        st.sets(st.sampled_from((low, high))),
    )


strings = st.one_of(
    bounded("minLength", "maxLength", 30),
    st.sampled_from(FORMATS).map(lambda name: {"format": name}),
    st.sampled_from(PATTERNS).map(lambda text: {"pattern": text}),
).map(lambda schema: {"type": "string", **schema})
numbers = st.one_of(
    st.builds(
        lambda kind, bounds: {"type": kind, **bounds},
        st.sampled_from(("integer", "number")),
        bounded("minimum", "maximum", 9),
    ),
    st.builds(lambda low: {"type": "number", "exclusiveMinimum": low, "exclusiveMaximum": low + 1}, st.integers(-5, 5)),
    st.builds(lambda high: {"type": "integer", "exclusiveMaximum": high}, st.integers(-5, 5)),
    st.builds(lambda step: {"type": "integer", "multipleOf": step, "minimum": -7}, st.sampled_from((3, 2.5, 0.5))),
)
constants = st.one_of(
    st.sampled_from(("a", 1, None, [1], {"a": 1})).map(lambda value: {"const": value}),
    st.just({"enum": ["b", "a"]}),
    st.just({"type": ["string", "null"]}),
    st.just({"type": "boolean"}),
    st.just({"type": "null"}),
    st.just({}),
    st.just({"type": "string", "default": 7, "examples": [None, "seven"]}),
)


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda properties, required, is_closed, least: {
            "type": "object",
            "properties": properties,
            "required": sorted(required & properties.keys()),
            **({"additionalProperties": False} if is_closed else {"minProperties": least}),
        },
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
        st.sets(st.sampled_from(NAMES)),
        st.booleans(),
        st.integers(0, 3),
    )


def maps(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return inner.map(lambda schema: {"type": "object", "minProperties": 2, "additionalProperties": schema})


def arrays(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw array schemas; only what has enough different values is asked for several."""
    plain = st.builds(
        lambda schema, bounds: {"type": "array", "items": schema, **bounds}, inner, bounded("minItems", "maxItems", 3)
    )
    varied = st.sampled_from(({"type": "integer"}, {"type": "string"}, {"enum": [1, 2, 3]}, {"type": "number"}))
    unique = varied.map(lambda schema: {"type": "array", "items": schema, "minItems": 3, "uniqueItems": True})
    tuples = st.lists(inner, min_size=1, max_size=2).map(lambda found: {"type": "array", "prefixItems": found})
    return st.one_of(plain, unique, tuples)


def combined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw alternatives told apart by a constant, and objects put together of two."""
    tagged = st.lists(objects(inner), min_size=2, max_size=3).map(
        lambda found: {
            "oneOf": [
                {
                    "type": "object",
                    "required": [*schema["required"], "tag"],
                    "properties": {**schema["properties"], "tag": {"const": index}},
                    "additionalProperties": False,
                }
                for index, schema in enumerate(found)
            ]
        }
    )
    united = inner.map(
        lambda schema: {
            "allOf": [
                {"type": "object", "required": ["own"], "properties": {"own": {"type": "string", "maxLength": 9}}},
                {"properties": {"own": {"minLength": 7}, "other": schema}, "required": ["other"]},
            ]
        }
    )
    hopeless = st.sampled_from((False, {"not": {}}, {"type": "integer", "minimum": 5, "maximum": 4}))
    either = st.builds(lambda no, found: {"anyOf": [no, *found]}, hopeless, st.lists(inner, min_size=1, max_size=2))
    return st.one_of(tagged, united, either)


schemas = st.recursive(
    st.one_of(strings, numbers, constants),
    lambda inner: st.one_of(objects(inner), maps(inner), arrays(inner), combined(inner)),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(schema=schemas, seed=st.sampled_from(("a", "b", "c")))
def test_a_made_up_value_fits_its_schema(schema: Any, seed: str) -> None:
    contract, made_by = synthesis(schema)
    value = made_by.make(AT, seed)
    assert list(contract.schemas.validator(AT).violations(value)) == []


@settings(max_examples=50, deadline=None, derandomize=True)
@given(schema=schemas)
def test_order_and_number_of_questions_change_nothing(schema: Any) -> None:
    _, one = synthesis(schema)
    _, other = synthesis(schema)
    expected = [one.make(AT, seed) for seed in ("a", "b")]
    assert [other.make(AT, seed) for seed in ("b", "a", "b", "a")] == expected[::-1] * 2


def test_another_seed_makes_another_value() -> None:
    _, made_by = synthesis({"type": "string", "format": "uuid"})
    assert made_by.make(AT, "a") != made_by.make(AT, "b")


def test_recursion_ends_at_a_short_form() -> None:
    leaf = {"type": "object", "required": ["value"], "properties": {"value": {"const": 1}}}
    pair = {
        "type": "object",
        "required": ["left", "right"],
        "properties": {name: {"$ref": "#/components/schemas/Tree"} for name in ("left", "right")},
    }
    contract, made_by = synthesis({"$ref": "#/components/schemas/Tree"}, Tree={"oneOf": [pair, leaf]})
    value = made_by.make(AT, "a")
    assert contract.schemas.validator(AT).is_valid(value)
    assert depth(value) <= 8


def depth(value: Any) -> int:
    return 1 + max(map(depth, value.values())) if isinstance(value, dict) else 0
