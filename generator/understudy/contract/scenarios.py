"""A file of `scenarios/` goes in; the named situation it tells comes out, with every fault of its writing.

`given` maps resources to all their items, or to changes (`remove`, `change`, `add`) of what they start with; `steps`
maps operations to answers in order, the last of which repeats unless it is `then: state`. docs/serve.md shows one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from understudy.contract.fault_grammar import WIRE, FaultGrammarError, parse_action, parse_delay

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from understudy.contract.fault_grammar import Delay, FaultAction
    from understudy.contract.model import Contract, Operation, Tokens
    from understudy.contract.source import Source

_TOP = ("name", "description", "given", "steps")
_STEP = ("status", "example", "delay", "fault", "then")
_CHANGES = ("remove", "change", "add")
_CHANGE = ("match", "set")

Item = dict[str, Any]

STATUSES = range(200, 600)
"""Those that end a request (RFC 9110, section 15); interim ones, 1xx, only come before an answer."""


@dataclass(frozen=True)
class Step:
    """One answer: forced where it has a status, else the ordinary one; late or marred as it says."""

    status: int | None = None
    example: str | None = None
    delay: Delay | None = None
    fault: FaultAction | None = None


@dataclass(frozen=True)
class Given:
    """What a resource starts with: `items` outright, or what it starts with anyhow, changed."""

    items: tuple[Item, ...] | None = None
    remove: tuple[Item, ...] = ()
    change: tuple[tuple[Item, Item], ...] = ()
    add: tuple[Item, ...] = ()

    def start(self, seeds: Iterable[Item]) -> list[Item]:
        """Make the items a resource starts with."""
        if self.items is not None:
            return list(self.items)
        kept = [item for item in seeds if not any(_agrees(item, match) for match in self.remove)]
        for match, values in self.change:
            kept = [{**item, **values} if _agrees(item, match) else item for item in kept]
        return [*kept, *self.add]


@dataclass(frozen=True)
class Steps:
    """The answers of one operation in order. `ends`: after the last one the state answers; else the last repeats."""

    answers: tuple[Step, ...]
    ends: bool = False

    def at(self, position: int) -> Step | None:
        """Find the answer to the request with this number, counted from 0."""
        if position < len(self.answers):
            return self.answers[position]
        return None if self.ends or not self.answers else self.answers[-1]


@dataclass(frozen=True)
class Scenario:
    """A named situation."""

    name: str
    description: str = ""
    given: dict[str, Given] = field(default_factory=dict)
    steps: dict[str, Steps] = field(default_factory=dict)


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a scenario's file, at which tokens of it, and what to do."""

    tokens: Tokens
    message: str
    remedy: str = ""
    of_key: bool = False


def read_scenario(source: Source, contract: Contract, resources: Collection[str]) -> tuple[Scenario, list[Flaw]]:
    """Read one file against the contract and the names of its resources; what has flaws is read as far as it goes."""
    return _Reader(source, contract, resources).read()


def _agrees(item: Item, match: Item) -> bool:
    return all(name in item and item[name] == value for name, value in match.items())


