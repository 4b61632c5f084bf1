"""Scenarios and faults that a test wishes for go in; they are in force from then on, for a session or for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract.fault_grammar import EVERY, FaultGrammarError
from understudy_mock.control.replies import NOTHING, Reply, conflict, unknown
from understudy_mock.control.state import session_of
from understudy_mock.fault_profiles import from_value
from understudy_mock.handlers import answers
from understudy_mock.sessions import DEFAULT
from understudy_mock.stores.store import COMMON

if TYPE_CHECKING:
    from understudy.contract.fault_grammar import FaultRule
    from understudy_mock.runtime import Runtime
    from understudy_mock.session import Session


class MisfortuneOperations:
    """What is to go otherwise than well."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @answers("listScenarios")
    def scenarios(self) -> Reply:
        """List the scenarios of all contracts."""
        known = self._runtime.sessions.scenarios()
        return Reply(
            {
                "scenarios": [
                    {"name": name, "contracts": contracts, "description": self._description(name)}
                    for name, contracts in known.items()
                ]
            }
        )

    @answers("getScenario")
    def scenario(self, session: str = DEFAULT) -> Reply:
        """Tell which scenario a session plays."""
        return Reply({"scenario": session_of(self._runtime, session).scenario})

    @answers("putScenario")
    def play(self, body: dict[str, Any], session: str = DEFAULT) -> Reply:
        """Begin a scenario in a session: state as it is given, every operation at its first step."""
        known = self._runtime.sessions.scenarios()
        if body["scenario"] not in known:
            raise unknown("scenario", body["scenario"], sorted(known))
        return Reply({"scenario": self._runtime.sessions.play(session, body["scenario"]).scenario})

    @answers("leaveScenario")
    def leave(self, session: str = DEFAULT) -> Reply:
        """Play no scenario any more; the state is as at the start."""
        session_of(self._runtime, session)
        self._runtime.sessions.play(session, None)
        return NOTHING

    @answers("listFaults")
    def faults(self, session: str | None = None) -> Reply:
        """List the faults in force: all of them, or those of one session."""
        held = self._everybody() if session is None else [session_of(self._runtime, session)]
        return Reply({"faults": [_told(rule, owner) for owner in held for rule in owner.rules]})

    @answers("putFaults")
    def set_faults(self, body: dict[str, Any], session: str | None = None) -> Reply:
        """Put faults in the place of those that are in force for a session, or for everybody."""
        rules = [self._rule(entry) for entry in body["faults"]]
        sessions = self._runtime.sessions
        owner = sessions.common if session is None else session_of(self._runtime, session, made=True)
        owner.rules = rules
        return Reply({"faults": [_told(rule, owner) for rule in rules]})

    @answers("clearFaults")
    def clear(self, session: str | None = None) -> Reply:
        """Let nothing go wrong any more: for a session, or for everybody and every session."""
        for owner in self._everybody() if session is None else [session_of(self._runtime, session)]:
            if owner.rules:
                owner.rules = ()
        return NOTHING

    def _description(self, name: str) -> str:
        """Say what a scenario is about, in the words of the first contract that has any for it."""
        told = (mount.compiled.scenarios.get(name) for mount in self._runtime.mounts)
        return next((one.description for one in told if one is not None and one.description), "")

    def _everybody(self) -> list[Session]:
        return [self._runtime.sessions.common, *self._runtime.sessions]

    def _rule(self, entry: dict[str, Any]) -> FaultRule:
        operations = {name for mount in self._runtime.mounts for name in mount.compiled.operations}
        operation = entry.get("operation", EVERY)
        if operation != EVERY and operation not in operations:
            raise unknown("operation", operation)
        try:
            return from_value(entry, operations)[1]
        except FaultGrammarError as error:
            raise conflict("fault", str(error)) from None


def _told(rule: FaultRule, owner: Session) -> dict[str, Any]:
    return {
        "operation": rule.operation,
        "fault": str(rule.action),
        "percent": rule.percent,
        "session": None if owner.name == COMMON else owner.name,
    }
