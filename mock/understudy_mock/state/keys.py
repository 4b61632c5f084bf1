"""A resource and what is remembered of it go in; the identifier of a new item, one that its path takes, comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.state import identifiers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy_mock.compiling import CompiledContract
    from understudy_mock.state.memory import Memory
    from understudy_mock.state.resources import Resource

_MOST_MADE = 100


def is_key(contract: CompiledContract, resource: Resource, value: Any) -> bool:
    """Tell whether an item of this identifier can be asked for: the item path's parameter takes it."""
    return resource.key is None or contract.synthesis.fits(resource.key, value)


def fresh_key(contract: CompiledContract, memory: Memory, resource: Resource, documented: Any) -> Any:
    """Find an identifier that nobody has or had; the documented one comes first, the known ones set the style."""
    name = resource.id or "id"
    known = memory.identifiers(resource.store, name)
    if _is_numbered(contract, resource, known or [documented]):
        held = [value for value in known if is_key(contract, resource, value)]
        if not held and documented is not None and is_key(contract, resource, documented):
            return documented
        return identifiers.fresh_number(held, lambda value: is_key(contract, resource, value))
    samples = [*([] if documented is None else [str(documented)]), *resource.samples]
    salt = f"{contract.name}/{resource.name}"
    return identifiers.fresh(
        samples,
        lambda candidate: memory.knows(candidate, name),
        salt,
        lambda candidate: is_key(contract, resource, candidate),
        _made(contract, resource, f"{salt}/{len(known)}"),
    )


def _is_numbered(contract: CompiledContract, resource: Resource, known: list[Any]) -> bool:
    """Tell whether identifiers are numbers: those we know, or else what the item path takes."""
    if known == [None] and resource.key is not None:
        return contract.facts.types(resource.key) <= {"integer", "number"}
    return all(isinstance(value, int) for value in known)


def _made(contract: CompiledContract, resource: Resource, salt: str) -> Iterator[str]:
    """Make identifiers from the schema of the item path's parameter."""
    if resource.key is None:
        return
    for number in range(_MOST_MADE):
        made = contract.synthesis.draft(resource.key, f"{salt}/{number}")
        if isinstance(made, str):
            yield made
