"""Sites in memory: contracts go in as references or documents, the files of their site come out by path."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from understudy.cli.publish import Options, plan
from understudy.publish.build import Builder
from understudy.publish.site import Publication

if TYPE_CHECKING:
    from understudy.publish.page import Part

_INLINE = {"span", "code", "a", "em", "strong", "s"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Html(HTMLParser):
    """What a page has for machines: ids, links, what it loads; and for people: the text of its `<main>`.

    Elements marked `data-ui` are no content.
    """

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    is_open: bool = False
    """Whether the whole text is content, `<main>` or not."""

    def __post_init__(self) -> None:
        super().__init__()
        self.depth = self.main = self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        address = found.get("href") if tag == "link" else found.get("src")
        if tag != "a" and address and found.get("rel") not in ("canonical", "alternate"):
            self.loads.append(address)
        if tag in _VOID:
            self.text.append("" if tag == "wbr" else " ")
            return
        self.depth += 1
        if tag == "main" and not self.main:
            self.main = self.depth
        if not self.silent and ("data-ui" in found or tag in ("script", "style", "nav")):
            self.silent = self.depth

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if tag not in _INLINE:
            self.text.append(" ")
        if self.depth == self.silent:
            self.silent = 0
        if self.depth == self.main:
            self.main = 0
        self.depth -= 1

    def handle_data(self, data: str) -> None:
        if (self.main or self.is_open) and not self.silent:
            self.text.append(data)

    @property
    def words(self) -> list[str]:
        return sorted("".join(self.text).split())


def parse_html(content: bytes | str, *, is_open: bool = False) -> Html:
    found = Html(is_open=is_open)
    found.feed(content.decode() if isinstance(content, bytes) else content)
    return found


@dataclass
class Built:
    """A site in memory."""

    builder: Builder
    files: dict[str, bytes] = field(repr=False)

    def page(self, path: str) -> tuple[Part, ...]:
        return self.builder.publication.page(path).parts

    def text(self, path: str) -> str:
        return self.files[f"{path}.md"].decode()


def built(*references: str, **options: Any) -> Built:
    builder = Builder(Publication(plan(Options(references, Path("unused"), **options))))
    return Built(builder, {file.path: file.content for file in builder.files()})


def flat(parts: tuple[Part, ...]) -> list[Part]:
    """All parts of a page, parents first."""
    return [one for part in parts for one in (part, *flat(part.parts))]


def digest(site: Built) -> str:
    """One number for all files and their order."""
    whole = b"".join(path.encode() + b"\0" + content for path, content in site.files.items())
    return hashlib.sha256(whole).hexdigest()
