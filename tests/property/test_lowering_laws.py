"""The law of lowering: what 3.0 can say means the same there, and what it can't say is never made stricter."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, note, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from understudy.contract.lowering import lower
from understudy.contract.validating import SchemaSet

TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
NAMES = st.sampled_from(["a", "b", "ab"])
SCALARS = st.none() | st.booleans() | st.integers(-3, 4) | st.sampled_from([1.5, -0.5, "", "a", "ab", "abc"])
ITEMS: list[Any] = [None, True, 0, 1, 1.5, "", "a", "ab"]
INSTANCES: list[Any] = [
    *(*ITEMS, False, -2, 2, 3, -0.5, "abc"),
    *([], *([item] for item in ITEMS), *([one, two] for one in ITEMS for two in ITEMS[:5]), [1, "a", None], [[]], [{}]),
    *({}, *({name: item} for name in ("a", "b", "ab") for item in ITEMS)),
    *({"a": one, "b": two} for one in ITEMS[1:] for two in ITEMS[:4]),
    *({"a": {"a": 1}}, {"b": []}, {"a": 1, "ab": "a"}, {"ab": 1, "b": "a", "a": None}),
]
"""Every schema is tried on all of these."""

REFERENCES = st.sampled_from(
    ["#/components/schemas/Leaf", "#/components/schemas/Tree", "#/components/schemas/Hole/$defs/in"]
)
SMALL = st.integers(0, 3)


def keywords(children: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    branches = st.lists(children, min_size=1, max_size=3)
    named = st.dictionaries(NAMES, children, min_size=1, max_size=2)
    return {
        "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1, max_size=7, unique=True),
        "enum": st.lists(SCALARS, min_size=1, max_size=4, unique_by=repr),
        "const": SCALARS,
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), st.integers(-2, 3)),
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), SMALL),
        "required": st.lists(NAMES, max_size=2, unique=True),
        "properties": named,
        "items": children,
        "additionalProperties": children,
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), branches),
        **dict.fromkeys(("not", "if", "then", "else", "contains"), children),
        "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, max_size=2, unique=True), max_size=2),
        "dependentSchemas": named,
        "$ref": REFERENCES,
        "description": st.just("words"),
        "examples": st.lists(SCALARS, max_size=2),
    }


def further_keywords(children: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    """What 3.0 can't say."""
    return {
        **keywords(children),
        "prefixItems": st.lists(children, min_size=1, max_size=2),
        **dict.fromkeys(("unevaluatedItems", "unevaluatedProperties", "propertyNames"), children),
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "b$"]), children, min_size=1),
        "minContains": SMALL,
        "maxContains": SMALL,
    }


THEMES = (
    {"type", "enum", "const", "anyOf", "oneOf", "minLength", "description"},
    {"type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"},
    {
        "type",
        "items",
        "prefixItems",
        "contains",
        "minContains",
        "maxContains",
        "minItems",
        "maxItems",
        "unevaluatedItems",
    },
    {"properties", "required", "additionalProperties", "patternProperties", "unevaluatedProperties", "propertyNames"},
    {"dependentRequired", "dependentSchemas", "if", "then", "else", "not", "required", "minProperties", "type"},
    {"allOf", "anyOf", "oneOf", "not", "$ref", "if", "then", "else", "const", "type"},
)
"""Keywords that meet: a random few of all keywords seldom do."""


def schemas(choice: Any, *more: Any) -> st.SearchStrategy[Any]:
    def one(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        available = choice(children)
        groups = [sorted(theme & set(available)) for theme in THEMES] + [sorted(available)]
        chosen = st.sampled_from(groups).flatmap(
            lambda group: st.lists(st.sampled_from(group), min_size=1, max_size=4, unique=True)
        )
        return chosen.flatmap(lambda names: st.fixed_dictionaries({name: available[name] for name in names}))

    leaf = st.sampled_from([True, False, {}, {"type": "null"}, {"type": "string"}, {"enum": ["a", None]}, *more])
    return one(leaf | one(leaf | one(leaf)))


def document(schema: Any, leaf: Any) -> dict[str, Any]:
    tree = {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Tree"}, "b": leaf}}
    components = {"Subject": schema, "Leaf": leaf, "Tree": tree, "Hole": {"$defs": {"in": leaf}}}
    info = {"title": "Law", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": {}, "components": {"schemas": components}}


def verdicts(contract: dict[str, Any]) -> list[bool]:
    validator = SchemaSet(contract).validator(("components", "schemas", "Subject"))
    return [validator.is_valid(instance) for instance in INSTANCES]


LEAVES = st.sampled_from([True, {"type": "string"}, {"type": ["integer", "null"]}, {"const": "a"}])
LOOSE = (
    {"propertyNames": {"minLength": 2}},
    {"prefixItems": [{"type": "string"}]},
    {"patternProperties": {"^a": False}},
)
LOOSE_LEAVES = LEAVES | st.sampled_from(LOOSE)


@settings(max_examples=1000, deadline=None)
@given(schema=schemas(keywords), leaf=LEAVES)
@example(schema={"type": "array", "anyOf": [{"type": "null"}]}, leaf=True)
@example(schema={"enum": ["a"], "anyOf": [{"type": "string"}, {"type": "null"}]}, leaf=True)
@example(schema={"properties": {"a": True}, "anyOf": [{"type": "object", "additionalProperties": False}]}, leaf=True)
def test_what_3_0_can_say_accepts_the_same(schema: Any, leaf: Any) -> None:
    original = document(schema, leaf)
    lowered = lower(original)
    note(repr((schema, leaf, lowered.document["components"]["schemas"]["Subject"])))
    assert not [loss for loss in lowered.losses if loss.severity == "warning"]
    assert verdicts(lowered.document) == verdicts(original)


@settings(max_examples=1000, deadline=None)
@given(schema=schemas(further_keywords, *LOOSE), leaf=LOOSE_LEAVES)
def test_what_3_0_can_not_say_is_never_made_stricter(schema: Any, leaf: Any) -> None:
    original = document(schema, leaf)
    lowered = lower(original).document
    note(repr((schema, leaf, lowered["components"]["schemas"]["Subject"])))
    pairs = zip(verdicts(original), verdicts(lowered), strict=True)
    assert all(after for before, after in pairs if before)


@settings(max_examples=100, deadline=None)
@given(schema=schemas(further_keywords, *LOOSE), leaf=LOOSE_LEAVES)
def test_the_result_is_openapi_3_0(schema: Any, leaf: Any) -> None:
    original = document(schema, leaf)
    before = {error.message for error in OpenAPIV31SpecValidator(original).iter_errors()}
    after = {error.message for error in OpenAPIV30SpecValidator(lower(original).document).iter_errors()}
    assert after <= before
