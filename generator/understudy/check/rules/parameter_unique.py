"""No two parameters of one list share name and place (OpenAPI 3.1, section 4.8.10.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.check.rule import Rule
from understudy.contract import grammar
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Tokens
    from understudy.finding import Finding

RULE = Rule("parameter-unique", Severity.ERROR, "Remove one of the two.")


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each parameter that stands in the list a second time."""
    for node in grammar.walk(contract.document):
        listed = node.value.get("parameters") if isinstance(node.value, dict) else None
        if node.kind in ("pathItem", "operation") and isinstance(listed, list):
            yield from _listed(contract, (*node.tokens, "parameters"), len(listed))


def _listed(contract: Contract, tokens: Tokens, length: int) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for index in range(length):
        value = contract.follow((*tokens, index)).value
        if not isinstance(value, dict) or not isinstance(value.get("name"), str):
            continue
        key = str(value.get("in")), value["name"]
        if key in seen:
            yield RULE.at(contract, (*tokens, index), f"The {key[0]} parameter `{key[1]}` is declared twice.")
        seen.add(key)
