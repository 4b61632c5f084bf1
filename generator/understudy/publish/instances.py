"""The documented examples of all operations go in; of each schema the first value in any of them comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.publish.answers import named_examples
from understudy.publish.examples import examples
from understudy.publish.shapes import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Operation
    from understudy.publish.edition import Edition, Tokens

_DEEPEST = 12


@dataclass(frozen=True)
class Instance:
    """A value of a schema, and the operation in whose example it stands, at a place of its page."""

    value: Any = field(repr=False)
    operation: str
    anchor: str


def instance(edition: Edition, name: str) -> Instance | None:
    """Find a value of a schema."""
    kept: dict[str, Instance] | None = edition.known.get("instances")
    if kept is None:
        kept = {}
        for operation in edition.operations.values():
            for tokens, value, anchor in _documented(edition, operation):
                _gather(edition, (*tokens, "schema"), Instance(value, operation.id, anchor), kept)
        edition.known["instances"] = kept
    return kept.get(name)


def _documented(edition: Edition, operation: Operation) -> Iterator[tuple[Tokens, Any, str]]:
    """Yield the examples of an operation: the Media Type Object, the value, and its place on the page."""
    for key, placed in operation.responses.items():
        for media_type, one, anchor in named_examples(edition, key, placed):
            yield (*placed.tokens, "content", media_type), one.value, anchor
    for body in (operation.request_body,) if operation.request_body else ():
        content = body.value.get("content") if isinstance(body.value, dict) else None
        for media_type, value in content.items() if isinstance(content, dict) else ():
            tokens = (*body.tokens, "content", media_type)
            for one in examples(edition, tokens, value):
                yield tokens, one.value, "body"


def _gather(edition: Edition, tokens: Tokens, found: Instance, kept: dict[str, Instance], depth: int = 0) -> None:
    """Go through a value along its schema; what is below a schema that has a value already has one, too."""
    shape = read(edition, tokens)
    if found.value is None or depth > _DEEPEST or shape.name in kept:
        return
    if shape.name:
        kept[shape.name] = found
    below: list[tuple[Tokens, Any]] = []
    if isinstance(found.value, dict):
        pairs = ((name, shape.properties.get(name, shape.others)) for name in found.value)
        below = [(place, found.value[name]) for name, place in pairs if place is not None]
    elif isinstance(found.value, list) and shape.items is not None:
        below = [(shape.items, value) for value in found.value[:1]]
    fitting = [place for place in shape.alternatives if _fits(edition, place, found.value)]
    below += [(place, found.value) for place in fitting if len(fitting) == 1]
    for place, value in below:
        _gather(edition, place, Instance(value, found.operation, found.anchor), kept, depth + 1)


def _fits(edition: Edition, tokens: Tokens, value: Any) -> bool:
    """Tell whether an object may be of an alternative, by the names and constants it has."""
    shape = read(edition, tokens)
    if not isinstance(value, dict) or not shape.required <= set(value):
        return False
    told = ((value[name], read(edition, place)) for name, place in shape.properties.items() if name in value)
    return all(one.get("const", found) == found and _is_listed(found, one.get("enum")) for found, one in told)


def _is_listed(value: Any, values: Any) -> bool:
    return not isinstance(values, list) or value in values
