"""A running mock goes in; whether it lives, whether it takes requests, and what a reload brought come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.errors import InputError, UnderstudyError, UsageError
from understudy_mock.control.replies import Reply
from understudy_mock.handlers import answers

if TYPE_CHECKING:
    from understudy_mock.runtime import Runtime


class HealthOperations:
    """What whoever runs the mock wants to know."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @answers("getHealth")
    def health(self) -> Reply:
        """Say that the process answers."""
        return Reply({"status": "ok"})

    @answers("getReadiness")
    def ready(self) -> Reply:
        """Say whether new requests are welcome, and which operations can't be answered."""
        contracts = [
            {
                "name": mount.compiled.name,
                "operations": len(mount.compiled.operations),
                "defects": [entry.defect for entry in mount.compiled.operations.values() if entry.defect],
            }
            for mount in self._runtime.mounts
        ]
        is_ready = self._runtime.ready
        return Reply({"ready": is_ready, "contracts": contracts}, 200 if is_ready else 503)

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
