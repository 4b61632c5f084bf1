"""An example of a body goes in that may be JSON written down as a text; the value that is meant comes out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy.contract.validating import SchemaError

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Tokens


def meant(contract: Contract, tokens: Tokens, value: Any) -> Any:
    """Read a text that stands where a schema wants an object or a list; `tokens` lead to the Media Type Object.

    A text in an `example` is for what can't be written in JSON (OpenAPI, Media Type Object), so this is a slip, which
    `understudy check` tells; but it is clear what is meant.
    """
    if not (isinstance(value, str) and value.lstrip()[:1] in ("{", "[") and _is_json(str(tokens[-1]))):
        return value
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return value if _takes(contract, tokens, value) else found


def _is_json(media_type: str) -> bool:
    return media_type.partition(";")[0].strip().lower().endswith(("/json", "+json"))


def _takes(contract: Contract, tokens: Tokens, value: Any) -> bool:
    try:
        pointers.resolve(contract.document, (*tokens, "schema"))
        return bool(contract.schemas.validator((*tokens, "schema")).is_valid(value))
    except (KeyError, SchemaError):
        return True
