"""Every way in which a schema can change: a name, what it does to the values taken, and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from understudy.drift.versions.effects import Direction, Effect
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

NARROWS, WIDENS, REPLACES = Effect.NARROWS, Effect.WIDENS, Effect.REPLACES
UNSURE, NOTES = Effect.UNSURE, Effect.NOTES

LOWER_BOUNDS = {
    "minimum": "minimum",
    "minLength": "min-length",
    "minItems": "min-items",
    "minProperties": "min-properties",
}
UPPER_BOUNDS = {
    "maximum": "maximum",
    "maxLength": "max-length",
    "maxItems": "max-items",
    "maxProperties": "max-properties",
}
BOUNDS = LOWER_BOUNDS | UPPER_BOUNDS
"""Keyword → its name in rule ids; the exclusive forms are told by the same."""

WORDS = {
    "minimum": "smallest number",
    "maximum": "largest number",
    "minLength": "least length",
    "maxLength": "greatest length",
    "minItems": "least number of items",
    "maxItems": "greatest number of items",
    "minProperties": "least number of properties",
    "maxProperties": "greatest number of properties",
}


@dataclass(frozen=True)
class Kind:
    """One way to change."""

    name: str
    effect: Effect
    sentence: str


def _bounds() -> Iterator[Kind]:
    for keyword, name in BOUNDS.items():
        said = f"A {WORDS[keyword]}"
        is_lower = keyword in LOWER_BOUNDS
        yield Kind(f"{name}-added", NARROWS, f"{said} is demanded that was not.")
        yield Kind(f"{name}-removed", WIDENS, f"{said} is no longer demanded.")
        yield Kind(f"{name}-raised", NARROWS if is_lower else WIDENS, f"{said} was raised.")
        yield Kind(f"{name}-lowered", WIDENS if is_lower else NARROWS, f"{said} was lowered.")


KINDS = {
    kind.name: kind
    for kind in (
        Kind("type-narrowed", NARROWS, "Fewer JSON types are taken."),
        Kind("type-widened", WIDENS, "More JSON types are taken."),
        Kind("type-changed", REPLACES, "Other JSON types are taken."),
        Kind("became-nullable", WIDENS, "Null may stand where it could not."),
        Kind("became-not-nullable", NARROWS, "Null may no longer stand here."),
        Kind("became-impossible", NARROWS, "No value is taken any more."),
        Kind("became-possible", WIDENS, "Values are taken where none was."),
        Kind("enum-added", NARROWS, "Only listed values are taken, where any was."),
        Kind("enum-removed", WIDENS, "Any value is taken, where only listed ones were."),
        Kind("enum-value-added", WIDENS, "One more value is listed."),
        Kind("enum-value-removed", NARROWS, "A value is no longer listed."),
        *_bounds(),
        Kind("multiple-of-added", NARROWS, "Numbers have to be multiples of a number."),
        Kind("multiple-of-removed", WIDENS, "Numbers need no longer be multiples of a number."),
        Kind("multiple-of-relaxed", WIDENS, "Numbers have to be multiples of a factor of the number before."),
        Kind("multiple-of-tightened", NARROWS, "Numbers have to be multiples of a multiple of the number before."),
        Kind("multiple-of-changed", REPLACES, "Numbers have to be multiples of another number."),
        Kind("pattern-added", NARROWS, "Text has to fit a pattern."),
        Kind("pattern-removed", WIDENS, "Text need no longer fit a pattern."),
        Kind("pattern-changed", UNSURE, "Text has to fit another pattern."),
        Kind("format-added", NARROWS, "Values have to be of a format."),
        Kind("format-removed", WIDENS, "Values need no longer be of a format."),
        Kind("format-narrowed", NARROWS, "Numbers are of a smaller width."),
        Kind("format-widened", WIDENS, "Numbers are of a greater width."),
        Kind("format-changed", REPLACES, "Values are of another format."),
        Kind("unique-items-added", NARROWS, "Items have to differ from each other."),
        Kind("unique-items-removed", WIDENS, "Items need no longer differ from each other."),
        Kind("property-added", NOTES, "An optional property is new."),
        Kind("property-added-to-closed", WIDENS, "A property is new where none but the declared ones could stand."),
        Kind("property-restricted", UNSURE, "A property is declared where any value could stand under its name."),
        Kind("required-property-added", NARROWS, "A required property is new."),
        Kind("property-removed", UNSURE, "A property is no longer declared."),
        Kind("required-property-removed", UNSURE, "A required property is no longer declared."),
        Kind("property-forbidden", NARROWS, "A property may no longer stand here."),
        Kind("property-became-required", NARROWS, "A property is required that was optional."),
        Kind("property-became-optional", WIDENS, "A property is optional that was required."),
        Kind("property-withdrawn", UNSURE, "A property became readOnly (in requests) or writeOnly (in responses)."),
        Kind("property-opened", NOTES, "A property is no longer readOnly (in requests) or writeOnly (in responses)."),
        Kind("required-property-opened", NARROWS, "A required property counts, having been readOnly or writeOnly."),
        Kind("additional-properties-forbidden", NARROWS, "Properties that are not declared may no longer stand here."),
        Kind("additional-properties-allowed", WIDENS, "Properties that are not declared may stand here."),
        Kind("pattern-properties-added", NARROWS, "Properties whose names fit a pattern have to fit a schema."),
        Kind("pattern-properties-allowed", WIDENS, "Properties whose names fit a pattern may stand here."),
        Kind("pattern-properties-removed", WIDENS, "Properties whose names fit a pattern need not fit a schema."),
        Kind("pattern-properties-forbidden", NARROWS, "Properties whose names fit a pattern may not stand here."),
        Kind("pattern-properties-changed", UNSURE, "What names of properties have to fit has changed."),
        Kind("alternative-added", WIDENS, "One more alternative of anyOf or oneOf is taken."),
        Kind("alternative-removed", NARROWS, "An alternative of anyOf or oneOf is no longer taken."),
        Kind("alternatives-overlap", UNSURE, "A value may fit two alternatives of a oneOf, which takes neither."),
        Kind("any-of-became-one-of", NARROWS, "A value may no longer fit two alternatives."),
        Kind("one-of-became-any-of", WIDENS, "A value may fit two alternatives."),
        Kind("condition-added", NARROWS, "A further condition has to be met."),
        Kind("condition-removed", WIDENS, "A condition need no longer be met."),
        Kind("condition-changed", UNSURE, "A condition changed."),
        Kind("discriminator-added", UNSURE, "A property tells the alternatives apart."),
        Kind("discriminator-removed", UNSURE, "No property tells the alternatives apart any more."),
        Kind("discriminator-changed", REPLACES, "Another property tells the alternatives apart."),
        Kind("discriminator-value-added", WIDENS, "The property that tells alternatives apart has one more value."),
        Kind("discriminator-value-removed", NARROWS, "The property that tells alternatives apart lost a value."),
        Kind("default-added", NOTES, "What is taken for a missing value is said."),
        Kind("default-removed", UNSURE, "What is taken for a missing value is no longer said."),
        Kind("default-changed", UNSURE, "Something else is taken for a missing value."),
        Kind("content-changed", UNSURE, "What text stands for, or how it is encoded, changed."),
        Kind("xml-changed", UNSURE, "How the value is written in XML changed."),
        Kind("deprecated", NOTES, "It is deprecated."),
        Kind("restored", NOTES, "It is no longer deprecated."),
        Kind("text-changed", NOTES, "A title or description changed."),
    )
}
"""Name → what it is."""

_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE

EXCEPTIONS = {
    (_RESPONSE, "enum-value-added"): Severity.WARNING,
    (_RESPONSE, "property-added-to-closed"): Severity.WARNING,
    (_RESPONSE, "additional-properties-allowed"): Severity.WARNING,
    (_RESPONSE, "pattern-properties-allowed"): Severity.WARNING,
    (_RESPONSE, "one-of-became-any-of"): Severity.WARNING,
    (_RESPONSE, "discriminator-value-added"): Severity.WARNING,
    (_RESPONSE, "required-property-removed"): Severity.ERROR,
    (_RESPONSE, "property-forbidden"): Severity.WARNING,
    (_RESPONSE, "property-restricted"): Severity.INFO,
    (_RESPONSE, "default-changed"): Severity.INFO,
    (_RESPONSE, "default-removed"): Severity.INFO,
}
"""Where practice is milder, or harder, than the sets of values are."""

NEVER = frozenset(((_RESPONSE, "alternatives-overlap"),))
"""What is told of one direction only: a server that fits two alternatives sends what it always sent."""
