"""What `x-faker` and `x-json-schema-faker` ask for is known here, and makes a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.check.rule import Rule
from understudy.contract import faker_extension as extension
from understudy.contract import grammar
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract
    from understudy.finding import Finding

RULE = Rule(
    "faker-extension",
    Severity.INFO,
    "Leave it out, or name another one; docs/serve.md lists those that are known. Values are made without it.",
)


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each method that nobody knows, and each setting without effect."""
    if extension.SETTINGS_KEY in contract.document:
        for tokens, message in extension.setting_faults(contract.document[extension.SETTINGS_KEY]):
            yield RULE.at(contract, (extension.SETTINGS_KEY, *tokens), message)
    for node in grammar.walk(contract.document):
        if node.kind == "schema" and isinstance(node.value, dict) and extension.KEY in node.value:
            for message in extension.method_faults(node.value[extension.KEY]):
                yield RULE.at(contract, (*node.tokens, extension.KEY), message)
