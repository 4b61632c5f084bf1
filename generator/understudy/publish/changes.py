"""Findings of a comparison with an older version go in; the parts of the changelog come out, heaviest first.

What became of something is told in the page's language by `languages/<language>/changes.yaml`, which maps templates of
English sentences to those of the language. What fills a template is the contract's, and shown as code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from understudy.finding import Severity
from understudy.publish import linking, prose
from understudy.publish.edition import Told, listed
from understudy.publish.page import Part
from understudy.publish.webhooks import all_sent
from understudy.publish.words import ENGLISH, words
from understudy.sentence import Voice, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from understudy.finding import Finding
    from understudy.publish.edition import Edition
    from understudy.sentence import Sentence

TABLE = "changes.yaml"
_WEBHOOK = "webhook "
"""What a webhook's name begins with in findings, which are of operations otherwise."""
_KINDS = {Severity.ERROR: "breaking", Severity.WARNING: "dangerous", Severity.INFO: "safe"}


@dataclass(frozen=True)
class Changes:
    """What a contract was compared to, and what changed since."""

    older: str
    """The older version, as a person calls it."""
    findings: tuple[Finding, ...]
    titles: Mapping[str, Sentence] = field(default_factory=dict)
    """What each rule is called: rule id to a few words."""


def change_parts(edition: Edition, changes: Changes) -> Iterator[Part]:
    """Yield the changes by weight and by the operations they are of."""
    say = edition.words
    by_kind = {kind: [one for one in changes.findings if one.severity == weight] for weight, kind in _KINDS.items()}
    since = say("changes_since", older=prose.plain(changes.older))
    numbers = {kind: say.number(f"changes_{kind}", len(found)) for kind, found in by_kind.items() if found}
    counts = " · ".join(f"{say(f'changes_{kind}')}: {number}" for kind, number in numbers.items())
    yield Part("prose", text=f"{since} {counts or say('changes_none')}")
    for kind, number in numbers.items():
        below = tuple(_places(edition, by_kind[kind], changes.titles))
        title = f"{say(f'changes_{kind}')} ({number})"
        yield Part("section", title=title, text=say(f"changes_{kind}_about"), parts=below, anchor=kind)


def _places(edition: Edition, found: Sequence[Finding], titles: Mapping[str, Sentence]) -> Iterator[Part]:
    """Yield a section for each set of operations that changed alike, in the order of the findings."""
    places = {names: index for index, names in enumerate(dict.fromkeys(map(_operations, found)))}
    for names, run in groupby(sorted(found, key=lambda one: places[_operations(one)]), key=_operations):
        title, others = _named(edition, names[0]), _others(edition, names[1:])
        parts = (*([Part("prose", text=others)] if others else []), *listed("links", _lines(edition, run, titles)))
        yield Part("section", title=title.text, parts=parts, language=title.language)


def _operations(finding: Finding) -> tuple[str, ...]:
    told = dict(finding.details).get("operations", "")
    return tuple(told.split(", ")) if told else (finding.operation,)


def _named(edition: Edition, name: str) -> Told:
    """Name an operation or a webhook, by a link if it has a page; nothing is the contract as a whole."""
    if not name:
        return Told(edition.words("changes_general"))
    if name in edition.operations:
        return Told(edition.operation_link(name), edition.operation_title(name).language)
    if not name.startswith(_WEBHOOK):
        return Told(prose.code(name))
    for one in all_sent(edition):
        if name == f"{_WEBHOOK}{one.name}" and not one.owner:
            link = linking.link(prose.plain(one.title.text), linking.page(edition.page(f"webhooks/{one.file}")))
            return Told(link, one.title.language)
    return Told(edition.words("changes_webhook", name=prose.code(name.removeprefix(_WEBHOOK))))


def _others(edition: Edition, names: Sequence[str]) -> str:
    told = ", ".join(_named(edition, name).text for name in names)
    return edition.words("changes_also", operations=told) if told else ""


def _lines(edition: Edition, found: Iterable[Finding], titles: Mapping[str, Sentence]) -> Iterator[tuple[str, str]]:
    """Yield a line for each finding, and its language: English where a sentence of it has no translation."""
    table = words(edition.language, TABLE).texts
    for finding in found:
        sentences = [one for one in (titles.get(finding.rule), finding.said) if one]
        is_told = bool(finding.said) and all(one in table for told in sentences for one in told.templates())
        voice = Voice(table if is_told else {}, plain=prose.code, code=prose.code)
        yield "" if is_told else edition.foreign(ENGLISH), f"- {_line(finding, titles, voice)}"


def _line(finding: Finding, titles: Mapping[str, Sentence], voice: Voice) -> str:
    text = said(finding.said, voice) if finding.said else prose.in_line(finding.message)
    return f"**{said(titles[finding.rule], voice)}** {text}" if finding.rule in titles else text
