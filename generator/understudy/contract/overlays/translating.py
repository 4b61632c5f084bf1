"""A contract and the overlays of its `i18n/` go in; the contract in other languages comes out, and what they lack.

A translation says prose anew and changes nothing else: without their prose, it and the contract are equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from understudy.contract.overlays import prose
from understudy.contract.overlays.applying import TARGET, apply
from understudy.contract.overlays.document import LANGUAGE, SOURCE, UNTRANSLATED, UNUSED, read_overlay
from understudy.errors import InputError
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from understudy.contract.model import Contract, Tokens
    from understudy.contract.overlays.applying import Applied, Change, Outcome
    from understudy.contract.overlays.document import Action, Overlay
    from understudy.contract.overlays.prose import Spot
    from understudy.contract.source import Source
    from understudy.finding import Finding

RULE = "translation"

_STALE_REMEDY = "Bring it up to date and remove this line, which `understudy overlay extract` then writes anew."


@dataclass(frozen=True)
class Translation:
    """A contract in another language."""

    language: str
    document: dict[str, Any] = field(repr=False)
    """What `prose_subject` gives, in that language where it is said in it, and else in English."""
    translated: frozenset[Tokens] = field(repr=False)
    """The places of all texts that speak the language; any other prose is English."""
    source: Source = field(repr=False)


@dataclass(frozen=True)
class Told:
    """One text of a translation: the action that says it, and the hash of the English that it was made from."""

    text: str
    action: Action
    source: str = ""
    is_placeholder: bool = False
    """Whether it still is the English, as `understudy overlay extract` left it for somebody to translate."""


@dataclass(frozen=True)
class Judged:
    """A translation with all that is wrong with it: faults in its file, and texts that it lacks."""

    translation: Translation
    told: Mapping[Tokens, Told] = field(repr=False)
    findings: tuple[Finding, ...] = ()
    missing: tuple[Tokens, ...] = ()


def prose_subject(contract: Contract) -> dict[str, Any]:
    """Give the bundle with the prose that stands beside it, so that one overlay speaks of all of it.

    `x-understudy-behaviour` has `rules`, by operationId a list like that of behaviour.yaml, and `scenarios` by name;
    their objects have a `description` where the files do. `x-understudy-ledger` has the `evidence` by operationId.
    """
    behaviour = {"rules": _rules(contract), "scenarios": _scenarios(contract)}
    return {**contract.document, prose.BEHAVIOUR: behaviour, prose.LEDGER: _evidence(contract)}


def translations(contract: Contract, *, lenient: bool = False) -> dict[str, Translation]:
    """Read the contract in every language of its `i18n/`, by language.

    Raises InputError for the first thing in a file that is an error; `lenient` passes over all of them.
    """
    if not contract.translations:
        return {}
    made: dict[str, Translation] = {}
    subject = Subject(prose_subject(contract))
    for source in contract.translations:
        judged = judge(subject, read_overlay(source))
        errors = [finding for finding in judged.findings if finding.severity is Severity.ERROR]
        if errors and not lenient:
            raise InputError(errors[0])
        made[judged.translation.language] = judged.translation
    return made


@dataclass(frozen=True)
class Subject:
    """What is translated, and where its prose stands."""

    document: dict[str, Any] = field(repr=False)
    spots: Mapping[Tokens, Spot] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spots", {spot.tokens: spot for spot in prose.spots(self.document)})

    def texts(self) -> Iterator[tuple[Tokens, str]]:
        """Yield every text with its place, in document order."""
        for spot in self.spots.values():
            yield from (((*spot.tokens, name), text) for name, text in spot.texts.items())

    def english(self, tokens: Tokens) -> str:
        """Give the text at a place, or nothing."""
        spot = self.spots.get(tokens[:-1])
        return spot.texts.get(str(tokens[-1]), "") if spot else ""

    def is_prose(self, tokens: Tokens) -> bool:
        """Tell whether a text at this place would be prose."""
        spot = self.spots.get(tokens[:-1]) if tokens else None
        return spot is not None and spot.may_hold(str(tokens[-1]))


def judge(subject: Subject, overlay: Overlay) -> Judged:
    """Put a translation on its subject, and find everything that is wrong with it."""
    applied = apply(subject.document, overlay)
    run = _Judging(subject, overlay)
    findings = [*overlay.findings, *map(_as_error, applied.findings), *run.findings(applied)]
    spoken = frozenset(tokens for tokens, told in run.told.items() if not told.is_placeholder)
    missing = tuple(tokens for tokens, _ in subject.texts() if tokens not in spoken)
    translation = Translation(language_of(overlay), applied.document, spoken, overlay.source)
    return Judged(translation, run.told, tuple(replace(one, rule=RULE) for one in findings), missing)


def language_of(overlay: Overlay) -> str:
    """Say which language an overlay speaks: as it declares, or as its file is named."""
    return overlay.language or PurePath(overlay.source.path).stem


def is_translation(overlay: Overlay) -> bool:
    """Tell a translation from any other overlay: it declares its language, or stands in `i18n/`."""
    return bool(overlay.language) or PurePath(overlay.source.path).parent.name == "i18n"


def source_of(action: Action, name: str) -> str:
    """Give the hash of the English text that an action's text was made from, or nothing."""
    hashes = action.notes.get(SOURCE)
    told = hashes.get(name) if isinstance(hashes, dict) else None
    return told if isinstance(told, str) else ""


def is_left_in_english(action: Action, name: str, text: str, *, is_english: bool = False) -> bool:
    """Tell whether a text still is what `understudy overlay extract` left for somebody to translate."""
    marked = action.notes.get(UNTRANSLATED)
    is_marked = isinstance(marked, list) and name in marked
    return is_marked and (is_english or prose.fingerprint(text) == source_of(action, name))


