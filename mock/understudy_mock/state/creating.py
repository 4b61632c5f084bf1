"""A request that makes an item goes in; the item comes out, made of the documented one, the request and the path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import MISSING
from understudy_mock.state import shapes
from understudy_mock.state.expressions import timestamp
from understudy_mock.state.keys import fresh_key, fresh_path, is_key
from understudy_mock.state.members import member, with_member

if TYPE_CHECKING:
    from datetime import datetime

    from understudy.contract.model import Tokens
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange
    from understudy_mock.state.memory import Item, Memory
    from understudy_mock.state.resources import Binding, Resource
    from understudy_mock.state.shapes import Slot

_SOME_UUID = "f81d4fae-7dec-5d19-a765-00a0c91e6bf6"
_CHANGED = ("updated_at", "updatedAt", "updated", "modified_at", "modifiedAt")
_MADE = ("created_at", "createdAt", "created", *_CHANGED)


@dataclass(frozen=True)
class Making:
    """What an item is made from."""

    operation: CompiledOperation
    binding: Binding
    exchange: Exchange
    memory: Memory
    now: datetime

    @property
    def path(self) -> dict[str, Any]:
        """What stands in the templates of the request's path."""
        return self.exchange.values.get("path") or {}

    def create(self, resource: Resource, values: Item) -> Item:
        """Make the documented item, with the request's values, its parents' ids, a fresh id and today's dates."""
        documented, schema = self.documented(resource)
        item = self._merged(documented, values, schema)
        if resource.id:
            given = member(values, resource.id)
            if given is MISSING or not self._is_good(resource, given):
                item = with_member(item, resource.id, self._fresh(resource, member(documented, resource.id)))
        item = self.placed(resource, item, self.path)
        item |= stamped(item, _MADE, self.now)
        self.memory.add(resource.store, item)
        return item

    def placed(self, resource: Resource, item: Item, path: dict[str, Any]) -> Item:
        """Let an item say what it belongs to."""
        for name in resource.parents:
            told = resource.carried.get(name, name)
            if name in path and (told != resource.id or resource.pattern is None):
                item = with_member(item, told, path[name])
        return dict(item)

    def _is_good(self, resource: Resource, given: Any) -> bool:
        tail = given.rpartition("/")[2] if resource.pattern and isinstance(given, str) else given
        return is_key(self.operation.contract, resource, tail)

    def _fresh(self, resource: Resource, documented: Any) -> Any:
        contract = self.operation.contract
        shown = None if documented is MISSING else documented
        if resource.pattern:
            return fresh_path(contract, self.memory, resource, shown, self.path)
        return fresh_key(contract, self.memory, resource, shown)

    def _merged(self, documented: Item, values: Item, schema: Tokens | None) -> Item:
        """Let the request's values stand over the documented ones; of objects in it, what they must have is kept."""
        facts = self.operation.contract.facts
        places = facts.properties(schema) if schema else {}
        merged = {**documented, **values}
        for name, value in values.items():
            shown = documented.get(name)
            if isinstance(value, dict) and isinstance(shown, dict) and name in places:
                needed = facts.required(places[name])
                kept = {inner: held for inner, held in shown.items() if inner in needed and inner not in value}
                merged[name] = {**value, **kept} if kept else value
        return merged

    def documented(self, resource: Resource) -> tuple[Item, Tokens | None]:
        """Find the item that the contract shows; where it shows none, make what is required or has a default."""
        for binding in (self.binding, *self._readers(resource)):
            slot = self._slot(binding, resource)
            if binding.template is not None and slot is not None:
                return self._shown(binding, slot, resource), slot.schema
        return {}, None

    def _readers(self, resource: Resource) -> list[Binding]:
        bindings = self.operation.contract.resources.bindings.values()
        return [one for one in bindings if one.kind == "read" and one.resource is resource and one is not self.binding]

    @staticmethod
    def _slot(binding: Binding, resource: Resource) -> Slot | None:
        return binding.items if binding.is_many else binding.item_slot(resource)

    def _shown(self, binding: Binding, slot: Slot, resource: Resource) -> Item:
        template = binding.template
        if template is None:
            return {}
        shown = shapes.read(template.value, slot.tokens)
        if binding.is_many:
            shown = shown[0] if isinstance(shown, list) and shown else None
        if slot.schema is None or (isinstance(shown, dict) and shown):
            return shown if isinstance(shown, dict) else {}
        key = f"documented/{resource.name}/{self.operation.operation.id}"
        if key not in binding.made:
            binding.made[key] = self._drafted(binding, slot.schema, slot, resource)
        found: Item = binding.made[key]
        return found

    def _drafted(self, binding: Binding, schema: Tokens, slot: Slot, resource: Resource) -> Item:
        """Make what is required or has a default; the same every time, so once is enough."""
        template = binding.template
        if template is None:
            return {}
        made = self.operation.contract.synthesis.draft(schema, self.operation.operation.id)
        kept = set(template.facts.required(schema))
        if resource.samples or self._takes_uuid(slot, resource.id):
            kept.discard(resource.id or "")
        found = {name: value for name, value in made.items() if name in kept} if isinstance(made, dict) else {}
        filled = template.facts.with_defaults(found, schema)
        return filled if isinstance(filled, dict) else {}

    def _takes_uuid(self, slot: Slot, name: str | None) -> bool:
        """Tell whether a UUID may stand as the identifier, so that none need be made from its schema."""
        synthesis = self.operation.contract.synthesis
        return name in slot.properties and synthesis.fits(slot.properties[name], _SOME_UUID)


def stamped(item: Item, names: tuple[str, ...], now: datetime) -> Item:
    """Give the properties of these names that hold an instant the present one."""
    return {name: timestamp(now) for name in names if isinstance(item.get(name), str)}


def changed_stamps(item: Item, now: datetime) -> Item:
    """Give the properties that tell when an item was changed the present instant."""
    return stamped(item, _CHANGED, now)
