"""The items that a request names, by its path, its query or its body, go in as names; the items come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import MISSING
from understudy_mock.state.listing import belongs
from understudy_mock.state.members import member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy_mock.exchange import Exchange
    from understudy_mock.state.memory import Item, Memory
    from understudy_mock.state.resources import Binding, Resource

_WHOLE = "it"
"""How the one thing is called of which there is no other."""


def named(binding: Binding, exchange: Exchange) -> Iterator[tuple[Resource, str, dict[str, Any]]]:
    """Yield each resource that a request names an item of, with its identifier and what is said of its parents."""
    path = exchange.values.get("path") or {}
    for parameter, resource in binding.lookups:
        before = binding.names[: binding.names.index(parameter)]
        above = {name: path[name] for name in before if name in path} if before else {}
        yield resource, resource.identifier(parameter, path), above
    if binding.subject is not None and binding.resource is not None:
        location, name = binding.subject
        held = exchange.body if location == "body" else exchange.values.get(location)
        told = member(held, name) if isinstance(held, dict) else MISSING
        yield binding.resource, "" if told is MISSING else str(told), path


def find(memory: Memory, resource: Resource, identifier: str, above: dict[str, Any]) -> Item | None:
    """Find the item of an identifier that belongs to these parents."""
    name = resource.id or ""
    if resource.members:
        members = (one for group in memory.items(resource.store) for one in group.get(resource.members, []))
        return next((one for one in members if isinstance(one, dict) and str(member(one, name)) == identifier), None)
    found = memory.find(resource.store, name, identifier)
    if found is None or not above or _is_below(found, resource, above):
        return found
    return next(
        (
            one
            for one in memory.items(resource.store)
            if str(member(one, name)) == identifier and _is_below(one, resource, above)
        ),
        None,
    )


def _is_below(item: Item, resource: Resource, above: dict[str, Any]) -> bool:
    return resource.is_strict or belongs(item, resource, above)


def single(memory: Memory, resource: Resource, path: dict[str, Any]) -> Item | None:
    """Find the one thing that the parents in the path have, once it was changed."""
    return next((item for item in memory.items(resource.store) if belongs(item, resource, path)), None)


def single_name(resource: Resource, path: dict[str, Any]) -> str:
    """Name the one thing that the parents in the path have."""
    return "/".join(str(path[name]) for name in resource.parents if name in path) or _WHOLE


def own(binding: Binding, memory: Memory, resource: Resource) -> Item | None:
    """Find the item of whoever asks, as `/users/me` does: the documented one, else the first there is."""
    slot = binding.item_slot(resource)
    shown = binding.template.value if binding.template else None
    for token in slot.tokens if slot else ():
        shown = shown.get(token) if isinstance(shown, dict) else None
    identifier = member(shown, resource.id) if isinstance(shown, dict) else MISSING
    found = memory.find(resource.store, resource.id or "", str(identifier)) if identifier is not MISSING else None
    return found or next(iter(memory.items(resource.store)), None)
