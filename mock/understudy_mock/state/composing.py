"""A turn whose effects are done goes in; the documented answer, filled with the items it is about, comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import MISSING
from understudy_mock.state import shapes
from understudy_mock.state.listing import counted, listed, pick
from understudy_mock.state.paging import Turning
from understudy_mock.state.querying import Page
from understudy_mock.state.ruling import holds, with_answer
from understudy_mock.state.turn import Recalled

if TYPE_CHECKING:
    from understudy_mock.state.behaviour import Rule
    from understudy_mock.state.memory import Item
    from understudy_mock.state.resources import Resource
    from understudy_mock.state.turn import Turn


def compose(turn: Turn, effects: list[Rule]) -> Recalled | None:
    """Fill the answer: with a list, a number or one item; None where the turn has nothing to show."""
    binding = turn.binding
    if binding.template is None:
        said = Recalled(MISSING, reason(turn, "the memory, without a body"), turn.made, turn.outcome)
        return said if turn.touched else None
    if binding.kind in ("list", "search") and binding.items and binding.resource:
        return _listed(turn, binding.resource)
    if binding.kind == "count" and binding.resource:
        return _counted(turn, binding.resource)
    if turn.many and binding.resource:
        body = listed(binding, turn.exchange, Page(turn.many, len(turn.many)), _around(turn))
        return Recalled(body, reason(turn, f"the memory: {len(turn.many)} made in {binding.resource.name}"))
    if binding.kind == "read" and turn.item is not None and binding.resource:
        return _single(turn, turn.item, binding.resource, effects)
    if turn.touched:
        item, name = turn.touched
        return _single(turn, item, turn.operation.contract.resources.by_name[name], effects)
    return None


def said_by_rules(turn: Turn, effects: list[Rule]) -> Recalled | None:
    """Say what the rules alone have to say: in the documented answer, or about why they said nothing."""
    template = turn.binding.template
    spoken = [rule for rule in effects if rule.answer and template is not None and holds(turn, rule)]
    if template is not None and spoken:
        body = template.value
        for rule in spoken:
            body = with_answer(turn, rule, body)
        return Recalled(body, reason(turn, "the documented answer, with what a rule says"))
    return Recalled(MISSING, "; ".join(turn.notes)) if turn.notes else None


def _listed(turn: Turn, resource: Resource) -> Recalled:
    page, held = pick(turn.operation, turn.binding, turn.exchange, turn.memory)
    body = listed(turn.binding, turn.exchange, page, _around(turn))
    turning = Turning(page, turn.exchange, turn.binding.plan)
    return Recalled(body, reason(turn, f"the memory: {len(page.items)} of {held} in {resource.name}"), turning=turning)


def _counted(turn: Turn, resource: Resource) -> Recalled | None:
    page, held = pick(turn.operation, turn.binding, turn.exchange, turn.memory)
    body = counted(turn.binding, turn.exchange, page)
    text = reason(turn, f"the memory: {page.total} of {held} in {resource.name}")
    return None if body is MISSING else Recalled(body, text)


def _single(turn: Turn, item: Item, resource: Resource, effects: list[Rule]) -> Recalled | None:
    template, slot = turn.binding.template, turn.binding.item_slot(resource)
    if template is None:
        return None
    body = _around(turn)
    if slot is not None:
        documented = shapes.read(template.value, slot.tokens)
        base = documented if isinstance(documented, dict) else {}
        required = template.facts.required(slot.schema) if slot.schema else frozenset()
        filled = {**{name: base[name] for name in base if name in required and name not in item}, **item}
        body = shapes.write(body, slot.tokens, shapes.project(template.facts, filled, slot.schema, base))
    for rule in effects:
        if rule.answer and holds(turn, rule):
            body = with_answer(turn, rule, body)
    return Recalled(body, reason(turn, f"the memory: an item of {resource.name}"), turn.made, turn.outcome)


def _around(turn: Turn) -> Any:
    """Give what stands around the items: the example, else of a made-up answer what must be there."""
    template, made = turn.binding.template, turn.binding.made
    if template is None or template.value != {} or template.schema is None:
        return template.value if template else {}
    if "around" not in made:
        drafted = turn.operation.contract.synthesis.draft(template.schema, turn.operation.operation.id)
        needed = template.facts.required(template.schema)
        kept = drafted if isinstance(drafted, dict) else {}
        made["around"] = {name: value for name, value in kept.items() if name in needed}
    return made["around"]


def reason(turn: Turn, text: str) -> str:
    """Say what the answer is from, and what went otherwise than a rule wanted."""
    return "; ".join((text, *turn.notes))
