"""The items the mock remembers, by resource, in the order they came; kept in this process (`memory://`)."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Item = dict[str, Any]


class Memory:
    """Collections of items. `seeds` is what each starts with, and what a reset brings back."""

    def __init__(self, seeds: Mapping[str, list[Item]]) -> None:
        self._seeds = seeds
        self._items: dict[str, list[Item]] = {}
        self._spent: dict[str, set[Any]] = {}
        self.reset()

    def reset(self) -> None:
        """Forget everything since the start."""
        self._items = {name: copy.deepcopy(items) for name, items in self._seeds.items()}
        self._spent = {}

    def adopt(self, seeds: Mapping[str, list[Item]]) -> None:
        """Go on with other seeds: what was changed stays, what was not follows, what has no place any more goes."""
        changed = {name for name, items in self._items.items() if items != self._seeds.get(name) or name in self._spent}
        kept = {name: self._items[name] for name in seeds if name in changed and name in self._seeds}
        self._spent = {name: spent for name, spent in self._spent.items() if name in kept}
        self._items = {name: kept[name] if name in kept else copy.deepcopy(items) for name, items in seeds.items()}
        self._seeds = seeds

    def items(self, resource: str) -> list[Item]:
        """All items of a resource, oldest first."""
        return self._items.setdefault(resource, [])

    def add(self, resource: str, item: Item) -> None:
        """Put a new item at the end."""
        self.items(resource).append(item)

    def remove(self, resource: str, item: Item, property_name: str | None) -> None:
        """Take out exactly this item; the identifier it carries in the property is not given again."""
        self._items[resource] = [kept for kept in self.items(resource) if kept is not item]
        if isinstance(identifier := item.get(property_name or ""), str | int):
            self._spent.setdefault(resource, set()).add(identifier)

    def replace(self, resource: str, items: list[Item]) -> None:
        """Put these items in the place of all there are."""
        self._items[resource] = items

    def identifiers(self, resource: str, property_name: str) -> list[Any]:
        """List the identifiers that items of a resource have or had."""
        held = [item[property_name] for item in self.items(resource) if property_name in item]
        return [*held, *self._spent.get(resource, ())]

    def spend(self, identifier: str | int, resource: str) -> None:
        """Take note of the end of an item that was never there."""
        self._spent.setdefault(resource, set()).add(identifier)

    def is_spent(self, identifier: str, resource: str) -> bool:
        """Tell whether an item of this identifier was removed."""
        return any(str(value) == identifier for value in self._spent.get(resource, ()))

    def knows(self, identifier: str, property_name: str) -> bool:
        """Tell whether any item of any resource carries the identifier, or a removed one did."""
        held = (item.get(property_name) for items in self._items.values() for item in items)
        spent = (value for values in self._spent.values() for value in values)
        return any(str(value) == identifier for value in (*held, *spent))
