"""An edition goes in; its pages come out in order, without their parts yet, and the navigation between them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from understudy.publish import prose
from understudy.publish.credentials import security_schemes
from understudy.publish.edition import SCHEMAS, Told
from understudy.publish.examples import examples
from understudy.publish.failures import code_of
from understudy.publish.first_page import tag_title, tags
from understudy.publish.naming import file_names
from understudy.publish.page import Book, Entry, Group, Page
from understudy.publish.schema_page import by_name, schema_summary, schema_title
from understudy.publish.shapes import read
from understudy.publish.webhooks import all_sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Operation
    from understudy.publish.edition import Edition
    from understudy.publish.page import PageKind

_CONSOLE = "console"
GUIDES: tuple[PageKind, ...] = ("authentication", "errors", "states", "changelog")


@dataclass(frozen=True)
class Outline:
    """The pages of one edition in reading order; `groups` are those of operations, with what is told of each."""

    book: Book
    pages: tuple[Page, ...] = field(repr=False)
    groups: dict[str, tuple[Group, Told]] = field(repr=False)
    guides: dict[str, str] = field(repr=False)


def outline(edition: Edition, *, has_changes: bool) -> Outline:
    """Lay out the pages of an edition."""
    return _Outliner(edition, has_changes).outline()


class _Outliner:
    def __init__(self, edition: Edition, has_changes: bool) -> None:
        self.edition, self.words = edition, edition.words
        self.has_changes = has_changes
        self.home = edition.page("index")

    def outline(self) -> Outline:
        groups = self.groups()
        guides = self.guides()
        listed = [
            Group(self.words("guides"), tuple(Entry(title, path) for path, title in self.entries(guides))),
            *(group for group, _ in groups.values()),
            *self.others(),
        ]
        edition = self.edition
        book = Book(
            name=edition.name,
            title=edition.title,
            version=prose.one_line(str(edition.info.get("version", ""))),
            language=edition.language,
            home=self.home,
            groups=tuple(group for group in listed if group.entries),
            console=edition.page(_CONSOLE),
        )
        pages = [self.first(), *self.guide_pages(guides), *self.operation_pages(groups), *self.other_pages()]
        return Outline(book, tuple(self.in_order(pages, book)), groups, guides)

    def in_order(self, pages: list[Page], book: Book) -> Iterator[Page]:
        """Give each page its neighbours, its languages and its book."""
        entries = {page.path: Entry(page.title, page.path, page.method, page.title_language) for page in pages}
        for index, page in enumerate(pages):
            inside = page.path.removeprefix(f"{self.edition.root}/")
            yield replace(
                page,
                book=book,
                before=entries[pages[index - 1].path] if index else None,
                after=entries[pages[index + 1].path] if index + 1 < len(pages) else None,
                translations={language: f"{root}/{inside}" for language, root in self.edition.languages.items()},
            )

    def entries(self, guides: dict[str, str]) -> Iterator[tuple[str, str]]:
        yield self.home, self.words("overview")
        yield from guides.items()

    def guides(self) -> dict[str, str]:
        """List the guides there is something to say in: path and title."""
        edition, contract = self.edition, self.edition.contract
        is_there = {
            "authentication": bool(security_schemes(edition)),
            "errors": bool(edition.operations),
            "states": bool(edition.stand_in.states or contract.behaviour or contract.scenarios),
            "changelog": self.has_changes,
        }
        return {edition.page(kind): self.words(kind) for kind in GUIDES if is_there[kind]}

    def groups(self) -> dict[str, tuple[Group, Told]]:
        """Group the operations by tag: path of the group's page → the group and what is told of it."""
        edition = self.edition
        declared: dict[str, tuple[int, dict[str, Any]]] = {tag["name"]: (index, tag) for index, tag in tags(edition)}
        names: dict[str, list[str]] = {name: [] for name in declared}
        for operation in edition.operations.values():
            for tag in self.tags_of(operation):
                names.setdefault(tag, []).append(operation.id)
        files = file_names(name for name in names if name)
        found = {}
        for name, operations in names.items():
            index, own = declared.get(name, (-1, {}))
            title = tag_title(edition, index, own) if own else Told(prose.one_line(name) or self.words("operations"))
            told = edition.told(("tags", index), "description", own) if own else Told("")
            path = edition.page(f"groups/{files[name] if name else 'index'}")
            if operations:
                group = Group(title.text, tuple(map(self.entry, operations)), path, title.language)
                found[path] = (group, told)
        return found

    def tags_of(self, operation: Operation) -> list[str]:
        declared = operation.value.get("tags")
        found = [tag for tag in declared if isinstance(tag, str)] if isinstance(declared, list) else []
        return list(dict.fromkeys(found)) or [""]

    def entry(self, name: str) -> Entry:
        operation = self.edition.operations[name]
        title, language = self.edition.operation_title(name)
        is_deprecated = operation.value.get("deprecated") is True
        return Entry(title, self.edition.operation_paths[name], operation.method, language, is_deprecated)

    def others(self) -> Iterator[Group]:
        """Yield the groups of what the API sends and of schemas."""
        edition = self.edition
        for title, is_callback in (("webhooks", False), ("callbacks", True)):
            entries = [
                Entry(one.title.text, edition.page(f"webhooks/{one.file}"), one.method, one.title.language)
                for one in all_sent(edition)
                if bool(one.owner) is is_callback
            ]
            yield Group(self.words(title), tuple(entries))
        entries = [Entry(prose.one_line(name), edition.schema_paths[name]) for name in by_name(edition)]
        yield Group(self.words("schemas"), tuple(entries), edition.page("schemas/index"))

    def first(self) -> Page:
        edition = self.edition
        summary = edition.told(("info",), "summary", edition.info)
        title = Told(edition.title, edition.told(("info",), "title", edition.info).language)
        return self.page(self.home, "contract", title, Told(prose.one_line(summary.text), summary.language))

    def guide_pages(self, guides: dict[str, str]) -> Iterator[Page]:
        for kind in GUIDES:
            path = self.edition.page(kind)
            if path in guides:
                yield Page(path, kind, self.edition.language, guides[path], self.words(f"about_{kind}"), ())

    def page(self, path: str, kind: PageKind, title: Told, summary: Told, **more: Any) -> Page:
        language = title.language or summary.language
        named = (path, kind, self.edition.language, title.text, summary.text)
        return Page(*named, (), title_language=language, **more)

    def operation_pages(self, groups: dict[str, tuple[Group, Told]]) -> Iterator[Page]:
        seen: set[str] = set()
        by_path = {path: name for name, path in self.edition.operation_paths.items()}
        for path, (group, told) in groups.items():
            summary = Told(prose.opening(told.text)) if told and told.language == group.language else Told("")
            yield self.page(path, "group", Told(group.title, group.language), summary)
            for entry in group.entries:
                if entry.path not in seen:
                    seen.add(entry.path)
                    yield self.operation_page(self.edition.operations[by_path[entry.path]])

    def operation_page(self, operation: Operation) -> Page:
        edition = self.edition
        text, language = edition.told(operation.tokens, "description", operation.value)
        title = edition.operation_title(operation.id)
        summary = Told(prose.opening(text), language) if text and language == title.language else Told("")
        return self.page(
            edition.operation_paths[operation.id],
            "operation",
            title,
            summary,
            method=operation.method,
            keywords=tuple(dict.fromkeys(keywords(edition, operation))),
        )

    def other_pages(self) -> Iterator[Page]:
        edition = self.edition
        for one in all_sent(edition):
            text, language = edition.told(one.tokens, "description", one.value)
            summary = Told(prose.opening(text), language) if text and language == one.title.language else Told("")
            yield self.page(edition.page(f"webhooks/{one.file}"), "webhook", one.title, summary, method=one.method)
        if edition.schemas:
            yield self.page(edition.page("schemas/index"), "schemas", Told(self.words("schemas")), Told(""))
        for name in by_name(edition):
            summary = schema_summary(edition, name)
            names = read(edition, (*SCHEMAS, name)).properties
            told = [one for one in (schema_title(edition, name).text, *names) if one]
            page = self.page(edition.schema_paths[name], "schema", Told(prose.one_line(name)), Told(""))
            yield replace(page, summary=summary.text, title_language=summary.language, keywords=tuple(told))


