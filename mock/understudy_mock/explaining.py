"""A prepared contract goes in; what the mock will remember of it comes out as facts, with reasons and confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.state.effects import take_over

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledContract
    from understudy_mock.state.resources import Binding, Resource

_LISTING = ("list", "search")


def explain(compiled: CompiledContract) -> dict[str, Any]:
    """Tell of each resource what it is, and which operations remember nothing."""
    resources = compiled.resources
    bound = {name for name, binding in resources.bindings.items() if _effect(compiled, name, binding) != "example"}
    return {
        "contract": compiled.name,
        "resources": [_resource(compiled, one) for one in resources.by_name.values()],
        "answeredByExample": [name for name in compiled.operations if name not in bound],
    }


def _resource(compiled: CompiledContract, resource: Resource) -> dict[str, Any]:
    bindings = {name: one for name, one in compiled.resources.bindings.items() if one.resource is resource}
    listing = next((one for one in bindings.values() if one.kind in _LISTING), None)
    return {
        "name": resource.name,
        "kind": resource.kind,
        "path": resource.path,
        "item": resource.item_path,
        "id": resource.id,
        "idPattern": resource.pattern,
        "parents": dict(resource.carried),
        "in": resource.store if resource.store != resource.name else None,
        "members": resource.members,
        "items": listing.items.pointer if listing and listing.items else None,
        "seeds": len(resource.seeds),
        "madeUp": len(compiled.resources.made.get(resource.name, ())),
        "operations": {
            name: effect for name, one in bindings.items() if (effect := _effect(compiled, name, one)) != "example"
        },
        "query": _query(listing),
        "confidence": resource.basis.confidence,
        "reasons": list(resource.basis.reasons),
    }


def _effect(compiled: CompiledContract, name: str, binding: Binding) -> str:
    """Name what an operation does, by inference or by the rules of `behaviour.yaml`."""
    rules = compiled.behaviour.rules.get(name)
    if not rules:
        return binding.effect
    is_ruled = binding.effect == "example" or take_over([rule for rule in rules if not rule.respond], binding)
    return "as its rules say" if is_ruled else f"{binding.effect}, and what its rules say"


def _query(listing: Binding | None) -> dict[str, str]:
    """Tell what each parameter of the listing means; - where it means nothing."""
    meanings = listing.plan.meanings if listing else {}
    return {name: str(meaning) if meaning else "-" for name, meaning in meanings.items()}
