"""The shapes of an old and a new schema go in; their differences, keyword by keyword, go into a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract.dialect import RANGES
from understudy.drift.versions import schema_alternatives, schema_annotations, schema_objects
from understudy.drift.versions.changes import Change, Label, Unit
from understudy.drift.versions.rules import schema_rule
from understudy.drift.versions.schema_changes import BOUNDS, LOWER_BOUNDS
from understudy.drift.versions.sentences import joined, phrase, sentence
from understudy.drift.versions.shapes import NUMERIC, TYPES
from understudy.drift.versions.values import is_multiple, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from understudy.drift.versions.effects import Direction, Effect
    from understudy.drift.versions.nodes import Node, Tokens
    from understudy.drift.versions.schema_units import SchemaUnits
    from understudy.drift.versions.sentences import Value
    from understudy.drift.versions.shapes import Bound, Shape, Told

_APPLIES = {
    **dict.fromkeys(("minimum", "maximum"), NUMERIC),
    **dict.fromkeys(("minLength", "maxLength"), frozenset(("string",))),
    **dict.fromkeys(("minItems", "maxItems"), frozenset(("array",))),
    **dict.fromkeys(("minProperties", "maxProperties"), frozenset(("object",))),
}


class Pair:
    """Two shapes to compare for one direction."""

    def __init__(self, units: SchemaUnits, old: Shape, new: Shape, direction: Direction, unit: Unit) -> None:
        self.units, self.old, self.new, self.direction, self.unit = units, old, new, direction, unit

    @property
    def label(self) -> Label:
        """What the schemas are called."""
        return self.unit.label

    def say(
        self,
        key: str,
        values: Mapping[str, Value] | None = None,
        old: Tokens | None = None,
        new: Tokens | None = None,
        *,
        of_key: bool = False,
    ) -> None:
        """Note a change. The key is that of a sentence: a kind of change, and a case of it."""
        kind = key.partition("/")[0]
        said = sentence(f"schema-{key}", {"where": self.label.words(self.direction), **(values or {})})
        places = (self.old.place if old is None else old, self.new.place if new is None else new)
        self.unit.changes.append((kind, Change(schema_rule(self.direction, kind), said, *places, of_key=of_key)))

    def enter(self, old: Node, new: Node, step: str) -> None:
        """Have two schemas inside these compared too."""
        below = self.units.enter(old, new, self.direction, self.label.below(step))
        if below:
            self.unit.below.append(below)

    def effects(self, old: Node, new: Node, step: str) -> frozenset[Effect]:
        """Tell what two schemas inside these, or beside them, come to."""
        return self.units.effects(old, new, self.direction, self.label.below(step))

    def compare(self) -> None:
        """Note all differences."""
        schema_annotations.compare(self)
        if self._is_impossible():
            return
        if schema_alternatives.compare_as_wholes(self):
            return
        self._null()
        if not self._types():
            return
        if not self._values():
            self._scalars()
        common = self.old.types & self.new.types
        if "array" in common:
            schema_objects.compare_items(self)
        if "object" in common:
            schema_objects.compare_properties(self)
        schema_alternatives.compare(self)
        self._conditions()

    def _is_impossible(self) -> bool:
        before, after = (not (shape.types or shape.has_null) for shape in (self.old, self.new))
        if before != after:
            self.say("became-impossible" if after else "became-possible")
        return before or after

    def _null(self) -> None:
        if self.old.has_null == self.new.has_null or self._anything_changed():
            return
        self.say("became-nullable" if self.new.has_null else "became-not-nullable")

    def _anything_changed(self) -> bool:
        """Tell whether one side takes any value's type, so that the other's types tell of null as well."""
        if self.old.types == self.new.types:
            return False
        return any(shape.types == TYPES and shape.has_null for shape in (self.old, self.new))

    def _types(self) -> bool:
        """Compare types; tell whether there is one in common, so that there is more to compare."""
        before, after = self.old.types, self.new.types
        listed = [shape.values is not None for shape in (self.old, self.new)]
        if before == after or all(listed):
            return True
        if any(listed) and before & after:
            return True
        said = {"before": _named(before), "after": _named(after)}
        place = _place_of(self.old, "type"), _place_of(self.new, "type")
        if after < before:
            self.say("type-narrowed", said, *place)
        elif before < after:
            self.say("type-widened", said, *place)
        else:
            self.say("type-changed", said, *place)
        return bool(before & after)

    def _values(self) -> bool:
        """Compare listed values; tell whether any are listed, so that limits need not be compared."""
        before, after = self.old.values, self.new.values
        if before is None and after is None:
            return False
        if not (self.old.types or self.new.types):
            return True  # null is all that either takes, listed or not
        if before is not None and after is not None:
            self._gone(before[name] for name in before if name not in after)
            self._come(after[name] for name in after if name not in before)
            if _limits(self.old) != _limits(self.new):
                self._limited([after[name] for name in after if name in before])
        elif before is not None:
            self.say("enum-removed", {"values": _listing(before)}, _place_of_first(before))
            self._gone(told for told in before.values() if not self.units.new.takes(self.new.node, told.value))
        elif after is not None:
            place = _place_of_first(after)
            self.say("enum-added", {"values": _listing(after)}, new=place, of_key=True)
            self._come(told for told in after.values() if not self.units.old.takes(self.old.node, told.value))
        return True

    def _limited(self, values: list[Told]) -> None:
        """Compare what limits besides leave of the values that both sides list."""
        for told in values:
            was = self.units.old.takes(self.old.node, told.value)
            is_taken = self.units.new.takes(self.new.node, told.value)
            if was and not is_taken:
                self._gone([told])
            elif is_taken and not was:
                self._come([told])

    def _gone(self, values: Iterable[Told]) -> None:
        for told in values:
            new = _place_of_first(self.new.values) if self.new.values else None
            self.say("enum-value-removed", {"value": shown(told.value)}, told.place, new)

    def _come(self, values: Iterable[Told]) -> None:
        for told in values:
            old = _place_of_first(self.old.values) if self.old.values else None
            self.say("enum-value-added", {"value": shown(told.value)}, old, told.place)

    def _scalars(self) -> None:
        common = self.old.types & self.new.types
        for keyword in BOUNDS:
            if common & _APPLIES[keyword]:
                self._bound(keyword, self.old.bounds.get(keyword), self.new.bounds.get(keyword))
        if "string" in common:
            self._told("pattern", "pattern")
        if common & NUMERIC:
            self._told("multipleOf", "multiple-of")
        if common & (NUMERIC | {"string"}):
            self._formats()

    def _bound(self, keyword: str, before: Bound | None, after: Bound | None) -> None:
        name = BOUNDS[keyword]
        if before is None and after is not None:
            self.say(f"{name}-added", {"limit": _limit(after)}, new=after.place, of_key=True)
        elif after is None and before is not None:
            self.say(f"{name}-removed", {"limit": _limit(before)}, before.place)
        elif before is not None and after is not None and _limit(before) != _limit(after):
            is_raised = after.is_stricter(before, is_lower=keyword in LOWER_BOUNDS) is (keyword in LOWER_BOUNDS)
            said = {"before": _limit(before), "after": _limit(after)}
            self.say(f"{name}-{'raised' if is_raised else 'lowered'}", said, before.place, after.place)

    def _told(self, keyword: str, name: str) -> None:
        """Compare a keyword whose values all have to be met."""
        before, after = self.old.told(keyword), self.new.told(keyword)
        gone = [told for key, told in before.items() if key not in after]
        come = [told for key, told in after.items() if key not in before]
        for one, other in zip(gone, come, strict=False):
            said = {"before": shown(one.value), "after": shown(other.value)}
            self.say(self._way(name, one.value, other.value), said, one.place, other.place)
        for told in gone[len(come) :]:
            self.say(f"{name}-removed", {"value": shown(told.value)}, told.place)
        for told in come[len(gone) :]:
            self.say(f"{name}-added", {"value": shown(told.value)}, new=told.place, of_key=True)

    @staticmethod
    def _way(name: str, before: Any, after: Any) -> str:
        """Tell a weaker demand from another one: what is a multiple of 10 is one of 5."""
        if name == "multiple-of" and is_multiple(before, after):
            return f"{name}-relaxed"
        if name == "multiple-of" and is_multiple(after, before):
            return f"{name}-tightened"
        return f"{name}-changed"

    def _formats(self) -> None:
        before, after = self.old.formats, self.new.formats
        gone = [told for key, told in before.items() if key not in after]
        come = [told for key, told in after.items() if key not in before]
        for one, other in zip(gone, come, strict=False):
            said = {"before": str(one.value), "after": str(other.value)}
            self.say(f"format-{_widths(one, other)}", said, one.place, other.place)
        for told in gone[len(come) :]:
            self.say("format-removed", {"value": str(told.value)}, told.place)
        for told in come[len(gone) :]:
            self.say("format-added", {"value": str(told.value)}, new=told.place, of_key=True)

    def _conditions(self) -> None:
        if self.old.unevaluated != self.new.unevaluated:
            self.say("condition-changed/unevaluated")
        for keyword in dict.fromkeys((*self.old.conditions, *self.new.conditions)):
            before, after = (shape.conditions.get(keyword, {}) for shape in (self.old, self.new))
            gone = [place for said, place in before.items() if said not in after]
            come = [place for said, place in after.items() if said not in before]
            for old, new in zip(gone, come, strict=False):
                self.say("condition-changed", {"keyword": keyword}, old, new)
            for place in gone[len(come) :]:
                self.say("condition-removed", {"keyword": keyword}, place)
            for place in come[len(gone) :]:
                self.say("condition-added", {"keyword": keyword}, new=place, of_key=True)


def _widths(before: Told, after: Told) -> str:
    """Compare what two formats take, where they are widths of numbers."""
    one, other = RANGES.get(str(before.value)), RANGES.get(str(after.value))
    if one is None or other is None:
        return "changed"
    if other[0] <= one[0] and one[1] <= other[1]:
        return "widened"
    return "narrowed" if one[0] <= other[0] and other[1] <= one[1] else "changed"


def _limits(shape: Shape) -> object:
    bounds = {keyword: (bound.value, bound.is_open) for keyword, bound in shape.bounds.items()}
    return bounds, *(set(shape.told(keyword)) for keyword in ("pattern", "multipleOf", "format"))


def _limit(bound: Bound) -> Value:
    return phrase("exclusive", value=shown(bound.value)) if bound.is_open else shown(bound.value)


def _named(types: frozenset[str]) -> Value:
    if types == TYPES:
        return phrase("any")
    names = sorted(types - {"integer"} if "number" in types else types)
    return joined("or", names) if names else phrase("null")


def _listing(values: dict[str, Told]) -> str:
    return ", ".join(shown(told.value) for told in values.values())


def _place_of(shape: Shape, keyword: str) -> Tokens | None:
    return next((told.place for told in shape.told(keyword).values()), None)


def _place_of_first(values: dict[str, Told]) -> Tokens | None:
    return next((told.place for told in values.values()), None)
