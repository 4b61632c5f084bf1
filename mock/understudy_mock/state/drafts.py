"""A resource in the making: the operations that are about it, and why it is thought to be one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from understudy.contract.path_words import KINDS, Place

if TYPE_CHECKING:
    from understudy.contract.model import Operation
    from understudy_mock.state.behaviour import Correction
    from understudy_mock.state.shapes import Template

Shape = tuple[str, ...]


@dataclass(frozen=True)
class Op:
    """An operation, the place its path is, and its documented success."""

    operation: Operation
    place: Place
    template: Template | None

    @property
    def kind(self) -> str:
        """What its verb does, if it is called by one."""
        return KINDS.get(self.place.verb.lower(), "") if self.place.verb else ""

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.operation.method

    @property
    def path(self) -> str:
        """The path as it is written."""
        return self.operation.path


@dataclass
class Draft:
    """A resource in the making: the operations at its collection, at its items, and below them."""

    place: Place
    ops: list[Op]
    item_ops: list[Op]
    keys: list[tuple[str, Op, Shape]] = field(default_factory=list)
    """The templates that name its items, each with an operation that has it and the shape of the path up to it."""
    correction: Correction | None = None
    kind: str = "collection"
    path: str | None = None
    reasons: tuple[str, ...] = ()
    confidence: str = "high"
