"""A contract's ledger goes in; where each operation comes from comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.publish import prose
from understudy.publish.spans import web_address

if TYPE_CHECKING:
    from understudy.contract.source import Source


@dataclass(frozen=True)
class Origin:
    """The source page of an operation."""

    title: str
    address: str
    languages: tuple[str, ...] = ()
    language: str = ""
    """In which the page was read, if it is told."""


@dataclass(frozen=True)
class Ledger:
    """What a ledger tells, by operationId."""

    origins: dict[str, Origin] = field(default_factory=dict)


def read_ledger(source: Source | None) -> Ledger:
    """Read a ledger as far as it is one; `understudy check` tells what is wrong with it."""
    value = source.value if source is not None and isinstance(source.value, dict) else {}
    pages = value.get("sources")
    listed = value.get("operations")
    origins = {}
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("operationId"), str):
            page = pages.get(entry.get("source")) if isinstance(pages, dict) else None
            origins[entry["operationId"]] = _origin(entry, page if isinstance(page, dict) else {})
    return Ledger(origins)


def _origin(entry: dict[str, Any], page: dict[str, Any]) -> Origin:
    languages = page.get("languages")
    return Origin(
        title=prose.one_line(str(page.get("title", ""))),
        address=web_address(str(page.get("address", ""))),
        languages=tuple(map(str, languages)) if isinstance(languages, list) else (),
        language=str(entry.get("language", "")),
    )
