"""A reference that can't be resolved goes in; a marker stands in its place, and who needs what is missing can be told.

Only a lenient load leaves markers. Examples, links and callbacks are no part of an answer that must be there: without
one of them, an operation still answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract import grammar
from understudy.contract import pointer as pointers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Operation, Tokens
    from understudy.finding import Finding

MARK = "x-understudy-dangling"

_SPARED = ("example", "link", "callback")
_METHODS = ("get", "put", "post", "delete", "patch")


def marker(kind: str, finding: Finding) -> dict[str, Any]:
    """Write what stands where a reference led nowhere; nobody knows the methods of a path item that is missing."""
    if kind in _SPARED:
        return {}
    mark = {MARK: f"{finding.location}: {finding.message}" if finding.location else finding.message}
    return {method: {**mark, "responses": {}} for method in _METHODS} if kind == "pathItem" else mark


def needed_by(contract: Contract, operation: Operation) -> str:
    """Say which missing thing an operation can't do without; empty if it has all it needs."""
    waiting = list(_parts(operation))
    seen = set(waiting)
    while waiting:
        kind, tokens = waiting.pop()
        try:
            value = pointers.resolve(contract.document, tokens)
        except KeyError:
            continue
        for reached, place in _needs(kind, value, tokens):
            if not place:
                return reached
            if (reached, place) not in seen:
                seen.add((reached, place))
                waiting.append((reached, place))
    return ""


def _parts(operation: Operation) -> Iterator[tuple[str, Tokens]]:
    yield "operation", operation.tokens
    yield from (("parameter", placed.tokens) for placed in operation.parameters)
    for requirement in operation.security:
        yield from (("securityScheme", ("components", "securitySchemes", name)) for name in requirement)


def _needs(kind: str, value: Any, tokens: Tokens) -> Iterator[tuple[str, Tokens]]:
    """Yield the kind and place of all that an object refers to or holds; of a marker, its message and no place."""
    if not isinstance(value, dict):
        return
    if isinstance(value.get(MARK), str):
        yield value[MARK], ()
    reference = value.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        yield kind, tuple(pointers.split_fragment(reference[1:]))
    for child_kind, below, _ in grammar.children(kind, value):
        if child_kind not in _SPARED:
            yield child_kind, (*tokens, *below)
