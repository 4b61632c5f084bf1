"""`x-understudy-errors` goes in; what can't be understood of it comes out (docs/serve.md, Refusals).

It maps places in an error body, as JSON pointers, to what stands there: one of `WORDS`, or `{const: …}`. `*` in a
pointer stands for the items of a list, one per fault, `{field}` for the members of a map, one per faulty field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "x-understudy-errors"
EACH, BY_FIELD = "*", "{field}"
WORDS = (
    *("message", "summary", "status", "title", "kind", "count"),
    *("field", "pointer", "location", "rule", "expected"),
)
REMEDY = f"Write a pointer such as /errors/*/field, and {', '.join(WORDS)} or {{const: …}}."


def faults(declared: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what is wrong: tokens inside the extension, and a sentence."""
    if not isinstance(declared, dict):
        yield (), f"{KEY} is no map of JSON pointers."
        return
    tree: dict[str, Any] = {}
    for text, wanted in declared.items():
        if not text.startswith("/"):
            yield (text,), f"`{text}` is no JSON pointer."
        elif not (wanted in WORDS if isinstance(wanted, str) else is_constant(wanted)):
            yield (text,), f"`{wanted}` is nothing that can be told of a fault."
        elif not grow(tree, text, wanted):
            yield (text,), f"`{text}` can't stand beside the pointers before it."


def is_constant(wanted: Any) -> bool:
    """Tell whether a value is meant as it is written."""
    return isinstance(wanted, dict) and set(wanted) == {"const"}


def grow(tree: dict[str, Any], text: str, leaf: Any) -> bool:
    """Add a pointer to a tree of tokens; tells whether it could be: a list or map of faults has no other members."""
    tokens = pointers.split(text)
    for token in tokens[:-1]:
        below: Any = tree.setdefault(token, _Branch())
        if not isinstance(below, _Branch) or not _is_pure(tree):
            return False
        tree = below
    is_new = tokens[-1] not in tree
    tree[tokens[-1]] = leaf
    return is_new and _is_pure(tree)


class _Branch(dict[str, Any]):
    """An inner place of the tree, as distinct from a constant that is an object."""


def _is_pure(tree: dict[str, Any]) -> bool:
    return len(tree) == 1 or not tree.keys() & {EACH, BY_FIELD}
