"""Pairs of schemas go in; what each pair differs in comes out, each pair looked at once however often it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract.validating import SchemaError
from understudy.drift.versions.changes import Label, Unit
from understudy.drift.versions.effects import Effect
from understudy.drift.versions.nodes import ANYTHING, Schemas
from understudy.drift.versions.schema_changes import KINDS
from understudy.drift.versions.schema_pair import Pair
from understudy.drift.versions.shapes import Shape
from understudy.drift.versions.stable import Stable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract
    from understudy.drift.versions.effects import Direction
    from understudy.drift.versions.nodes import Node

    Key = tuple[Node, Node, Direction]
    """Names a unit: the old node, the new node, the direction."""

_DEEP = 20
"""How many alternatives inside each other are looked into before they are brought together."""
_MANY = 30_000
"""How many pairs are looked into, all in all, to find which alternatives belong together."""


class Side:
    """The schemas of one version, and which values they take."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.schemas = Schemas(contract.schemas.lifted)
        self._shapes: dict[Node, Shape] = {}

    def shape(self, node: Node) -> Shape:
        """Give what a node takes."""
        if node not in self._shapes:
            self._shapes[node] = Shape(self.schemas, node)
        return self._shapes[node]

    def takes(self, node: Node, value: Any) -> bool:
        """Tell whether a value fits a node. Where that can't be told it is said not to, to be on the safe side."""
        if node.picks:
            return False
        try:
            return all(self.contract.schemas.validator(place).is_valid(value) for place in node.places)
        except SchemaError:
            return False


class SchemaUnits:
    """All pairs compared so far."""

    def __init__(self, old: Contract, new: Contract, *, texts: bool = False) -> None:
        self.old, self.new = Side(old), Side(new)
        self.texts = texts
        self._stable = Stable(self.old.schemas.document, self.new.schemas.document)
        self._units: dict[Key, Unit] = {}
        self._waiting: dict[Unit, Key] = {}
        self._depth = 0
        self._weighed = 0

    def enter(self, old: Node, new: Node, direction: Direction, label: Label) -> Unit | None:
        """Give the unit of a pair; None if the two are the same word for word."""
        if old == new == ANYTHING or self._is_same(old, new):
            return None
        key: Key = (old, new, direction)
        unit = self._units.get(key)
        if unit is None:
            name = self.new.schemas.name(new) or self.old.schemas.name(old)
            unit = self._units[key] = Unit(Label(name) if name else label)
            self._waiting[unit] = key
        return unit

    def _is_same(self, old: Node, new: Node) -> bool:
        if old.picks or new.picks or len(old.places) != len(new.places):
            return False
        return all(map(self._stable.is_same, old.places, new.places))

    def within(self, start: Unit) -> Iterator[Unit]:
        """Yield a pair and all pairs inside it."""
        seen, waiting = {start}, [start]
        while waiting:
            unit = waiting.pop()
            if unit in self._waiting:
                old, new, direction = self._waiting.pop(unit)
                Pair(self, self.old.shape(old), self.new.shape(new), direction, unit).compare()
            yield unit
            for below in reversed(unit.below):
                if below not in seen:
                    seen.add(below)
                    waiting.append(below)

    def effects(self, old: Node, new: Node, direction: Direction, label: Label) -> frozenset[Effect]:
        """Tell what a change of a schema comes to; a pair that is being looked at further out counts as unchanged."""
        start = self.enter(old, new, direction, label)
        found: set[Effect] = set()
        self._depth += 1
        for unit in self.within(start) if start and self._depth <= _DEEP else ():
            self._weighed += 1
            if self._weighed > _MANY:
                break
            found.update(KINDS[kind].effect for kind, _ in unit.changes)
        self._depth -= 1
        if start and (self._depth >= _DEEP or self._weighed > _MANY):
            return frozenset((Effect.UNSURE,))
        return frozenset(found - {Effect.NOTES})
