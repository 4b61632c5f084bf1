"""A resource's items at two instants go in; which are new, gone or other comes out, with every change by pointer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy_mock.media import to_json
from understudy_mock.state.json_patch import is_equal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from understudy_mock.state.memory import Item

Tokens = tuple[str | int, ...]


@dataclass(frozen=True)
class Change:
    """What is other at one place: `kind` is add, remove or replace (RFC 6902)."""

    kind: str
    pointer: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class Differences:
    """What became of the items of one resource."""

    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: tuple[tuple[str, tuple[Change, ...]], ...]

    @property
    def is_none(self) -> bool:
        """Tell whether nothing is other than before."""
        return not (self.added or self.removed or self.changed)


def differences(before: Sequence[Item], after: Sequence[Item], identifier: str | None) -> Differences:
    """Compare items that are named by a property; without one, an item is the same only if it is equal."""
    old, new = _by_name(before, identifier), _by_name(after, identifier)
    changed = ((name, tuple(changes(old[name], item))) for name, item in new.items() if name in old)
    return Differences(
        added=tuple(item for name, item in new.items() if name not in old),
        removed=tuple(item for name, item in old.items() if name not in new),
        changed=tuple((name, found) for name, found in changed if found),
    )


def _by_name(items: Sequence[Item], identifier: str | None) -> dict[str, Item]:
    """Name items; of those with one name in common the second is another one."""
    found: dict[str, Item] = {}
    for item in items:
        told = item.get(identifier) if identifier else None
        name = str(told) if isinstance(told, str | int) else to_json(item).decode()
        number = 1
        while (name if number == 1 else f"{name}#{number}") in found:
            number += 1
        found[name if number == 1 else f"{name}#{number}"] = item
    return found


def changes(before: Any, after: Any, at: Tokens = ()) -> Iterator[Change]:
    """Yield what is other, as deep down as it is; lists of different lengths are other as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            place = (*at, name)
            if name not in after:
                yield Change("remove", pointers.join(place), before=before[name])
            elif name not in before:
                yield Change("add", pointers.join(place), after=after[name])
            else:
                yield from changes(before[name], after[name], place)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from changes(one, other, (*at, index))
    elif not is_equal(before, after):
        yield Change("replace", pointers.join(at), before, after)
