"""Findings of a comparison with an older version go in; the parts of the changelog come out, heaviest first."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from understudy.finding import Severity
from understudy.publish import prose
from understudy.publish.page import Part
from understudy.publish.words import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from understudy.finding import Finding
    from understudy.publish.edition import Edition

_KINDS = {Severity.ERROR: "breaking", Severity.WARNING: "dangerous", Severity.INFO: "safe"}


@dataclass(frozen=True)
class Changes:
    """What a contract was compared to, and what changed since; the sentences are in English."""

    older: str
    """The older version, as a person calls it."""
    findings: tuple[Finding, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
    """What each rule is called: rule id to a few words."""


def change_parts(edition: Edition, changes: Changes) -> Iterator[Part]:
    """Yield the changes by weight and by the operations they are of."""
    words = edition.words
    by_kind = {kind: [one for one in changes.findings if one.severity == weight] for weight, kind in _KINDS.items()}
    since = words("changes_since", older=prose.plain(changes.older))
    counts = " · ".join(f"{words(f'changes_{kind}')}: {len(found)}" for kind, found in by_kind.items() if found)
    yield Part("prose", text=f"{since} {counts or words('changes_none')}")
    for kind, found in by_kind.items():
        if found:
            title = f"{words(f'changes_{kind}')} ({len(found)})"
            below = tuple(_places(edition, found, changes.titles))
            yield Part("section", title=title, text=words(f"changes_{kind}_about"), parts=below, anchor=kind)


def _places(edition: Edition, found: Sequence[Finding], titles: Mapping[str, str]) -> Iterator[Part]:
    """Yield a section for each set of operations that changed alike, in the order of the findings."""
    places = list(dict.fromkeys(map(_operations, found)))
    ordered = sorted(found, key=lambda one: places.index(_operations(one)))
    for names, run in groupby(ordered, key=_operations):
        lines = "\n".join(f"- {_line(one, titles)}" for one in run)
        below = (Part("links", text=lines, language=edition.foreign(ENGLISH)),)
        yield Part("section", title=_title(edition, names[:1]), text=_others(edition, names[1:]), parts=below)


def _operations(finding: Finding) -> tuple[str, ...]:
    told = dict(finding.details).get("operations", "")
    return tuple(told.split(", ")) if told else (finding.operation,)


def _title(edition: Edition, names: Sequence[str]) -> str:
    if not any(names):
        return edition.words("changes_general")
    return ", ".join(edition.operation_link(name) if name in edition.operations else prose.code(name) for name in names)


def _others(edition: Edition, names: Sequence[str]) -> str:
    return edition.words("changes_also", operations=_title(edition, names)) if names else ""


def _line(finding: Finding, titles: Mapping[str, str]) -> str:
    title = titles.get(finding.rule, "")
    return f"**{prose.plain(title)}** {prose.in_line(finding.message)}" if title else prose.in_line(finding.message)
