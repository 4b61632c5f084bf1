"""The two contracts and all that was found so far: what every comparison of a part of them works with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from understudy.contract.model import Placed
from understudy.drift.versions.changes import Change, Label
from understudy.drift.versions.nodes import ANYTHING
from understudy.drift.versions.rules import PREFIX
from understudy.drift.versions.sentences import phrase, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from understudy.contract.model import Contract
    from understudy.drift.versions.effects import Direction
    from understudy.drift.versions.nodes import Node, Schemas, Tokens
    from understudy.drift.versions.schema_units import SchemaUnits
    from understudy.drift.versions.sentences import Value
    from understudy.sentence import Sentence


@dataclass(frozen=True)
class Scope:
    """What is compared, for whom, and where the changes go. `changes` are (operation, change)."""

    old: Contract
    new: Contract
    units: SchemaUnits
    changes: list[tuple[str, Change]] = field(repr=False)
    operation: str = ""
    is_sent_by_api: bool = False
    """Whether requests are what the API sends: those of webhooks and callbacks."""
    sender: Sentence | None = None
    """What the operation is called where its id says too little: `webhook `x``."""

    @property
    def texts(self) -> bool:
        """Whether changed texts and examples are told."""
        return self.units.texts

    def of(self, operation: str, **changed: Any) -> Scope:
        """Give the scope of an operation."""
        return replace(self, operation=operation, **changed)

    def say(self, key: str, values: Mapping[str, Value], old: Tokens, new: Tokens, *, of_key: bool = False) -> None:
        """Note a change. The key is that of a sentence: a rule, and a case of it."""
        rule = PREFIX + key.partition("/")[0]
        self.changes.append((self.operation, Change(rule, sentence(key, values), old, new, of_key=of_key)))

    def say_texts(self, place: Value, old: Tokens, new: Tokens) -> None:
        """Note changes of the summary and description of an object, if that is asked for."""
        before, after = followed(self.old, old), followed(self.new, new)
        for name in ("summary", "description") if self.texts else ():
            if before.value.get(name) != after.value.get(name):
                places = (*before.tokens, name), (*after.tokens, name)
                self.say("text-changed", {"part": name, "place": place}, *places)

    def direction(self, direction: Direction) -> Direction:
        """Say which way something is really sent."""
        return direction.opposite if self.is_sent_by_api else direction

    def schemas(self, old: Tokens, new: Tokens, direction: Direction, root: Sentence) -> None:
        """Compare two schemas, either of which may be missing, and all inside them."""
        label = Label(phrase("sent", content=root, sender=self.sender) if self.sender else root)
        nodes = (_node(self.units.old.schemas, old), _node(self.units.new.schemas, new))
        start = self.units.enter(*nodes, self.direction(direction), label)
        for unit in self.units.within(start) if start else ():
            for _, change in unit.changes:
                self.changes.append((self.operation, _placed(change, old, new)))


def followed(contract: Contract, tokens: Tokens) -> Placed:
    """Go to an object; what is none, or leads nowhere, says nothing."""
    try:
        found = contract.follow(tokens)
    except KeyError:
        return Placed({}, tokens)
    return found if isinstance(found.value, dict) else Placed({}, found.tokens)


def _node(schemas: Schemas, tokens: Tokens) -> Node:
    try:
        schemas.at(tokens)
    except KeyError:
        return ANYTHING
    return schemas.node(tokens)


def _placed(change: Change, old: Tokens, new: Tokens) -> Change:
    """Let a schema that is missing on one side be told by where it would stand."""
    if change.old and change.new:
        return change
    return replace(change, old=change.old or old[:-1], new=change.new or new[:-1])
