"""An operation goes in; every answer the contract lets it give, one deviation at a time, comes out: the negative space.

Every declared status and example; and, starting from a documented body, each optional property left out, each null,
each value of an enumeration, each list empty. A variant's id is a pure function of the place and the value there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy_mock.exchange import MISSING, Fault, RefusalError
from understudy_mock.media import is_json, to_json
from understudy_mock.selection import Choice
from understudy_mock.synthesis import UngeneratableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Tokens
    from understudy_mock.compiling import CompiledMedia, CompiledOperation, CompiledResponse
    from understudy_mock.schema_facts import SchemaFacts

MAX_VARIANTS = 500
"""So many of one operation are enumerated at most."""

KINDS = ("status", "example", "absent", "null", "enum", "empty")

_MAX_DEPTH = 8
_JSON_TYPES = 7
_ID_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Variant:
    """One answer. `pointer` is the place that deviates from the `base`; `value` stands there, MISSING for nothing."""

    id: str
    kind: str
    choice: Choice
    key: str
    example: str
    base: Any
    pointer: tuple[str | int, ...] = ()
    value: Any = MISSING

    @property
    def is_changed(self) -> bool:
        """Tell whether the body deviates from what is documented."""
        return self.kind not in ("status", "example")

    def body(self) -> Any:
        """Make the body; MISSING if the response has none."""
        return _changed(self.base, self.pointer, self.value) if self.is_changed else self.base


def enumerate_variants(operation: CompiledOperation) -> tuple[Variant, ...]:
    """List the variants of an operation, each once, in the order of the contract; worked out on first use."""
    known = operation.contract.variants
    name = operation.operation.id
    if name not in known:
        found: dict[str, Variant] = {}
        for variant in _variants(operation):
            found.setdefault(variant.id, variant)
            if len(found) == MAX_VARIANTS:
                break
        known[name] = tuple(found.values())
    return known[name]


def find(operation: CompiledOperation, wanted: str) -> Variant:
    """Find the variant a client asks for. Raises RefusalError if the operation has none of this id."""
    for variant in enumerate_variants(operation):
        if variant.id == wanted:
            return variant
    message = f"{operation.operation.id} has no variant {wanted}; the control API lists those it has"
    raise RefusalError("unknown-variant", (404,), (Fault("preference", ("variant",), "unknown", message),))


def _variants(operation: CompiledOperation) -> Iterator[Variant]:
    for response in operation.responses.values():
        status = concrete_status(operation, response.key)
        if not response.media:
            yield Variant(f"{response.key}-status", "status", Choice(status, response, None), response.key, "", MISSING)
        for media in response.media:
            yield from _of_media(operation, response, Choice(status, response, media), media)


def concrete_status(operation: CompiledOperation, key: str) -> int:
    """Find a status that is answered with this response: `4XX` → 400, `default` → one that is not declared itself."""
    if key.isdecimal():
        return int(key)
    candidates = range(500, 600) if key == "default" else range(int(key[0]) * 100, int(key[0]) * 100 + 100)
    response = operation.responses[key]
    return next((code for code in candidates if operation.response_for(code) is response), candidates[0])


def _of_media(
    operation: CompiledOperation, response: CompiledResponse, choice: Choice, media: CompiledMedia
) -> Iterator[Variant]:
    examples = [example for example in media.examples.values() if example.is_valid]
    for example in examples:
        name = _id(response.key, "example", media, (), example.name)
        yield Variant(name, "example", choice, response.key, example.name, example.value)
    first = examples[0] if examples else None
    base = first.value if first else _made(operation, media, choice.status)
    if first is None:
        yield Variant(_id(response.key, "status", media, (), None), "status", choice, response.key, "", base)
    if media.schema is None or base is MISSING or not is_json(media.media_type):
        return
    for kind, at, value in _deviations(operation.contract.facts, media.schema, base, (), 0):
        if media.takes(_changed(base, at, value)):
            name = _id(response.key, kind, media, at, None if value is MISSING else value)
            yield Variant(name, kind, choice, response.key, first.name if first else "", base, at, value)


def _made(operation: CompiledOperation, media: CompiledMedia, status: int) -> Any:
    if media.schema is None:
        return MISSING
    try:
        seed = f"{operation.contract.seed}/{operation.operation.id}/()/{status}"
        return operation.contract.synthesis.make(media.schema, seed)
    except UngeneratableError:
        return MISSING


_Deviation = tuple[str, tuple[str | int, ...], Any]


def _deviations(
    facts: SchemaFacts, schema: Tokens, value: Any, at: tuple[str | int, ...], depth: int
) -> Iterator[_Deviation]:
    """Yield what the schema lets stand at a place instead of the value, and at the places below it."""
    types = facts.types(schema)
    if "null" in types and len(types) < _JSON_TYPES and value is not None:
        yield "null", at, None
    for other in _enumerated(facts, schema):
        if other != value and other is not None:
            yield "enum", at, other
    if depth >= _MAX_DEPTH:
        return
    if isinstance(value, list) and value:
        yield "empty", at, []
        items = facts.items(schema)
        if items is not None:
            yield from _deviations(facts, items, value[0], (*at, 0), depth + 1)
    elif isinstance(value, dict):
        required = facts.required(schema)
        for name, place in facts.properties(schema).items():
            if name in value and name not in required:
                yield "absent", (*at, name), MISSING
            yield from _deviations(facts, place, value.get(name, MISSING), (*at, name), depth + 1)


def _enumerated(facts: SchemaFacts, schema: Tokens) -> Iterator[Any]:
    for _, part in facts.parts(schema):
        values = part.get("enum")
        yield from values if isinstance(values, list) else ()


def _changed(value: Any, at: tuple[str | int, ...], new: Any) -> Any:
    """Give a copy that differs at one place; what lies beside the way there is shared, not copied."""
    if not at:
        return new
    token, rest = at[0], at[1:]
    if isinstance(value, list) and isinstance(token, int):
        return [_changed(item, rest, new) if index == token else item for index, item in enumerate(value)]
    made = dict(value)
    if new is MISSING and not rest:
        made.pop(str(token), None)
    else:
        made[str(token)] = _changed(made.get(str(token)), rest, new)
    return made


def _id(key: str, kind: str, media: CompiledMedia, at: tuple[str | int, ...], value: Any) -> str:
    told = to_json([media.media_type, pointers.join(at), value])
    return f"{key}-{kind}-{hashlib.sha256(told).hexdigest()[:_ID_DIGITS]}"
