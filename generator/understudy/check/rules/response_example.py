"""Every response that has content shows an example of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.check.examples import OPAQUE
from understudy.check.rule import Rule
from understudy.contract import grammar
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Tokens
    from understudy.finding import Finding

RULE = Rule("response-example", Severity.INFO, "Add an example: the mock then answers with it instead of inventing.")

_FIELDS = ("example", "examples", "default", "const")


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each media type of a response, shared ones once, that neither itself nor by its schema shows an example."""
    for node in grammar.walk(contract.document):
        content = node.value.get("content") if node.kind == "response" and isinstance(node.value, dict) else None
        for media_type, value in (content if isinstance(content, dict) else {}).items():
            tokens = (*node.tokens, "content", media_type)
            if isinstance(value, dict) and _lacks(contract, tokens, value):
                message = f"The response has no example of its {media_type} content."
                yield RULE.at(contract, tokens, message, of_key=True)


def _lacks(contract: Contract, tokens: Tokens, value: dict[str, Any]) -> bool:
    if str(tokens[-1]).lower().startswith(OPAQUE) or "$ref" in value:
        return False
    if "example" in value or value.get("examples"):
        return False
    schema = contract.follow((*tokens, "schema")).value if "schema" in value else None
    return not (isinstance(schema, dict) and any(name in schema for name in _FIELDS))
