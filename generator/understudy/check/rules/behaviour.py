"""behaviour.yaml names only what the contract has, and its expressions compile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from understudy.check import expressions
from understudy.check.resources import known_resources
from understudy.check.rule import Rule
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from understudy.contract.model import Contract, Operation, Tokens
    from understudy.contract.source import Source
    from understudy.finding import Finding

RULE = Rule("behaviour", Severity.ERROR, "Correct the name, or declare what it names.")

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_TOP = ("clock", "resources", "wording", "rules")
_RESOURCE = ("path", "id", "seed", "in", "members")
_ENTRY = ("when", "respond", "create", "set", "delete", "answer")
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
                yield self.say(at, f"The resource `{name}` must be a mapping.", f"Known keys are {_listed(_RESOURCE)}.")
                continue
            yield from self.unknown_keys(at, resource, _RESOURCE)
            paths = self.contract.document.get("paths")
            if "path" in resource and resource["path"] not in list(_mapping(paths)):
                yield self.say((*at, "path"), f"The contract has no path `{resource['path']}`.")
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
        for index, entry in enumerate(entries):
            if not isinstance(entry, dict):
                yield self.say((*at, index), "A rule is a mapping.", f"Known keys are {_listed(_ENTRY)}.")
                continue
            yield from self.rule_findings((*at, index), operation, entry)

    def rule_findings(self, at: Tokens, operation: Operation | None, entry: dict[str, Any]) -> Iterator[Finding]:
        yield from self.unknown_keys(at, entry, _ENTRY)
        if "when" in entry:
            yield from self.expression((*at, "when"), entry["when"])
        if "respond" in entry and operation is not None:
            yield from self.respond_findings((*at, "respond"), operation, entry["respond"])
        for effect in ("create", "delete"):
            if effect in entry:
                yield from self.effect_findings((*at, effect), entry[effect])
        for effect in ("set", "answer"):
            if effect in entry:
                yield from self.expressions((*at, effect), entry[effect])

    def respond_findings(self, at: Tokens, operation: Operation, respond: Any) -> Iterator[Finding]:
        if not isinstance(respond, dict):
            yield self.say(at, "`respond` must be a mapping.", "Give it a status, and an example.")
            return
        yield from self.unknown_keys(at, respond, ("status", "example"))
        status = str(respond.get("status", ""))
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
        for name in ("item", "where"):
            if name in effect:
                yield from self.expressions((*at, name), effect[name])

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
