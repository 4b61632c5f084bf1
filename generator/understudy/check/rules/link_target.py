"""Every link leads to an operation of the contract and to parameters that it has (OpenAPI 3.1, section 4.8.20)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.check.rule import Rule
from understudy.contract import grammar
from understudy.contract import pointer as pointers
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Operation, Tokens
    from understudy.finding import Finding

RULE = Rule("link-target", Severity.ERROR, "Name an operation of this contract and the parameters it declares.")


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each link whose operation or parameter does not exist."""
    for node in grammar.walk(contract.document):
        if node.kind == "link" and isinstance(node.value, dict) and "$ref" not in node.value:
            yield from _link(contract, node.tokens, node.value)


def _link(contract: Contract, tokens: Tokens, link: dict[str, Any]) -> Iterator[Finding]:
    name, reference = link.get("operationId"), link.get("operationRef")
    if isinstance(name, str):
        target = next((one for one in contract.operations if one.value.get("operationId") == name), None)
        if target is None:
            yield RULE.at(contract, (*tokens, "operationId"), f"The link names an unknown operation, `{name}`.")
    elif isinstance(reference, str) and reference.startswith("#/"):
        at = tuple(pointers.split_fragment(reference[1:]))
        target = next((one for one in contract.operations if one.tokens == at), None)
        if target is None:
            yield RULE.at(contract, (*tokens, "operationRef"), f"No operation stands at `{reference}`.")
    else:
        target = None
    if target is not None:
        yield from _parameters(contract, tokens, link.get("parameters"), target)


def _parameters(contract: Contract, tokens: Tokens, parameters: Any, target: Operation) -> Iterator[Finding]:
    known = {str(one.value.get("name")) for one in target.parameters}
    known |= {f"{one.value.get('in')}.{one.value.get('name')}" for one in target.parameters}
    for name in parameters if isinstance(parameters, dict) else ():
        if name not in known:
            message = f"The link sets `{name}`, which is no parameter of {target.id}."
            yield RULE.at(contract, (*tokens, "parameters", name), message, of_key=True)
