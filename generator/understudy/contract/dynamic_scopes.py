"""A `$dynamicRef` and the way there go in; the one schema it means on that way comes out.

JSON Schema 2020-12, section 8.2.3.2: of the resources that were entered on the way, the outermost with a
`$dynamicAnchor` of the name decides. In a bundle each way becomes a component of its own, where the reference is plain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract import grammar
from understudy.contract import pointer as pointers
from understudy.errors import InputError
from understudy.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy.contract.schema_resources import Layout
    from understudy.finding import Location

Tokens = tuple[str | int, ...]
Key = tuple[str, str]
Scope = dict[str, tuple[Key, ...]]
"""Name of an anchor → the schema it means; several where one resource has the name more than once."""


def within(scope: Scope, address: str, layout: Layout, tokens: Tokens, start: Tokens | None) -> Scope:
    """Go on to a place; what was bound further out stays bound."""
    made = scope
    for resource in layout.entered(tokens, start):
        for name, found in resource.dynamic.items():
            if name not in made:
                made = {**made, name: tuple((address, pointers.join(place)) for place in found)}
    return made


def meant(scope: Scope, name: str, place: Location) -> Key | None:
    """Find what a name means; None if nothing binds it. Raises InputError if that can't be told."""
    found = scope.get(name, ())
    if len(found) > 1:
        message = f'`$dynamicRef: "#{name}"` can mean {len(found)} schemas of one resource.'
        remedy = "Give each schema that has this `$dynamicAnchor` an `$id`, at itself or further out."
        raise InputError(Finding("reference-ambiguous", message, remedy=remedy, location=place))
    return found[0] if found else None


@dataclass
class Reach:
    """Which names a schema may ask for, on any way from it. `follow` finds the value and targets of a reference."""

    value_of: Callable[[Key], Any]
    target_of: Callable[[str, Key, Tokens], Key | None]
    known: dict[Key, frozenset[str]] = field(default_factory=dict)

    def names(self, key: Key) -> frozenset[str]:
        """Name the anchors that `$dynamicRef`s at or below a schema, or in what it refers to, look for."""
        if key not in self.known:
            self.known[key] = frozenset(self._names(key))
        return self.known[key]

    def _names(self, key: Key) -> Iterator[str]:
        seen, waiting = {key}, [key]
        while waiting:
            at = waiting.pop()
            for node in grammar.walk(self.value_of(at), "schema"):
                for keyword in ("$ref", "$dynamicRef") if isinstance(node.value, dict) else ():
                    if not isinstance(reference := node.value.get(keyword), str):
                        continue
                    if keyword == "$dynamicRef":
                        yield reference.partition("#")[2]
                    target = self.target_of(reference, at, node.tokens)
                    if target is not None and target not in seen:
                        seen.add(target)
                        waiting.append(target)
