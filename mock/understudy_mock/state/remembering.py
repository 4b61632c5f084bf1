"""A valid request and the memory go in; what the API would answer comes out, and the memory has changed accordingly.

Order: the items the path names (unknown → 404) → rules that refuse → the effect inferred from path and method → the
effects of rules → the answer's items put into the documented example.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy_mock.exchange import MISSING
from understudy_mock.state import querying, shapes
from understudy_mock.state.expressions import ExpressionError, evaluate_map, timestamp
from understudy_mock.state.keys import fresh_key, is_key

if TYPE_CHECKING:
    from datetime import datetime

    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange
    from understudy_mock.state.behaviour import Change, Rule
    from understudy_mock.state.memory import Item, Memory
    from understudy_mock.state.resources import Binding, Resource
    from understudy_mock.state.shapes import Slot

_SOME_UUID = "f81d4fae-7dec-5d19-a765-00a0c91e6bf6"
_MADE = ("created_at", "createdAt", "created", "updated_at", "updatedAt", "updated", "modified_at", "modifiedAt")
_CHANGED = ("updated_at", "updatedAt", "updated", "modified_at", "modifiedAt")


@dataclass(frozen=True)
class Refused:
    """A rule, or an unknown id, answers with a documented status; `example` names which of its examples."""

    status: int
    example: str
    reason: str


@dataclass(frozen=True)
class Recalled:
    """The body of the documented success, filled with what is remembered."""

    body: Any
    reason: str


Outcome = Refused | Recalled | None


@dataclass
class _Turn:
    """One request's doings: the item at hand, what was made of it, and the variables that rules see."""

    operation: CompiledOperation
    binding: Binding
    exchange: Exchange
    memory: Memory
    now: datetime
    item: Item | None = None
    result: Item | None = None
    touched: tuple[Item, str] | None = None
    notes: list[str] = field(default_factory=list)

    def variables(self, reads: frozenset[str], **more: Any) -> dict[str, Any]:
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

    def store_of(self, name: str) -> str:
        resource = self.operation.contract.resources.by_name.get(name)
        return resource.store if resource else name


def remember(operation: CompiledOperation, exchange: Exchange, memory: Memory, now: datetime) -> Outcome:
    """Play one request against the memory; None where the contract's example is all there is to say."""
    binding = operation.binding
    if binding is None:
        return None
    turn = _Turn(operation, binding, exchange, memory, now)
    unknown = _look_up(turn)
    if unknown is not None:
        return unknown
    rules = operation.contract.behaviour.rules.get(operation.operation.id, ())
    for rule in rules:
        if rule.respond and _holds(turn, rule):
            _apply(turn, rule)
            status, example = rule.respond
            return Refused(status, example, f"a rule of behaviour.yaml: {rule.when.text if rule.when else 'always'}")
    effects = [rule for rule in rules if not rule.respond]
    _infer_effect(turn, replaced=_touch_own(turn, effects))
    for rule in effects:
        if _holds(turn, rule):
            _apply(turn, rule)
    return _compose(turn, effects)


def _look_up(turn: _Turn) -> Refused | None:
    values = turn.exchange.values.get("path", {})
    for parameter, resource in turn.binding.lookups:
        identifier = str(values.get(parameter, ""))
        found = _find(turn.memory, resource, identifier)
        if found is None:
            is_deleted = turn.memory.is_spent(identifier, resource.store) and not _may_create(turn)
            if not is_deleted and not _declares(turn.operation, 404):
                turn.item = None
                return None
            return Refused(404, "", f"{resource.name} has no item {identifier!r}")
        turn.item = found
    return None


def _may_create(turn: _Turn) -> bool:
    """Tell whether the request puts something at its own path, which makes it if need be (RFC 9110, 9.3.4)."""
    return turn.exchange.method == "PUT" and turn.binding.kind == "update"


def _declares(operation: CompiledOperation, status: int) -> bool:
    return str(status) in operation.responses or f"{status // 100}XX" in operation.responses


def _find(memory: Memory, resource: Resource, identifier: str) -> Item | None:
    for item in memory.items(resource.store):
        if not resource.members:
            if str(item.get(resource.id or "")) == identifier:
                return item
            continue
        for member in item.get(resource.members, []):
            if str(member.get(resource.id or "")) == identifier:
                return member if isinstance(member, dict) else None
    return None


def _holds(turn: _Turn, rule: Rule) -> bool:
    if rule.when is None:
        return True
    try:
        return rule.when.evaluate(turn.variables(rule.reads)) is True
    except ExpressionError as error:
        turn.notes.append(str(error))
        return False


