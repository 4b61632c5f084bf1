"""Two documents go in; which of their schemas are the same word for word, all they refer to included, comes out.

Most of a contract is the same in its next version. What is the same word for word need not be compared any further.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers

if TYPE_CHECKING:
    from understudy.drift.versions.nodes import Tokens

_START = "#/components/schemas/"
_COMPONENTS = ("components", "schemas")
_ELSEWHERE = frozenset(("/",))


class Stable:
    """Tells for places of the two documents whether they hold the same."""

    def __init__(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._old, self._new = old, new
        self._known: dict[int, frozenset[str]] = {}
        self.names = self._names()

    def _names(self) -> frozenset[str]:
        """Find the components that are equal, and refer to none that is not."""
        before, after = _components(self._old), _components(self._new)
        names = {name for name in before if name in after and _equal(before[name], after[name])}
        users: dict[str, list[str]] = {}
        for name in names:
            for target in self._references(after[name]):
                users.setdefault(target, []).append(name)
        unstable = [target for target in users if target not in names]
        while unstable:
            lost = names.intersection(users.get(unstable.pop(), ()))
            names -= lost
            unstable += lost
        return frozenset(names)

    def is_same(self, old: Tokens, new: Tokens) -> bool:
        """Tell whether two places hold the same."""
        if old == new and len(new) == len(_COMPONENTS) + 1 and new[:-1] == _COMPONENTS:
            return new[-1] in self.names
        before, after = pointers.resolve(self._old, old), pointers.resolve(self._new, new)
        return _equal(before, after) and self._references(after) <= self.names

    def _references(self, value: Any) -> frozenset[str]:
        if not isinstance(value, dict | list):
            return frozenset()
        if id(value) not in self._known:
            self._known[id(value)] = self._gathered(value)
        return self._known[id(value)]

    def _gathered(self, value: Any) -> frozenset[str]:
        inside = value.values() if isinstance(value, dict) else value
        found = frozenset[str]().union(*map(self._references, inside))
        reference = value.get("$ref") if isinstance(value, dict) else None
        if not isinstance(reference, str):
            return found
        name = reference.removeprefix(_START)
        is_component = reference.startswith(_START) and "/" not in name
        return found | (frozenset(pointers.split_fragment(f"/{name}")) if is_component else _ELSEWHERE)


def _equal(before: Any, after: Any) -> bool:
    """Compare values; to Python `True` is 1, so what seems equal is looked at once more."""
    return bool(before == after) and repr(before) == repr(after)


def _components(document: dict[str, Any]) -> dict[str, Any]:
    components = document.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    return schemas if isinstance(schemas, dict) else {}
