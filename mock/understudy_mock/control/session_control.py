"""Names of sessions and credentials go in; sessions begin, end and start anew, and credentials are no longer good."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from understudy_mock.control.replies import NOTHING, Reply, conflict, unknown
from understudy_mock.control.state import session_of
from understudy_mock.handlers import answers
from understudy_mock.sessions import DEFAULT
from understudy_mock.snapshots import GROUP

if TYPE_CHECKING:
    from understudy_mock.runtime import Runtime
    from understudy_mock.session import Session

MAX_REVOKED = 1000


class SessionOperations:
    """Who uses the mock, and with what."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @answers("listSessions")
    def sessions(self) -> Reply:
        """List the sessions, the one used longest ago first."""
        counts: dict[str, int] = {}
        for entry in self._runtime.journal:
            counts[entry.session] = counts.get(entry.session, 0) + 1
        return Reply({"sessions": [_described(one, counts.get(one.name, 0)) for one in self._runtime.sessions]})

    @answers("createSession")
    def create(self, body: dict[str, Any]) -> Reply:
        """Begin a session from the contracts' seeds."""
        if self._runtime.sessions.find(body["name"]) is not None:
            raise conflict("session", f"there is a session {body['name']!r} already")
        opened = self._runtime.sessions.open(body["name"])
        if "seed" in body:
            opened.seed = int(body["seed"])
        return Reply(told(self._runtime, opened), 201)

    @answers("getSession")
    def session(self, session_name: str) -> Reply:
        """Tell of one session."""
        return Reply(told(self._runtime, existing(self._runtime, session_name)))

    @answers("updateSession")
    def update(self, session_name: str, body: dict[str, Any]) -> Reply:
        """Give a session a seed of its own, or none."""
        opened = existing(self._runtime, session_name)
        if "seed" in body:
            opened.seed = None if body["seed"] is None else int(body["seed"])
        return Reply(told(self._runtime, opened))

    @answers("deleteSession")
    def delete(self, session_name: str) -> Reply:
        """End a session; the next request that names it begins another."""
        if not self._runtime.sessions.close(session_name):
            raise unknown("session", session_name)
        return NOTHING

    @answers("resetSession")
    def reset(self, session_name: str) -> Reply:
        """Let a session be as it was when it began."""
        existing(self._runtime, session_name).reset()
        return NOTHING

    @answers("resetMock")
    def reset_all(self) -> Reply:
        """Let every session be as it was when it began, and only those faults be in force that were at the start."""
        for opened in self._runtime.sessions:
            opened.reset()
        self._runtime.sessions.common.document.clear("faults")
        return NOTHING

    @answers("listRevoked")
    def revoked(self, session: str = DEFAULT) -> Reply:
        """List the credentials that are no longer good, so that nobody learns them who doesn't know them."""
        held = session_of(self._runtime, session).revoked
        return Reply({"revoked": [_masked(credential) for credential in sorted(held)]})

    @answers("revokeCredential")
    def revoke(self, body: dict[str, Any], session: str = DEFAULT) -> Reply:
        """Let a credential be refused with 401."""
        opened = session_of(self._runtime, session, made=True)
        if len(opened.revoked) >= MAX_REVOKED:
            raise conflict("credential", f"{MAX_REVOKED} credentials are revoked already")
        opened.revoke(body["credential"])
        return NOTHING

    @answers("allowCredential")
    def allow(self, body: dict[str, Any], session: str = DEFAULT) -> Reply:
        """Take a revocation back."""
        session_of(self._runtime, session, made=True).allow(body["credential"])
        return NOTHING


def existing(runtime: Runtime, name: str) -> Session:
    """Find a session that somebody has begun. Raises RefusalError."""
    found = runtime.sessions.find(name)
    if found is None:
        raise unknown("session", name)
    return found


def told(runtime: Runtime, session: Session) -> dict[str, Any]:
    """Say what there is to say of a session."""
    return _described(session, sum(entry.session == session.name for entry in runtime.journal))


def _described(session: Session, entries: int) -> dict[str, Any]:
    document = session.document
    return {
        "name": session.name,
        "entries": entries,
        "revoked": len(session.revoked),
        "idle": max(0, int(time.monotonic() - session.used)),
        "scenario": session.scenario,
        "seed": session.seed,
        "snapshots": len(document.group(GROUP)),
        "size": sum(len(document.group(name)) for name in document.groups() if name != GROUP),
    }


def _masked(credential: str) -> str:
    return f"{credential[:4]}… ({len(credential)} characters)"
