"""An operation that can be asked wrongly says how it refuses: by a 4xx or default response that can tell what is wrong.

A response that is declared as an image or another opaque media type only, without an example, can't: the mock answers
problem+json (RFC 9457) in its stead, which the contract does not declare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.check.rule import Rule
from understudy.contract.opaque import is_opaque
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
        for status, response in operation.responses.items():
            opaque = _opaque(response.value) if status[:1] == "4" else []
            if opaque:
                told = " or ".join(opaque)
                message = f"The response {status} of {operation.id} is {told}, which tells no client why."
                remedy = "Declare application/problem+json or another readable media type beside it, or an example."
                yield RULE.at(contract, (*response.tokens, "content"), message, remedy=remedy, of_key=True)


def _opaque(response: dict[str, Any]) -> list[str]:
    """List the media types of a response if none of them can say anything, and none has an example."""
    content = response.get("content") if isinstance(response, dict) else None
    declared = content if isinstance(content, dict) else {}
    for name, media in declared.items():
        if not is_opaque(name) or not isinstance(media, dict) or media.keys() & {"example", "examples"}:
            return []
    return list(declared)


def _reasons(operation: Operation) -> list[str]:
    found = {
        "parameters": bool(operation.parameters),
        "a body": operation.request_body is not None,
        "credentials": bool(operation.security) and all(operation.security),
    }
    return [reason for reason, holds in found.items() if holds]
