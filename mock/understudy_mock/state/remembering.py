"""A valid request and the memory go in; what the API would answer comes out, and the memory has changed accordingly.

Order: the items the path names (unknown → 404) → rules that refuse → the effect inferred from path and method → the
effects of rules → the answer's items put into the documented example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy_mock.state import looking_up
from understudy_mock.state.composing import compose, reason, said_by_rules
from understudy_mock.state.effects import infer_effect, take_over
from understudy_mock.state.ruling import apply, holds
from understudy_mock.state.turn import Recalled, Refused, Turn, may_create

if TYPE_CHECKING:
    from datetime import datetime

    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange
    from understudy_mock.state.memory import Memory
    from understudy_mock.state.resources import Resource

Outcome = Refused | Recalled | None


def remember(operation: CompiledOperation, exchange: Exchange, memory: Memory, now: datetime) -> Outcome:
    """Play one request against the memory; None where the contract's example is all there is to say."""
    binding = operation.binding
    if binding is None:
        return None
    turn = Turn(operation, binding, exchange, memory, now)
    unknown = _look_up(turn)
    if unknown is not None:
        return unknown
    rules = operation.contract.behaviour.rules.get(operation.operation.id, ())
    for rule in rules:
        if rule.respond and holds(turn, rule):
            apply(turn, rule)
            status, example = rule.respond
            text = f"a rule of behaviour.yaml: {rule.when.text if rule.when else 'always'}"
            return Refused(status, example, reason(turn, text), is_rule=True)
    effects = [rule for rule in rules if not rule.respond]
    infer_effect(turn, replaced=take_over(effects, binding))
    for rule in effects:
        if holds(turn, rule):
            apply(turn, rule)
    return compose(turn, effects) or said_by_rules(turn, effects)


def _look_up(turn: Turn) -> Refused | None:
    binding, resource = turn.binding, turn.binding.resource
    if binding.is_self and resource:
        turn.item = looking_up.own(binding, turn.memory, resource)
    for named, identifier, above in looking_up.named(binding, turn.exchange):
        found = looking_up.find(turn.memory, named, identifier, above)
        if found is None:
            turn.item = None
            return _missing(turn, named, identifier)
        turn.item = found
    if resource and resource.kind == "singleton" and binding.kind in ("read", "update", "delete"):
        return _look_at_single(turn, resource)
    return None


def _missing(turn: Turn, resource: Resource, identifier: str) -> Refused | None:
    """Answer that there is no such item, unless the request may make it or the resource has one for every name."""
    turn.named = identifier
    is_deleted = turn.memory.is_spent(identifier, resource.store) and not may_create(turn)
    if is_deleted and "410" in turn.operation.responses:
        return Refused(410, "", f"{resource.name} has no item {identifier!r} any more")
    is_own = resource is turn.binding.resource and may_create(turn)
    if not is_deleted and (resource.is_open or not _declares(turn.operation, 404, is_put=is_own)):
        return None
    return Refused(404, "", f"{resource.name} has no item {identifier!r}")


def _look_at_single(turn: Turn, resource: Resource) -> Refused | None:
    path = turn.exchange.values.get("path") or {}
    turn.named = looking_up.single_name(resource, path)
    turn.item = looking_up.single(turn.memory, resource, path)
    if turn.item is None and turn.memory.is_spent(turn.named, resource.store) and not may_create(turn):
        return Refused(404, "", f"{resource.name} was deleted")
    return None


def _declares(operation: CompiledOperation, status: int, *, is_put: bool) -> bool:
    """Tell whether an unknown item has an answer; a PUT makes it if it says so, or can not say that there is none."""
    if is_put and "201" in operation.responses:
        return False
    response = operation.response_for(status)
    return response is not None and not (is_put and response.key == "default")
