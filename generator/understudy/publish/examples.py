"""The named examples of a body or parameter go in as the contract has them; what a page shows of each comes out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from understudy.contract.opaque import is_opaque
from understudy.contract.spelled_json import meant
from understudy.contract.writing import to_json
from understudy.errors import UsageError
from understudy.publish import prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.publish.edition import Edition, Tokens, Told

UNNAMED = "default"
"""What the mock calls the single `example` of a body."""


@dataclass(frozen=True)
class Example:
    """One example that carries a value."""

    name: str
    value: Any = field(repr=False)
    tokens: Tokens = ()
    owner: dict[str, Any] = field(default_factory=dict, repr=False)
    """Its Example Object; empty for the single `example`."""

    def title(self, edition: Edition) -> Told:
        """Name it by its summary."""
        return edition.told(self.tokens, "summary", self.owner)


def examples(edition: Edition, tokens: Tokens, value: Any) -> Iterator[Example]:
    """Yield the examples of a Media Type, Parameter or Header Object in order (OpenAPI, Example Object)."""
    if not isinstance(value, dict):
        return
    named = value.get("examples")
    is_any = False
    for name in named if isinstance(named, dict) else ():
        placed = edition.contract.follow((*tokens, "examples", name))
        owner = placed.value if isinstance(placed.value, dict) else {}
        found = next((key for key in ("value", "dataValue", "serializedValue") if key in owner), None)
        if found is not None:
            is_any = True
            yield Example(str(name), _value(edition, tokens, owner, found), placed.tokens, owner)
    if not is_any and "example" in value:
        yield Example(UNNAMED, meant(edition.contract, tokens, value["example"]))


def _value(edition: Edition, tokens: Tokens, owner: dict[str, Any], key: str) -> Any:
    """Read a value, which may be told as it is sent (OpenAPI 3.2, `serializedValue`)."""
    if key != "serializedValue" or not isinstance(owner[key], str) or not is_json(str(tokens[-1])):
        return meant(edition.contract, tokens, owner[key])
    try:
        return json.loads(owner[key])
    except ValueError:
        return owner[key]


def shown(value: Any, media_type: str) -> tuple[str, str]:
    """Write a value as it is sent, with the name of the syntax it is in."""
    name = media_type.partition(";")[0].strip().lower()
    if is_json(name):
        return written(value), "json"
    if isinstance(value, str):
        return prose.printable(value), _syntax(name)
    if is_opaque(name):
        return written(value), ""
    return written(value), "json"


def written(value: Any) -> str:
    """Write a value as JSON, its numbers as they were read."""
    try:
        return to_json(value).rstrip("\n")
    except UsageError:  # too many nodes, with references written out
        return json.dumps(value, indent=2, default=str)


def is_json(media_type: str) -> bool:
    """Tell whether a media type is JSON (RFC 6839, 3.1)."""
    name = media_type.partition(";")[0].strip().lower()
    return name.endswith(("/json", "+json")) or name in ("*/*", "application/*", "")


def _syntax(name: str) -> str:
    if name.endswith(("/xml", "+xml")):
        return "xml"
    return {"text/html": "html", "text/csv": "csv", "application/yaml": "yaml"}.get(name, "text")


def as_text(value: Any) -> str:
    """Write a value as it stands in an address or a header."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int | float | Decimal):
        return str(value)
    return json.dumps(value, default=str, separators=(",", ":"), ensure_ascii=False)
