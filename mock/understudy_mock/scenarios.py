"""The scenarios beside a contract and a request go in; the step that is due, and the state it is played in, come out.

A session is at a position of its own in every scenario, for every operation. The scenario chosen for a session sets
that session's state; one that a single request wishes for is played in a state kept beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from understudy.contract.scenarios import Scenario, Step, read_scenario
from understudy.finding import Finding
from understudy_mock import choices
from understudy_mock.exchange import Fault, RefusalError
from understudy_mock.faults import Mishap
from understudy_mock.state.memory import Seeds

if TYPE_CHECKING:
    from understudy.contract.model import Contract
    from understudy_mock.compiling import CompiledContract, CompiledOperation
    from understudy_mock.exchange import Answer, Exchange
    from understudy_mock.faults import Faults
    from understudy_mock.session import Session
    from understudy_mock.state.memory import Memory
    from understudy_mock.state.resources import Resources

_NONE = Scenario("")


@dataclass(frozen=True, slots=True)
class Scene:
    """What a scenario says about one request: the step that is due, if any, and the state that answers."""

    scenario: Scenario
    memory: Memory | None
    step: Step | None = None
    position: int = 0

    @property
    def about(self) -> str:
        """Which step of which scenario, as the answer's reason tells it."""
        return f"scenario {self.scenario.name}, step {self.position + 1}"

    @property
    def is_forced(self) -> bool:
        """Tell whether the step says what is answered, not only how."""
        return self.step is not None and self.step.status is not None

    async def direct(self, exchange: Exchange, faults: Faults) -> None:
        """Let go wrong what the step wants, and make its answer the one that is wished for. Raises BrokenOffError."""
        if self.step is None:
            return
        if self.step.delay is not None or self.step.fault is not None:
            mishap = exchange.mishap = exchange.mishap or Mishap(faults, exchange)
            await mishap.strike(self.step.delay, self.step.fault, self.about)
        if self.is_forced:
            exchange.wish = replace(exchange.wish, code=self.step.status, example=self.step.example)

    def sign(self, answer: Answer) -> Answer:
        """Say in the answer that the scenario chose it."""
        return answer if self.step is None else replace(answer, reason=f"{self.about}: {answer.reason}")


@dataclass(frozen=True, slots=True)
class _Chosen(Scene):
    """The answer that was chosen for the session stands where a scenario's step would."""

    @property
    def about(self) -> str:
        """Who chose."""
        return "chosen for this session"


def read(contract: Contract, resources: Resources) -> tuple[dict[str, Scenario], list[Finding]]:
    """Read all scenarios of a contract, by name. Those with flaws are left out, and their flaws told with the line."""
    found: dict[str, Scenario] = {}
    findings: list[Finding] = []
    for source in contract.scenarios:
        scenario, flaws = read_scenario(source, contract, resources.by_name)
        for flaw in flaws:
            location = source.location(flaw.tokens, of_key=flaw.of_key)
            remedy = flaw.remedy or "`understudy check` explains the scenarios."
            findings.append(Finding("scenarios", flaw.message, remedy=remedy, location=location))
        if not flaws:
            found.setdefault(scenario.name, scenario)
    return found, findings


def seeds(resources: Resources, scenario: Scenario | None) -> Seeds:
    """Gather what the memory starts with, in a scenario if there is one; views start what they look at."""
    found: dict[str, list[dict[str, Any]]] = {}
    ids: dict[str, str | None] = {}
    for resource in resources.by_name.values():
        given = scenario.given.get(resource.name) if scenario is not None else None
        start = resource.seeds or resources.made.get(resource.name, ())
        items = start if given is None else given.start(start)
        found.setdefault(resource.store, []).extend(items)
        if resource.store == resource.name and not resource.members:
            ids[resource.name] = resource.id
    return Seeds(found, ids)


def enter(operation: CompiledOperation, exchange: Exchange) -> Scene | None:
    """Find what a scenario says about a request; None, quickly, without one. Raises RefusalError for an unknown one.

    What was chosen for the operation in this session comes before any scenario but the request's own.
    """
    session = exchange.session
    if session is None:
        return None
    if session.document.group(choices.GROUP) and (scene := _chosen(operation, exchange, session)):
        return scene
    name = exchange.wish.scenario or session.scenario
    if name is None:
        return None
    contract = operation.contract
    scenario = contract.scenarios.get(name)
    if scenario is None:
        if exchange.wish.scenario is None:
            return None
        raise _unknown(name, contract)
    memory = session.memory(contract.name, scenario.name if scenario.given else None)
    steps = scenario.steps.get(operation.operation.id)
    wish = exchange.wish
    if steps is None or wish.code is not None or wish.example is not None or wish.dynamic:
        return Scene(scenario, memory)
    position = session.count("positions", f"{contract.name}/{name}/{operation.operation.id}") - 1
    return Scene(scenario, memory, steps.at(position), position)


def _chosen(operation: CompiledOperation, exchange: Exchange, session: Session) -> Scene | None:
    """Find the answer that was chosen for the session, for a request that wishes for none itself."""
    wish = exchange.wish
    if wish.dynamic or any((wish.code, wish.example, wish.variant, wish.scenario)):
        return None
    found = choices.chosen(session, operation.contract.name, operation.operation.id)
    if found is None:
        return None
    return _Chosen(_NONE, memory_of(operation, exchange), Step(found.status, found.example))


def memory_of(operation: CompiledOperation, exchange: Exchange) -> Memory | None:
    """Find what a session remembers of an operation's contract."""
    return exchange.session.memory(operation.contract.name) if exchange.session else None


def _unknown(name: str, contract: CompiledContract) -> RefusalError:
    known = ", ".join(contract.scenarios) or "none"
    message = f"{contract.name} has no scenario `{name}`; it has {known}"
    return RefusalError("unknown-scenario", (404,), (Fault("preference", ("scenario",), "unknown", message),))
