"""A parameter that is the whole query goes in; its reader, among those of the operation, comes out (OpenAPI 3.2).

`in: querystring` has one media type, and the query is its content: a form as it stands, anything else percent-encoded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from understudy_mock.bodies import BodyType
from understudy_mock.exchange import MISSING
from understudy_mock.media import bare
from understudy_mock.parameters import Parameter

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.contract.model import Contract, Operation, Placed
    from understudy_mock.parameter_styles import Raw
    from understudy_mock.parameters import Parameters
    from understudy_mock.schema_facts import SchemaFacts

_FORM = "application/x-www-form-urlencoded"


def with_querystring(
    contract: Contract, facts: SchemaFacts, operation: Operation, parameters: Parameters
) -> Parameters:
    """Add the parameter that is the whole query, if the operation declares one."""
    for placed in operation.parameters:
        content = placed.value.get("content")
        if placed.value.get("in") == "querystring" and isinstance(content, dict) and content:
            made = _compile(contract, facts, placed, next(iter(content)))
            return replace(parameters, by_location={**parameters.by_location, "querystring": (made,)})
    return parameters


def _compile(contract: Contract, facts: SchemaFacts, placed: Placed, media_type: str) -> Parameter:
    tokens = (*placed.tokens, "content", media_type, "schema")
    has_schema = "schema" in (placed.value["content"][media_type] or {})
    content = BodyType(bare(media_type), None, tokens if has_schema else None, facts)
    return Parameter(
        name=str(placed.value.get("name")),
        location="querystring",
        required=bool(placed.value.get("required")),
        read=_reader(content),
        validator=contract.schemas.validator(tokens) if has_schema else None,
    )


def _reader(content: BodyType) -> Callable[[Raw], Any]:
    def read(raw: Raw) -> Any:
        if "" not in raw:
            return MISSING
        text = raw[""][0]
        is_form = content.media_range == _FORM
        return content.decode(content.media_range, text.encode("latin-1") if is_form else unquote_to_bytes(text))

    return read
