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
        pair.say("content-changed", "What the text of {} stands for, or how it is encoded, changed.")
    if set(pair.old.told("xml")) != set(pair.new.told("xml")):
        pair.say("xml-changed", "{} is written in XML in another way.")
    if pair.units.texts:
        _texts(pair)


def _deprecated(pair: Pair) -> None:
    before, after = (key(True) in shape.told("deprecated") for shape in (pair.old, pair.new))
    if before != after:
        kind, words = ("deprecated", "is deprecated") if after else ("restored", "is no longer deprecated")
        pair.say(kind, f"{{}} {words}.")


def _default(pair: Pair) -> None:
    before, after = _first(pair.old, "default"), _first(pair.new, "default")
    if before is None and after is not None:
        said = f"{{}} has a default: {shown(after.value)}."
        pair.say("default-added", said, new=after.place, of_key=True)
    elif after is None and before is not None:
        pair.say("default-removed", f"{{}} has no default any more: {shown(before.value)} before.", before.place)
    elif before is not None and after is not None and key(before.value) != key(after.value):
        said = f"The default of {{}} changed: {shown(before.value)} → {shown(after.value)}."
        pair.say("default-changed", said, before.place, after.place)


def _texts(pair: Pair) -> None:
    for keyword in ("title", "description"):
        before, after = _first(pair.old, keyword), _first(pair.new, keyword)
        if (before and before.value) != (after and after.value):
            said = f"The {keyword} of {{}} changed."
            pair.say("text-changed", said, before.place if before else None, after.place if after else None)


def _first(shape: Shape, keyword: str) -> Told | None:
    return next(iter(shape.told(keyword).values()), None)
