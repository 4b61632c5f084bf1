"""A resource and what is remembered of it go in; the identifier of a new item, one that its path takes, comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.state import identifiers
from understudy_mock.state.identifiers import Further

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy_mock.compiling import CompiledContract
    from understudy_mock.state.memory import Memory, Tally
    from understudy_mock.state.resources import Resource

_MOST_MADE = 100


def is_key(contract: CompiledContract, resource: Resource, value: Any) -> bool:
    """Tell whether an item of this identifier can be asked for: the item path's parameter takes it."""
    if resource.key is None or contract.synthesis.fits(resource.key, value):
        return True
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return is_number and contract.synthesis.fits(resource.key, str(value))  # in a path, a number is text as well


def fresh_key(contract: CompiledContract, memory: Memory, resource: Resource, documented: Any) -> Any:
    """Find an identifier that nobody has or had; the documented one comes first, the known ones set the style."""
    name = resource.id or "id"
    tally = memory.tally(resource.store, name)
    if _is_numbered(contract, resource, tally, documented):
        return _fresh_number(contract, memory, resource, tally, documented)
    samples = [*([] if documented is None else [str(documented)]), *resource.samples]
    salt = f"{contract.name}/{resource.name}"
    return identifiers.fresh(
        samples,
        lambda candidate: memory.knows(candidate, name),
        salt,
        lambda candidate: is_key(contract, resource, candidate),
        Further(_made(contract, resource, f"{salt}/{tally.count}"), tally),
    )


def fresh_path(
    contract: CompiledContract, memory: Memory, resource: Resource, documented: Any, values: dict[str, Any]
) -> str:
    """Find an identifier that is a path, such as `shelves/fiction`, whose last part nobody has or had there."""
    names = [template for template in (resource.pattern or "").split("/") if template.startswith("{")]
    own = names[-1][1:-1]
    known = (*([documented] if isinstance(documented, str) else []), *resource.samples)
    tails = list(dict.fromkeys(sample.rpartition("/")[2] for sample in known))

    def whole(tail: str) -> str:
        return resource.identifier(own, {**values, own: tail})

    def is_taken(tail: str) -> bool:
        name = resource.id or "id"
        text = whole(tail)
        return memory.find(resource.store, name, text) is not None or memory.is_spent(text, resource.store)

    tally = memory.tally(resource.store, resource.id or "id")
    salt = f"{contract.name}/{resource.name}"
    made = _made(contract, resource, f"{salt}/{tally.count}")
    return whole(identifiers.fresh(tails, is_taken, salt, lambda tail: is_key(contract, resource, tail), Further(made)))


def _fresh_number(contract: CompiledContract, memory: Memory, resource: Resource, tally: Tally, documented: Any) -> Any:
    """Find the number after the highest; the long way round only where that is none the item's path takes."""
    after = tally.highest + 1
    if tally.highest > 0 and is_key(contract, resource, after):
        return after
    known = memory.identifiers(resource.store, resource.id or "id")
    held = [value for value in known if is_key(contract, resource, value)]
    if not held and documented is not None and is_key(contract, resource, documented):
        return documented
    return identifiers.fresh_number(held, lambda value: is_key(contract, resource, value))


def _is_numbered(contract: CompiledContract, resource: Resource, tally: Tally, documented: Any) -> bool:
    """Tell whether identifiers are numbers: those we know, or else what the item path takes."""
    if tally.count:
        return tally.is_numbered
    if documented is None and resource.key is not None:
        return contract.facts.types(resource.key) <= {"integer", "number"}
    return documented is None or isinstance(documented, int)


def _made(contract: CompiledContract, resource: Resource, salt: str) -> Iterator[str]:
    """Make identifiers from the schema of the item path's parameter."""
    if resource.key is None:
        return
    for number in range(_MOST_MADE):
        made = contract.synthesis.draft(resource.key, f"{salt}/{number}")
        if isinstance(made, str):
            yield made
