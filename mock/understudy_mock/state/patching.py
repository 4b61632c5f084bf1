"""An item and the body of a PATCH go in; the item as it is from now on comes out, or why it can't be patched so.

A JSON Patch (RFC 6902) by its media type, everything else as a merge patch (RFC 7396). The result is held to the
item's schema: what a patch would break that was whole is refused, and nothing is changed (RFC 5789, 2.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import MISSING, Fault, RefusalError
from understudy_mock.media import bare
from understudy_mock.refusals import FAULTY
from understudy_mock.state import shapes
from understudy_mock.state.json_patch import PatchError, apply_patch, is_equal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Tokens
    from understudy_mock.compiling import CompiledContract, CompiledOperation
    from understudy_mock.exchange import Exchange
    from understudy_mock.schema_facts import SchemaFacts
    from understudy_mock.state.memory import Item
    from understudy_mock.state.resources import Resource
    from understudy_mock.state.shapes import Slot

_JSON_PATCH, _MERGE_PATCH = "application/json-patch+json", "application/merge-patch+json"


def patched(
    operation: CompiledOperation, resource: Resource, slot: Slot | None, exchange: Exchange, item: Item
) -> Item:
    """Patch an item, whose schema is that of the slot. Raises RefusalError with every fault of the patch."""
    media_type = _media_type(operation, exchange)
    place = slot.schema if slot else None
    if media_type == _JSON_PATCH:
        made = _json_patched(item, exchange.body)
        faults = list(_of_keys(operation, resource, slot, item, made))
        _refuse([_located(fault, exchange.body) for fault in faults])
    else:
        patch = exchange.body if isinstance(exchange.body, dict) else {}
        made = _Merging(operation.contract.facts, is_strict=media_type == _MERGE_PATCH).merge(item, patch, place)
        if resource.id and resource.id in item:
            made[resource.id] = item[resource.id]
    if place is not None:
        broken = list(_broken(operation.contract, place, item, made))
        _refuse([_located(fault, exchange.body) for fault in broken])
    return made


def _media_type(operation: CompiledOperation, exchange: Exchange) -> str:
    sent = exchange.header(b"content-type")
    if sent is None and operation.body is not None:
        return operation.body.types[0].media_range
    return bare(sent or "")


def _json_patched(item: Item, operations: Any) -> Item:
    try:
        made = apply_patch(item, operations)
    except PatchError as error:
        statuses = (409, 422, 400) if error.is_test else (422, 409, 400)
        tokens = (error.index, error.member) if error.member else (error.index,)
        raise RefusalError(FAULTY, statuses, (Fault("body", tokens, "patch", error.message),)) from None
    if not isinstance(made, dict):
        fault = Fault("body", (), "patch", "leaves no object")
        raise RefusalError(FAULTY, (422, 400), (fault,))
    return made


def _of_keys(
    operation: CompiledOperation, resource: Resource, slot: Slot | None, item: Item, made: Item
) -> Iterator[Fault]:
    """Tell which properties were changed that are the server's own: the identifier, and what is `readOnly`."""
    facts = operation.contract.facts
    own = {name for name, place in (slot.properties if slot else {}).items() if facts.is_read_only(place)}
    for name in dict.fromkeys((resource.id, *sorted(own))):
        if name is not None and not is_equal(item.get(name, MISSING), made.get(name, MISSING)):
            yield Fault("body", (name,), "readOnly", "may not be changed")


def _broken(contract: CompiledContract, schema: Tokens, item: Item, made: Item) -> Iterator[Fault]:
    """Tell what of the schema the patched item breaks that it did not break before."""
    shown = shapes.project(contract.facts, made, schema, None)
    if contract.synthesis.fits(schema, shown):
        return
    validator = contract.contract.schemas.validator(schema)
    before = shapes.project(contract.facts, item, schema, None)
    known = {(found.tokens, found.keyword) for found in validator.violations(before)}
    for found in validator.violations(shown):
        if (found.tokens, found.keyword) not in known:
            yield Fault("body", found.tokens, found.keyword, found.message, found.expected)


def _located(fault: Fault, body: Any) -> Fault:
    """Say at which operation of a JSON Patch a fault of the result came about: the last one that touches its place."""
    for index, operation in reversed(list(enumerate(body))) if isinstance(body, list) else ():
        path = tuple(operation["path"].split("/")[1:])
        if path[:1] == tuple(map(str, fault.tokens[:1])):
            message = f"{'/' + '/'.join(map(str, fault.tokens))} {fault.message}"
            return Fault("body", (index, "path"), fault.rule, message, fault.expected)
    return fault


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise RefusalError(FAULTY, (422, 400), tuple(faults))


def is_nullable(facts: SchemaFacts, place: Tokens) -> bool:
    """Tell whether a schema says that null is one of its values, and not only nothing at all about types."""
    types = facts.types(place)
    return "null" in types and not {"string", "object", "array", "boolean"} <= types


@dataclass(frozen=True)
class _Merging:
    """Merges by RFC 7396: null takes a member away.

    But not where the member has to be there and may be null; and in plain JSON, where null may be meant as such, not
    where it may be null at all.
    """

    facts: SchemaFacts
    is_strict: bool

    def merge(self, target: Any, patch: dict[str, Any], schema: Tokens | None) -> Item:
        """Merge a patch into an object; what is none counts as an empty one."""
        made = dict(target) if isinstance(target, dict) else {}
        places = self.facts.properties(schema) if schema else {}
        required = self.facts.required(schema) if schema else frozenset()
        for name, value in patch.items():
            place = places.get(name)
            if value is None and not self._stays(place, is_required=name in required):
                made.pop(name, None)
            elif isinstance(value, dict):
                made[name] = self.merge(made.get(name), value, place)
            else:
                made[name] = value
        return made

    def _stays(self, place: Tokens | None, *, is_required: bool) -> bool:
        takes_null = place is not None and is_nullable(self.facts, place)
        return takes_null and (is_required or not self.is_strict)
