"""What a schema says of a value goes in; its type, limits, values and defaults come out in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from understudy.contract.writing import to_json
from understudy.publish import prose
from understudy.publish.shapes import Shape, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.publish.edition import Edition
    from understudy.publish.words import Words

_WIDTHS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float", "double")
_RANGES = {"length": ("minLength", "maxLength"), "items": ("minItems", "maxItems")}
_RANGES |= {"properties": ("minProperties", "maxProperties")}
_DEEPEST = 4
_LONGEST = 300
"""So many characters of a value are shown."""
_ENDLESS = 10**15


def type_words(edition: Edition, shape: Shape, depth: int = 0, *, is_own: bool = False) -> str:
    """Say what a value is: `string (uuid)`, `array of [Pet](…)`, `string or null`.

    On its own page a schema is not linked to, but told what it is made of.
    """
    if is_own:
        shape = replace(shape, name="")
    words = edition.words
    text = _type(edition, shape, depth)
    return words("type_or", one=text, other=words("type_null")) if shape.is_nullable else text


def _type(edition: Edition, shape: Shape, depth: int) -> str:
    words = edition.words
    if shape.name and (shape.is_object or shape.alternatives) and shape.name in edition.schema_paths:
        return edition.schema_link(shape.name)
    if depth > _DEEPEST:
        return words("type_any")
    if shape.alternatives:
        told = list(dict.fromkeys(type_words(edition, read(edition, one), depth + 1) for one in shape.alternatives))
        return _joined(words, told)
    if "array" in shape.types or shape.items:
        item = type_words(edition, read(edition, shape.items), depth + 1) if shape.items else ""
        return words("type_list", items=item) if item else words("type_array")
    if shape.others and not shape.properties:
        return words("type_map", values=type_words(edition, read(edition, shape.others), depth + 1))
    return _plain_type(words, shape)


def _plain_type(words: Words, shape: Shape) -> str:
    names = [words(f"type_{one}") for one in shape.types] or [words("type_null" if shape.is_nullable else "type_any")]
    form = shape.get("format")
    if isinstance(form, str) and form and len(names) == 1:
        return f"{names[0]} ({prose.plain(form)})"
    return _joined(words, names)


def _joined(words: Words, texts: list[str]) -> str:
    joined = texts[0]
    for text in texts[1:]:
        joined = words("type_or", one=joined, other=text)
    return joined


def limits(words: Words, shape: Shape) -> Iterator[str]:
    """Say what else must hold of a value, a phrase for each thing; then its default and an example."""
    if "const" in shape.keywords:
        yield words("limit_const", value=_value(shape.get("const")))
    values = shape.get("enum")
    if isinstance(values, list) and values:
        told = ", ".join(map(_value, values))
        yield words("limit_const", value=told) if len(values) == 1 else words("limit_enum", values=told)
    yield from _bounds(words, shape)
    for name, (low, high) in _RANGES.items():
        yield from _counts(words, name, _whole(shape.get(low)), _whole(shape.get(high)))
    if pattern := shape.get("pattern"):
        yield words("limit_pattern", pattern=prose.code(str(pattern)))
    if shape.get("uniqueItems") is True:
        yield words("limit_unique")
    if shape.get("additionalProperties") is False and shape.properties:
        yield words("limit_closed")
    if media := shape.get("contentMediaType"):
        yield words("limit_content", media=prose.code(str(media)))
    yield from _samples(words, shape)


def _samples(words: Words, shape: Shape) -> Iterator[str]:
    default, examples = shape.get("default", shape), shape.get("examples")
    if default is not shape:
        yield words("limit_default", value=_value(default))
    example = shape.get("example", shape)
    if example is shape and isinstance(examples, list) and examples:
        example = examples[0]
    if example is not shape and not isinstance(example, dict | list):
        yield words("limit_example", value=_value(example))


def _bounds(words: Words, shape: Shape) -> Iterator[str]:
    """Say the least and the greatest number, with 3.0's exclusive bounds too, which are flags."""
    is_wide = shape.get("format") in _WIDTHS
    low, high = shape.get("minimum"), shape.get("maximum")
    above, below = shape.get("exclusiveMinimum"), shape.get("exclusiveMaximum")
    above, low = (low, None) if above is True else (above, low)
    below, high = (high, None) if below is True else (below, high)
    above, below = (None if isinstance(one, bool) else one for one in (above, below))
    if not (is_wide and isinstance(low, int | float | Decimal) and low < 2 - 2**31):  # the width says it already
        yield from _numbers(words, low, high)
    if above is not None:
        yield words("limit_above", value=_value(above))
    if below is not None:
        yield words("limit_below", value=_value(below))
    if (step := shape.get("multipleOf")) is not None:
        yield words("limit_multiple", value=_value(step))


def _numbers(words: Words, low: Any, high: Any) -> Iterator[str]:
    """Say between what numbers a value lies. These are values as one would type them, in every language."""
    if low is not None and low == high:
        yield words("limit_number_exact", value=_value(low))
    elif low is not None and high is not None:
        yield words("limit_number_between", low=_value(low), high=_value(high))
    elif low is not None:
        yield words("limit_number_least", value=_value(low))
    elif high is not None:
        yield words("limit_number_most", value=_value(high))


def _counts(words: Words, name: str, low: int | None, high: int | None) -> Iterator[str]:
    """Say how many characters, items or entries there may be."""
    between = f"limit_{name}_between"
    if low and low == high:
        yield words.counted(f"limit_{name}_exact", low)
    elif low and high is not None:
        yield words(between, low=words.number(between, low), high=words.number(between, high))
    elif low == 1:
        yield words(f"limit_{name}_filled")
    elif low:
        yield words.counted(f"limit_{name}_least", low)
    elif high is not None:
        yield words.counted(f"limit_{name}_most", high)


def _whole(value: Any) -> int | None:
    """Read a number of things; `3.0` is an integer too (JSON Schema 2020-12, 6.1). Out of all bounds is no limit."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    size = value if isinstance(value, int) else float(value)
    return int(size) if 0 <= size < _ENDLESS and size == int(size) else None


def _value(value: Any) -> str:
    """Write a value as one would type it: a text without quotation marks, unless it is empty."""
    text = value if isinstance(value, str) and value.strip() else to_json(value).strip()
    return prose.code(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
