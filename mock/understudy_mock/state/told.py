"""What `behaviour.yaml` and `x-understudy-resource` say of resources goes in; one set of corrections comes out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from understudy.contract import resource_grammar as grammar
from understudy.contract.path_words import camel, read_path
from understudy_mock.state.behaviour import Correction

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Operation, Tokens
    from understudy_mock.state.behaviour import Behaviour


@dataclass
class Told:
    """Corrections by the name of a resource; and by operation its effect and the place of its items."""

    corrections: dict[str, Correction] = field(default_factory=dict)
    effects: dict[str, str] = field(default_factory=dict)
    resources: dict[str, str] = field(default_factory=dict)
    pointers: dict[str, str] = field(default_factory=dict)
    ignored: set[str] = field(default_factory=set)
    schemas: dict[Tokens, dict[str, Any]] = field(default_factory=dict)
    """What is said of items of a schema, by where that stands."""


def read_told(contract: Contract, behaviour: Behaviour) -> Told:
    """Gather all of it; `behaviour.yaml` has the last word. What can't be understood is left out: `check` tells it."""
    told = Told()
    for tokens, value in grammar.on_schemas(contract):
        told.schemas[tokens] = grammar.sound(value, "schema")
    for operation in contract.operations:
        item = contract.follow(("paths", operation.path)).value
        above = grammar.sound(item.get(grammar.KEY), "path") if isinstance(item, dict) else {}
        _of_path(told, contract, operation, above)
        _of_operation(told, operation, grammar.sound(operation.value.get(grammar.KEY), "operation"))
    for name, correction in behaviour.corrections.items():
        told.corrections[name] = correction
        told.effects |= correction.operations
        told.resources |= dict.fromkeys(correction.operations, name)
        if correction.items is not None:
            listing = [one for one in contract.operations if (one.method, one.path) == ("GET", correction.path)]
            told.pointers |= {one.id: correction.items for one in listing}
    for operation in contract.operations:
        if any(one.ignore and operation.path in (one.path, one.item) for one in told.corrections.values()):
            told.ignored.add(operation.id)
    told.corrections = {name: one for name, one in told.corrections.items() if not one.ignore}
    return told


def _of_path(told: Told, contract: Contract, operation: Operation, said: dict[str, Any]) -> None:
    if not said:
        return
    if said.get("ignore"):
        told.ignored.add(operation.id)
        return
    place = read_path(operation.path)
    name = str(said.get("name") or camel(place.noun))
    known = told.corrections.get(name, Correction())
    if place.keys and not said.get("path"):
        above = [one.path for one in contract.operations if read_path(one.path).segments == place.collection]
        known = replace(known, item=known.item or operation.path, path=known.path or next(iter(above), None))
    else:
        known = replace(known, path=known.path or operation.path)
    told.corrections[name] = merged(known, said)
    if "items" in said and operation.method == "GET" and not place.keys:
        told.pointers[operation.id] = said["items"]


def _of_operation(told: Told, operation: Operation, said: dict[str, Any]) -> None:
    if said.get("ignore"):
        told.ignored.add(operation.id)
    if "effect" in said:
        told.effects[operation.id] = said["effect"]
    if "resource" in said:
        told.resources[operation.id] = said["resource"]
    for key in ("items", "item"):
        if key in said:
            told.pointers[operation.id] = said[key]


def merged(known: Correction, said: dict[str, Any]) -> Correction:
    """Add what an extension says to a correction."""
    names = {"path": "path", "item": "item", "id": "id", "in": "inside", "members": "members", "parents": "parents"}
    values = {names[key]: value for key, value in said.items() if key in names}
    if said.get("singleton") is True:
        values["kind"] = "singleton"
    return replace(known, **values)
