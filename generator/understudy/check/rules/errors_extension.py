"""What `x-understudy-errors` says can be understood: JSON pointers to places, and what stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.check.rule import Rule
from understudy.contract import errors_extension as extension
from understudy.contract import grammar
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract
    from understudy.finding import Finding

RULE = Rule("errors-extension", Severity.ERROR, extension.REMEDY)

_OWNERS = ("operation", "response")


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each fault of each extension, at the root, on operations and on responses."""
    for node in grammar.walk(contract.document):
        is_owner = node.kind in _OWNERS or not node.tokens
        if is_owner and isinstance(node.value, dict) and extension.KEY in node.value:
            for tokens, message in extension.faults(node.value[extension.KEY]):
                yield RULE.at(contract, (*node.tokens, extension.KEY, *tokens), message)
