"""A contract goes in; the same comes out with a `schema` wherever it only says `itemSchema`.

OpenAPI 3.2, section 4.14.3: a sequential media type is validated as if its items stood in an array, so a schema for
each item says the same as an array of such items.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from understudy.contract import grammar

if TYPE_CHECKING:
    from understudy.contract.model import Contract


def with_array_schemas(contract: Contract) -> Contract:
    """Give each media type with an `itemSchema` a schema for the whole; without any, the contract itself."""
    if not contract.version.startswith("3.2"):
        return contract
    document = _copied(contract.document, "openapi")
    if document is contract.document:
        return contract
    return replace(contract, bundle=replace(contract.bundle, document=document))


def _copied(value: Any, kind: str) -> Any:
    """Copy what changes, and share the rest; there are no media types below a schema."""
    if not isinstance(value, dict) or kind == "schema":
        return value
    made = value
    for child_kind, below, child in grammar.children(kind, value):
        copied = _copied(child, child_kind)
        if copied is not child:
            made = dict(value) if made is value else made
            grammar.put_child(made, value, below, copied)
    if kind == "mediaType" and "itemSchema" in value:
        array = {"type": "array", "items": value["itemSchema"]}
        made = {**made, "schema": {"allOf": [value["schema"], array]} if "schema" in value else array}
    return made
