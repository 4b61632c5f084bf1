"""A running mock goes in; whether it lives, whether it takes requests, and what a reload brought come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.errors import InputError, UnderstudyError, UsageError
from understudy_mock.control.replies import Reply
from understudy_mock.handlers import answers
from understudy_mock.stores.store import StoreDownError

if TYPE_CHECKING:
    from understudy_mock.runtime import Runtime


class HealthOperations:
    """What whoever runs the mock wants to know."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @answers("getHealth")
    def health(self) -> Reply:
        """Say that the process answers, and whether it serves what others do that share its store."""
        complaint = self._runtime.agreement.complaint
        return Reply({"status": "ok", **({"complaint": complaint} if complaint else {})})

    @answers("getReadiness")
    async def ready(self) -> Reply:
        """Say whether new requests are welcome, or why not, and which operations can't be answered."""
        contracts = [
            {
                "name": mount.compiled.name,
                "operations": len(mount.compiled.operations),
                "defects": [entry.defect for entry in mount.compiled.operations.values() if entry.defect],
            }
            for mount in self._runtime.mounts
        ]
        reason = await self._reason()
        told = {"reason": reason} if reason else {}
        return Reply({"ready": not reason, **told, "contracts": contracts}, 503 if reason else 200)

    async def _reason(self) -> str:
        """Say why requests are not welcome; empty if they are."""
        if self._runtime.draining:
            return "it was told to end, and finishes what it has begun"
        if (staffing := self._runtime.staffing) is not None and not staffing.is_whole:
            return f"only {staffing.running} of {staffing.wanted} workers answer"
        try:
            await self._runtime.sessions.common.refresh()
        except StoreDownError as error:
            return f"its store can't be used: {error.reason}"
        return ""

    @answers("reloadContracts")
    async def reload(self) -> Reply:
        """Read the contracts again; the last good ones stay if the new ones are not."""
        try:
            outcome = await self._runtime.reload()
        except UsageError as error:
            return Reply({"changed": False, "errors": [_told(error)]})
        return Reply({"changed": outcome.changed, "errors": [_told(error) for error in outcome.errors]})


def _told(error: UnderstudyError) -> str:
    place = f"{error.finding.location}: " if isinstance(error, InputError) and error.finding.location else ""
    return f"{place}{error.message} {error.remedy}".strip()
