"""behaviour.yaml names only what the contract has, and its expressions compile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from understudy.check import expressions
from understudy.check.resources import known_resources
from understudy.check.rule import Rule
from understudy.check.rule_fields import FUNCTIONS, Vocabulary
from understudy.contract import pointer as pointers
from understudy.contract import resource_grammar
from understudy.contract.scenarios import STATUSES
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from understudy.check.expressions import Expression
    from understudy.contract.model import Contract, Operation, Tokens
    from understudy.contract.source import Source
    from understudy.finding import Finding

RULE = Rule("behaviour", Severity.ERROR, "Correct the name, or declare what it names.")

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_TOLD = resource_grammar.REMEDY
_TOP = ("clock", "resources", "wording", "rules")
_ENTRY = ("description", "when", "respond", "create", "set", "delete", "answer")
_VARIABLES = frozenset(("request", "item", "state", "now", "result"))


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each unknown name and each expression that does not compile, at its line."""
    if contract.behaviour is not None:
        yield from _Behaviour(contract, contract.behaviour).findings()


class _Behaviour:
    def __init__(self, contract: Contract, source: Source) -> None:
        self.source = source
        self.contract = contract
        self.operations = {operation.id: operation for operation in reversed(contract.operations)}
        self.value: dict[str, Any] = source.value if isinstance(source.value, dict) else {}
        self.resources = known_resources(contract, self.value)
        self.vocabulary = Vocabulary(contract, self.value)
        self.operation: Operation | None = None

    def findings(self) -> Iterator[Finding]:
        if not isinstance(self.source.value, dict):
            yield self.say((), "behaviour.yaml is a mapping.", f"It may have the keys {_listed(_TOP)}.")
        yield from self.unknown_keys((), self.value, _TOP)
        clock = self.value.get("clock", "2024-01-01T00:00:00Z")
        if not isinstance(clock, str) or not _INSTANT.fullmatch(clock):
            remedy = 'Write it like "2024-01-15T12:00:00Z".'
            yield self.say(("clock",), "`clock` must be an instant as RFC 3339 writes it.", remedy)
        yield from self.resource_findings()
        for key, text in _mapping(self.value.get("wording")).items():
            if not isinstance(text, str):
                yield self.say(("wording", key), f"The wording of `{key}` must be a text.", "Quote it.")
        for name, entries in self.section("rules"):
            yield from self.operation_findings(("rules", name), name, entries)
        for name in ("resources", "wording", "rules"):
            if name in self.value and not isinstance(self.value[name], dict):
                yield self.say((name,), f"`{name}` must be a mapping.", "Write `key: value` pairs below it.")

    def say(self, tokens: Tokens, message: str, remedy: str = "") -> Finding:
        return RULE.beside(self.source, tokens, message, remedy=remedy, of_key=False)

    def section(self, name: str) -> Iterable[tuple[str, Any]]:
        return _mapping(self.value.get(name)).items()

    def unknown_keys(self, tokens: Tokens, value: Any, known: tuple[str, ...]) -> Iterator[Finding]:
        for key in _mapping(value):
            if key not in known:
                message, remedy = f"`{key}` is no key that may stand here.", f"Known are {_listed(known)}."
                yield RULE.beside(self.source, (*tokens, key), message, remedy=remedy)

    def resource_findings(self) -> Iterator[Finding]:
        for name, resource in self.section("resources"):
            at: Tokens = ("resources", name)
            if not isinstance(resource, dict):
                keys = resource_grammar.known_keys("behaviour")
                yield self.say(at, f"The resource `{name}` must be a mapping.", f"Known keys are {_listed(keys)}.")
                continue
            for tokens, message in resource_grammar.faults(resource, "behaviour"):
                remedy = f"Known are {_listed(resource_grammar.known_keys('behaviour'))}."
                is_key = message.endswith("may stand here.")
                yield RULE.beside(
                    self.source, (*at, *tokens), message, remedy=remedy if is_key else _TOLD, of_key=is_key
                )
            for tokens, message in resource_grammar.unknown(resource, "behaviour", self.contract):
                yield self.say((*at, *tokens), message)
            if "in" in resource:
                yield from self.resource_named((*at, "in"), resource["in"])
            yield from self.seed_findings((*at, "seed"), resource.get("seed", []))

    def seed_findings(self, at: Tokens, seed: Any) -> Iterator[Finding]:
        if isinstance(seed, dict):
            yield from self.unknown_keys(at, seed, ("from", "where"))
            name = seed.get("from")
            if not isinstance(name, str) or name not in self.operations:
                yield self.say((*at, "from"), f"There is no operation `{name}` to seed from.")
            if "where" in seed:
                yield from self.expression((*at, "where"), seed["where"])
        elif not isinstance(seed, list) or not all(isinstance(item, dict) for item in seed):
            yield self.say(at, "A seed is a list of objects, or `from` an operation.")

    def operation_findings(self, at: Tokens, name: str, entries: Any) -> Iterator[Finding]:
        operation = self.operations.get(name)
        if operation is None:
            message = f"The contract has no operation `{name}`."
            yield RULE.beside(self.source, at, message)
        if not isinstance(entries, list):
            yield self.say(at, f"The rules of `{name}` must be a list.", "Start each rule with a dash.")
            return
        self.operation = operation
        yield from self.unreachable(at, entries)
        for index, entry in enumerate(entries):
            if not isinstance(entry, dict):
                yield self.say((*at, index), "A rule is a mapping.", f"Known keys are {_listed(_ENTRY)}.")
                continue
            yield from self.rule_findings((*at, index), operation, entry)

    def rule_findings(self, at: Tokens, operation: Operation | None, entry: dict[str, Any]) -> Iterator[Finding]:
        yield from self.unknown_keys(at, entry, _ENTRY)
        if not isinstance(entry.get("description", ""), str):
            yield self.say((*at, "description"), "A rule's `description` must be a text.", "Quote it.")
        if "when" in entry:
            yield from self.expression((*at, "when"), entry["when"])
        if "respond" in entry and operation is not None:
            yield from self.respond_findings((*at, "respond"), operation, entry["respond"])
        for effect in ("create", "delete"):
            if effect in entry:
                yield from self.effect_findings((*at, effect), entry[effect])
        if "set" in entry:
            yield from self.set_findings((*at, "set"), entry["set"])
        if "answer" in entry:
            yield from self.expressions((*at, "answer"), entry["answer"])
            yield from self.pointer_findings((*at, "answer"), entry["answer"])

    def unreachable(self, at: Tokens, entries: list[Any]) -> Iterator[Finding]:
        """Yield the rules that never get a turn: one that responds ends the request, so others wait for it not to."""
        rules = [(index, entry) for index, entry in enumerate(entries) if isinstance(entry, dict)]
        seen: dict[Any, int] = {}
        for index, entry in rules:
            if "respond" not in entry:
                continue
            when = entry.get("when")
            ended = next((one for told, one in seen.items() if told in (None, when)), None)
            if ended is not None:
                yield self.never((*at, index), at, ended)
            constant = expressions.read(when).constant if isinstance(when, str) else None
            if constant is False:
                yield self.say((*at, index, "when"), "This rule is never reached: its condition never holds.")
            seen.setdefault(None if when is None or constant is True else str(when), index)
        if None in seen:
            yield from (self.never((*at, index), at, seen[None]) for index, entry in rules if "respond" not in entry)

    def never(self, tokens: Tokens, at: Tokens, index: int) -> Finding:
        line = self.source.location((*at, index)).line
        return self.say(tokens, f"This rule is never reached: the one on line {line} responds first.", "Remove one.")

    def set_findings(self, at: Tokens, change: Any) -> Iterator[Finding]:
        if isinstance(change, dict) and "in" in change:
            yield from self.unknown_keys(at, change, ("in", "where", "values"))
            yield from self.resource_named((*at, "in"), change["in"])
            if "where" in change:
                yield from self.expression((*at, "where"), change["where"])
            yield from self.value_findings((*at, "values"), change.get("values", {}))
        else:
            yield from self.value_findings(at, change)

    def value_findings(self, at: Tokens, values: Any) -> Iterator[Finding]:
        """Yield the fields that are set but that nothing shows and nothing reads."""
        yield from self.expressions(at, values)
        for name in _mapping(values):
            if not self.vocabulary.is_shown_or_read(str(name)):
                message = f"Nothing in the contract has a field `{name}`, and no rule reads it."
                yield RULE.beside(self.source, (*at, name), message)

    def pointer_findings(self, at: Tokens, answer: Any) -> Iterator[Finding]:
        for name in _mapping(answer):
            try:
                pointers.split(str(name))
            except ValueError:
                remedy = "Start it with a slash; the empty text is the whole answer."
                yield RULE.beside(self.source, (*at, name), f"`{name}` is no JSON pointer.", remedy=remedy)

    def respond_findings(self, at: Tokens, operation: Operation, respond: Any) -> Iterator[Finding]:
        if not isinstance(respond, dict):
            yield self.say(at, "`respond` must be a mapping.", "Give it a status, and an example.")
            return
        yield from self.unknown_keys(at, respond, ("status", "example"))
        status = str(respond.get("status", ""))
        if status.isdecimal() and int(status) not in STATUSES:
            message = f"`{status}` is no status that ends a request."
            yield self.say((*at, "status"), message, "Write a number such as 409.")
            return
        declared = operation.responses
        found = next((one for one in (status, f"{status[:1]}XX", "default") if one in declared), None)
        if found is None:
            what = f"no response {status}" if status else "a response without status"
            remedy = f"It declares {_listed(declared)}." if declared else ""
            yield self.say(
                (*at, "status"), f"{operation.id} declares {what}." if status else "`status` is missing.", remedy
            )
        elif "example" in respond:
            names = _example_names(declared[found].value)
            if respond["example"] not in names:
                message = f"The response {status} of {operation.id} has no example `{respond['example']}`."
                yield self.say((*at, "example"), message, f"It has {_listed(names)}." if names else "")

    def effect_findings(self, at: Tokens, effect: Any) -> Iterator[Finding]:
        if not isinstance(effect, dict):
            if effect is not True:
                yield self.say(at, f"`{at[-1]}` must be a mapping.", "Say `in` which resource.")
            return
        yield from self.unknown_keys(at, effect, ("in", "item", "where"))
        if "in" in effect:
            yield from self.resource_named((*at, "in"), effect["in"])
        if "where" in effect:
            yield from self.expression((*at, "where"), effect["where"])
        if "item" in effect:
            yield from self.value_findings((*at, "item"), effect["item"])

    def resource_named(self, at: Tokens, name: Any) -> Iterator[Finding]:
        if not isinstance(name, str) or name not in self.resources:
            yield self.say(at, f"There is no resource `{name}`.", f"Known are {_listed(sorted(self.resources))}.")

    def expressions(self, at: Tokens, value: Any) -> Iterator[Finding]:
        if isinstance(value, dict):
            for key, item in value.items():
                yield from self.expressions((*at, key), item)
        else:
            yield from self.expression(at, value)

    def expression(self, at: Tokens, value: Any) -> Iterator[Finding]:
        if not isinstance(value, str):
            remedy = "Quote it; a literal text carries quotation marks of its own, such as '\"active\"'."
            yield self.say(at, f"`{at[-1]}` must be a text that holds a CEL expression.", remedy)
            return
        read = expressions.read(value)
        if read.fault:
            yield self.say(at, f"The expression does not compile: {read.fault}.", "Correct the CEL expression.")
        for variable in sorted(read.variables - _VARIABLES):
            remedy = f"Known are {_listed(sorted(_VARIABLES))}; quote it if it is a text: '\"{variable}\"'."
            yield self.say(at, f"The expression names an unknown variable, `{variable}`.", remedy)
        for resource in read.resources:
            yield from self.resource_named(at, resource)
        yield from self.name_findings(at, read)

    def name_findings(self, at: Tokens, read: Expression) -> Iterator[Finding]:
        for name in sorted(read.functions - FUNCTIONS):
            yield self.say(at, f"There is no function `{name}`.", f"Known are {_listed(sorted(FUNCTIONS))}.")
        for name in self.vocabulary.unknown_fields(read):
            yield self.say(at, f"Nothing has a field `{name}`.", "Write it as the contract's schemas do.")
        for name, known in self.vocabulary.unknown_inputs(read, self.operation) if self.operation else ():
            yield self.say(at, f"The request has no `{name}`.", f"Known are {_listed(known)}." if known else "")


def _example_names(response: Any) -> list[str]:
    content = response.get("content") if isinstance(response, dict) else None
    names: dict[str, None] = {}
    for media_type in _mapping(content).values():
        names.update(dict.fromkeys(_mapping(_mapping(media_type).get("examples"))))
    return list(names)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
