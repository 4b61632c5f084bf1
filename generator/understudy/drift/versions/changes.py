"""One change between two versions, before it is a finding: what, where in either contract, and in which words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from understudy.drift.versions.effects import Direction
from understudy.drift.versions.sentences import phrase

if TYPE_CHECKING:
    from understudy.sentence import Sentence

Tokens = tuple[str | int, ...]


@dataclass(frozen=True)
class Change:
    """A rule that applies. `old` and `new` are places; what is gone has the place of its parent in `new`."""

    rule: str
    said: Sentence
    old: Tokens
    new: Tokens
    of_key: bool = False
    """Whether the key is meant rather than the value: of what was added."""


@dataclass(frozen=True)
class Label:
    """What a schema is called in a sentence: a path from a component, or from a place such as `the request body`."""

    root: Sentence | str
    """A phrase; of a component its name."""
    path: str = ""

    def below(self, step: str) -> Label:
        """Name what is inside: `.name`, `[]`, `.*`."""
        return Label(self.root, self.path + step)

    def words(self, direction: Direction) -> Sentence:
        """Write the name; a component is told by which way it is sent."""
        if isinstance(self.root, str):
            way = "request" if direction is Direction.REQUEST else "response-component"
            return phrase(way, path=self.root + self.path)
        return phrase("inside", path=self.path.removeprefix("."), content=self.root) if self.path else self.root


@dataclass(eq=False)
class Unit:
    """What two schemas differ in by themselves, and the pairs of schemas inside them."""

    label: Label
    changes: list[tuple[str, Change]] = field(default_factory=list)
    """The kind of each change, and the change."""
    below: list[Unit] = field(default_factory=list)
