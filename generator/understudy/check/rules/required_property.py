"""What a schema requires it also declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.check.properties import declared
from understudy.check.rule import Rule
from understudy.contract import grammar
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Tokens
    from understudy.finding import Finding

RULE = Rule("required-property", Severity.WARNING, "Correct the name, or declare the property.")

_PARTS = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas")


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each required name that no part of a complete schema declares; parts of a combination are not complete."""
    for node in grammar.walk(contract.document):
        if node.kind != "schema" or not isinstance(node.value, dict) or set(node.tokens[-2:]) & set(_PARTS):
            continue
        if isinstance(node.value.get("required"), list) and ("properties" in node.value or "allOf" in node.value):
            yield from _schema(contract, node.tokens, node.value["required"])


def _schema(contract: Contract, tokens: Tokens, required: list[object]) -> Iterator[Finding]:
    names = declared(contract, tokens)
    for index, name in enumerate(required):
        if names is not None and isinstance(name, str) and name not in names:
            message = f"`{name}` is required, but no property of that name is declared."
            yield RULE.at(contract, (*tokens, "required", index), message)
