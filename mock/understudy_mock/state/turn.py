"""One request's doings with the memory: the item at hand, what was made of it, and the outcomes there can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import MISSING

if TYPE_CHECKING:
    from datetime import datetime

    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange
    from understudy_mock.state.memory import Item, Memory
    from understudy_mock.state.paging import Turning
    from understudy_mock.state.resources import Binding, Resource


@dataclass(frozen=True)
class Refused:
    """A rule, or an unknown id, answers with a documented status; `example` names which of its examples."""

    status: int
    example: str
    reason: str
    is_rule: bool = False


@dataclass(frozen=True)
class Recalled:
    """The body of the documented success, filled with what is remembered."""

    body: Any
    reason: str
    made: bool | None = None
    """Whether a PUT made the item (RFC 9110, 9.3.4); None where that is no question."""
    touched: tuple[Item, Resource] | None = None
    """The item that was made or changed."""
    turning: Turning | None = None
    """The page of a listing, which a declared header `Link` tells of."""


@dataclass
class Turn:
    """One request's doings: the item at hand, what was made of it, and the variables that rules see."""

    operation: CompiledOperation
    binding: Binding
    exchange: Exchange
    memory: Memory
    now: datetime
    item: Item | None = None
    result: Item | None = None
    touched: tuple[Item, str] | None = None
    made: bool | None = None
    named: str = ""
    """The identifier of an item that was not found."""
    many: list[Item] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def variables(self, reads: frozenset[str], **more: Any) -> dict[str, Any]:
        """Gather what an expression of a rule sees; `reads` are the resources it looks at."""
        values = self.exchange.values
        body = {} if self.exchange.body is MISSING else self.exchange.body
        request = {"method": self.exchange.method, "path": values.get("path", {}), "query": values.get("query", {})}
        request |= {"header": values.get("header", {}), "body": body}
        state = {name: self.memory.items(self.store_of(name)) for name in reads}
        return {
            "request": request,
            "item": self.item,
            "target": self.item,
            "result": self.result,
            "state": state,
            "now": self.now,
            **more,
        }

    def change(self, resource: Resource, item: Item, values: Item) -> Item:
        """Give an item other values; whoever held it in this turn holds what became of it."""
        other = {**item, **values}
        self.substitute(resource, item, other)
        return other

    def substitute(self, resource: Resource, item: Item, other: Item | None) -> None:
        """Put another item in the place of one, or with None nothing; a member is one of a group's."""
        held, found = item, other
        if resource.members:
            held = next(group for group in self.memory.items(resource.store) if _holds_member(group, resource, item))
            members = [other if member is item else member for member in held[resource.members]]
            found = {**held, resource.members: [member for member in members if member is not None]}
        if found is not None:
            self.memory.substitute(resource.store, held, found)
        if other is not None:
            hand_on(self, item, other)

    def remove(self, resource: Resource, item: Item) -> None:
        """Take an item out of the memory, which will not give its identifier again."""
        if resource.members:
            self.substitute(resource, item, None)
        self.memory.remove(resource.store, item, resource.id)

    @property
    def outcome(self) -> tuple[Item, Resource] | None:
        """The item that was made or changed, and what it is one of."""
        return self.touched and (self.touched[0], self.operation.contract.resources.by_name[self.touched[1]])

    def store_of(self, name: str) -> str:
        """Name where the items of a resource are kept."""
        resource = self.operation.contract.resources.by_name.get(name)
        return resource.store if resource else name


def hand_on(turn: Turn, item: Item, other: Item) -> None:
    """Let a turn that held an item hold what became of it."""
    turn.item = other if turn.item is item else turn.item
    turn.result = other if turn.result is item else turn.result
    if turn.touched is not None and turn.touched[0] is item:
        turn.touched = (other, turn.touched[1])


def _holds_member(group: Item, resource: Resource, item: Item) -> bool:
    return any(member is item for member in group.get(resource.members or "", []))


def may_create(turn: Turn) -> bool:
    """Tell whether the request puts something at its own path, which makes it if need be (RFC 9110, 9.3.4)."""
    return turn.exchange.method == "PUT" and turn.binding.kind == "update"
