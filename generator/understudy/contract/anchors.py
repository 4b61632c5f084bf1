"""A plain-name fragment such as `#leaf` goes in; the tokens of the schema that carries that `$anchor` come out.

JSON Schema 2020-12, section 8.2. Finding the anchor is left to `referencing`, the library of the jsonschema project;
what it finds is looked up again by identity, because a place in the file is what everything else needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from understudy.contract import grammar

if TYPE_CHECKING:
    from understudy.contract.source import Source

Tokens = tuple[str | int, ...]


def find(source: Source, anchor: str) -> Tokens | None:
    """Find an anchor in a file that is a schema or an OpenAPI document; None if no schema there carries it."""
    for tokens, schema in _outermost_schemas(source.value):
        registry = Registry().with_resource("", DRAFT202012.create_resource(schema))
        try:
            found = registry.resolver().lookup(f"#{anchor}").contents
        except Unresolvable:
            continue
        return next(node.tokens for node in grammar.walk(schema, "schema", tokens) if node.value is found)
    return None


def _outermost_schemas(value: Any) -> list[tuple[Tokens, Any]]:
    if not (isinstance(value, dict) and "openapi" in value):
        return [((), value)]
    found: list[tuple[Tokens, Any]] = []
    for node in grammar.walk(value):
        inside = any(node.tokens[: len(tokens)] == tokens for tokens, _ in found)
        if node.kind == "schema" and isinstance(node.value, dict) and not inside:
            found.append((node.tokens, node.value))
    return found
