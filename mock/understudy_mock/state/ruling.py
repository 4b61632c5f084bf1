"""A rule of `behaviour.yaml` and a turn go in; whether it holds, what it does and what it says come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy_mock.state import shapes
from understudy_mock.state.effects import create_item
from understudy_mock.state.expressions import ExpressionError, evaluate_map
from understudy_mock.state.turn import hand_on

if TYPE_CHECKING:
    from understudy_mock.state.behaviour import Change, Rule
    from understudy_mock.state.memory import Item
    from understudy_mock.state.resources import Resource
    from understudy_mock.state.turn import Turn


def holds(turn: Turn, rule: Rule) -> bool:
    """Tell whether a rule applies; one that can not be computed does not, and the turn notes why."""
    if rule.when is None:
        return True
    try:
        return rule.when.evaluate(turn.variables(rule.reads)) is True
    except ExpressionError as error:
        turn.notes.append(str(error))
        return False


def apply(turn: Turn, rule: Rule) -> None:
    """Do what a rule says: all of it, or nothing if any of it can't be computed."""
    point, held = turn.memory.savepoint(), (turn.item, turn.result, turn.touched)
    try:
        if rule.create and rule.create.resource:
            _create_by_rule(turn, rule.create, rule)
        if rule.set:
            _set(turn, rule.set, rule)
        if rule.delete and rule.delete.resource:
            _delete_by_rule(turn, rule.delete, rule)
    except ExpressionError as error:
        turn.memory.back_to(point)
        turn.item, turn.result, turn.touched = held
        turn.notes.append(str(error))


def _create_by_rule(turn: Turn, change: Change, rule: Rule) -> None:
    resource = turn.operation.contract.resources.by_name.get(str(change.resource))
    if resource is None:
        turn.notes.append(f"there is no resource {change.resource}")
        return
    values = evaluate_map(change.values, turn.variables(rule.reads))
    turn.result = create_item(turn, resource, values)


def _delete_by_rule(turn: Turn, change: Change, rule: Rule) -> None:
    name = str(change.resource)
    resource = turn.operation.contract.resources.by_name.get(name)
    for item in _chosen(turn, change, rule):
        turn.memory.remove(turn.store_of(name), item, resource.id if resource else None)


def _set(turn: Turn, change: Change, rule: Rule) -> None:
    if change.resource:
        store = turn.store_of(change.resource)
        chosen = _chosen(turn, change, rule)
        for item in chosen:
            values = evaluate_map(change.values, turn.variables(rule.reads, item=item), times=len(chosen))
            hand_on(turn, item, turn.memory.change(store, item, values))
        return
    target = turn.result if turn.result is not None else turn.item
    resource = _resource_of(turn, target)
    if target is None or resource is None:
        turn.notes.append("a rule sets fields, but there is no item at hand")
        return
    changed = turn.change(resource, target, evaluate_map(change.values, turn.variables(rule.reads)))
    if turn.touched is None and turn.binding.resource:
        turn.touched = (changed, turn.binding.resource.name)


def _resource_of(turn: Turn, target: Item | None) -> Resource | None:
    """Find the resource of the item at hand: what was made or changed, else what the path's last template names."""
    if turn.touched is not None and turn.touched[0] is target:
        return turn.operation.contract.resources.by_name[turn.touched[1]]
    return turn.binding.lookups[-1][1] if turn.binding.lookups else turn.binding.resource


def _chosen(turn: Turn, change: Change, rule: Rule) -> list[Item]:
    items, where = turn.memory.items(turn.store_of(str(change.resource))), change.where
    if where is None:
        return list(items)
    seen = ((item, turn.variables(rule.reads, item=item)) for item in items)
    return [item for item, variables in seen if where.evaluate(variables, times=len(items)) is True]


def with_answer(turn: Turn, rule: Rule, body: Any) -> Any:
    """Put into a body what a rule says of it."""
    for pointer, values in rule.answer.items():
        try:
            computed = evaluate_map(values, turn.variables(rule.reads))
        except ExpressionError as error:
            turn.notes.append(str(error))
            continue
        tokens = tuple(pointers.split(pointer))
        around = shapes.read(body, tokens)
        body = shapes.write(body, tokens, {**(around if isinstance(around, dict) else {}), **computed})
    return body
