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
        self.reset()

    def reset(self) -> None:
        """Forget everything since the start."""
        self._items = {name: copy.deepcopy(items) for name, items in self._seeds.items()}

    def items(self, resource: str) -> list[Item]:
        """All items of a resource, oldest first."""
        return self._items.setdefault(resource, [])

    def add(self, resource: str, item: Item) -> None:
        """Put a new item at the end."""
        self.items(resource).append(item)

    def remove(self, resource: str, item: Item) -> None:
        """Take out exactly this item."""
        self._items[resource] = [kept for kept in self.items(resource) if kept is not item]

    def knows(self, identifier: str, property_name: str) -> bool:
        """Tell whether any item of any resource carries the identifier."""
        return any(str(item.get(property_name)) == identifier for items in self._items.values() for item in items)
