"""Schemas of OpenAPI 3.0 go in; the same constraints in JSON Schema 2020-12, the one dialect we use, come out.

What changed between them (OpenAPI 3.1 release notes): `nullable` became a type, the exclusive bounds became numbers, a
schema's single `example` became `examples`, and keywords beside `$ref` began to count.
"""

from __future__ import annotations

from typing import Any

from understudy.contract import grammar


def lift(document: dict[str, Any]) -> dict[str, Any]:
    """Give an OpenAPI 3.0 bundle schemas of 2020-12 at the same pointers. 3.1 and later is returned as it is."""
    if not str(document.get("openapi", "")).startswith("3.0"):
        return document
    lifted = _lift(document, "openapi")
    return lifted if isinstance(lifted, dict) else document


def _lift(value: Any, kind: str) -> Any:
    if not isinstance(value, dict):
        return value
    if kind == "schema" and "$ref" in value:
        return {"$ref": value["$ref"]}
    made = dict(value)
    for child_kind, below, child in grammar.children(kind, value):
        name = str(below[0])
        if len(below) == 1:
            made[name] = _lift(child, child_kind)
        else:
            if made[name] is value[name]:
                made[name] = type(value[name])(value[name])
            made[name][below[1]] = _lift(child, child_kind)
    return _lift_schema(made) if kind == "schema" else made


def _lift_schema(schema: dict[str, Any]) -> dict[str, Any]:
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if schema.get(exclusive) is True and bound in schema:
            schema[exclusive] = schema.pop(bound)
        elif isinstance(schema.get(exclusive), bool):
            del schema[exclusive]
    if "example" in schema:
        schema.setdefault("examples", [schema.pop("example")])
    if schema.pop("nullable", False) is True and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
    return schema
