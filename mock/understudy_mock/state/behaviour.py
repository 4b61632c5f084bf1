"""`behaviour.yaml` goes in; its clock, resources, wording and rules come out, every expression compiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from understudy.contract import resource_grammar
from understudy.contract.scenarios import STATUSES
from understudy.errors import InputError
from understudy.finding import Finding
from understudy_mock.state.expressions import Expression, ExpressionError, compile_expression, compile_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy.contract.model import Contract, Tokens
    from understudy.contract.source import Source

_Part = TypeVar("_Part")

DEFAULT_CLOCK = datetime(2024, 1, 15, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Seed:
    """What a resource starts with: items written out, or those of an operation's first example, filtered."""

    items: tuple[dict[str, Any], ...] | None = None
    source: str | None = None
    where: Expression | None = None


@dataclass(frozen=True)
class Correction:
    """What `resources` says of one resource; None leaves it to inference."""

    path: str | None = None
    id: str | None = None
    inside: str | None = None
    members: str | None = None
    seed: Seed | None = None
    item: str | None = None
    parents: dict[str, str] | None = None
    kind: str | None = None
    items: str | None = None
    ignore: bool = False
    operations: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """An effect on the items of a resource: `resource` None means the item at hand."""

    resource: str | None
    where: Expression | None
    values: dict[str, Expression]


@dataclass(frozen=True)
class Rule:
    """One entry of an operation's rules."""

    when: Expression | None = None
    respond: tuple[int, str] | None = None
    create: Change | None = None
    set: Change | None = None
    delete: Change | None = None
    answer: dict[str, dict[str, Expression]] = field(default_factory=dict)

    @property
    def reads(self) -> frozenset[str]:
        """The resources its expressions look at."""
        found: set[str] = set(self.when.reads) if self.when else set()
        for change in (self.create, self.set, self.delete):
            if change:
                expressions = [*change.values.values(), *([change.where] if change.where else [])]
                found.update(*(expression.reads for expression in expressions))
        found.update(*(part.reads for values in self.answer.values() for part in values.values()))
        return frozenset(found)


@dataclass(frozen=True)
class Behaviour:
    """Everything the contract's prose says beyond what paths and schemas tell."""

    clock: datetime = DEFAULT_CLOCK
    corrections: dict[str, Correction] = field(default_factory=dict)
    wording: dict[str, str] = field(default_factory=dict)
    rules: dict[str, tuple[Rule, ...]] = field(default_factory=dict)


def read_behaviour(contract: Contract, flaws: list[Finding] | None = None) -> Behaviour:
    """Read the file beside the contract; without one, everything is inferred.

    What can't be understood raises InputError with the line; where there is a list of `flaws`, it is left out and told
    there: a rule, a resource, the clock.
    """
    source = contract.behaviour
    if source is None or source.value is None:
        return Behaviour()
    return _Reader(source, flaws).read()


