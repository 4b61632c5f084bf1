"""`x-understudy-errors` goes in; an error body with the faults in the places it names comes out.

It maps places in the error body, as JSON pointers, to what stands there. `*` in a pointer stands for the items of a
list, one per fault, `{field}` for the members of a map, one per faulty field. On a response it goes before one on its
operation, and that before one at the root of the contract.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract import errors_extension as extension
from understudy.errors import InputError
from understudy.finding import Finding
from understudy_mock.telling import pointer

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Operation, Placed, Tokens
    from understudy_mock.telling import Told

Word = Callable[["Told", int], Any]

WORDS: dict[str, Word] = {
    "message": lambda told, index: told.sentences[index],
    "summary": lambda told, _: told.text,
    "status": lambda told, _: told.status,
    "title": lambda told, _: told.phrase,
    "kind": lambda told, _: told.kind,
    "count": lambda told, _: len(told.faults),
    "field": lambda told, index: told.faults[index].name,
    "pointer": lambda told, index: pointer(told.faults[index]),
    "location": lambda told, index: told.faults[index].location,
    "rule": lambda told, index: told.faults[index].rule,
    "expected": lambda told, index: told.faults[index].expected,
}
"""What can be put somewhere. Outside of `*` and `{field}`, what belongs to one fault is the first one's."""


@dataclass(frozen=True)
class ErrorPlaces:
    """Where what stands: a tree of the pointers' tokens, whose leaves say what."""

    tree: dict[str, Any] = field(repr=False)

    def put(self, base: Any, told: Told) -> Any:
        """Put the faults into an error object; a list or map they stand in is made anew."""
        return _render(self.tree, base, told, list(range(len(told.faults))))


def _render(node: Any, base: Any, told: Told, group: list[int]) -> Any:
    """Write one place; `group` are the faults it is about."""
    if callable(node):
        return node(told, group[0])
    if extension.EACH in node:
        return [_render(node[extension.EACH], None, told, [index]) for index in group]
    if extension.BY_FIELD in node:
        fields: dict[str, list[int]] = {}
        for index in group:
            fields.setdefault(told.faults[index].name, []).append(index)
        return {name: _render(node[extension.BY_FIELD], None, told, found) for name, found in fields.items()}
    around = dict(base) if isinstance(base, dict) else {}
    return around | {name: _render(below, around.get(name), told, group) for name, below in node.items()}


def error_places(contract: Contract, operation: Operation, response: Placed) -> ErrorPlaces | None:
    """Find what holds for one response. Raises InputError for what can't be understood."""
    owners: list[tuple[Any, Tokens]] = [
        (response.value, response.tokens),
        (operation.value, operation.tokens),
        (contract.document, ()),
    ]
    for owner, tokens in owners:
        if isinstance(owner, dict) and extension.KEY in owner:
            return _read(contract, owner[extension.KEY], (*tokens, extension.KEY))
    return None


def _read(contract: Contract, declared: Any, tokens: Tokens) -> ErrorPlaces:
    for below, message in extension.faults(declared):
        place = contract.location((*tokens, *below))
        raise InputError(Finding("errors-extension", message, remedy=extension.REMEDY, location=place))
    tree: dict[str, Any] = {}
    for text, wanted in declared.items():
        extension.grow(tree, text, WORDS[wanted] if isinstance(wanted, str) else _constant(wanted["const"]))
    return ErrorPlaces(tree)


def _constant(value: Any) -> Word:
    return lambda _told, _index: value
