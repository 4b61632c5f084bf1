"""A bundle goes in; the same bundle comes out with every schema that is referred to standing in `components.schemas`.

A reference such as `#/components/schemas/A/$defs/B` or `#/paths/…/schema` is good JSON Schema, but tools that think in
named schemas, and OpenAPI 3.0 where `$defs` do not exist, need a component. The schema is copied there.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract import grammar
from understudy.contract import pointer as pointers

if TYPE_CHECKING:
    from collections.abc import Iterator

Tokens = tuple[str | int, ...]

_COMPONENT = ("components", "schemas")
_COMPONENT_DEPTH = 3
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_STRUCTURE = {"schema", "items", "additionalProperties", "not", "if", "then", "else", "contains"}


@dataclass(frozen=True)
class Hoisted:
    """A document whose schema references all name components; `origins` tells what a new component was copied from."""

    document: dict[str, Any]
    origins: dict[str, Tokens] = field(default_factory=dict)

    def origin(self, tokens: Tokens) -> Tokens:
        """Say where in the document before hoisting a place was written."""
        if tokens[:2] == _COMPONENT and len(tokens) >= _COMPONENT_DEPTH and str(tokens[2]) in self.origins:
            return self.origins[str(tokens[2])] + tokens[_COMPONENT_DEPTH:]
        return tokens


def hoist(document: dict[str, Any]) -> Hoisted:
    """Copy what references name into components, and let them name the copies. The document itself is not touched."""
    made = copy.deepcopy(document)
    origins: dict[Tokens, str] = {}
    schemas = made.get("components", {}).get("schemas", {})
    _redirect(made, "openapi", document, origins, set(schemas))
    done = 0
    while done < len(origins):
        tokens, name = list(origins.items())[done]
        done += 1
        schema = copy.deepcopy(pointers.resolve(document, tokens))
        _redirect(schema, "schema", document, origins, set(schemas) | set(origins.values()))
        made.setdefault("components", {}).setdefault("schemas", {})[name] = schema
    return Hoisted(made, {name: tokens for tokens, name in origins.items()})


def references(value: Any, kind: str = "openapi") -> Iterator[dict[str, Any]]:
    """Yield every schema of a document that is a reference into it."""
    for node in grammar.walk(value, kind):
        if node.kind == "schema" and isinstance(node.value, dict):
            reference = node.value.get("$ref")
            if isinstance(reference, str) and reference.startswith("#"):
                yield node.value


def _redirect(value: Any, kind: str, document: dict[str, Any], origins: dict[Tokens, str], taken: set[str]) -> None:
    for schema in list(references(value, kind)):
        tokens = tuple(pointers.split_fragment(schema["$ref"][1:]))
        if tokens[:2] == _COMPONENT and len(tokens) == _COMPONENT_DEPTH:
            continue
        if not _is_schema(document, tokens):
            continue
        if tokens not in origins:
            origins[tokens] = _free_name(tokens, taken)
            taken.add(origins[tokens])
        schema["$ref"] = f"#/components/schemas/{pointers.escape(origins[tokens])}"


def _is_schema(document: dict[str, Any], tokens: Tokens) -> bool:
    try:
        return isinstance(pointers.resolve(document, tokens), dict | bool)
    except KeyError:
        return False


def _free_name(tokens: Tokens, taken: set[str]) -> str:
    telling = [str(token) for token in tokens if not str(token).isdecimal() and token not in _STRUCTURE]
    base = _UNSAFE.sub("_", telling[-1] if telling else "").strip("_") or "Schema"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}{number}", number + 1
    return name
