"""Schemas, parameters, headers and forms of Swagger 2.0 go in; what OpenAPI 3.0 says in their place comes out."""

from __future__ import annotations

from typing import Any

from understudy.contract import grammar
from understudy.contract import pointer as pointers

JSON, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"

_OF_THE_PARAMETER = ("name", "in", "description", "required", "allowEmptyValue")
_DELIMITERS = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}
_QUERY_STYLES: dict[str, dict[str, Any]] = {
    "csv": {"style": "form", "explode": False},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
    "multi": {"style": "form", "explode": True},
}

Names = dict[str, str]
"""Name of a definition → name of the component it becomes."""


def is_file(value: dict[str, Any]) -> bool:
    """Tell a file from data: `type: file` (Swagger 2.0, Parameter Object and Response Object)."""
    return value.get("type") == "file"


def raise_schema(value: Any, names: Names) -> Any:
    """Raise a schema at any depth."""
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        return _raise_reference(value, names)
    made = dict(value)
    for _, below, child in grammar.children("schema", value):
        grammar.put_child(made, value, below, raise_schema(child, names))
    if is_file(made):
        made |= {"type": "string", "format": "binary"}
    if isinstance(made.get("type"), list):
        _raise_types(made)
    if made.get("x-nullable") is True:
        del made["x-nullable"]
        made["nullable"] = True
    if isinstance(made.get("discriminator"), str):
        made["discriminator"] = {"propertyName": made["discriminator"]}
    return made


def _raise_reference(value: dict[str, Any], names: Names) -> dict[str, Any]:
    """Let a reference lead to the component. Beside it 3.0 ignores all, so what may be null is written around it."""
    tokens = pointers.split_fragment(value["$ref"][1:])
    name = names.get(tokens[-1], tokens[-1])
    made = {"$ref": f"#/components/schemas/{pointers.escape(name)}"}
    return {"allOf": [made], "nullable": True} if value.get("x-nullable") is True else made


def _raise_types(schema: dict[str, Any]) -> None:
    """Write a list of types, which JSON Schema has and 3.0 has not, as `nullable` and alternatives."""
    declared = schema.pop("type")
    types = [name for name in declared if name != "null"]
    if "null" in declared:
        schema["nullable"] = True
    if len(types) == 1:
        schema["type"] = types[0]
    else:
        schema.setdefault("anyOf", [{"type": name} for name in types])


def raise_parameter(value: dict[str, Any], names: Names) -> dict[str, Any]:
    """Raise a path, query or header parameter: what is said of its value moves into `schema`."""
    made = {name: value[name] for name in _OF_THE_PARAMETER if name in value}
    schema, style = _value_of(value, str(value.get("in")), names)
    example = {"example": value["x-example"]} if "x-example" in value else {}
    further = {name: item for name, item in value.items() if name.startswith("x-") and name not in _CONSUMED}
    return {**made, **style, "schema": schema, **example, **further}


def raise_header(value: dict[str, Any], names: Names) -> dict[str, Any]:
    """Raise a response header."""
    schema, style = _value_of(value, "header", names)
    kept = {"description": value["description"]} if "description" in value else {}
    return {**kept, **style, "schema": schema}


_CONSUMED = ("x-example", "x-nullable")
_NO_SCHEMA = (*_OF_THE_PARAMETER, "collectionFormat")


def _value_of(value: dict[str, Any], place: str, names: Names) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the schema and the style. A list with a delimiter that 3.0 has no style for is said to be text."""
    told = {name: item for name, item in value.items() if name not in _NO_SCHEMA and not name.startswith("x-")}
    told |= {name: value[name] for name in ("x-nullable",) if name in value}
    schema = raise_schema(told, names)
    if value.get("type") != "array":
        return schema, {}
    form = str(value.get("collectionFormat", "csv"))
    if place == "query" and form in _QUERY_STYLES:
        return _plain_items(schema), dict(_QUERY_STYLES[form])
    if place in ("path", "header") and form in ("csv", "multi"):
        return _plain_items(schema), {}
    text: dict[str, Any] = {"type": "string"}
    if isinstance(value.get("default"), list):
        text["default"] = _DELIMITERS.get(form, ",").join(map(str, value["default"]))
    return text, {}


def _plain_items(schema: dict[str, Any]) -> dict[str, Any]:
    """Drop `collectionFormat` of lists in lists, for which 3.0 defines no form."""
    items = schema.get("items")
    if isinstance(items, dict):
        schema["items"] = {name: item for name, item in _plain_items(items).items() if name != "collectionFormat"}
    return schema


def form_schema(fields: dict[str, dict[str, Any]], names: Names) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the schema of a form and the encoding of its lists (OpenAPI 3.0, Encoding Object)."""
    properties, encoding = {}, {}
    for name, value in fields.items():
        schema, style = _value_of(value, "query", names)
        described = {"description": value["description"]} if "description" in value else {}
        properties[name] = {**schema, **described}
        if style and style != _QUERY_STYLES["multi"]:
            encoding[name] = style
    required = [name for name, value in fields.items() if value.get("required") is True]
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}, encoding
