"""What is known of a contract's resources and of what its operations do to them; `inference` finds it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import MISSING
from understudy_mock.state import shapes
from understudy_mock.state.identity import Anatomy, matcher
from understudy_mock.state.members import member, read_member
from understudy_mock.state.querying import NO_PLAN, Plan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from understudy.contract.model import Tokens
    from understudy_mock.state.actions import Effect
    from understudy_mock.state.memory import Item
    from understudy_mock.state.paging import Surroundings
    from understudy_mock.state.shapes import Slot, Template


@dataclass(frozen=True)
class Basis:
    """How sure what is known of a resource is, and why, in words."""

    confidence: str = "high"
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resource:
    """One kind of thing: where it is listed, which property names an item, where its items are kept.

    `kind` is collection or singleton. `id` is a property, or the path to one such as `metadata/name`; `pattern` is how
    an identifier is made that is a path itself. `carried` maps templates to the properties in which an item says what
    it belongs to. One that `is_open` has an item for every identifier, like the documented one, until it is deleted.
    """

    name: str
    path: str | None
    id: str | None
    members: str | None
    store: str
    parents: tuple[str, ...]
    seeds: tuple[dict[str, Any], ...] = field(repr=False)
    samples: tuple[str, ...] = ()
    properties: frozenset[str] = field(default=frozenset(), repr=False)
    key: Tokens | None = None
    """The schema of the path parameter that names an item."""
    kind: str = "collection"
    item_path: str | None = None
    pattern: str | None = None
    carried: Mapping[str, str] = field(default_factory=dict)
    is_strict: bool = False
    """Whether an item that does not say what it belongs to belongs to nothing, as in a view of another resource."""
    is_open: bool = False
    anatomy: Anatomy = field(default_factory=Anatomy, repr=False)
    basis: Basis = field(default_factory=Basis, repr=False)

    def identifier(self, parameter: str, values: Mapping[str, Any]) -> str:
        """Write the identifier that a request names: what it says, or the path that is made of it."""
        told = str(values.get(parameter, ""))
        if self.pattern is None or "/" in told:
            return told
        names = [piece[1:-1] for piece in self.pattern.split("/") if piece.startswith("{")]
        text = self.pattern.replace("{" + names[-1] + "}", told)
        for name in names[:-1]:
            text = text.replace("{" + name + "}", str(values.get(name, "")))
        return text

    def parent_of(self, item: Item, parameter: str) -> Any:
        """Read what an item says it belongs to; MISSING where it says nothing."""
        name = self.carried.get(parameter, parameter)
        held = member(item, name)
        if self._matcher is None or name != self.id or not isinstance(held, str):
            return held
        match = self._matcher.fullmatch(held)
        if match is None or parameter not in self._pattern_names:
            return MISSING
        return match[f"p{self._pattern_names.index(parameter)}"]

    @cached_property
    def _matcher(self) -> Any:
        return matcher(self.pattern) if self.pattern else None

    @cached_property
    def _pattern_names(self) -> list[str]:
        return [piece[1:-1] for piece in (self.pattern or "").split("/") if piece.startswith("{")]


@dataclass(frozen=True)
class Binding:
    """What an operation does: its kind, the resource it does it to, and the items its path names.

    `kind` is list, search, count, create, read, update, delete, clear or action. Where a call names the item elsewhere
    than in the path, `subject` is the location and the name. `payload` is where in the body the item's values stand.
    """

    kind: str
    resource: Resource | None
    lookups: tuple[tuple[str, Resource], ...]
    template: Template | None = field(repr=False)
    items: Slot | None = None
    plan: Plan = field(default=NO_PLAN, repr=False)
    subject: tuple[str, str] | None = None
    payload: tuple[str, ...] = ()
    is_many: bool = False
    is_self: bool = False
    names: tuple[str, ...] = ()
    """The templates of the path, in order."""
    effects: tuple[Effect, ...] = ()
    surroundings: Surroundings | None = field(default=None, repr=False)
    told: Slot | None = None
    """Where the item stands in the answer, if somebody has said so."""
    reason: str = ""
    made: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What was made up once for all answers."""
    _slots: dict[str, Slot | None] = field(default_factory=dict, repr=False, compare=False)

    def item_slot(self, resource: Resource) -> Slot | None:
        """Find where in the answer an item of the resource stands."""
        if self.told is not None and self.resource is resource:
            return self.told
        if resource.name not in self._slots:
            model = self.template
            found = shapes.item_slot(model, resource.properties, resource.id) if model else None
            if found is None and model and resource.kind == "singleton":
                found = shapes.single_slot(model, resource.name)
            self._slots[resource.name] = found
        return self._slots[resource.name]

    def posted(self, body: Any) -> Any:
        """Take the item's values out of a request's body."""
        found = read_member(body, self.payload) if self.payload else body
        return {} if found is MISSING else found

    def acted(self, now: datetime) -> list[tuple[tuple[str, ...], Any]]:
        """List what the action sets at this instant."""
        return [(effect.tokens, effect.made(now)) for effect in self.effects]

    @property
    def effect(self) -> str:
        """What it does, in a word or a few."""
        if self.kind == "action":
            return f"action: {', '.join(map(str, self.effects))}" if self.effects else "example"
        return self.kind


@dataclass(frozen=True)
class Resources:
    """All resources of a contract, and the binding of each operation that touches one."""

    by_name: dict[str, Resource]
    bindings: dict[str, Binding]
    made: dict[str, tuple[dict[str, Any], ...]] = field(default_factory=dict, repr=False)
    """What resources begin with of which the contract shows nothing and that can't be empty."""
