"""A rule's id, weight and usual remedy go in; findings at places of a contract come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from understudy.finding import Finding, Severity

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Tokens
    from understudy.contract.source import Source

_OPERATION_DEPTH = 3


@dataclass(frozen=True)
class Rule:
    """What all findings of one kind share. The id is the file's name with dashes."""

    id: str
    severity: Severity
    remedy: str

    def at(
        self, contract: Contract, tokens: Tokens, message: str, *, remedy: str = "", of_key: bool = False
    ) -> Finding:
        """Make a finding at a place of the bundle, told by the file, line and column it was written in."""
        return Finding(
            self.id,
            message,
            self.severity,
            remedy or self.remedy,
            contract.location(tokens, of_key=of_key),
            operation_at(contract, tokens),
        )

    def beside(self, source: Source, tokens: Tokens, message: str, *, remedy: str = "", of_key: bool = True) -> Finding:
        """Make a finding in a file that stands beside the contract, such as its ledger."""
        location = source.location(tokens, of_key=of_key)
        return Finding(self.id, message, self.severity, remedy or self.remedy, location)


def operation_at(contract: Contract, tokens: Tokens) -> str:
    """Name the operation that a place belongs to: its operationId, or `METHOD /path`, or nothing."""
    if len(tokens) < _OPERATION_DEPTH or tokens[0] not in ("paths", "webhooks"):
        return ""
    value = contract.document.get(str(tokens[0]))
    for token in tokens[1:_OPERATION_DEPTH]:
        value = value.get(str(token)) if isinstance(value, dict) else None
    if not isinstance(value, dict):
        return ""
    declared = value.get("operationId")
    return declared if isinstance(declared, str) and declared else f"{str(tokens[2]).upper()} {tokens[1]}"
