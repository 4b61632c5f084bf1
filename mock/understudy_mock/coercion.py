"""Text and the types that a schema takes go in; the value that the text spells comes out."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,999})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,308})(\.[0-9]{1,308})?([eE][-+]?[0-9]{1,3})?")


def coercer(types: frozenset[str]) -> Callable[[str], Any]:
    """Choose how text becomes a value: text wherever the schema takes text and nothing stricter fits alone."""
    if "string" in types and not types & {"integer", "number", "boolean"}:
        return str
    return lambda text: coerce_text(text, types)


def coerce_text(text: str, types: frozenset[str]) -> Any:
    """Give text the first of the types it spells; text that spells none stays text, for the schema to refuse."""
    if "boolean" in types and text in ("true", "false"):
        return text == "true"
    if types & {"integer", "number"} and _INTEGER.fullmatch(text):
        return int(text)
    if types & {"number", "integer"} and _NUMBER.fullmatch(text):
        return Decimal(text)
    if "null" in types and "string" not in types and text in ("", "null"):
        return None
    return text
