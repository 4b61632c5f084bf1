"""A pair of schemas goes in; what is said of the values without deciding which are taken is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.drift.versions.values import key, shown

if TYPE_CHECKING:
    from understudy.drift.versions.schema_pair import Pair
    from understudy.drift.versions.shapes import Shape, Told


def compare(pair: Pair) -> None:
    """Compare deprecation, default, content, XML and, if asked for, texts."""
    _deprecated(pair)
    _default(pair)
    if pair.old.content != pair.new.content:
        pair.say("content-changed")
    if set(pair.old.told("xml")) != set(pair.new.told("xml")):
        pair.say("xml-changed")
    if pair.units.texts:
        _texts(pair)


def _deprecated(pair: Pair) -> None:
    before, after = (key(True) in shape.told("deprecated") for shape in (pair.old, pair.new))
    if before != after:
        pair.say("deprecated" if after else "restored")


def _default(pair: Pair) -> None:
    before, after = _first(pair.old, "default"), _first(pair.new, "default")
    if before is None and after is not None:
        pair.say("default-added", {"value": shown(after.value)}, new=after.place, of_key=True)
    elif after is None and before is not None:
        pair.say("default-removed", {"value": shown(before.value)}, before.place)
    elif before is not None and after is not None and key(before.value) != key(after.value):
        said = {"before": shown(before.value), "after": shown(after.value)}
        pair.say("default-changed", said, before.place, after.place)


def _texts(pair: Pair) -> None:
    for keyword in ("title", "description"):
        before, after = _first(pair.old, keyword), _first(pair.new, keyword)
        if (before and before.value) != (after and after.value):
            places = before.place if before else None, after.place if after else None
            pair.say("text-changed", {"part": keyword}, *places)


def _first(shape: Shape, keyword: str) -> Told | None:
    return next(iter(shape.told(keyword).values()), None)
