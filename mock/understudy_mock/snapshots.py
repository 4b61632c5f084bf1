"""A session goes in; what it is at the moment is kept under a name, and comes out again, in this session or another.

A snapshot is all entries of the session's document but the snapshots themselves. Values are never changed in place, so
it shares them with the session: taking one copies nothing that is remembered, and processes share it by the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from understudy_mock.state.document import Document
from understudy_mock.state.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy_mock.session import Session

GROUP = "snapshots"
MOST_SNAPSHOTS = 100


@dataclass(frozen=True)
class Snapshot:
    """What a session was at an instant: its entries as (group, name, value)."""

    name: str
    taken: datetime
    entries: tuple[tuple[str, str, Any], ...]

    @property
    def document(self) -> Document:
        """The entries, as a document of their own."""
        made = Document()
        for group, name, value in self.entries:
            made.put(group, name, value)
        return made


def current(session: Session, name: str = "") -> Snapshot:
    """Tell what a session is at the moment."""
    document = session.document
    groups = [group for group in document.groups() if group != GROUP]
    entries = [(group, name, value) for group in groups for name, value in document.group(group).items()]
    return Snapshot(name, datetime.now(UTC).replace(microsecond=0), tuple(entries))


def take(session: Session, name: str) -> Snapshot:
    """Keep what a session is under a name."""
    made = current(session, name)
    value = {"taken": made.taken.isoformat(), "entries": [list(entry) for entry in made.entries]}
    session.document.put(GROUP, name, value)
    return made


def find(session: Session, name: str) -> Snapshot | None:
    """Find a snapshot by its name."""
    held = session.document.get(GROUP, name)
    return None if held is None else _read(name, held)


def listed(session: Session) -> Iterator[Snapshot]:
    """List the snapshots of a session, the oldest first."""
    found = [_read(name, held) for name, held in session.document.group(GROUP).items()]
    yield from sorted(found, key=lambda one: (one.taken, one.name))


def _read(name: str, held: Any) -> Snapshot:
    entries = tuple((group, key, value) for group, key, value in held["entries"])
    return Snapshot(name, datetime.fromisoformat(held["taken"]), entries)


def forget(session: Session, name: str) -> None:
    """Drop a snapshot."""
    session.document.drop(GROUP, name)


def restore(snapshot: Snapshot, session: Session) -> None:
    """Let a session be what it, or another one, was. Its own snapshots stay."""
    session.clear()
    for group, name, value in snapshot.entries:
        session.document.put(group, name, value)


def memories(session: Session, document: Document) -> dict[str, Memory]:
    """Read what a document of this mock remembers, by contract."""
    scenario = document.get("session", "scenario", session.standing_scenario)
    return {name: Memory(session.beginning(name, scenario), document, name) for name in session.memories}
