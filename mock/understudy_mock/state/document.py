"""Entries of one session are put and taken away here; what changed comes out as a change set, or is undone.

The whole state of a session is entries: a group, a name in it, and a JSON value. Values are never changed in place, but
replaced, so that sessions, caches and change sets can share them. Stores keep documents under optimistic concurrency
control: a change set is accepted only on top of the version it was made from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import MISSING

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = tuple[str, str]
"""Group and name of an entry."""

Changes = dict[Key, Any]
"""The new value of each entry that changed; MISSING stands for one that was taken away."""

_NOTHING: Mapping[str, Any] = {}


class Document:
    """The state of one session. `version` is the store's, `stamp` grows with every change that is seen here."""

    __slots__ = ("_before", "_groups", "_stamps", "stamp", "version")

    def __init__(self) -> None:
        self.version = 0
        self.stamp = 0
        self._groups: dict[str, dict[str, Any]] = {}
        self._stamps: dict[str, int] = {}
        self._before: Changes = {}

    def get(self, group: str, name: str, default: Any = None) -> Any:
        """Read one entry."""
        return self._groups.get(group, _NOTHING).get(name, default)

    def group(self, name: str) -> Mapping[str, Any]:
        """Read all entries of a group, by name."""
        return self._groups.get(name, _NOTHING)

    def groups(self) -> list[str]:
        """List the groups that have entries."""
        return [name for name, entries in self._groups.items() if entries]

    def stamp_of(self, group: str) -> int:
        """Tell the stamp of the last change in a group."""
        return self._stamps.get(group, 0)

    def put(self, group: str, name: str, value: Any) -> None:
        """Set an entry; the value must not be changed afterwards."""
        self._keep(group, name)
        self._set(group, name, value)

    def drop(self, group: str, name: str) -> None:
        """Take an entry away; it need not be there."""
        if name in self._groups.get(group, _NOTHING):
            self._keep(group, name)
            self._set(group, name, MISSING)

    def clear(self, prefix: str = "") -> None:
        """Take away all entries of the groups whose names begin so."""
        for group in [name for name in self._groups if name.startswith(prefix)]:
            for name in list(self._groups[group]):
                self.drop(group, name)

    @property
    def is_changed(self) -> bool:
        """Tell whether there is anything that no store has accepted yet."""
        return bool(self._before)

    def changes(self) -> Changes:
        """Gather what is new since it was last settled."""
        return {(group, name): self.get(group, name, MISSING) for group, name in self._before}

    def settle(self) -> None:
        """Let everything that changed stand."""
        if self._before:
            self._before = {}

    def roll_back(self) -> None:
        """Undo everything that changed since it was last settled."""
        before, self._before = self._before, {}
        for (group, name), value in before.items():
            self._set(group, name, value)

    def savepoint(self) -> Changes:
        """Remember what has changed so far, so that what comes can be undone alone."""
        return self.changes()

    def back_to(self, point: Changes) -> None:
        """Undo everything that changed since a savepoint."""
        for group, name in list(self._before):
            self._set(group, name, point.get((group, name), self._before[group, name]))
        self._before = {key: value for key, value in self._before.items() if key in point}

    def absorb(self, changes: Changes, version: int) -> None:
        """Take over what a store has accepted on top of the version that is here."""
        self.version = version
        for (group, name), value in changes.items():
            self._set(group, name, value)

    def replace(self, entries: Changes, version: int) -> None:
        """Become what a store holds, whatever is here."""
        gone = {(group, name): MISSING for group, names in self._groups.items() for name in names}
        self._before = {}
        self.absorb({**gone, **entries}, version)

    def _keep(self, group: str, name: str) -> None:
        if (group, name) not in self._before:
            self._before[group, name] = self.get(group, name, MISSING)

    def _set(self, group: str, name: str, value: Any) -> None:
        self.stamp += 1
        self._stamps[group] = self.stamp
        if value is MISSING:
            self._groups.get(group, {}).pop(name, None)
        else:
            self._groups.setdefault(group, {})[name] = value
