"""Schemas of any OpenAPI 3 version go in; the same constraints in JSON Schema 2020-12, our one dialect, come out.

What changed between 3.0 and 3.1 (release notes): `nullable` became a type, the exclusive bounds became numbers, a
schema's single `example` became `examples`, and keywords beside `$ref` began to count. In every version the integer
formats say a range (OpenAPI, Data Types; the Format Registry), which JSON Schema takes for an annotation.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from understudy.contract import grammar

_NULL = {"type": "null"}
RANGES = {
    "int8": (-(2**7), 2**7 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint8": (0, 2**8 - 1),
    "uint16": (0, 2**16 - 1),
    "uint32": (0, 2**32 - 1),
    "uint64": (0, 2**64 - 1),
    "double": (-(2**1024 - 2**970), 2**1024 - 2**970),
}
"""Format → the smallest and largest number of that width. `float` is left out: it says how exact, and any double has
a nearest float."""
_NUMBERS = (int, float, Decimal)
_RANGED_TYPES = {"double": "number"}


def lift(document: dict[str, Any]) -> dict[str, Any]:
    """Give a bundle schemas of 2020-12 at the same pointers; parts that say the same in both are shared."""
    lifted = _lift(document, "openapi", is_old=str(document.get("openapi", "")).startswith("3.0"))
    return lifted if isinstance(lifted, dict) else document


def _lift(value: Any, kind: str, *, is_old: bool) -> Any:
    if not isinstance(value, dict):
        return value
    if is_old and kind == "schema" and isinstance(value.get("$ref"), str):
        reference = {"$ref": value["$ref"]}
        return {"anyOf": [reference, _NULL]} if value.get("nullable") is True else reference
    made = value
    for child_kind, below, child in grammar.children(kind, value):
        lifted = _lift(child, child_kind, is_old=is_old)
        if lifted is not child:
            made = dict(value) if made is value else made
            grammar.put_child(made, value, below, lifted)
    if kind != "schema":
        return made
    return _lift_schema(dict(made)) if is_old else _with_range(made)


def _lift_schema(schema: dict[str, Any]) -> dict[str, Any]:
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if schema.get(exclusive) is True and bound in schema:
            schema[exclusive] = schema.pop(bound)
        elif isinstance(schema.get(exclusive), bool):
            del schema[exclusive]
    if "example" in schema:
        schema.setdefault("examples", [schema.pop("example")])
    schema = _with_range(schema)
    return _nullable(schema) if schema.pop("nullable", False) is True else schema


def _with_range(schema: dict[str, Any]) -> dict[str, Any]:
    """Say a number's width in bounds; a narrower bound of the schema's own stays."""
    name = schema.get("format")
    if not isinstance(name, str) or name not in RANGES:
        return schema
    types = schema.get("type")
    if _RANGED_TYPES.get(name, "integer") not in (types if isinstance(types, list) else [types]):
        return schema
    low, high = RANGES[name]
    own_low, own_high = schema.get("minimum"), schema.get("maximum")
    minimum = max(own_low, low) if isinstance(own_low, _NUMBERS) else low
    maximum = min(own_high, high) if isinstance(own_high, _NUMBERS) else high
    return {**schema, "minimum": minimum, "maximum": maximum}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """Let a schema take null, at no other pointer than before.

    With a `type` null is added to that type alone, and an `enum` takes null where it lists null (OpenAPI 3.0.3, Schema
    Object, `nullable`; proposal "Clarify nullable"). Without either, 3.0.3 says that `nullable` says nothing; all who
    write it mean that null may stand there, so it does.
    """
    made = dict(schema)
    if isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
        return made
    return made if "enum" in made else _loosened(made)


def _loosened(schema: dict[str, Any]) -> dict[str, Any]:
    """Let every part of a combination take null as well."""
    made = dict(schema)
    if isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    if isinstance(made.get("allOf"), list):
        made["allOf"] = [_or_null(part) for part in made["allOf"]]
    if isinstance(made.get("anyOf"), list):
        made["anyOf"] = [*made["anyOf"], _NULL]
    if isinstance(made.get("oneOf"), list):
        made["oneOf"] = [*map(_but_null, made["oneOf"]), _NULL]
    return made


def _or_null(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    return {"anyOf": [part, _NULL]} if "$ref" in part else _loosened(part)


def _but_null(branch: Any) -> Any:
    """Shut null out of an alternative, so that exactly one takes it: the one that is added."""
    if not isinstance(branch, dict):
        return {"not": _NULL} if branch is True else branch
    if "$ref" in branch:
        return {"allOf": [branch], "not": _NULL}
    return {**branch, "not": {"anyOf": [branch["not"], _NULL]} if "not" in branch else _NULL}
