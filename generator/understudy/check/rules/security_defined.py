"""Every security requirement names a declared scheme (OpenAPI 3.1, section 4.8.30)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.check.rule import Rule
from understudy.contract import grammar
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Tokens
    from understudy.finding import Finding

RULE = Rule("security-defined", Severity.ERROR, "Declare the scheme under components.securitySchemes.")


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each name in a `security` list that no scheme has; in 3.2 it may be a URI instead."""
    components = contract.document.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    known = set(schemes) if isinstance(schemes, dict) else set()
    for node in grammar.walk(contract.document):
        if node.kind in ("openapi", "operation") and isinstance(node.value, dict):
            for tokens, name in _names(node.value.get("security"), (*node.tokens, "security")):
                if name not in known and not (contract.version.startswith("3.2") and ("/" in name or "#" in name)):
                    listed = f" Declared are: {', '.join(sorted(known))}." if known else ""
                    message = f"There is no security scheme `{name}`.{listed}"
                    yield RULE.at(contract, tokens, message, of_key=True)


def _names(security: Any, at: Tokens) -> Iterator[tuple[Tokens, str]]:
    for index, requirement in enumerate(security if isinstance(security, list) else ()):
        for name in requirement if isinstance(requirement, dict) else ():
            yield (*at, index, name), name