def _as_error(finding: Finding) -> Finding:
    """Let nothing pass that an action of a translation does not find: the text would silently be lost."""
    return replace(finding, severity=Severity.ERROR) if finding.rule == TARGET else finding


class _Judging:
    """Looks at every change of a translation."""

    def __init__(self, subject: Subject, overlay: Overlay) -> None:
        self.subject, self.overlay = subject, overlay
        self.told: dict[Tokens, Told] = {}

    def findings(self, applied: Applied) -> Iterator[Finding]:
        yield from self.file_findings()
        for outcome in applied.outcomes:
            for change in outcome.changes:
                yield from self.change_findings(outcome, change)
            yield from self.source_findings(outcome)

    def file_findings(self) -> Iterator[Finding]:
        stem = PurePath(self.overlay.source.path).stem
        in_place = PurePath(self.overlay.source.path).parent.name == "i18n"
        if self.overlay.language and in_place and self.overlay.language != stem:
            message = f"The file is named for `{stem}`, and says that it speaks `{self.overlay.language}`."
            yield self.warn((LANGUAGE,), message, "Rename the file, or correct the language.")
        value = self.overlay.source.value
        unused = value.get(UNUSED, []) if isinstance(value, dict) else []
        for index in range(len(unused) if isinstance(unused, list) else 0):
            message = "This translation is of no use any more: what it says anew is gone."
            yield self.warn((UNUSED, index), message, "Remove it, or move it to where its text has gone.")

    def change_findings(self, outcome: Outcome, change: Change) -> Iterator[Finding]:
        place = "/".join(map(str, change.tokens[-3:]))
        if change.is_removal or not self.subject.is_prose(change.tokens):
            message = f"A translation changes prose only, and `{place}` is none."
            yield self.error(change.written, message, "Leave it as it is in the contract.")
        elif not prose.is_text(change.after):
            yield self.error(change.written, f"`{place}` is translated by no text.", "Write one, or remove the field.")
        else:
            if not self.subject.english(change.tokens):
                message = f"There is no `{place}` to translate: the contract says nothing there."
                yield self.warn(change.written, message, "Remove it.")
            if change.tokens in self.told:
                line = self.overlay.source.location(self.told[change.tokens].action.tokens).line
                message = f"`{place}` is translated a second time; the first is in the action on line {line}."
                yield self.warn(change.written, message, "Remove one of the two.")
            self.told[change.tokens] = self.telling(outcome.action, change)

    def telling(self, action: Action, change: Change) -> Told:
        name, text = str(change.tokens[-1]), str(change.after)
        is_english = text == self.subject.english(change.tokens)
        is_placeholder = is_left_in_english(action, name, text, is_english=is_english)
        return Told(text, action, source_of(action, name), is_placeholder)

    def source_findings(self, outcome: Outcome) -> Iterator[Finding]:
        hashes = outcome.action.notes.get(SOURCE)
        at = (*outcome.action.tokens, SOURCE)
        for name, source in hashes.items() if isinstance(hashes, dict) and outcome.targets else ():
            english = [self.subject.english((*tokens, name)) for tokens in outcome.targets]
            if not any((*tokens, name) in self.told for tokens in outcome.targets):
                yield self.warn(
                    (*at, name), f"The action has no `{name}` that this could be the source of.", "Remove it."
                )
            elif any(text and prose.fingerprint(text) != source for text in english):
                message = f"The contract's `{name}` has changed since it was translated."
                yield self.warn((*at, name), message, _STALE_REMEDY)

    def error(self, tokens: Tokens, message: str, remedy: str) -> Finding:
        return self.overlay.finding(RULE, tokens, message, remedy=remedy)

    def warn(self, tokens: Tokens, message: str, remedy: str) -> Finding:
        return self.overlay.finding(RULE, tokens, message, remedy=remedy, is_error=False)


def _rules(contract: Contract) -> dict[str, list[dict[str, Any]]]:
    value = contract.behaviour.value if contract.behaviour else None
    rules = value.get("rules") if isinstance(value, dict) else None
    return {
        name: [_described(entry) for entry in entries]
        for name, entries in (rules.items() if isinstance(rules, dict) else ())
        if isinstance(entries, list)
    }


def _scenarios(contract: Contract) -> dict[str, dict[str, Any]]:
    made: dict[str, dict[str, Any]] = {}
    for source in contract.scenarios:
        made.setdefault(scenario_name(source), _described(source.value))
    return made


def _evidence(contract: Contract) -> dict[str, dict[str, str]]:
    return {name: {"evidence": entry["evidence"]} for name, (_, entry) in ledger_entries(contract).items()}


def ledger_entries(contract: Contract) -> dict[str, tuple[int, dict[str, Any]]]:
    """Find the entries of the ledger that tell their evidence: operationId to place and entry, the first of a name."""
    value = contract.ledger.value if contract.ledger else None
    listed = value.get("operations") if isinstance(value, dict) else None
    made: dict[str, tuple[int, dict[str, Any]]] = {}
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        told = entry if isinstance(entry, dict) and prose.is_text(entry.get("evidence")) else {}
        if isinstance(told.get("operationId"), str):
            made.setdefault(told["operationId"], (index, told))
    return made


def scenario_name(source: Source) -> str:
    """Name a scenario: as it declares, or as its file is named."""
    value = source.value if isinstance(source.value, dict) else {}
    return str(value.get("name", PurePath(source.path).stem))


def _described(value: Any) -> dict[str, Any]:
    has_text = isinstance(value, dict) and isinstance(value.get("description"), str)
    return {"description": value["description"]} if has_text else {}
