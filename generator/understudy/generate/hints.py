"""A parameter of a contract goes in; the Python type of the value that a handler is called with comes out."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Placed, Tokens

_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_MOST_VALUES = 6
_MAX_DEPTH = 5


def hint(contract: Contract, parameter: Placed) -> str:
    """Write the type of a parameter's value, such as `Literal["US", "CA"]` or `list[str]`."""
    found = _schema(contract, parameter)
    return _hint(contract, *found, _MAX_DEPTH) if found else "Any"


def default(contract: Contract, parameter: Placed) -> str:
    """Write the parameter's default as Python; empty if the contract tells none that can stand in a signature."""
    found = _schema(contract, parameter)
    value = found[0].get("default") if found and isinstance(found[0], dict) else None
    return literal(value) if isinstance(value, str | int | float | Decimal) else ""


def literal(value: Any) -> str:
    """Write a text, number or truth value as Python."""
    if isinstance(value, bool) or (isinstance(value, str) and '"' in value and "'" not in value):
        return repr(value)
    return json.dumps(float(value) if isinstance(value, Decimal) else value)


def _schema(contract: Contract, parameter: Placed) -> tuple[Any, Tokens] | None:
    tokens: Tokens = (*parameter.tokens, "schema")
    if "schema" not in parameter.value:
        content = parameter.value.get("content")
        media_type = next(iter(content), None) if isinstance(content, dict) else None
        if media_type is None or not isinstance(content[media_type], dict) or "schema" not in content[media_type]:
            return None
        tokens = (*parameter.tokens, "content", media_type, "schema")
    placed = contract.follow(tokens)
    return placed.value, placed.tokens


def _hint(contract: Contract, schema: Any, tokens: Tokens, depth: int) -> str:
    if not isinstance(schema, dict) or depth == 0:
        return "Any"
    values = schema["enum"] if isinstance(schema.get("enum"), list) else []
    values = [schema["const"]] if "const" in schema else values
    if 0 < len(values) <= _MOST_VALUES and all(value is None or _is_exact(value) for value in values):
        return f"Literal[{', '.join('None' if value is None else literal(value) for value in values)}]"
    declared = schema.get("type")
    names = [declared] if isinstance(declared, str) else declared if isinstance(declared, list) else []
    if not names or len(names) > len(_TYPES):
        return "Any"
    if schema.get("nullable") is True and "null" not in names:
        names = [*names, "null"]
    return " | ".join(dict.fromkeys(_one(contract, name, schema, tokens, depth) for name in names))


def _is_exact(value: Any) -> bool:
    return isinstance(value, bool | int) or (isinstance(value, str) and value.isprintable())


def _one(contract: Contract, name: Any, schema: dict[str, Any], tokens: Tokens, depth: int) -> str:
    if name == "array":
        items = contract.follow((*tokens, "items")) if "items" in schema else None
        return f"list[{_hint(contract, items.value, items.tokens, depth - 1) if items else 'Any'}]"
    if name == "object":
        return "dict[str, Any]"
    return _TYPES.get(name, "Any") if isinstance(name, str) else "Any"