class _Reader:
    def __init__(self, source: Source, contract: Contract, resources: Collection[str]) -> None:
        self.source, self.resources = source, resources
        self.operations = {operation.id: operation for operation in reversed(contract.operations)}
        self.flaws: list[Flaw] = []

    def read(self) -> tuple[Scenario, list[Flaw]]:
        value = self.mapping((), self.source.value, _TOP)
        scenario = Scenario(
            name=self.text(("name",), value.get("name", PurePath(self.source.path).stem)),
            description=self.text(("description",), value.get("description", "")),
            given={name: self.given(name, told) for name, told in self.mapping(("given",), value.get("given")).items()},
            steps={name: self.steps(name, told) for name, told in self.mapping(("steps",), value.get("steps")).items()},
        )
        if not scenario.given and not scenario.steps and not self.flaws:
            self.flaw((), "The scenario changes nothing.", "Give it `given` or `steps`.")
        return scenario, self.flaws

    def flaw(self, at: Tokens, message: str, remedy: str = "", *, of_key: bool = False) -> None:
        self.flaws.append(Flaw(at, message, remedy, of_key))

    def text(self, at: Tokens, value: Any) -> str:
        if not isinstance(value, str) or (at == ("name",) and (not value or not value.isprintable() or "," in value)):
            self.flaw(at, f"`{at[-1]}` must be a text.", "Quote it." if at != ("name",) else "Use letters and hyphens.")
        return str(value)

    def mapping(self, at: Tokens, value: Any, known: tuple[str, ...] | None = None) -> dict[str, Any]:
        if value is None:
            value = {}
        if not isinstance(value, dict):
            what = f"`{at[-1]}`" if at else "A scenario"
            self.flaw(at, f"{what} must be a mapping.", f"Known keys are {_listed(known)}." if known else "")
            return {}
        for key in value:
            if known is not None and key not in known:
                message = f"`{key}` is no key that may stand here."
                self.flaw((*at, key), message, f"Known are {_listed(known)}.", of_key=True)
        return value

    def items(self, at: Tokens, value: Any) -> tuple[Item, ...]:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.flaw(at, f"`{at[-1]}` must be a list of objects.", "Start each with a dash.")
            return ()
        return tuple(value)

    def given(self, name: str, told: Any) -> Given:
        at: Tokens = ("given", name)
        if name not in self.resources:
            remedy = f"Known are {_listed(sorted(self.resources))}." if self.resources else "The contract has none."
            self.flaw(at, f"There is no resource `{name}`.", remedy, of_key=True)
        if isinstance(told, list):
            return Given(items=self.items(at, told))
        changes = self.mapping(at, told, _CHANGES)
        parts = {key: self.items((*at, key), changes[key]) for key in _CHANGES if key in changes}
        return Given(
            remove=parts.get("remove", ()),
            change=tuple(self.change((*at, "change", index), one) for index, one in enumerate(parts.get("change", ()))),
            add=parts.get("add", ()),
        )

    def change(self, at: Tokens, value: Item) -> tuple[Item, Item]:
        told = self.mapping(at, value, _CHANGE)
        if "set" not in told:
            self.flaw(at, "A change says what to `set`.", "Write `{match: {id: …}, set: {…}}`.")
        return self.mapping((*at, "match"), told.get("match")), self.mapping((*at, "set"), told.get("set"))

    def steps(self, name: str, told: Any) -> Steps:
        at: Tokens = ("steps", name)
        operation = self.operations.get(name)
        if operation is None:
            remedy = f"It has {_listed(sorted(self.operations))}."
            self.flaw(at, f"The contract has no operation `{name}`.", remedy, of_key=True)
        entries = self.items(at, told)
        for index, entry in enumerate(entries):
            if "then" in entry:
                self.then((*at, index), entry, is_last=index == len(entries) - 1)
        answers = tuple(
            self.step((*at, index), entry, operation) for index, entry in enumerate(entries) if "then" not in entry
        )
        if told == []:
            self.flaw(at, f"`{name}` has no step.", "Give it one, or leave the operation out.")
        return Steps(answers, ends=bool(entries) and "then" in entries[-1])

    def then(self, at: Tokens, entry: Item, *, is_last: bool) -> None:
        if entry != {"then": "state"}:
            self.flaw(at, "The only thing that may come `then` is `state`.", "Write `- then: state`.")
        if not is_last:
            self.flaw(at, "`then: state` must be the last step.", "Move it to the end.")

    def step(self, at: Tokens, entry: Item, operation: Operation | None) -> Step:
        told = self.mapping(at, entry, _STEP)
        if not told:
            self.flaw(at, "The step says nothing.", f"Known keys are {_listed(_STEP)}.")
        if "status" in told or "example" in told:
            self.answer(at, told, operation)
        status = told.get("status")
        return Step(
            status=status if isinstance(status, int) and not isinstance(status, bool) else None,
            example=str(told["example"]) if "example" in told else None,
            delay=self.delay((*at, "delay"), told["delay"]) if "delay" in told else None,
            fault=self.fault((*at, "fault"), told["fault"]) if "fault" in told else None,
        )

    def answer(self, at: Tokens, told: Item, operation: Operation | None) -> None:
        status = told.get("status")
        if not isinstance(status, int) or isinstance(status, bool) or status not in STATUSES:
            message = "`status` is missing." if status is None else f"`{status}` is no status that ends a request."
            self.flaw((*at, "status"), message, "Write a number such as 409.")
            return
        if operation is None:
            return
        declared = operation.responses
        keys = (str(status), f"{status // 100}XX", f"{status // 100}xx", "default")
        found = next((key for key in keys if key in declared), None)
        if found is None:
            message = f"{operation.id} declares no response {status}."
            self.flaw((*at, "status"), message, f"It declares {_listed(declared)}.")
        elif "example" in told and told["example"] not in (names := _example_names(declared[found].value)):
            message = f"The response {status} of {operation.id} has no example `{told['example']}`."
            self.flaw((*at, "example"), message, f"It has {_listed(names)}." if names else "")

    def delay(self, at: Tokens, value: Any) -> Delay | None:
        try:
            return parse_delay(value)
        except FaultGrammarError as error:
            self.flaw(at, f"{str(error).capitalize()}.", "Write milliseconds, such as 300.")
        return None

    def fault(self, at: Tokens, value: Any) -> FaultAction | None:
        try:
            action = parse_action(str(value))
        except FaultGrammarError as error:
            self.flaw(at, f"{error}.", f"Write one of {_listed(WIRE)}.")
            return None
        if action.kind not in WIRE:
            self.flaw(at, f"`{value}` is no fault of a step.", f"Write one of {_listed(WIRE)}; a step has a `status`.")
            return None
        return action


def _example_names(response: Any) -> list[str]:
    content = response.get("content") if isinstance(response, dict) else None
    names: dict[str, None] = {}
    for media_type in content.values() if isinstance(content, dict) else ():
        if isinstance(media_type, dict):
            named = media_type.get("examples")
            names |= dict.fromkeys(named) if isinstance(named, dict) else {}
            names |= {"default": None} if not named and "example" in media_type else {}
    return list(names)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
