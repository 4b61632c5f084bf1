"""An operation and one of its answers go in; requests of a session get it from then on, until it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock import choices
from understudy_mock.choices import Chosen
from understudy_mock.control.contracts import operation_of
from understudy_mock.control.replies import NOTHING, Reply, conflict, unknown
from understudy_mock.control.state import session_of
from understudy_mock.handlers import answers
from understudy_mock.sessions import DEFAULT

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.runtime import Runtime


class ChoiceOperations:
    """What operations are to answer."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @answers("listChoices")
    def choices(self, session: str = DEFAULT) -> Reply:
        """List the answers that were chosen for a session."""
        return Reply({"choices": [one._asdict() for one in choices.all_of(session_of(self._runtime, session))]})

    @answers("putChoice")
    def choose(
        self, operation_id: str, body: dict[str, Any], contract: str | None = None, session: str = DEFAULT
    ) -> Reply:
        """Let every request to an operation be answered so that wishes for nothing else."""
        if self._runtime.settings.compat is not None:
            raise conflict("choice", "a mock with --compat prism answers as Prism does")
        mount, operation = operation_of(self._runtime, operation_id, contract)
        made = Chosen(mount.compiled.name, operation_id, int(body["status"]), body.get("example"))
        _check(operation, made)
        choices.choose(session_of(self._runtime, session, made=True), made)
        return Reply(made._asdict())

    @answers("deleteChoice")
    def undo(self, operation_id: str, contract: str | None = None, session: str = DEFAULT) -> Reply:
        """Let an operation answer as it would."""
        mount, _ = operation_of(self._runtime, operation_id, contract)
        choices.undo(session_of(self._runtime, session), mount.compiled.name, operation_id)
        return NOTHING

    @answers("clearChoices")
    def undo_all(self, session: str = DEFAULT) -> Reply:
        """Let all operations answer as they would."""
        choices.undo_all(session_of(self._runtime, session))
        return NOTHING


def _check(operation: CompiledOperation, wanted: Chosen) -> None:
    """Raise RefusalError for an answer that the contract does not have."""
    response = operation.response_for(wanted.status)
    if response is None:
        raise unknown("status", wanted.status, list(operation.responses))
    if wanted.example is not None and wanted.example not in response.example_names():
        raise unknown("example", wanted.example, response.example_names())
