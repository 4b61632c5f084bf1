"""No two operations share an operationId (OpenAPI 3.1, section 4.8.10.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.check.rule import Rule
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract
    from understudy.finding import Finding

RULE = Rule("operation-id-unique", Severity.ERROR, "Give each operation a name of its own.")


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each operationId that an earlier operation has already."""
    first: dict[str, str] = {}
    for operation in contract.operations:
        name = operation.value.get("operationId")
        if not isinstance(name, str) or not name:
            continue
        if name in first:
            message = f"The operationId `{name}` is taken by {first[name]}."
            yield RULE.at(contract, (*operation.tokens, "operationId"), message)
        first.setdefault(name, f"{operation.method} {operation.path}")
