"""Names of sessions and credentials go in; sessions begin, end and start anew, and credentials are no longer good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.control.replies import NOTHING, Reply, conflict, unknown
from understudy_mock.control.state import session_of
from understudy_mock.handlers import answers
from understudy_mock.sessions import DEFAULT

if TYPE_CHECKING:
    from understudy_mock.runtime import Runtime
    from understudy_mock.sessions import Session

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
        return Reply({"sessions": [_told(session, counts) for session in self._runtime.sessions]})

    @answers("createSession")
    def create(self, body: dict[str, Any]) -> Reply:
        """Begin a session from the contracts' seeds."""
        if self._runtime.sessions.find(body["name"]) is not None:
            raise conflict("session", f"there is a session {body['name']!r} already")
        return Reply(_told(self._runtime.sessions.open(body["name"]), {}), 201)

    @answers("getSession")
    def session(self, session_name: str) -> Reply:
        """Tell of one session."""
        count = sum(entry.session == session_name for entry in self._runtime.journal)
        return Reply(_told(self._existing(session_name), {session_name: count}))

    @answers("deleteSession")
    def delete(self, session_name: str) -> Reply:
        """End a session; the next request that names it begins another."""
        if not self._runtime.sessions.close(session_name):
            raise unknown("session", session_name)
        self._runtime.faults.clear(session_name)
        return NOTHING

    @answers("resetSession")
    def reset(self, session_name: str) -> Reply:
        """Let a session be as it was when it began."""
        self._existing(session_name).reset()
        self._runtime.faults.clear(session_name)
        return NOTHING

    @answers("listRevoked")
    def revoked(self, session: str = DEFAULT) -> Reply:
        """List the credentials that are no longer good, so that nobody learns them who doesn't know them."""
        held = session_of(self._runtime, session).revoked
        return Reply({"revoked": [_masked(credential) for credential in sorted(held)]})

    @answers("revokeCredential")
    def revoke(self, body: dict[str, Any], session: str = DEFAULT) -> Reply:
        """Let a credential be refused with 401."""
        held = session_of(self._runtime, session, made=True).revoked
        if len(held) >= MAX_REVOKED:
            raise conflict("credential", f"{MAX_REVOKED} credentials are revoked already")
        held.add(body["credential"])
        return NOTHING

    @answers("allowCredential")
    def allow(self, body: dict[str, Any], session: str = DEFAULT) -> Reply:
        """Take a revocation back."""
        session_of(self._runtime, session, made=True).revoked.discard(body["credential"])
        return NOTHING

    def _existing(self, name: str) -> Session:
        found = self._runtime.sessions.find(name)
        if found is None:
            raise unknown("session", name)
        return found


def _told(session: Session, counts: dict[str, int]) -> dict[str, Any]:
    return {"name": session.name, "entries": counts.get(session.name, 0), "revoked": len(session.revoked)}


def _masked(credential: str) -> str:
    return f"{credential[:4]}… ({len(credential)} characters)"