def _touch_own(turn: _Turn, effects: list[Rule]) -> bool:
    """Tell whether a rule changes what the inferred effect would: then the rule replaces it."""
    kind, resource = turn.binding.kind, turn.binding.resource
    for rule in effects:
        for change in (rule.create, rule.delete):
            if change and resource and change.resource == resource.name and kind in ("create", "delete"):
                return True
        if rule.set and rule.set.resource is None and kind in ("update", "delete"):
            return True
    return False


def _infer_effect(turn: _Turn, *, replaced: bool) -> None:
    kind, resource = turn.binding.kind, turn.binding.resource
    if replaced or resource is None:
        return
    if kind == "create":
        turn.result = _create(turn, resource, _posted(turn))
    elif kind == "update" and turn.item is not None:
        turn.item.update(_posted(turn))
        _stamp(turn.item, _CHANGED, turn.now)
        turn.result = turn.item
        turn.touched = (turn.item, resource.name)
    elif turn.item is None and _may_create(turn):
        name = turn.binding.lookups[-1][0]
        identified = {resource.id: turn.exchange.values["path"][name]} if resource.id else {}
        turn.result = _create(turn, resource, {**_posted(turn), **identified})
    elif kind == "delete" and turn.item is None:
        turn.memory.spend(turn.exchange.values["path"][turn.binding.lookups[-1][0]], resource.store)
    elif kind == "delete" and turn.item is not None:
        turn.memory.remove(resource.store, turn.item, resource.id)
        turn.touched = (turn.item, resource.name)


def _posted(turn: _Turn) -> Item:
    return copy.deepcopy(turn.exchange.body) if isinstance(turn.exchange.body, dict) else {}


def _create(turn: _Turn, resource: Resource, values: Item) -> Item:
    """Make an item: the documented one, with the request's values, its parents' ids, a fresh id and today's dates."""
    documented = _documented(turn, resource)
    item = {**copy.deepcopy(documented), **values}
    path = turn.exchange.values.get("path", {})
    item |= {name: path[name] for name in resource.parents if name in path}
    contract = turn.operation.contract
    if resource.id and (resource.id not in values or not is_key(contract, resource, values[resource.id])):
        item[resource.id] = fresh_key(contract, turn.memory, resource, documented.get(resource.id))
    _stamp(item, _MADE, turn.now)
    turn.memory.add(resource.store, item)
    turn.touched = (item, resource.name)
    return item


def _documented(turn: _Turn, resource: Resource) -> Item:
    """Find the item that the contract shows; where it shows none, make what is required or has a default."""
    template, slot = turn.binding.template, turn.binding.item_slot(resource)
    if template is None or slot is None:
        return {}
    shown = shapes.read(template.value, slot.tokens)
    if slot.schema is None or (isinstance(shown, dict) and shown):
        return shown if isinstance(shown, dict) else {}
    made = turn.operation.contract.synthesis.draft(slot.schema, turn.operation.operation.id)
    kept = set(template.facts.required(slot.schema))
    if resource.samples or _takes_uuid(turn, slot, resource.id):
        kept.discard(resource.id or "")
    found = {name: value for name, value in made.items() if name in kept} if isinstance(made, dict) else {}
    filled = template.facts.with_defaults(found, slot.schema)
    return filled if isinstance(filled, dict) else {}


def _takes_uuid(turn: _Turn, slot: Slot, name: str | None) -> bool:
    """Tell whether a UUID may stand as the identifier, so that none need be made from its schema."""
    return name in slot.properties and turn.operation.contract.synthesis.fits(slot.properties[name], _SOME_UUID)


def _stamp(item: Item, names: tuple[str, ...], now: datetime) -> None:
    for name in names:
        if isinstance(item.get(name), str):
            item[name] = timestamp(now)


def _apply(turn: _Turn, rule: Rule) -> None:
    try:
        if rule.create and rule.create.resource:
            _create_by_rule(turn, rule.create, rule)
        if rule.set:
            _set(turn, rule.set, rule)
        if rule.delete and rule.delete.resource:
            _delete_by_rule(turn, rule.delete, rule)
    except ExpressionError as error:
        turn.notes.append(str(error))


def _create_by_rule(turn: _Turn, change: Change, rule: Rule) -> None:
    resource = turn.operation.contract.resources.by_name.get(str(change.resource))
    if resource is None:
        turn.notes.append(f"there is no resource {change.resource}")
        return
    values = evaluate_map(change.values, turn.variables(rule.reads))
    turn.result = _create(turn, resource, values)


