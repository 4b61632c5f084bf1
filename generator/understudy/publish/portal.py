"""The contracts of a site go in; the parts of the page that lists them in one language come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.publish import linking, prose
from understudy.publish.edition import Told, listed
from understudy.publish.first_page import counted, server_lines
from understudy.publish.page import Part
from understudy.publish.words import ENGLISH, own_name, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from understudy.publish.site import Volume

_GROUPS = 12
"""So many groups of a contract are named; the others are on its own page."""


def portal(language: str, volumes: Sequence[Volume]) -> Iterator[Part]:
    """Yield a card for every contract, in this language where it speaks it, else in English; then the mock of all."""
    names = dict.fromkeys(volume.edition.name for volume in volumes)
    cards = (_Card(_best(volumes, name, language), language).card() for name in names)
    yield Part("cards", parts=tuple(cards))
    say = words(language)
    if command := volumes[0].edition.stand_in.command:
        below = (Part("prose", text=prose.fenced(command, "bash")),)
        yield Part("section", title=say("mock"), text=say("portal_mock"), parts=below)


def _best(volumes: Sequence[Volume], name: str, language: str) -> Volume:
    found = [volume for volume in volumes if volume.edition.name == name]
    return min(found, key=lambda one: (one.edition.language != language, one.edition.language != ENGLISH))


class _Card:
    """Writes the card of one contract for the page of a language, which need not be one of the contract's."""

    def __init__(self, volume: Volume, language: str) -> None:
        self.edition, self.outline, self.language = volume.edition, volume.outline, language
        self.say = words(language)

    def card(self) -> Part:
        book = self.outline.book
        title = linking.link(prose.plain(book.title), linking.page(book.home))
        version = self.say("version", version=prose.plain(book.version))
        text = f"{counted(self.say, len(self.edition.operations))} · {version}"
        return Part("card", title=title, parts=(Part("prose", text=text), *self.below()), language=self.spoken("title"))

    def below(self) -> Iterator[Part]:
        told = self.edition.told(("info",), "summary", self.edition.info)
        if told:
            yield Part("prose", text=prose.plain(told.text), language=self.spoken("summary"))
        groups = [group for group, _ in self.outline.groups.values()]
        lines = [self.line(group.title, group.path, group.language, len(group.entries)) for group in groups[:_GROUPS]]
        yield from self.links("groups", lines)
        console = linking.link(self.edition.words("console"), linking.file(f"{self.outline.book.console}.html"))
        guides = [self.line(title, path) for path, title in self.outline.guides.items()]
        yield from self.links("guides", [*guides, (self.foreign(self.edition.language), f"- {console}")])
        servers = server_lines(self.edition)
        yield from self.links("servers", [(self.foreign(one or self.edition.language), line) for one, line in servers])
        homes = [(one, linking.page(f"{root}/index")) for one, root in self.edition.languages.items()]
        names = [(self.foreign(one), f"- {linking.link(own_name(one), home)}") for one, home in homes]
        yield from self.links("languages", names)

    def links(self, title: str, lines: Iterable[tuple[str, str]]) -> Iterator[Part]:
        if found := listed("links", lines):
            yield Part("prose", title=f"**{self.say(title)}**", parts=found)

    def line(self, title: str, path: str, language: str = "", count: int = 0) -> tuple[str, str]:
        text = f"- {linking.link(prose.plain(title), linking.page(path))}{f' ({count})' if count else ''}"
        return self.foreign(language or self.edition.language), text

    def spoken(self, key: str) -> str:
        """Say in which language the contract has one of its own texts, if it isn't the page's."""
        told: Told = self.edition.told(("info",), key, self.edition.info)
        return self.foreign(told.language or self.edition.language)

    def foreign(self, language: str) -> str:
        return "" if language == self.language else language
