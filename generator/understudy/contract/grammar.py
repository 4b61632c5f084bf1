"""The shape of an OpenAPI document: which field holds which kind of object (2.0, and 3.0 to 3.2, section 4).

One table serves every walk over a contract: bundling, linting, lowering, translating. What the table does not name is
data (example values, defaults, extensions) and is never walked, so a `$ref` inside an example stays an example.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

SECTIONS = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "example": "examples",
    "requestBody": "requestBodies",
    "header": "headers",
    "securityScheme": "securitySchemes",
    "link": "links",
    "callback": "callbacks",
    "pathItem": "pathItems",
    "mediaType": "mediaTypes",
}
"""Kind of object → the section of `components` that holds it."""

SWAGGER_SECTIONS = {"schemas": "definitions", "parameters": "parameters", "responses": "responses"}
"""Section of `components` → the field of a Swagger 2.0 document that is its like."""

_ENCODINGS = {"encoding": "{encoding}", "prefixEncoding": "[encoding]", "itemEncoding": "encoding"}
_PARAMETER = {"schema": "schema", "content": "{mediaType}", "examples": "{example}"}

FIELDS: dict[str, dict[str, str]] = {
    "openapi": {
        "paths": "paths",
        "webhooks": "{pathItem}",
        "components": "components",
    },
    "swagger": {
        "paths": "paths",
        "definitions": "{schema}",
        "parameters": "{parameter}",
        "responses": "{response}",
    },
    "components": {section: "{" + kind + "}" for kind, section in SECTIONS.items()},
    "paths": {"*": "pathItem"},
    "pathItem": {
        "parameters": "[parameter]",
        "additionalOperations": "{operation}",
        **dict.fromkeys(METHODS, "operation"),
    },
    "operation": {
        "parameters": "[parameter]",
        "requestBody": "requestBody",
        "responses": "responses",
        "callbacks": "{callback}",
    },
    "responses": {"*": "response"},
    "callback": {"*": "pathItem"},
    "parameter": _PARAMETER,
    "header": _PARAMETER,
    "requestBody": {"content": "{mediaType}"},
    "response": {"schema": "schema", "headers": "{header}", "content": "{mediaType}", "links": "{link}"},
    "mediaType": {
        "schema": "schema",
        "itemSchema": "schema",
        "examples": "{example}",
        **_ENCODINGS,
    },
    "encoding": {"headers": "{header}", **_ENCODINGS},
    "schema": {
        **dict.fromkeys(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"), "{schema}"),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), "[schema]"),
        **dict.fromkeys(("items", "additionalItems", "additionalProperties", "unevaluatedItems"), "schema"),
        **dict.fromkeys(("unevaluatedProperties", "contains", "propertyNames", "contentSchema"), "schema"),
        **dict.fromkeys(("not", "if", "then", "else"), "schema"),
    },
}


@dataclass(frozen=True, slots=True)
class Node:
    """An object of a known kind at a place in the document."""

    kind: str
    tokens: tuple[str | int, ...]
    value: Any


def root_kind(document: dict[str, Any]) -> str:
    """Tell a Swagger 2.0 document from one of OpenAPI 3."""
    return "swagger" if "swagger" in document and "openapi" not in document else "openapi"


def children(kind: str, value: Any) -> Iterator[tuple[str, tuple[str | int, ...], Any]]:
    """Yield (kind, relative tokens, value) of each object directly inside an object of the given kind."""
    if not isinstance(value, dict):
        return
    fields = FIELDS.get(kind, {})
    if any_key := fields.get("*"):
        fields = {key: any_key for key in value if not key.startswith("x-") and key != "$ref"}
    for name, notation in fields.items():
        if name in value:
            yield from held(notation, name, value[name])


def put_child(made: dict[str, Any], original: dict[str, Any], below: tuple[str | int, ...], child: Any) -> None:
    """Put another object where `children` found one; `made` is a copy of `original` that shares what is not changed."""
    name = str(below[0])
    if len(below) == 1:
        made[name] = child
        return
    if made[name] is original[name]:
        made[name] = list(original[name]) if isinstance(original[name], list) else dict(original[name])
    made[name][below[1]] = child


def held(notation: str, name: str, value: Any) -> Iterator[tuple[str, tuple[str | int, ...], Any]]:
    """Yield what `children` yields of one field, written in the notation of FIELDS."""
    kind = notation.strip("[]{}")
    if notation.startswith("["):
        if isinstance(value, list):
            yield from ((kind, (name, index), item) for index, item in enumerate(value))
    elif notation.startswith("{"):
        if isinstance(value, dict):
            yield from ((kind, (name, key), item) for key, item in value.items())
    elif kind == "schema" and isinstance(value, list):  # `items` as a list, before 2020-12
        yield from ((kind, (name, index), item) for index, item in enumerate(value))
    else:
        yield kind, (name,), value


def walk(value: Any, kind: str = "openapi", tokens: tuple[str | int, ...] = ()) -> Iterator[Node]:
    """Yield the object and every object below it, parents first; references are not followed."""
    yield Node(kind, tokens, value)
    for child_kind, below, child in children(kind, value):
        yield from walk(child, child_kind, tokens + below)
