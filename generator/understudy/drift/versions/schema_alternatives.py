"""A pair of schemas goes in; their alternatives (anyOf, oneOf, and what tells them apart) are compared.

An alternative is looked for under its name, then by what it takes, then by its kind. One that is gone or new changes
nothing where another takes all that it took.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from understudy.drift.versions.effects import Direction, Effect
from understudy.drift.versions.nodes import mapped
from understudy.drift.versions.sentences import phrase
from understudy.drift.versions.values import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.drift.versions.nodes import Group, Node, Tokens
    from understudy.drift.versions.schema_pair import Pair
    from understudy.drift.versions.shapes import Shape
    from understudy.sentence import Sentence

_MANY = 2_000
"""How many pairs of alternatives are worth looking into."""
_CROWD = 200
"""How many alternatives are held against each other."""


@dataclass(frozen=True)
class _Branch:
    """One alternative; `place` is where it is listed."""

    node: Node
    place: Tokens
    name: str = ""

    @property
    def said(self) -> dict[str, Sentence]:
        """Name it in a sentence."""
        named = phrase("code", name=self.name) if self.name else phrase("branch", number=str(self._number + 1))
        return {"alternative": named}

    @property
    def _number(self) -> int:
        return int(self.place[-1]) if self.place and str(self.place[-1]).isdecimal() else 0

    @property
    def step(self) -> str:
        """What its schema is called after that of which it is an alternative."""
        return f"<{self.name or self._number + 1}>"


@dataclass
class _Match:
    """Which alternatives belong together, and which are left on either side."""

    pairs: list[tuple[_Branch, _Branch]] = field(default_factory=list)
    gone: list[_Branch] = field(default_factory=list)
    come: list[_Branch] = field(default_factory=list)

    def take(self, are_one: Callable[[_Branch, _Branch], bool]) -> None:
        """Bring together those that are left and are one."""
        for before in list(self.gone):
            for after in self.come:
                if are_one(before, after):
                    self.pairs.append((before, after))
                    self.gone.remove(before)
                    self.come.remove(after)
                    break


def compare_as_wholes(pair: Pair) -> bool:
    """Compare one schema with several of which one has to be met, where only one side has such; tell whether it is."""
    old, new = pair.old.groups, pair.new.groups
    if {len(old), len(new)} != {0, 1}:
        return False
    before = _whole(pair.old) if new else _picked(pair.old)
    after = _picked(pair.new) if new else _whole(pair.new)
    _compare(pair, before, after, new[0].keyword if new else "")
    return True


def compare(pair: Pair) -> None:
    """Compare the alternatives of both sides."""
    old, new = pair.old.groups, pair.new.groups
    if not old and not new:
        return
    if len(old) == len(new):
        for before, after in zip(old, new, strict=True):
            _keyword(pair, before, after)
            _compare(pair, _listed(pair.old, before), _listed(pair.new, after), after.keyword)
    else:
        places = old[0].owner if old else None, new[0].owner if new else None
        pair.say("condition-changed/alternatives", {}, *places)
    _discriminator(pair)


def _whole(shape: Shape) -> list[_Branch]:
    return [_Branch(shape.node, shape.place, shape.schemas.name(shape.node))]


def _picked(shape: Shape) -> list[_Branch]:
    group = shape.groups[0]
    nodes = shape.schemas.picked(shape.node, group)
    is_bare = len(shape.flat.parts) == 1 and not _says_more(shape)
    return [
        _Branch(
            shape.schemas.branch(group, index) if is_bare else node,
            group.place(index),
            shape.schemas.branch_name(group, index),
        )
        for node, index in zip(nodes, group.branches, strict=True)
    ]


def _says_more(shape: Shape) -> bool:
    """Tell whether there is anything beside the alternatives."""
    schema, _ = shape.flat.parts[0]
    return bool(schema.keys() - {"anyOf", "oneOf", "title", "description", "discriminator", "example", "examples"})


def _listed(shape: Shape, group: Group) -> list[_Branch]:
    return [
        _Branch(shape.schemas.branch(group, index), group.place(index), shape.schemas.branch_name(group, index))
        for index in group.branches
    ]


def _compare(pair: Pair, old: list[_Branch], new: list[_Branch], keyword: str) -> None:
    match = _matched(pair, old, new)
    for before, after in match.pairs:
        pair.enter(before.node, after.node, after.step)
    are_few = len(match.gone) * len(new) + len(match.come) * len(old) <= _MANY
    for branch in match.gone:
        if not (are_few and _is_covered(pair, branch, new)):
            pair.say("alternative-removed", branch.said, branch.place)
    for branch in match.come:
        if not (are_few and _covers_nothing(pair, branch, old)):
            pair.say("alternative-added", branch.said, new=branch.place)
    if keyword == "oneOf" and pair.direction is Direction.REQUEST and _is_any_wider(pair, match):
        _overlap(pair, new)


def _matched(pair: Pair, old: list[_Branch], new: list[_Branch]) -> _Match:
    match = _Match([], list(old), list(new))
    match.take(lambda before, after: bool(before.name) and before.name == after.name)
    if len(match.gone) * len(match.come) <= _MANY:
        match.take(lambda before, after: not pair.effects(before.node, after.node, after.step))
    shapes = {one: pair.units.old.shape(one.node) for one in match.gone}
    later = {one: pair.units.new.shape(one.node) for one in match.come}
    signs, later_signs = ({one: _sign(shape) for one, shape in each.items()} for each in (shapes, later))
    match.take(lambda before, after: signs[before] == later_signs[after])
    if len(match.gone) == len(match.come) == 1 and len(old) > 1 and len(new) > 1:
        match.take(lambda before, after: shapes[before].types == later[after].types)
    return match


def _sign(shape: Shape) -> object:
    """Give what makes an alternative known: its types and, of objects, the properties with listed values."""
    if shape.types != {"object"}:
        return shape.types if len(shape.types) == 1 else object()
    return frozenset(shape.tellers.items()) or object()


def _is_covered(pair: Pair, branch: _Branch, others: list[_Branch]) -> bool:
    """Tell whether an alternative of the new schema takes all that one of the old did."""
    return any(pair.effects(branch.node, other.node, other.step) <= {Effect.WIDENS} for other in others)


def _covers_nothing(pair: Pair, branch: _Branch, others: list[_Branch]) -> bool:
    """Tell whether a new alternative takes nothing that one of the old did not."""
    return any(pair.effects(other.node, branch.node, branch.step) <= {Effect.NARROWS} for other in others)


def _is_any_wider(pair: Pair, match: _Match) -> bool:
    if match.gone or match.come:
        return True
    effects = (pair.effects(before.node, after.node, after.step) for before, after in match.pairs)
    return any(found & {Effect.WIDENS, Effect.REPLACES, Effect.UNSURE} for found in effects)


def _overlap(pair: Pair, branches: list[_Branch]) -> None:
    """Note that alternatives of a oneOf, which takes what fits exactly one, may now have values in common."""
    shapes = [pair.units.new.shape(branch.node) for branch in branches]
    if len(shapes) > _CROWD or not all(_are_apart(one, other) for one, other in combinations(shapes, 2)):
        pair.say("alternatives-overlap")


def _are_apart(one: Shape, other: Shape) -> bool:
    if not one.types & other.types:
        return True
    if one.values is not None and other.values is not None:
        return not one.values.keys() & other.values.keys()
    if one.types | other.types != {"object"}:
        return False
    mine, theirs = one.tellers, other.tellers
    return any(not mine[name] & theirs[name] for name in mine if name in theirs)


def _keyword(pair: Pair, before: Group, after: Group) -> None:
    if before.keyword == after.keyword:
        return
    is_loose = after.keyword == "anyOf"
    side, group = (pair.old, before) if is_loose else (pair.new, after)
    shapes = [type(side)(side.schemas, side.schemas.branch(group, index)) for index in group.branches]
    if all(_are_apart(one, other) for one, other in combinations(shapes, 2)):
        return
    kind = "one-of-became-any-of" if is_loose else "any-of-became-one-of"
    pair.say(kind, {}, before.owner, after.owner)


def _discriminator(pair: Pair) -> None:
    before, after = _told(pair.old), _told(pair.new)
    if before is None or after is None:
        if after is not None:
            pair.say("discriminator-added", {"name": after[0]})
        elif before is not None:
            pair.say("discriminator-removed", {"name": before[0]})
        return
    if before[0] != after[0]:
        pair.say("discriminator-changed", {"before": before[0], "after": after[0]})
        return
    for value in sorted(before[1] - after[1]):
        pair.say("discriminator-value-removed", {"name": before[0], "value": shown(value)})
    for value in sorted(after[1] - before[1]):
        pair.say("discriminator-value-added", {"name": before[0], "value": shown(value)})


def _told(shape: Shape) -> tuple[str, frozenset[str]] | None:
    """Give the property that tells alternatives apart and its values: those mapped, and names that are not mapped."""
    for schema, _ in shape.flat.parts:
        told = mapped(schema, "discriminator")
        if isinstance(told.get("propertyName"), str):
            mapping = mapped(told, "mapping")
            reached = {str(target).rpartition("/")[2] for target in mapping.values()}
            names = {shape.schemas.branch_name(group, index) for group in shape.groups for index in group.branches}
            return told["propertyName"], frozenset(mapping) | (names - reached - {""})
    return None
