"""A plan goes in; every file of the site comes out, in the same order with the same bytes each time."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from understudy.contract.writing import FORMATS
from understudy.publish import look, texts
from understudy.publish.console import Console, console_files
from understudy.publish.first_page import document_home
from understudy.publish.markdown import twin
from understudy.publish.mock_facts import mock_facts
from understudy.publish.page import File
from understudy.publish.site import Publication

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy.publish.page import Site
    from understudy.publish.site import Plan

HTML, MARKDOWN = ".html", ".md"


def build(plan: Plan, done: Callable[[int, int], None] | None = None) -> Iterator[File]:
    """Make all files of a site; `done` is told how many pages there are, and how many are made."""
    return Builder(Publication(plan)).files(done)


@dataclass(frozen=True)
class Builder:
    """Makes the files of a publication: all of them, or one by its path."""

    publication: Publication
    _kept: dict[str, File] = field(default_factory=dict, repr=False)
    """Files that only come of all pages together: the index of every word, once it is made."""

    @property
    def site(self) -> Site:
        """The site, its pages without their parts."""
        return self.publication.site

    def files(self, done: Callable[[int, int], None] | None = None) -> Iterator[File]:
        """Yield all files."""
        twins: list[tuple[str, bytes]] = []
        written: list[File] = []
        total = len(self.site.pages)
        for number, page in enumerate(self.site.pages, 1):
            markdown, html = self.both(page.path)
            twins.append((page.path, markdown.content))
            written += [html] if self.site.has_full_text else []
            yield from (markdown, html)
            if done:
                done(number, total)
        yield from self.common()
        yield texts.llms_full(self.site, twins)
        if self.site.has_full_text:
            for file in look.full_text(written):
                self._kept[file.path] = file
                yield file

    def both(self, path: str) -> tuple[File, File]:
        """Make a page and its twin."""
        page = self.publication.page(path)
        return File(path + MARKDOWN, twin(page)), File(path + HTML, look.render(page, self.site))

    def file(self, path: str) -> File | None:
        """Make one file; None if there is none of this path."""
        stem, dot, suffix = path.rpartition(".")
        if dot + suffix in (HTML, MARKDOWN) and stem in self._paths:
            return self.both(stem)[dot + suffix == HTML]
        if path == "llms-full.txt":
            pages = ((page.path, twin(self.publication.page(page.path))) for page in self.site.pages)
            return texts.llms_full(self.site, pages)
        return self._common.get(path) or self._kept.get(path)

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(page.path for page in self.site.pages)

    @cached_property
    def _common(self) -> dict[str, File]:
        return {file.path: file for file in self.common()}

    def common(self) -> Iterator[File]:
        """Yield the files that are no pages."""
        yield File(".nojekyll", b"")
        yield texts.llms(self.site)
        if self.site.base_url:
            yield texts.sitemap(self.site)
        yield from self._documents()
        yield from look.assets(self.site)
        stand_ins = {subject.contract.name: subject.stand_in for subject in self.publication.plan.subjects}
        yield mock_facts(stand_ins, is_served=self.site.is_served)
        consoles = [Console(volume.outline.book, volume.edition) for volume in self.publication.volumes]
        yield from console_files(consoles, self.site)

    def _documents(self) -> Iterator[File]:
        """Yield each contract as it is, in one document."""
        homes = {document_home(edition): edition.name for edition in self.publication.editions}
        for home, name in homes.items():
            subject = next(one for one in self.publication.plan.subjects if one.contract.name == name)
            for suffix, write in FORMATS.items():
                yield File(f"{home}openapi.{suffix}", write(subject.contract.document).encode())
