"""Every translation says all of the contract's prose, as it stands now, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.check.rule import Rule
from understudy.contract.overlays import prose, read_overlay
from understudy.contract.overlays.translating import (
    Subject,
    judge,
    language_of,
    ledger_entries,
    prose_subject,
    scenario_name,
)
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Tokens
    from understudy.contract.overlays import Overlay
    from understudy.contract.source import Source
    from understudy.finding import Finding

RULE = Rule("translation", Severity.WARNING, "Translate it, or run `understudy overlay extract` for a place to do so.")


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each fault of each file of `i18n/` at its line, and each text that one of them lacks."""
    if contract.translations:
        subject = Subject(prose_subject(contract))
        for source in contract.translations:
            yield from findings(contract, subject, read_overlay(source))


def findings(contract: Contract, subject: Subject, overlay: Overlay) -> Iterator[Finding]:
    """Yield everything that is wrong with one translation."""
    judged = judge(subject, overlay)
    yield from judged.findings
    for tokens in judged.missing:
        yield _missing(contract, tokens, language_of(overlay))


def _missing(contract: Contract, tokens: Tokens, language: str) -> Finding:
    message = f"`{tokens[-1]}` has no translation into {language}."
    beside = _beside(contract, tokens)
    if beside is not None:
        source, place = beside
        return RULE.beside(source, place, message, of_key=False)
    if tokens[-1] == prose.DISPLAY_NAME:
        return RULE.at(contract, (*tokens[:-1], "name"), f"The tag's name has no translation into {language}.")
    return RULE.at(contract, tokens, message)


def _beside(contract: Contract, tokens: Tokens) -> tuple[Source, Tokens] | None:
    """Find the file and place of a text that stands beside the contract: of a rule, a scenario, or the ledger."""
    if tokens[0] == prose.LEDGER and contract.ledger:
        index, _ = ledger_entries(contract)[str(tokens[1])]
        return contract.ledger, ("operations", index, *tokens[2:])
    if tokens[0] != prose.BEHAVIOUR:
        return None
    if tokens[1] == "rules" and contract.behaviour:
        return contract.behaviour, tokens[1:]
    return next(one for one in contract.scenarios if scenario_name(one) == tokens[2]), ("description",)