def _delete_by_rule(turn: _Turn, change: Change, rule: Rule) -> None:
    name = str(change.resource)
    resource = turn.operation.contract.resources.by_name.get(name)
    for item in _chosen(turn, change, rule):
        turn.memory.remove(turn.store_of(name), item, resource.id if resource else None)


def _set(turn: _Turn, change: Change, rule: Rule) -> None:
    if change.resource:
        for item in _chosen(turn, change, rule):
            item.update(evaluate_map(change.values, turn.variables(rule.reads, item=item)))
        return
    target = turn.result if turn.result is not None else turn.item
    if target is None:
        turn.notes.append("a rule sets fields, but there is no item at hand")
        return
    target.update(evaluate_map(change.values, turn.variables(rule.reads)))
    if turn.touched is None and turn.binding.resource:
        turn.touched = (target, turn.binding.resource.name)


def _chosen(turn: _Turn, change: Change, rule: Rule) -> list[Item]:
    items = turn.memory.items(turn.store_of(str(change.resource)))
    if change.where is None:
        return list(items)
    return [item for item in items if change.where.evaluate(turn.variables(rule.reads, item=item)) is True]


def _compose(turn: _Turn, effects: list[Rule]) -> Recalled | None:
    binding = turn.binding
    if binding.template is None:
        return Recalled(MISSING, _reason(turn, "the memory, without a body")) if turn.touched else None
    if binding.kind in ("list", "search") and binding.items and binding.resource:
        return _listed(turn, binding.resource)
    if binding.kind == "read" and turn.item is not None and binding.resource:
        return _single(turn, turn.item, binding.resource, effects)
    if turn.touched:
        item, name = turn.touched
        return _single(turn, item, turn.operation.contract.resources.by_name[name], effects)
    return None


def _listed(turn: _Turn, resource: Resource) -> Recalled:
    template, slot = turn.binding.template, turn.binding.items
    if template is None or slot is None:
        raise TypeError("a listing has a template and a slot")
    path = turn.exchange.values.get("path", {})
    held = [item for item in turn.memory.items(resource.store) if _below(item, resource, path)]
    page = querying.select(held, _criteria(turn), resource.members)
    facts = template.facts
    documented = shapes.read(template.value, slot.tokens)
    model = documented[0] if isinstance(documented, list) and documented else None
    items = [shapes.project(facts, item, slot.schema, model) for item in page.items]
    body = shapes.write(template.value, slot.tokens, items)
    body = shapes.with_counts(body, slot, len(items) if turn.binding.kind == "search" else page.total)
    return Recalled(body, _reason(turn, f"the memory: {len(items)} of {len(held)} in {resource.name}"))


def _below(item: Item, resource: Resource, path: dict[str, Any]) -> bool:
    """Tell whether an item belongs to the parents that the path names; a view shows only what says so."""
    is_view = resource.store != resource.name
    return all(item.get(name, None if is_view else path.get(name)) == path.get(name) for name in resource.parents)


def _criteria(turn: _Turn) -> dict[str, Any]:
    wanted = dict(turn.exchange.values.get("query", {}))
    body, declared = turn.exchange.body, turn.operation.body
    if turn.binding.kind == "search" and isinstance(body, dict) and declared:
        schema = declared.types[0].schema
        filled = turn.operation.contract.facts.with_defaults(body, schema) if schema else body
        for name, value in filled.items():
            wanted |= value if isinstance(value, dict) else {name: value}
    return wanted


def _single(turn: _Turn, item: Item, resource: Resource, effects: list[Rule]) -> Recalled | None:
    template, slot = turn.binding.template, turn.binding.item_slot(resource)
    if template is None:
        return None
    body = template.value
    if slot is not None:
        documented = shapes.read(template.value, slot.tokens)
        base = documented if isinstance(documented, dict) else {}
        required = template.facts.required(slot.schema) if slot.schema else frozenset()
        filled = {**{name: base[name] for name in base if name in required and name not in item}, **item}
        body = shapes.write(body, slot.tokens, shapes.project(template.facts, filled, slot.schema, base))
    for rule in effects:
        if rule.answer and _holds(turn, rule):
            body = _answer(turn, rule, body)
    return Recalled(body, _reason(turn, f"the memory: an item of {resource.name}"))


def _answer(turn: _Turn, rule: Rule, body: Any) -> Any:
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


def _reason(turn: _Turn, text: str) -> str:
    return "; ".join((text, *turn.notes))
