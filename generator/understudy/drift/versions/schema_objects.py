"""A pair of schemas goes in; what they say of the properties of an object and the items of an array is compared.

Where nothing is said of names that are not declared, nobody is taken to send them: declaring one more is no demand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.contract.directions import is_marked
from understudy.drift.versions.effects import Direction, Effect
from understudy.drift.versions.nodes import ANYTHING, Node

if TYPE_CHECKING:
    from understudy.drift.versions.nodes import Schemas, Tokens
    from understudy.drift.versions.schema_pair import Pair
    from understudy.drift.versions.shapes import Shape

_WITHDRAWN_BY = {Direction.REQUEST: "readOnly", Direction.RESPONSE: "writeOnly"}
_SAYS_NO = frozenset((Effect.NARROWS, Effect.REPLACES, Effect.UNSURE))


def compare_properties(pair: Pair) -> None:
    """Compare objects: each name, then names that fit patterns, then all others."""
    old, new = pair.old, pair.new
    for name in dict.fromkeys((*new.properties, *old.properties, *new.required, *old.required)):
        _Property(pair, name).compare()
    _patterns(pair)
    _others(pair)


class _Property:
    """One name in two objects."""

    def __init__(self, pair: Pair, name: str) -> None:
        self.pair, self.name = pair, name
        self.old, self.new = pair.old.named(name), pair.new.named(name)
        self.was_required, self.is_required = name in pair.old.required, name in pair.new.required
        self.said = {"name": name}

    def compare(self) -> None:
        """Note what became of it."""
        old, new = self.pair.old, self.pair.new
        withdrawn = [_is_withdrawn(self.pair, shape, self.name) for shape in (old, new)]
        was, is_now = _is_described(old, self.name, self.old), _is_described(new, self.name, self.new)
        if all(withdrawn) or (withdrawn[0] and not is_now) or (withdrawn[1] and not was):
            return
        if any(withdrawn):
            self._withdrawn(is_now=withdrawn[1])
        elif was and is_now:
            self._required()
            self.pair.enter(self.old, self.new, f".{self.name}")
        elif is_now:
            self._added()
        elif was:
            self._removed()
        else:
            self._required()
            self._undescribed()

    def _undescribed(self) -> None:
        """Compare what is ruled out by name on one side with what nothing is said of on the other."""
        was_closed, is_closed = _is_closed(self.pair.old, self.old), _is_closed(self.pair.new, self.new)
        if is_closed and not was_closed:
            self.pair.say("property-forbidden", self.said, new=self._new_place)
        elif was_closed and not is_closed:
            self.pair.say("property-added-to-closed/undeclared", self.said, self._old_place)

    @property
    def _old_place(self) -> Tokens | None:
        return next(iter(self.pair.old.properties.get(self.name, ())), None)

    @property
    def _new_place(self) -> Tokens | None:
        return next(iter(self.pair.new.properties.get(self.name, ())), None)

    def _required(self) -> None:
        place = self.pair.new.required.get(self.name)
        if self.is_required and not self.was_required:
            self.pair.say("property-became-required", self.said, self._old_place, place)
        elif self.was_required and not self.is_required:
            self.pair.say("property-became-optional", self.said, self.pair.old.required[self.name], self._new_place)

    def _added(self) -> None:
        kind = "required-property-added" if self.is_required and not self.was_required else "property-added"
        if _is_closed(self.pair.old, self.old) and kind == "property-added":
            kind = "property-added-to-closed"
        self.pair.say(kind, self.said, new=self._new_place, of_key=True)
        if self.was_required and not self.is_required:
            self._required()
        if not (self.pair.old.is_open or _is_closed(self.pair.old, self.old)):
            effects = self.pair.effects(self.old, self.new, f".{self.name}")
            if effects & _SAYS_NO:
                self.pair.say("property-restricted", self.said, new=self._new_place, of_key=True)

    def _removed(self) -> None:
        kind = "required-property-removed" if self.was_required else "property-removed"
        is_closed = _is_closed(self.pair.new, self.new)
        if is_closed and (self.pair.direction is Direction.REQUEST or not self.was_required):
            kind = "property-forbidden"
        self.pair.say(kind, self.said, self._old_place)
        if self.is_required and not self.was_required:
            self._required()

    def _withdrawn(self, *, is_now: bool) -> None:
        said = {**self.said, "keyword": _WITHDRAWN_BY[self.pair.direction]}
        places = self._old_place, self._new_place
        if is_now:
            lost = self.was_required and self.pair.direction is Direction.RESPONSE
            kind = "required-property-removed/withdrawn" if lost else "property-withdrawn"
            self.pair.say(kind, said, *places)
        else:
            kind = "required-property-opened" if self.is_required else "property-opened"
            self.pair.say(kind, said, *places)


def _is_described(shape: Shape, name: str, node: Node) -> bool:
    """Tell whether anything is said of a name: by a declaration, by a pattern, or by a schema for all names."""
    if name in shape.properties:
        return not _is_closed(shape, node)
    return node not in (ANYTHING, shape.other_properties) and not _is_closed(shape, node)


def _is_closed(shape: Shape, node: Node) -> bool:
    return shape.schemas.flat(node).is_impossible


def _is_withdrawn(pair: Pair, shape: Shape, name: str) -> bool:
    places = shape.properties.get(name, ())
    schemas: Schemas = shape.schemas
    keyword = _WITHDRAWN_BY[pair.direction]
    return any(is_marked(schemas.document, schemas.at(place), keyword) for place in places)


def _others(pair: Pair) -> None:
    """Compare what is said of names that are not declared."""
    old, new = pair.old.other_properties, pair.new.other_properties
    was_closed, is_closed = _is_closed(pair.old, old), _is_closed(pair.new, new)
    if was_closed and not is_closed:
        pair.say("additional-properties-allowed", {}, _place(old), _place(new))
    elif is_closed and not was_closed:
        pair.say("additional-properties-forbidden", {}, _place(old), _place(new))
    elif not is_closed:
        pair.enter(old, new, ".*")


def _patterns(pair: Pair) -> None:
    old, new = pair.old, pair.new
    for pattern in dict.fromkeys((*new.patterns, *old.patterns)):
        if pattern in old.patterns and pattern in new.patterns:
            before, after = old.schemas.node(*old.patterns[pattern]), new.schemas.node(*new.patterns[pattern])
            pair.enter(before, after, f".<{pattern}>")
        elif pattern in new.patterns:
            pair.say(_added_pattern(pair), {"pattern": pattern}, new=new.patterns[pattern][0], of_key=True)
        else:
            pair.say(_removed_pattern(pair), {"pattern": pattern}, old.patterns[pattern][0])


def _added_pattern(pair: Pair) -> str:
    rest = pair.old.other_properties
    if pair.old.is_open:
        return "pattern-properties-added"
    is_simple = _is_closed(pair.old, rest) and not pair.old.patterns
    return "pattern-properties-allowed" if is_simple else "pattern-properties-changed/new"


def _removed_pattern(pair: Pair) -> str:
    rest = pair.new.other_properties
    if pair.new.is_open:
        return "pattern-properties-removed"
    is_simple = _is_closed(pair.new, rest) and not pair.new.patterns
    return "pattern-properties-forbidden" if is_simple else "pattern-properties-changed/gone"


def _place(node: Node) -> Tokens | None:
    return node.places[0] if node.places else None


def compare_items(pair: Pair) -> None:
    """Compare arrays: each position that has a schema of its own, then the rest."""
    old, new = pair.old, pair.new
    positions = max(old.positions, new.positions)
    for position in range(positions):
        pair.enter(old.item(position), new.item(position), f"[{position}]")
    pair.enter(old.item(positions), new.item(positions), "[]")
    if old.is_unique != new.is_unique:
        pair.say("unique-items-added" if new.is_unique else "unique-items-removed")
