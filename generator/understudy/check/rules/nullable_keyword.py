"""`nullable` is used only where it counts: in OpenAPI 3.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.check.rule import Rule
from understudy.contract import grammar
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract
    from understudy.finding import Finding

RULE = Rule("nullable-keyword", Severity.WARNING, 'Add "null" to the type instead, such as type: [string, "null"].')


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each `nullable` in a document of 3.1 or later, where JSON Schema has taken its place."""
    if contract.version.startswith("3.0"):
        return
    for node in grammar.walk(contract.document):
        if node.kind == "schema" and isinstance(node.value, dict) and "nullable" in node.value:
            message = f"`nullable` means nothing in OpenAPI {contract.version[:3]}."
            yield RULE.at(contract, (*node.tokens, "nullable"), message, of_key=True)