class _Reader:
    def __init__(self, source: Source, flaws: list[Finding] | None) -> None:
        self.source, self.flaws = source, flaws

    def read(self) -> Behaviour:
        value = self._kept(self._mapping, self.source.value, ()) or {}
        rules, resources, wording = (
            self._kept(self._mapping, value.get(name, {}), (name,)) or {} for name in ("rules", "resources", "wording")
        )
        corrections = {name: self._kept(self._correction, one, ("resources", name)) for name, one in resources.items()}
        return Behaviour(
            clock=self._kept(self._clock, value.get("clock"), ("clock",)) or DEFAULT_CLOCK,
            corrections={name: correction for name, correction in corrections.items() if correction is not None},
            wording={key: str(text) for key, text in wording.items()},
            rules={name: tuple(self._rules(entries, ("rules", name))) for name, entries in rules.items()},
        )

    def _kept(self, read: Callable[[Any, Tokens], _Part], value: Any, at: Tokens) -> _Part | None:
        """Read a part; where flaws are gathered, one that can't be understood is told there and left out."""
        try:
            return read(value, at)
        except InputError as error:
            if self.flaws is None:
                raise
            self.flaws.append(error.finding)
            return None

    def _rules(self, entries: Any, at: Tokens) -> Iterator[Rule]:
        for index, entry in enumerate(self._kept(self._sequence, entries, at) or ()):
            rule = self._kept(self._rule, entry, (*at, index))
            if rule is not None:
                yield rule

    def _clock(self, value: Any, at: Tokens) -> datetime:
        if value is None:
            return DEFAULT_CLOCK
        try:
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            self._refuse("The clock is not an RFC 3339 instant.", at)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)

    def _correction(self, entry: Any, at: Tokens) -> Correction:
        value = self._mapping(entry or {}, at)
        for tokens, message in resource_grammar.faults(value, "behaviour"):
            self._refuse(message, (*at, *tokens))
        return Correction(
            path=value.get("path"),
            id=value.get("id"),
            inside=value.get("in"),
            members=value.get("members"),
            seed=self._seed(value["seed"], (*at, "seed")) if "seed" in value else None,
            item=value.get("item"),
            parents=value.get("parents"),
            kind="singleton" if value.get("singleton") is True else None,
            items=value.get("items"),
            ignore=value.get("ignore") is True,
            operations=value.get("operations") or {},
        )

    def _seed(self, value: Any, at: Tokens) -> Seed:
        if isinstance(value, list):
            return Seed(items=tuple(self._mapping(item, (*at, str(index))) for index, item in enumerate(value)))
        told = self._mapping(value, at)
        where = self._expression(told["where"], (*at, "where")) if "where" in told else None
        return Seed(source=str(told.get("from")), where=where)

    def _rule(self, entry: Any, at: Tokens) -> Rule:
        value = self._mapping(entry, at)
        respond = self._mapping(value["respond"], (*at, "respond")) if "respond" in value else None
        answer = self._mapping(value.get("answer", {}), (*at, "answer"))
        return Rule(
            when=self._expression(value["when"], (*at, "when")) if "when" in value else None,
            respond=(self._status(respond, (*at, "respond")), str(respond.get("example", ""))) if respond else None,
            create=self._change(value["create"], (*at, "create"), "item") if "create" in value else None,
            set=self._change(value["set"], (*at, "set"), "values") if "set" in value else None,
            delete=self._change(value["delete"], (*at, "delete"), "values") if "delete" in value else None,
            answer={pointer: self._expressions(values, (*at, "answer", pointer)) for pointer, values in answer.items()},
        )

    def _status(self, respond: dict[str, Any], at: Tokens) -> int:
        status = str(respond.get("status", ""))
        if not (status.isdecimal() and int(status) in STATUSES):
            self._refuse(f"`{status}` is no status that ends a request.", (*at, "status"))
        return int(status)

    def _change(self, entry: Any, at: Tokens, values_key: str) -> Change:
        value = self._mapping(entry, at)
        if "in" not in value:
            return Change(None, None, self._expressions(value, at))
        where = self._expression(value["where"], (*at, "where")) if "where" in value else None
        return Change(str(value["in"]), where, self._expressions(value.get(values_key, {}), (*at, values_key)))

    def _expressions(self, entry: Any, at: Tokens) -> dict[str, Expression]:
        values = self._mapping(entry, at)
        try:
            return compile_map(values)
        except ExpressionError:
            return {name: self._expression(text, (*at, name)) for name, text in values.items()}

    def _expression(self, text: Any, at: Tokens) -> Expression:
        try:
            return compile_expression(str(text))
        except ExpressionError as error:
            self._refuse(f"This is not CEL: {error}.", at)

    def _mapping(self, value: Any, at: Tokens) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._refuse("A mapping belongs here.", at)
        return value

    def _sequence(self, value: Any, at: Tokens) -> list[Any]:
        if not isinstance(value, list):
            self._refuse("A list of rules belongs here.", at)
        return value

    def _refuse(self, message: str, at: Tokens) -> NoReturn:
        remedy = "`understudy check` explains the behaviour file."
        raise InputError(Finding("behaviour", message, remedy=remedy, location=self.source.location(at)))
