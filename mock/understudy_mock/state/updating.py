"""An item and the request that updates it go in; the item as it is now comes out (RFC 9110, 9.3.4, RFC 5789)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.state.patching import is_nullable, patched

if TYPE_CHECKING:
    from understudy.contract.model import Tokens
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange
    from understudy_mock.state.memory import Item
    from understudy_mock.state.resources import Resource
    from understudy_mock.state.shapes import Slot


def updated(operation: CompiledOperation, resource: Resource, exchange: Exchange, item: Item) -> Item:
    """Replace by PUT, patch by anything else. Raises RefusalError for a patch that can't be applied."""
    slot = _slot(operation, resource)
    if exchange.method == "PUT":
        return _replaced(operation, resource, slot, exchange, item)
    return patched(operation, resource, slot, exchange, item)


def _slot(operation: CompiledOperation, resource: Resource) -> Slot | None:
    """Find the schema of an item: as it is answered here, else as a GET gives it."""
    bindings = operation.contract.resources.bindings.values()
    reading = [one for one in bindings if one.kind == "read" and one.resource is resource]
    slots = (one.item_slot(resource) for one in (operation.binding, *reading) if one is not None)
    return next((slot for slot in slots if slot is not None and slot.schema is not None), None)


def _replaced(
    operation: CompiledOperation, resource: Resource, slot: Slot | None, exchange: Exchange, item: Item
) -> Item:
    """Keep what is the server's own; everything else is what was sent, or is not there any more."""
    values = exchange.body if isinstance(exchange.body, dict) else {}
    kept = {name: value for name, value in item.items() if not _is_settable(operation, exchange, name)}
    if resource.id and resource.id in item:
        kept[resource.id] = item[resource.id]
    left_out = {name: value for name, value in item.items() if name not in values and name not in kept}
    made = {**values, **kept, **_needed(operation, slot, left_out)}
    return {name: made[name] for name in dict.fromkeys((*item, *made)) if name in made}


def _is_settable(operation: CompiledOperation, exchange: Exchange, name: str) -> bool:
    """Tell whether the operation's body declares a property that is not the server's own (`readOnly`)."""
    schema = operation.body.choose(exchange.header(b"content-type")).schema if operation.body else None
    for token in operation.binding.payload if operation.binding else ():
        schema = operation.contract.facts.properties(schema).get(token) if schema else None
    place = operation.contract.facts.properties(schema).get(name) if schema else None
    return place is not None and not operation.contract.facts.is_read_only(place)


def _needed(operation: CompiledOperation, slot: Slot | None, left_out: Item) -> Item:
    """Say what properties have that were left out and yet must be there: the default, null, or what they had."""
    facts = operation.contract.facts
    required = facts.required(slot.schema) if slot and slot.schema else frozenset()
    places: dict[str, Tokens] = slot.properties if slot else {}
    found: dict[str, Any] = {}
    for name, value in left_out.items():
        if name in required and name in places:
            has_default, default = facts.default(places[name])
            found[name] = default if has_default else None if is_nullable(facts, places[name]) else value
    return found
