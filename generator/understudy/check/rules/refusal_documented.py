"""An operation that can be asked wrongly says how it refuses: it declares a 4xx or a default response."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.check.rule import Rule
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Operation
    from understudy.finding import Finding

RULE = Rule(
    "refusal-documented", Severity.WARNING, "Declare the 4xx that a wrong request is answered with, or a default."
)


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each operation that takes input or credentials and knows no refusal."""
    for operation in contract.operations:
        reasons = _reasons(operation)
        if reasons and not any(status[:1] == "4" or status == "default" for status in operation.responses):
            message = f"{operation.id} takes {' and '.join(reasons)}, but declares no 4xx and no default response."
            tokens = (*operation.tokens, *(("responses",) if "responses" in operation.value else ()))
            yield RULE.at(contract, tokens, message, of_key=True)


def _reasons(operation: Operation) -> list[str]:
    found = {
        "parameters": bool(operation.parameters),
        "a body": operation.request_body is not None,
        "credentials": bool(operation.security) and all(operation.security),
    }
    return [reason for reason, holds in found.items() if holds]
