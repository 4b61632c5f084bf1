"""Names of sessions and snapshots go in; snapshots are taken, listed, restored and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock import snapshots
from understudy_mock.control.replies import NOTHING, Reply, conflict, unknown
from understudy_mock.control.session_control import told
from understudy_mock.control.state import kept, session_of
from understudy_mock.entries import instant
from understudy_mock.handlers import answers
from understudy_mock.state.differences import Differences, differences
from understudy_mock.state.document import Document

if TYPE_CHECKING:
    from understudy_mock.runtime import Runtime
    from understudy_mock.session import Session
    from understudy_mock.snapshots import Snapshot
    from understudy_mock.state.differences import Change


class SnapshotOperations:
    """What sessions were."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @answers("listSnapshots")
    def snapshots(self, session_name: str) -> Reply:
        """List the snapshots of a session, the oldest first."""
        opened = session_of(self._runtime, session_name)
        return Reply({"snapshots": [_told(snapshot) for snapshot in snapshots.listed(opened)]})

    @answers("createSnapshot")
    def create(self, session_name: str, body: dict[str, Any]) -> Reply:
        """Keep what a session is."""
        opened = session_of(self._runtime, session_name)
        if snapshots.find(opened, body["name"]) is not None:
            raise conflict("snapshot", f"there is a snapshot {body['name']!r} already")
        if len(list(snapshots.listed(opened))) >= snapshots.MOST_SNAPSHOTS:
            raise conflict("snapshot", f"there are {snapshots.MOST_SNAPSHOTS} snapshots already")
        return Reply(_told(snapshots.take(opened, body["name"])), 201)

    @answers("getSnapshot")
    def snapshot(self, session_name: str, snapshot_name: str) -> Reply:
        """Tell of one."""
        return Reply(_told(_named(session_of(self._runtime, session_name), snapshot_name)))

    @answers("deleteSnapshot")
    def delete(self, session_name: str, snapshot_name: str) -> Reply:
        """Drop one; it need not be there."""
        snapshots.forget(session_of(self._runtime, session_name), snapshot_name)
        return NOTHING

    @answers("restoreSnapshot")
    def restore(self, session_name: str, snapshot_name: str, body: dict[str, Any] | None = None) -> Reply:
        """Let the session, or another one, be what it was."""
        opened = session_of(self._runtime, session_name)
        found = _named(opened, snapshot_name)
        into = (body or {}).get("into")
        target = opened if into is None else self._runtime.sessions.open(into)
        snapshots.restore(found, target)
        return Reply(told(self._runtime, target))

    @answers("getDifferences")
    def compare(self, session_name: str, since: str | None = None, until: str | None = None) -> Reply:
        """Tell what is other in a session: since its start or a snapshot, until now or a snapshot."""
        opened = session_of(self._runtime, session_name)
        before = _beginning(opened) if since is None else _named(opened, since).document
        after = opened.document if until is None else _named(opened, until).document
        old, new = snapshots.memories(opened, before), snapshots.memories(opened, after)
        return Reply(
            {
                "since": since,
                "until": until,
                "resources": [
                    _compared(mount.compiled.name, resource.name, found)
                    for mount in self._runtime.mounts
                    if mount.compiled.name in new
                    for resource in kept(mount.compiled)
                    for found in [
                        differences(
                            old[mount.compiled.name].items(resource.store),
                            new[mount.compiled.name].items(resource.store),
                            resource.id,
                        )
                    ]
                    if not found.is_none
                ],
            }
        )


def _beginning(session: Session) -> Document:
    """Make what a session was at the start, in the scenario that it plays."""
    made = Document()
    made.put("session", "scenario", session.scenario)
    return made


def _named(session: Session, name: str) -> Snapshot:
    found = snapshots.find(session, name)
    if found is None:
        raise unknown("snapshot", name, [one.name for one in snapshots.listed(session)])
    return found


def _told(snapshot: Snapshot) -> dict[str, Any]:
    return {"name": snapshot.name, "taken": instant(snapshot.taken.timestamp()), "size": len(snapshot.entries)}


def _compared(contract: str, resource: str, found: Differences) -> dict[str, Any]:
    return {
        "contract": contract,
        "resource": resource,
        "added": list(found.added),
        "removed": list(found.removed),
        "changed": [{"item": name, "changes": [_change(one) for one in changes]} for name, changes in found.changed],
    }


def _change(change: Change) -> dict[str, Any]:
    values = {"before": change.before} if change.kind != "add" else {}
    values |= {"after": change.after} if change.kind != "remove" else {}
    return {"kind": change.kind, "pointer": change.pointer, **values}
