"""Each thing 3.1 says and 3.0 says otherwise, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from understudy.contract.files import shipped
from understudy.contract.loading import load
from understudy.contract.lowering import lower
from understudy.contract.lowering_schemas import NULL

INFO = {"title": "T", "version": "1"}
OK = {"200": {"description": "ok"}}


def contract(**fields: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "info": INFO, "paths": {}, **fields}


def lowered(document: dict[str, Any]) -> dict[str, Any]:
    made = lower(document).document
    assert not [error.message for error in OpenAPIV30SpecValidator(made).iter_errors()]
    return made


def schema(value: Any, **others: Any) -> Any:
    made = lowered(contract(components={"schemas": {"S": value, "A": {"type": "string"}, **others}}))
    return made["components"]["schemas"]["S"]


def losses(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [("/".join(map(str, loss.tokens)), str(loss.severity)) for loss in lower(document).losses]


def lost(value: Any, **others: Any) -> list[tuple[str, str]]:
    return losses(contract(components={"schemas": {"S": value, **others}}))


A = {"$ref": "#/components/schemas/A"}
TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        ({"type": ["string", "null"], "enum": ["a", None]}, {"type": "string", "nullable": True, "enum": ["a", None]}),
        ({"type": ["string", "null"], "enum": ["a"]}, {"type": "string", "enum": ["a"]}),
        ({"type": ["string", "null"], "const": "a"}, {"type": "string", "enum": ["a"]}),
        ({"type": "null"}, NULL),
        ({"type": ["string", "integer"]}, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        (
            {"type": ["string", "integer", "null"]},
            {"anyOf": [{"type": "string", "nullable": True}, {"type": "integer"}]},
        ),
        ({"type": ["integer", "number"]}, {"type": "number"}),
        ({"type": ["array", "boolean", "null", "number", "object", "string"]}, {}),
        ({"type": "array"}, {"type": "array", "items": {}}),
        ({"anyOf": [TEXT, {"type": "null"}]}, {"type": "string", "nullable": True}),
        ({"oneOf": [A, {"type": "null"}]}, {"oneOf": [A, NULL]}),
        ({"title": "T", "anyOf": [{"title": "U", **TEXT}, {"type": "null"}]}, None),
        ({"const": 1}, {"enum": [1]}),
        ({"const": 1, "enum": [1, 2]}, {"enum": [1, 2], "allOf": [{"enum": [1]}]}),
        ({"exclusiveMinimum": 3}, {"minimum": 3, "exclusiveMinimum": True}),
        ({"exclusiveMinimum": 3, "minimum": 5}, {"minimum": 5}),
        ({"exclusiveMaximum": 3, "maximum": 5}, {"maximum": 3, "exclusiveMaximum": True}),
        ({"examples": ["a"]}, {"example": "a"}),
        ({"description": "d", **A}, {"description": "d", "allOf": [A]}),
        (A, A),
        (True, {}),
        (False, {"not": {}}),
        ({"properties": {"a": False}}, {"properties": {"a": {"not": {}}}}),
        ({"additionalProperties": False}, {"additionalProperties": False}),
        ({"if": A, "then": TEXT}, {"anyOf": [{"not": A}, TEXT]}),
        ({"if": A, "else": TEXT}, {"anyOf": [A, TEXT]}),
        (
            {"dependentRequired": {"a": ["b"]}},
            {"anyOf": [{"not": {"type": "object", "required": ["a"]}}, {"required": ["b"]}]},
        ),
        ({"contains": TEXT}, {"not": {"type": "array", "items": {"not": TEXT}}}),
        ({"unevaluatedProperties": False, "properties": {}}, {"additionalProperties": False, "properties": {}}),
        ({**TEXT, "contentEncoding": "base64"}, {**TEXT, "format": "byte"}),
        ({**TEXT, "contentMediaType": "application/octet-stream"}, {**TEXT, "format": "binary"}),
        ({"$comment": "c", "$id": "urn:x", "nullable": True, "x-kept": 1}, {"x-kept": 1}),
        ({"required": []}, {}),
    ],
)
def test_said_in_other_words(before: Any, after: Any) -> None:
    made = schema(before)
    if after is not None:
        assert made == after
    assert not [loss for loss in lost(before, A=TEXT) if loss[1] == "warning"]


@pytest.mark.parametrize(
    ("before", "after", "keyword"),
    [
        ({"type": "array", "prefixItems": [TEXT, {"type": "integer"}], "items": False}, None, "prefixItems"),
        ({"patternProperties": {"^a": TEXT}}, {}, "patternProperties"),
        ({"patternProperties": {"^a": TEXT}, "additionalProperties": False}, {"additionalProperties": TEXT}, None),
        ({"propertyNames": TEXT}, {}, "propertyNames"),
        ({"allOf": [A], "unevaluatedProperties": False}, {"allOf": [A]}, "unevaluatedProperties"),
        ({"contains": TEXT, "minContains": 2}, {"not": {"type": "array", "items": {"not": TEXT}}}, "minContains"),
        ({"not": {"propertyNames": TEXT}}, {}, "not"),
        ({"oneOf": [{"propertyNames": TEXT}, TEXT]}, {"anyOf": [{}, TEXT]}, "oneOf"),
        ({"if": {"propertyNames": TEXT}, "then": TEXT}, {}, "if"),
        ({"$dynamicRef": "#node"}, {}, "$dynamicRef"),
    ],
)
def test_what_can_not_be_said_is_left_out_and_told(before: Any, after: Any, keyword: str | None) -> None:
    made = schema(before)
    if after is not None:
        assert made == after
    told = lost(before, A=TEXT)
    assert (f"components/schemas/S/{keyword or 'patternProperties'}", "warning") in told


def test_a_reference_to_what_turned_loose_is_loose_itself() -> None:
    loose = {"B": {"allOf": [{"$ref": "#/components/schemas/C"}]}, "C": {"propertyNames": TEXT}}
    assert schema({"not": {"$ref": "#/components/schemas/B"}}, **loose) == {}
    assert ("components/schemas/S/not", "warning") in lost({"not": {"$ref": "#/components/schemas/B"}}, **loose)


def test_definitions_become_components_and_losses_keep_their_place() -> None:
    made = contract(
        components={
            "schemas": {
                "In": {"type": "integer"},
                "S": {
                    "$defs": {"In": {"propertyNames": TEXT}},
                    "properties": {"a": {"$ref": "#/components/schemas/S/$defs/In"}},
                },
            }
        }
    )
    schemas = lowered(made)["components"]["schemas"]
    assert schemas == {
        "In": {"type": "integer"},
        "S": {"properties": {"a": {"$ref": "#/components/schemas/In2"}}},
        "In2": {},
    }
    assert losses(made) == [("components/schemas/S/$defs/In/propertyNames", "warning")]


def test_the_document_around_the_schemas() -> None:
    made = contract(
        info={**INFO, "summary": "Short.", "description": "Long.", "license": {"name": "MIT", "identifier": "MIT"}},
        jsonSchemaDialect="https://spec.openapis.org/oas/3.1/dialect/base",
        webhooks={"ping": {"post": {"responses": OK}}},
        security=[{"mtls": [], "key": ["admin"]}],
        components={
            "pathItems": {"P": {"get": {"responses": OK}}},
            "securitySchemes": {"mtls": {"type": "mutualTLS"}, "key": {"type": "apiKey", "name": "k", "in": "query"}},
        },
    )
    result = lowered(made)
    assert result["openapi"] == "3.0.3"
    assert result["info"]["description"] == "Short.\n\nLong."
    assert result["info"]["license"] == {"name": "MIT", "url": "https://spdx.org/licenses/MIT.html"}
    assert result["security"] == [{"key": []}]
    assert set(result) == {"openapi", "info", "paths", "security", "components"}
    assert set(result["components"]) == {"securitySchemes"}
    assert losses(made) == [
        ("webhooks", "warning"),
        ("components/securitySchemes/mtls", "warning"),
        ("security/0/key", "warning"),
    ]


def test_what_3_1_lets_one_leave_out() -> None:
    document = {"openapi": "3.1.0", "info": INFO, "components": {}}
    assert lowered(document)["paths"] == {}
    made = lowered(contract(paths={"/a": {"get": {}}}))
    assert made["paths"]["/a"]["get"]["responses"] == {"default": {"description": "Any answer."}}


def test_openapi_3_2() -> None:
    item = {
        "query": {"responses": OK},
        "get": {
            "parameters": [{"name": "q", "in": "querystring", "content": {"text/plain": {}}}],
            "responses": {"200": {"content": {"application/json": {"$ref": "#/components/mediaTypes/M"}}}},
        },
    }
    made = {**contract(paths={"/a": item}, components={"mediaTypes": {"M": {"schema": TEXT}}}), "openapi": "3.2.0"}
    get = lowered(made)["paths"]["/a"]["get"]
    assert get["responses"]["200"] == {"description": "", "content": {"application/json": {"schema": TEXT}}}
    assert get["parameters"] == []
    assert {place for place, _ in losses(made)} == {"paths//a/query", "paths//a/get/parameters/0"}


def test_a_document_of_3_0_stays_as_it_is() -> None:
    document = {"openapi": "3.0.3", "info": INFO, "paths": {}, "components": {"schemas": {"S": {"nullable": True}}}}
    assert lower(document).document is document


def test_the_document_that_came_in_is_not_touched() -> None:
    document = contract(components={"schemas": {"S": {"type": ["string", "null"], "$defs": {"D": True}}}})
    before = repr(document)
    lower(document)
    assert repr(document) == before


@pytest.mark.parametrize("name", sorted(shipped()))
def test_shipped_contracts_lose_nothing_that_matters(name: str) -> None:
    document = load(name).document
    lowered(document)
    assert not [loss for loss in lower(document).losses if loss.severity == "warning"]
