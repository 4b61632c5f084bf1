"""What `x-understudy-resource` says can be understood, and names only what the contract has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.check.resources import known_resources
from understudy.check.rule import Rule
from understudy.contract import grammar
from understudy.contract import resource_grammar as extension
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.grammar import Node
    from understudy.contract.model import Contract
    from understudy.finding import Finding

RULE = Rule("resource-extension", Severity.ERROR, extension.REMEDY)

_LEVELS = {"pathItem": "path", "operation": "operation", "schema": "schema"}


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each fault of each extension, on path items, operations and schemas."""
    for node in grammar.walk(contract.document):
        if node.kind in _LEVELS and isinstance(node.value, dict) and extension.KEY in node.value:
            yield from _faults(contract, node)


def _faults(contract: Contract, node: Node) -> Iterator[Finding]:
    level, declared = _LEVELS[node.kind], node.value[extension.KEY]
    at = (*node.tokens, extension.KEY)
    for tokens, message in extension.faults(declared, level):
        is_key = message.endswith("may stand here.")
        remedy = f"Known are {', '.join(extension.known_keys(level))}." if is_key else ""
        yield RULE.at(contract, (*at, *tokens), message, remedy=remedy, of_key=is_key)
    for tokens, message in extension.unknown(declared, level, contract):
        yield RULE.at(contract, (*at, *tokens), message)
    name = declared.get("resource") if isinstance(declared, dict) else None
    behaviour = contract.behaviour.value if contract.behaviour else None
    known = known_resources(contract, behaviour if isinstance(behaviour, dict) else {})
    if isinstance(name, str) and name not in known:
        yield RULE.at(contract, (*at, "resource"), f"There is no resource `{name}`.")
