"""A session and a time go in; what time it is for that session from now on comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock import clocks
from understudy_mock.control.replies import NOTHING, Reply, conflict
from understudy_mock.control.state import session_of
from understudy_mock.handlers import answers
from understudy_mock.state.expressions import timestamp

if TYPE_CHECKING:
    from understudy_mock.runtime import Runtime


class ClockOperations:
    """What time it is."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @answers("getClock")
    def clock(self, session_name: str) -> Reply:
        """Tell the time of a session, which may be another one for every contract."""
        opened = session_of(self._runtime, session_name)
        held = opened.document.group(clocks.GROUP)
        times = {
            mount.compiled.name: timestamp(clocks.now(opened, self._runtime.settings, mount.compiled))
            for mount in self._runtime.mounts
        }
        is_frozen = "at" in held or not self._runtime.settings.real_clock
        return Reply({"now": times, "frozen": is_frozen, "own": bool(held)})

    @answers("putClock")
    def set(self, session_name: str, body: dict[str, Any]) -> Reply:
        """Set the time, or move it on from what it is."""
        opened, settings = session_of(self._runtime, session_name), self._runtime.settings
        try:
            if "at" in body:
                clocks.set_to(opened, body["at"])
            usual = [settings.now(mount.compiled) for mount in self._runtime.mounts]
            if "advance" in body:
                clocks.advance(opened, int(body["advance"]), usual)
        except clocks.ClockError as error:
            opened.document.roll_back()
            raise conflict("clock", str(error)) from None
        return self.clock(session_name)

    @answers("deleteClock")
    def release(self, session_name: str) -> Reply:
        """Let it be the time it usually is."""
        clocks.release(session_of(self._runtime, session_name))
        return NOTHING
