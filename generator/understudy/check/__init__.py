"""Stage 2, validate: a contract goes in; findings come out.

`CHECKS` is the whole pipeline, in the order in which it runs. Every check has a `RULE` and a generator `check`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from understudy.check import examples, specification
from understudy.check.rule import Rule
from understudy.check.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract
    from understudy.finding import Finding

__all__ = ["CHECKS", "Check", "Rule", "check", "sentences"]


class Check(Protocol):
    """A module that finds one kind of fault."""

    RULE: Rule

    def check(self, contract: Contract) -> Iterator[Finding]:
        """Yield every finding of this kind."""


CHECKS: tuple[Check, ...] = (specification, examples, *RULES)


def check(contract: Contract) -> Iterator[Finding]:
    """Yield every finding of every check, each once. A fault of one kind never hides those of another."""
    seen: set[Finding] = set()
    for one in CHECKS:
        for finding in one.check(contract):
            if finding not in seen:
                seen.add(finding)
                yield finding


def sentences() -> dict[str, str]:
    """Say for every rule id what the rule asks for: the first sentence of its module."""
    return {one.RULE.id: (one.__doc__ or "").partition("\n")[0] for one in CHECKS}
