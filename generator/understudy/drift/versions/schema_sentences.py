"""Every sentence that tells of a change of a schema, by the kind of change; `{where}` is what the schema is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.drift.versions.schema_changes import BOUNDS, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPE = "{where} takes another type: {before} → {after}."
_FORMAT = "The format of {where} changed: {before} → {after}."
_MULTIPLE = "{where} has to be a multiple of another number: {before} → {after}."
_PATTERN_NEW = "Properties of {where} whose names fit `{pattern}` have a schema."
_PATTERN_GONE = "Properties of {where} whose names fit `{pattern}` have no schema of their own any more."
_WITHDRAWN = "The property `{name}` of {where} became {keyword}."
_OPENED = "The property `{name}` of {where} is no longer {keyword}."


def _bounds() -> Iterator[tuple[str, str]]:
    for keyword, name in BOUNDS.items():
        words = WORDS[keyword]
        yield f"{name}-added", f"A {words} is set for {{where}}: {{limit}}."
        yield f"{name}-removed", f"No {words} is set any more for {{where}}: {{limit}} before."
        for way in ("raised", "lowered"):
            yield f"{name}-{way}", f"The {words} of {{where}} was {way}: {{before}} → {{after}}."


_KINDS = {
    "type-narrowed": _TYPE,
    "type-widened": _TYPE,
    "type-changed": _TYPE,
    "became-nullable": "{where} may be null now.",
    "became-not-nullable": "{where} may no longer be null.",
    "became-impossible": "{where} takes no value any more.",
    "became-possible": "{where} takes values now.",
    "enum-added": "{where} takes {values} only, any value before.",
    "enum-removed": "{where} takes any value, not {values} only.",
    "enum-value-added": "{where} takes a further value, {value}.",
    "enum-value-removed": "{where} no longer takes the value {value}.",
    **dict(_bounds()),
    "multiple-of-added": "{where} has to be a multiple of {value}.",
    "multiple-of-removed": "{where} need no longer be a multiple of {value}.",
    "multiple-of-relaxed": _MULTIPLE,
    "multiple-of-tightened": _MULTIPLE,
    "multiple-of-changed": _MULTIPLE,
    "pattern-added": "{where} has to fit pattern {value}.",
    "pattern-removed": "{where} need no longer fit pattern {value}.",
    "pattern-changed": "The pattern of {where} changed: {before} → {after}.",
    "format-added": "{where} has to be of format {value}.",
    "format-removed": "{where} need no longer be of format {value}.",
    "format-narrowed": _FORMAT,
    "format-widened": _FORMAT,
    "format-changed": _FORMAT,
    "unique-items-added": "The items of {where} have to differ from each other.",
    "unique-items-removed": "The items of {where} need no longer differ from each other.",
    "property-added": "An optional property is new in {where}: `{name}`.",
    "property-added-to-closed": "An optional property is new in {where}: `{name}`. Before, no other could stand there.",
    "property-added-to-closed/undeclared": "The property `{name}` may stand in {where}, which was ruled out.",
    "property-restricted": "Under the name `{name}` any value could stand in {where}.",
    "required-property-added": "A required property is new in {where}: `{name}`.",
    "property-removed": "The property `{name}` of {where} is no longer declared.",
    "required-property-removed": "The required property `{name}` of {where} is no longer declared.",
    "required-property-removed/withdrawn": _WITHDRAWN,
    "property-forbidden": "The property `{name}` may no longer stand in {where}.",
    "property-became-required": "The property `{name}` of {where} is required now.",
    "property-became-optional": "The property `{name}` of {where} is optional now.",
    "property-withdrawn": _WITHDRAWN,
    "property-opened": _OPENED,
    "required-property-opened": _OPENED,
    "additional-properties-forbidden": "{where} no longer takes properties that are not declared.",
    "additional-properties-allowed": "{where} takes properties that are not declared.",
    "pattern-properties-added": _PATTERN_NEW,
    "pattern-properties-allowed": _PATTERN_NEW,
    "pattern-properties-removed": _PATTERN_GONE,
    "pattern-properties-forbidden": _PATTERN_GONE,
    "pattern-properties-changed/new": _PATTERN_NEW,
    "pattern-properties-changed/gone": _PATTERN_GONE,
    "alternative-added": "{where} has one more alternative: {alternative}.",
    "alternative-removed": "{where} lost an alternative: {alternative}.",
    "alternatives-overlap": "A value may fit more than one alternative of {where}, and oneOf takes exactly one.",
    "any-of-became-one-of": "{where} takes what fits just one of its alternatives.",
    "one-of-became-any-of": "{where} takes what fits any number of its alternatives.",
    "condition-added": "{where} has to meet the condition `{keyword}`.",
    "condition-removed": "{where} need no longer meet the condition `{keyword}`.",
    "condition-changed": "The condition `{keyword}` of {where} changed.",
    "condition-changed/unevaluated": "What counts as unevaluated in {where} may have changed.",
    "condition-changed/alternatives": "The number of conditions with alternatives that {where} has to meet changed.",
    "discriminator-added": "The alternatives of {where} are told apart by `{name}`.",
    "discriminator-removed": "The alternatives of {where} are no longer told apart by `{name}`.",
    "discriminator-changed": "The alternatives of {where} are told apart by another property: `{before}` → `{after}`.",
    "discriminator-value-added": "`{name}` of {where} takes a further value, {value}.",
    "discriminator-value-removed": "`{name}` of {where} no longer takes {value}.",
    "default-added": "{where} has a default: {value}.",
    "default-removed": "{where} has no default any more: {value} before.",
    "default-changed": "The default of {where} changed: {before} → {after}.",
    "content-changed": "What the text of {where} stands for, or how it is encoded, changed.",
    "xml-changed": "{where} is written in XML in another way.",
    "deprecated": "{where} is deprecated.",
    "restored": "{where} is no longer deprecated.",
    "text-changed": "The {part} of {where} changed.",
}

SCHEMA_SENTENCES = {f"schema-{kind}": template for kind, template in _KINDS.items()}
"""`schema-`, kind, and case → template."""
