"""A schema with a discriminator goes in; the schemas it tells apart, by the values that tell so, come out.

OpenAPI, Discriminator Object: where the schema has no alternatives of its own, they are those that its mapping names,
and the components that build on it with `allOf`. A value that the mapping does not have is the name of a component.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Placed, Tokens

_COMPONENTS = ("components", "schemas")


def heirs(contract: Contract, placed: Placed) -> dict[str, Tokens]:
    """Find the schemas that build on this one; none where it lists alternatives itself."""
    schema = placed.value
    if property_name(schema) is None or "oneOf" in schema or "anyOf" in schema:
        return {}
    found = {value: place for value, place in _mapping(schema).items() if contract.follow(place).value is not schema}
    known = set(found.values())
    for name, component in _components(contract).items():
        place: Tokens = (*_COMPONENTS, name)
        if place not in known and _builds_on(contract, component, place, schema):
            found[name] = place
    return found


def property_name(schema: Any) -> str | None:
    """Read which property tells schemas apart."""
    told = schema.get("discriminator") if isinstance(schema, dict) else None
    name = told.get("propertyName") if isinstance(told, dict) else None
    return name if isinstance(name, str) else None


def value_of(schema: dict[str, Any], place: Tokens) -> str | None:
    """Tell which value of the property stands for the schema at a place; None for one that has no name."""
    named = next((value for value, target in _mapping(schema).items() if target == place), None)
    if named is None and place[:2] == _COMPONENTS and len(place) == len(_COMPONENTS) + 1:
        return str(place[-1])
    return named


def _mapping(schema: dict[str, Any]) -> dict[str, Tokens]:
    told = schema["discriminator"].get("mapping")
    pairs = told.items() if isinstance(told, dict) else ()
    return {value: _place(target) for value, target in pairs if isinstance(target, str)}


def _place(target: str) -> Tokens:
    return tuple(pointers.split(target[1:])) if target.startswith("#/") else (*_COMPONENTS, target)


def _components(contract: Contract) -> dict[str, Any]:
    components = contract.document.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    return schemas if isinstance(schemas, dict) else {}


def _builds_on(contract: Contract, component: Any, place: Tokens, schema: Any) -> bool:
    parts = component.get("allOf") if isinstance(component, dict) else None
    count = len(parts) if isinstance(parts, list) else 0
    return any(contract.follow((*place, "allOf", index)).value is schema for index in range(count))
