"""A turn goes in; what path and method say is done to the items: made, changed, taken away, acted upon."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from understudy_mock.state.creating import Making, changed_stamps
from understudy_mock.state.listing import pick
from understudy_mock.state.members import with_member
from understudy_mock.state.soft_deletion import marked
from understudy_mock.state.turn import may_create
from understudy_mock.state.updating import updated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from understudy_mock.exchange import Exchange
    from understudy_mock.state.behaviour import Rule
    from understudy_mock.state.memory import Item
    from understudy_mock.state.resources import Binding, Resource
    from understudy_mock.state.turn import Turn


def take_over(rules: Iterable[Rule], binding: Binding) -> bool:
    """Tell whether a rule changes what the inferred effect would: then the rule replaces it."""
    kind, resource = binding.kind, binding.resource
    for rule in rules:
        for change in (rule.create, rule.delete):
            if change and resource and change.resource == resource.name and kind in ("create", "delete"):
                return True
        if rule.set and rule.set.resource is None and kind in ("update", "delete"):
            return True
    return False


def infer_effect(turn: Turn, *, replaced: bool) -> None:
    """Do what path and method say, unless a rule has taken the place of that."""
    kind, resource = turn.binding.kind, turn.binding.resource
    if replaced or resource is None:
        return
    if turn.item is None and kind in ("update", "action") and (resource.is_open or resource.kind == "singleton"):
        turn.item = _materialised(turn, resource)
    if kind == "delete":
        _delete(turn, resource)
    elif kind == "create":
        _create_all(turn, resource)
    elif kind == "update" and turn.item is not None:
        _update(turn, resource, turn.item)
    elif turn.item is None and may_create(turn):
        identified = with_member({}, resource.id, _own_key(turn)) if resource.id else {}
        turn.result = create_item(turn, resource, {**_posted(turn), **identified})
        turn.made = True
    elif kind == "clear":
        for item in pick(turn.operation, turn.binding, turn.exchange, turn.memory)[0].items:
            turn.remove(resource, item)
    elif turn.binding.effects and turn.item is not None:
        _act(turn, resource, turn.item)


def _own_key(turn: Turn) -> Any:
    """Read the identifier that the path gives to the item; of one that is a path itself, all of it."""
    parameter, resource = turn.binding.lookups[-1]
    path = turn.exchange.values["path"]
    return resource.identifier(parameter, path) if resource.pattern else path[parameter]


def _create_all(turn: Turn, resource: Resource) -> None:
    posted = turn.binding.posted(turn.exchange.body)
    if turn.binding.is_many:
        turn.many = [create_item(turn, resource, values) for values in posted if isinstance(values, dict)]
    else:
        turn.result = create_item(turn, resource, _posted(turn))


def _materialised(turn: Turn, resource: Resource) -> Item:
    """Put the documented item where none was changed yet."""
    making = _making(turn)
    path = turn.exchange.values.get("path") or {}
    item = making.placed(resource, making.documented(resource)[0], path)
    if resource.id and turn.binding.lookups:
        item = with_member(item, resource.id, _own_key(turn))
    turn.memory.add(resource.store, item)
    return item


def _delete(turn: Turn, resource: Resource) -> None:
    """Take the item away; of one that nobody changed yet, only remember that it is gone."""
    item = turn.item
    if item is None or resource.kind == "singleton":
        is_in_path = resource.kind != "singleton" and turn.binding.subject is None and turn.binding.lookups
        turn.memory.spend(_own_key(turn) if is_in_path else turn.named, resource.store)
    if item is None:
        return
    turn.remove(resource, item)
    slot = turn.binding.item_slot(resource)
    turn.touched = (marked(turn.operation.contract, slot, item, turn.now), resource.name)


def _act(turn: Turn, resource: Resource, item: Item) -> None:
    """Set what the action's name says (`actions`)."""
    made = item
    for tokens, value in turn.binding.acted(turn.now):
        made = with_member(made, "/".join(tokens), value)
    made = {**made, **changed_stamps(made, turn.now)}
    turn.substitute(resource, item, made)
    turn.result, turn.touched = made, (made, resource.name)


def _update(turn: Turn, resource: Resource, item: Item) -> None:
    """Change what PATCH names; with PUT everything that a request may set (RFC 9110, 9.3.4; RFC 7396)."""
    turn.made = False if turn.exchange.method == "PUT" else None
    held = updated(turn.operation, resource, _unwrapped(turn), item)
    held |= changed_stamps(held, turn.now)
    turn.substitute(resource, item, held)
    turn.result = held
    turn.touched = (held, resource.name)


def _unwrapped(turn: Turn) -> Exchange:
    """Give the exchange as if its body were the item's values alone."""
    if not turn.binding.payload:
        return turn.exchange
    return replace(turn.exchange, body=turn.binding.posted(turn.exchange.body))


def _posted(turn: Turn) -> Item:
    found = turn.binding.posted(turn.exchange.body)
    return found if isinstance(found, dict) else {}


def _making(turn: Turn) -> Making:
    return Making(turn.operation, turn.binding, turn.exchange, turn.memory, turn.now)


def create_item(turn: Turn, resource: Resource, values: Item) -> Item:
    """Make an item of a resource and remember it as what the turn is about."""
    item = _making(turn).create(resource, values)
    turn.touched = (item, resource.name)
    return item