def keywords(edition: Edition, operation: Operation) -> Iterator[str]:
    """Yield what a search should find an operation by besides its title."""
    yield operation.id
    yield operation.path
    for placed in operation.parameters:
        yield str(placed.value.get("name"))
    for tokens, value in _media(edition, operation):
        if isinstance(value.get("schema"), dict):
            shape = read(edition, (*tokens, "schema"))
            yield from shape.properties
            if shape.items:
                yield from read(edition, shape.items).properties
    for placed in operation.responses.values():
        content = placed.value.get("content") if isinstance(placed.value, dict) else None
        for media_type, value in content.items() if isinstance(content, dict) else ():
            for one in examples(edition, (*placed.tokens, "content", media_type), value):
                if code := code_of(one.value):
                    yield code


def _media(edition: Edition, operation: Operation) -> Iterator[tuple[tuple[str | int, ...], dict[str, object]]]:
    del edition
    good = [placed for key, placed in operation.responses.items() if key.startswith("2")]
    for placed in [*([operation.request_body] if operation.request_body else []), *good]:
        content = placed.value.get("content") if isinstance(placed.value, dict) else None
        for media_type, value in content.items() if isinstance(content, dict) else ():
            if isinstance(value, dict):
                yield (*placed.tokens, "content", media_type), value
