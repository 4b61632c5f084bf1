"""Contracts go in; a publication comes out that knows all its pages, and makes each when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from understudy.contract.overlays import prose_subject, translations
from understudy.publish import prose
from understudy.publish.anchoring import anchored
from understudy.publish.changes import change_parts
from understudy.publish.edition import Edition
from understudy.publish.error_page import error_parts
from understudy.publish.first_page import contract_parts, group_parts
from understudy.publish.leading import Places, led, places
from understudy.publish.naming import file_names
from understudy.publish.operation_page import operation_parts
from understudy.publish.outline import outline
from understudy.publish.page import Page, Site
from understudy.publish.portal import portal
from understudy.publish.schema_page import all_schemas, schema_parts
from understudy.publish.security_page import authentication_parts
from understudy.publish.sources import read_ledger
from understudy.publish.speaking import spoken, spoken_outline, told
from understudy.publish.state_page import state_parts
from understudy.publish.webhooks import all_sent, webhook_parts
from understudy.publish.words import ENGLISH, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from understudy.contract.model import Contract
    from understudy.contract.overlays import Translation
    from understudy.publish.changes import Changes
    from understudy.publish.outline import Outline
    from understudy.publish.page import Part
    from understudy.publish.standin import StandIn

_RESERVED = ("assets", "404.html", "index.html", ".nojekyll", "llms.txt", "llms-full.txt", "sitemap.xml")


@dataclass(frozen=True)
class Subject:
    """A contract that is to be published. `changes` is None where it was compared to nothing."""

    contract: Contract
    stand_in: StandIn
    changes: Changes | None = None


@dataclass(frozen=True)
class Plan:
    """What is to be published, and how. The contracts have different names."""

    subjects: tuple[Subject, ...]
    title: str = ""
    base_url: str = ""
    languages: tuple[str, ...] = ()
    """The only languages to publish, or none for all there are."""
    is_served: bool = False
    has_full_text: bool = False
    """Whether an index of every word is to lie beside the pages."""


@dataclass(frozen=True)
class Volume:
    """One edition, laid out."""

    subject: Subject
    edition: Edition
    outline: Outline


@dataclass(frozen=True)
class Publication:
    """A site whose pages are made one by one: `site.pages` have no parts, `page` gives one with them."""

    plan: Plan
    site: Site = field(init=False)
    volumes: tuple[Volume, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        volumes = tuple(_volumes(self.plan))
        object.__setattr__(self, "volumes", volumes)
        object.__setattr__(self, "site", _site(self.plan, volumes))

    @cached_property
    def _outlined(self) -> dict[str, Page]:
        return {page.path: page for page in self.site.pages}

    @cached_property
    def _parted(self) -> dict[str, Volume]:
        return {page.path: volume for volume in self.volumes for page in volume.outline.pages}

    def page(self, path: str) -> Page:
        """Make a page, given by its path without a suffix. Raises KeyError for one that there is not."""
        page = self._outlined[path]
        volume = self._parted.get(path)
        made = portal(page.language, self.volumes) if volume is None else _parts(volume, page)
        found = Places() if volume is None else places(volume.edition, volume.outline)
        parts = led(made, found, path)
        return replace(page, parts=anchored(spoken(parts) if words(page.language).english else parts))

    def edition(self, book_home: str) -> Edition:
        """Find the edition whose first page is this."""
        return next(volume.edition for volume in self.volumes if volume.outline.book.home == book_home)

    @property
    def editions(self) -> Iterator[Edition]:
        """All editions, in the order of the contracts, each contract's in that of its languages."""
        return (volume.edition for volume in self.volumes)


def _volumes(plan: Plan) -> Iterator[Volume]:
    folders = file_names((subject.contract.name for subject in plan.subjects), _RESERVED)
    for subject in plan.subjects:
        folder = f"/{folders[subject.contract.name]}" if len(plan.subjects) > 1 else ""
        for edition in _editions(subject, folder, plan.languages):
            made = outline(edition, has_changes=subject.changes is not None)
            yield Volume(subject, edition, spoken_outline(made) if edition.words.english else made)


def _editions(subject: Subject, folder: str, wanted: Iterable[str]) -> Iterator[Edition]:
    contract = subject.contract
    translated = translations(contract)
    spoken_by = dict.fromkeys((ENGLISH, *sorted(translated)))
    names = [name for name in spoken_by if not wanted or name in wanted] or [ENGLISH]
    roots = {name: f"{name}{folder}" for name in names}
    ledger = read_ledger(contract.ledger)
    for name in names:
        if name == ENGLISH and name not in translated:
            spoken, document = None, prose_subject(contract)
        else:
            spoken, document = _spoken(translated[name])
        yield Edition(
            contract=replace(contract, bundle=replace(contract.bundle, document=document)),
            language=name,
            words=words(name),
            root=roots[name],
            stand_in=subject.stand_in,
            ledger=ledger,
            spoken=spoken,
            subject=document,
            languages=roots,
        )


def _spoken(translation: Translation) -> tuple[frozenset[tuple[str | int, ...]], dict[str, object]]:
    return frozenset(tuple(map(str, tokens)) for tokens in translation.translated), translation.document


def _site(plan: Plan, volumes: tuple[Volume, ...]) -> Site:
    languages = tuple(dict.fromkeys(volume.edition.language for volume in volumes))
    if ENGLISH in languages:
        languages = (ENGLISH, *sorted(one for one in languages if one != ENGLISH))
    books = tuple(volume.outline.book for volume in volumes)
    title = plan.title or _title(volumes)
    site = Site(title, languages, books, (), plan.base_url.rstrip("/"), plan.is_served, plan.has_full_text)
    portals = [_portal(site, language) for language in languages] if len(plan.subjects) > 1 else []
    return replace(site, pages=(*portals, *(page for volume in volumes for page in volume.outline.pages)))


def _title(volumes: tuple[Volume, ...]) -> str:
    titles = list(dict.fromkeys(volume.edition.title for volume in volumes if volume.edition.language == ENGLISH))
    titles = titles or list(dict.fromkeys(volume.edition.title for volume in volumes))
    return " · ".join(titles)


def _portal(site: Site, language: str) -> Page:
    about = told(words(language)("portal_about"))
    return Page(
        path=f"{language}/index",
        kind="portal",
        language=language,
        title=prose.one_line(site.title),
        summary=about.text,
        parts=(),
        translations={one: f"{one}/index" for one in site.languages},
        title_language=about.language,
    )


def _parts(volume: Volume, page: Page) -> Iterator[Part]:
    edition, laid_out = volume.edition, volume.outline
    match page.kind:
        case "contract":
            groups = [group for group, _ in laid_out.groups.values()]
            return contract_parts(edition, groups, laid_out.guides)
        case "group":
            return group_parts(edition, *laid_out.groups[page.path])
        case "operation":
            return operation_parts(edition, edition.operations[_named(edition.operation_paths, page.path)])
        case "schemas":
            return all_schemas(edition)
        case "schema":
            return schema_parts(edition, _named(edition.schema_paths, page.path))
        case "webhook":
            sent = next(one for one in all_sent(edition) if edition.page(f"webhooks/{one.file}") == page.path)
            return webhook_parts(edition, sent)
        case "errors":
            return error_parts(edition)
        case "authentication":
            return authentication_parts(edition)
        case "states":
            return state_parts(edition)
    return change_parts(edition, volume.subject.changes) if volume.subject.changes else iter(())


def _named(paths: dict[str, str], path: str) -> str:
    return next(name for name, one in paths.items() if one == path)
