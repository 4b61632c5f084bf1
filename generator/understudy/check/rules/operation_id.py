"""Every operation has an operationId."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.check.rule import Rule
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract
    from understudy.finding import Finding

RULE = Rule(
    "operation-id", Severity.WARNING, "Add an operationId: models, handlers, behaviour and the ledger go by that name."
)


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each operation without a name."""
    for operation in contract.operations:
        if operation.value.get("operationId") in (None, ""):
            message = f"{operation.method} {operation.path} has no operationId."
            yield RULE.at(contract, operation.tokens, message, of_key=True)
