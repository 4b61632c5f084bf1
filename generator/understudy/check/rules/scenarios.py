"""Scenarios name only what the contract has: operations, statuses, examples and resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.check.resources import known_resources
from understudy.check.rule import Rule
from understudy.contract.scenarios import read_scenario
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract
    from understudy.finding import Finding

RULE = Rule("scenarios", Severity.ERROR, "Correct the name, or declare what it names.")


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each fault of each file of `scenarios/` at its line, and each name that two of them have."""
    behaviour = contract.behaviour.value if contract.behaviour else None
    resources = known_resources(contract, behaviour if isinstance(behaviour, dict) else {})
    seen: dict[str, str] = {}
    for source in contract.scenarios:
        scenario, flaws = read_scenario(source, contract, resources)
        for flaw in flaws:
            yield RULE.beside(source, flaw.tokens, flaw.message, remedy=flaw.remedy, of_key=flaw.of_key)
        if scenario.name in seen:
            message = f"{seen[scenario.name]} is named `{scenario.name}` too."
            yield RULE.beside(source, ("name",), message, remedy="Give each scenario a name of its own.", of_key=False)
        seen.setdefault(scenario.name, source.path)
