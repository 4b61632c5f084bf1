"""A listing, a search or a count and the memory go in; the items that are meant, in the documented answer, come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import MISSING
from understudy_mock.state import paging, querying, shapes
from understudy_mock.state.members import member

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange
    from understudy_mock.state.memory import Item, Memory
    from understudy_mock.state.querying import Page
    from understudy_mock.state.resources import Binding, Resource
    from understudy_mock.state.shapes import Slot


def pick(operation: CompiledOperation, binding: Binding, exchange: Exchange, memory: Memory) -> tuple[Page, int]:
    """Find the items that a request asks for, and how many there are below the parents it names."""
    resource = binding.resource
    if resource is None:
        raise TypeError("a listing has a resource")
    path = exchange.values.get("path") or {}
    held = memory.items(resource.store)
    if resource.parents:
        held = [item for item in held if belongs(item, resource, path)]
    return querying.select(held, _criteria(operation, binding, exchange), resource.members, binding.plan), len(held)


def belongs(item: Item, resource: Resource, path: dict[str, Any]) -> bool:
    """Tell whether an item belongs to the parents that the path names."""
    for name in resource.parents:
        if name in path:
            held = resource.parent_of(item, name)
            if held is MISSING and resource.is_strict:
                return False
            if held is not MISSING and held != path[name] and str(held) != str(path[name]):
                return False
    return True


def _criteria(operation: CompiledOperation, binding: Binding, exchange: Exchange) -> dict[str, Any]:
    wanted: dict[str, Any] = exchange.values.get("query") or {}
    body, declared = exchange.body, operation.body
    if binding.kind == "search" and isinstance(body, dict) and declared:
        wanted = dict(wanted)
        schema = declared.types[0].schema
        filled = operation.contract.facts.with_defaults(body, schema) if schema else body
        for name, value in filled.items():
            wanted |= value if isinstance(value, dict) else {name: value}
    return wanted


def listed(binding: Binding, exchange: Exchange, page: Page, around: Any) -> Any:
    """Put the items of a page into the answer, and let what stands around them tell the truth."""
    template, slot, resource = binding.template, binding.items, binding.resource
    if template is None or slot is None or resource is None:
        raise TypeError("a listing has a template and a slot")
    documented = shapes.read(template.value, slot.tokens)
    entry = documented[0] if isinstance(documented, list) and documented else None
    model = shapes.read(entry, slot.inner) if slot.inner else entry
    shown = [_entry(binding, slot, entry, item, model) for item in page.items]
    body = shapes.write(around, slot.tokens, shown)
    if binding.surroundings is None:
        return body
    turning = paging.Turning(page, exchange, binding.plan)
    return paging.tell(binding.surroundings, body, turning, is_search=binding.kind == "search")


def _entry(binding: Binding, slot: Slot, entry: Any, item: Item, model: Any) -> Any:
    template, resource = binding.template, binding.resource
    if template is None or resource is None:
        raise TypeError("a listing has a template")
    if slot.is_ids:
        found = member(item, resource.id)
        return None if found is MISSING else found
    shown = shapes.project(template.facts, item, slot.schema, model)
    return shapes.write(entry if isinstance(entry, dict) else {}, slot.inner, shown) if slot.inner else shown


def counted(binding: Binding, exchange: Exchange, page: Page) -> Any:
    """Put the number of items into an answer that only counts them."""
    if binding.template is None or binding.surroundings is None:
        return MISSING
    turning = paging.Turning(page, exchange, binding.plan)
    return paging.tell(binding.surroundings, binding.template.value, turning, is_search=False)
