"""The names in a path's template and its declared path parameters are the same (OpenAPI 3.1, section 4.8.8)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from understudy.check.rule import Rule
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Operation
    from understudy.finding import Finding

RULE = Rule("path-parameters", Severity.ERROR, "Let the template and the parameters name the same things.")

_NAME = re.compile(r"\{([^{}/]*)\}")


def check(contract: Contract) -> Iterator[Finding]:
    """Yield what is in the template only, what is declared only, and what is not marked as required."""
    paths = contract.document.get("paths")
    for path in paths if isinstance(paths, dict) else ():
        yield from _template(contract, path)
    for operation in contract.operations:
        yield from _operation(contract, operation)


def _template(contract: Contract, path: str) -> Iterator[Finding]:
    tokens = ("paths", path)
    remedy = "Write each parameter once, as {name}."
    if not path.startswith("x-") and re.search(r"[{}]", _NAME.sub("", path)):
        yield RULE.at(contract, tokens, f"The braces in `{path}` do not pair up.", remedy=remedy, of_key=True)
    for name, times in Counter(_NAME.findall(path)).items():
        if times > 1 or not name:
            message = (
                f"`{path}` names `{{{name}}}` {times} times." if name else f"`{path}` has a parameter without name."
            )
            yield RULE.at(contract, tokens, message, remedy=remedy, of_key=True)


def _operation(contract: Contract, operation: Operation) -> Iterator[Finding]:
    template = [name for name in dict.fromkeys(_NAME.findall(operation.path)) if name]
    declared = {str(one.value.get("name")): one for one in operation.parameters if one.value.get("in") == "path"}
    for name in template:
        if name not in declared:
            message = f"{operation.id} does not declare the path parameter `{name}` of {operation.path}."
            remedy = f"Add a parameter with name: {name}, in: path, required: true."
            yield RULE.at(contract, operation.tokens, message, remedy=remedy, of_key=True)
    for name, placed in declared.items():
        if name not in template:
            message = f"The path parameter `{name}` of {operation.id} has no place in {operation.path}."
            tokens = (*placed.tokens, "name") if "name" in placed.value else placed.tokens
            yield RULE.at(contract, tokens, message, remedy=f"Put {{{name}}} into the path, or remove the parameter.")
        if placed.value.get("required") is not True:
            at = (*placed.tokens, "required") if "required" in placed.value else placed.tokens
            message = f"The path parameter `{name}` is not marked as required."
            yield RULE.at(contract, at, message, remedy="Add required: true, as every path parameter must have.")
