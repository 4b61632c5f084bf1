"""A media type, parameter or header goes in; its examples come out by name (OpenAPI, Example Object)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract.spelled_json import meant
from understudy_mock.media import MalformedError, from_json, is_json

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Tokens


def example_values(contract: Contract, tokens: Tokens, value: dict[str, Any]) -> list[tuple[str, Any]]:
    """List the named examples that carry a value in order; the single `example` is called `default`."""
    named = value.get("examples")
    found = []
    for name in named if isinstance(named, dict) else ():
        example = contract.follow((*tokens, "examples", name)).value
        for key in ("value", "dataValue") if isinstance(example, dict) else ():
            if key in example:
                found.append((name, meant(contract, tokens, example[key])))
                break
        else:
            if isinstance(example, dict) and isinstance(example.get("serializedValue"), str):
                found.append((name, _deserialized(str(tokens[-1]), example["serializedValue"])))
    return found or ([("default", meant(contract, tokens, value["example"]))] if "example" in value else [])


def _deserialized(media_type: str, text: str) -> Any:
    """Read an example that is told as it is sent (OpenAPI 3.2, `serializedValue`); what is no JSON stays text."""
    try:
        return from_json(text.encode()) if is_json(media_type) else text
    except MalformedError:
        return text
