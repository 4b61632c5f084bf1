"""An OpenAPI document goes in; the texts in it that people read, and that a translation may say anew, come out.

What is prose is decided by the kind of object it stands in, so a property that is *named* `description` never is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract import grammar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from understudy.contract.model import Tokens

ASSUMED = "x-understudy-assumed"
BEHAVIOUR = "x-understudy-behaviour"
DISPLAY_NAME = "x-displayName"
LEDGER = "x-understudy-ledger"
BESIDE = (BEHAVIOUR, LEDGER)
"""Where a document has, for a translation's sake, the prose of files that stand beside it."""

_NONE: frozenset[str] = frozenset()
_TEXTS: dict[str, frozenset[str]] = {
    "info": frozenset(("title", "summary", "description")),
    "tag": frozenset((DISPLAY_NAME, "summary", "description")),
    "schema": frozenset(("title", "description")),
    **dict.fromkeys(("pathItem", "operation", "response", "example"), frozenset(("summary", "description"))),
    **dict.fromkeys(("parameter", "header", "requestBody", "link", "securityScheme"), frozenset(("description",))),
    "ledgerEntry": frozenset(("evidence",)),
    **dict.fromkeys(("server", "serverVariable", "externalDocs", "rule", "scenario"), frozenset(("description",))),
}
"""Kind of object → its fields that are prose (OpenAPI 3.2, section 4; `x-displayName` is a habit of many tools)."""

_FURTHER: dict[str, dict[str, str]] = {
    "openapi": {
        "info": "info",
        "servers": "[server]",
        "tags": "[tag]",
        "externalDocs": "externalDocs",
        BEHAVIOUR: "behaviour",
        LEDGER: "{ledgerEntry}",
    },
    "tag": {"externalDocs": "externalDocs"},
    "server": {"variables": "{serverVariable}"},
    "pathItem": {"servers": "[server]"},
    "operation": {"externalDocs": "externalDocs", "servers": "[server]"},
    "link": {"server": "server"},
    "schema": {"externalDocs": "externalDocs"},
    "securityScheme": {"flows": "{flow}"},
    "flow": {"scopes": "scopes"},
    "behaviour": {"rules": "{rules}", "scenarios": "{scenario}"},
}
"""Objects that hold prose and that no reference leads to, in the notation of `grammar.FIELDS`."""

_REFERENCEABLE = frozenset(grammar.SECTIONS)
_SCOPES = "scopes"
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Spot:
    """An object that may hold prose: what kind it is, where it stands, and its texts by field."""

    kind: str
    tokens: Tokens
    texts: Mapping[str, str] = field(repr=False)

    def may_hold(self, name: str) -> bool:
        """Tell whether a text in this field of it is prose."""
        if self.kind == _SCOPES:
            return not name.startswith("x-")
        return name == ASSUMED or name in _TEXTS.get(self.kind, _NONE)


def spots(document: Any) -> Iterator[Spot]:
    """Yield every object that may hold prose, parents first; those that hold none have no texts."""
    yield from _walk("openapi", (), document)


def fingerprint(text: str) -> str:
    """Name a text by the first eight hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def without_prose(document: Any) -> Any:
    """Leave out all prose; what is left is what a program reads. The document itself is not changed."""
    return _without("openapi", document)


def _walk(kind: str, tokens: Tokens, value: Any) -> Iterator[Spot]:
    if isinstance(value, dict):
        yield Spot(kind, tokens, _texts(kind, value))
    for child_kind, below, child in _children(kind, value):
        yield from _walk(child_kind, (*tokens, *below), child)


def _texts(kind: str, value: dict[str, Any]) -> dict[str, str]:
    spot = Spot(kind, (), {})
    found = {name: text for name, text in value.items() if spot.may_hold(name) and is_text(text)}
    if kind == "tag" and is_text(value.get("name")):
        found = {DISPLAY_NAME: value["name"], **found}  # what a tag is called where nothing else is said
    return found


def is_text(value: object) -> bool:
    """Tell whether there is anything to read in a value."""
    return isinstance(value, str) and bool(value.strip())


def _children(kind: str, value: Any) -> Iterator[tuple[str, Tokens, Any]]:
    if kind == "rules":
        if isinstance(value, list):
            yield from (("rule", (index,), item) for index, item in enumerate(value))
        return
    if isinstance(value, dict):
        for name, notation in _FURTHER.get(kind, {}).items():
            if name in value:
                yield from grammar.held(notation, name, value[name])
    yield from grammar.children(kind, value)


def _without(kind: str, value: Any) -> Any:
    if not isinstance(value, dict | list):
        return value
    made: Any = list(value) if isinstance(value, list) else dict(value)
    if isinstance(made, dict):
        spot = Spot(kind, (), {})
        made = {name: item for name, item in made.items() if not (spot.may_hold(name) and isinstance(item, str))}
    for child_kind, below, child in _children(kind, value):
        if isinstance(made, list) or below[0] in made:
            _put(made, value, below, _without(child_kind, child))
    return made


def _put(made: Any, original: Any, below: Tokens, child: Any) -> None:
    if isinstance(made, list):
        made[int(below[0])] = child
    else:
        grammar.put_child(made, original, below, child)
