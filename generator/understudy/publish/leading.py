"""Links by which descriptions name other places of the contract go in; links to those places' pages come out.

A description may lead to an operation, a tag, a schema or a heading by a fragment. How these are called differs from
one renderer of contracts to the next (`#operation/getPet`, `#tag/pets`, `#section/Errors`, `#get-a-pet`), and what is
found by none of these names is only its text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from understudy.publish import linking, prose
from understudy.publish.anchoring import anchored
from understudy.publish.naming import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from understudy.publish.edition import Edition
    from understudy.publish.outline import Outline
    from understudy.publish.page import Part

_MARK = "](#"
_LINK = re.compile(
    r"(?P<fence>^ *(?P<ticks>`{3,}|~{3,})[^\n]*\n(?:.*?\n)?? *(?P=ticks)`*~*[ \t]*$)"
    r"|(?<![!\\])\[(?P<text>(?:`[^`]*`|\\.|[^\[\]\\`])*)\]\(#(?P<name>[^)\s]*)\)"
    r"|(?P<code>(?<![`\\])(?P<tick>`+)(?!`).*?(?<!`)(?P=tick)(?!`))",
    re.DOTALL | re.MULTILINE,
)
_KINDS = re.compile(r"^(?:api-group|api|tags?|group|operations?|section|schemas?|model|definitions|endpoint|resource)-")

_LONGEST = 200
"""So many characters of a name count."""


@dataclass(frozen=True)
class Places:
    """Where things are that a description may name, by their names as `slug` writes them."""

    sections: dict[str, str] = field(default_factory=dict, repr=False)
    """The headings of the contract's own description."""
    operations: dict[str, str] = field(default_factory=dict, repr=False)
    groups: dict[str, str] = field(default_factory=dict, repr=False)
    schemas: dict[str, str] = field(default_factory=dict, repr=False)

    def find(self, name: str, here: dict[str, str]) -> str:
        """Find an address; empty if there is nothing of this name. `here` are the headings of the page itself."""
        kind, _, rest = name.lstrip("/").partition("/")
        known = {"operation": self.operations, "tag": self.groups, "schema": self.schemas, "section": self.sections}
        if rest and (own := known.get(kind.lower().removesuffix("s"))) is not None:
            if told := own.get(slug(rest)):
                return told
            if below := rest.partition("/")[2]:  # `tag/pets/operation/getPet`, `section/Errors/Codes`
                return self.find(below if own is self.groups else f"{kind}/{below}", here)
        return self._plainly(slug(name), here) or self._plainly(slug(name.rpartition("/")[2]), here)

    def _plainly(self, name: str, here: dict[str, str]) -> str:
        """Find something by a name that does not tell its kind, or tells it in a word before."""
        for one in (name, _KINDS.sub("", name)):
            for known in (here, self.sections, self.operations, self.groups, self.schemas):
                if one in known:
                    return known[one]
        return ""


def places(edition: Edition, outline: Outline) -> Places:
    """List what descriptions may name."""
    kept: dict[str, Places] = edition.known
    if "places" not in kept:
        text, language = edition.told(("info",), "description", edition.info)
        home = edition.page("index")
        kept["places"] = Places(
            {name: linking.page(home, anchor) for name, anchor in _headings(anchored(prose.parts(text, language)))},
            {name: linking.page(path) for name, path in _unique(_operations(edition))},
            {name: linking.page(path) for name, path in _unique(_groups(outline))},
            {slug(name): linking.page(path) for name, path in edition.schema_paths.items()},
        )
    return kept["places"]


def _unique(named: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Leave out the names that several share; an id, which comes first, is not shared by a summary."""
    found: dict[str, list[str]] = {}
    for name, path in named:
        found.setdefault(name, []).append(path)
    yield from ((name, paths[0]) for name, paths in found.items() if len(set(paths)) == 1)


def _operations(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield what an operation may be called: its id, its path and method, its summary."""
    for name, operation in edition.operations.items():
        path = edition.operation_paths[name]
        yield slug(name), path
        yield slug(f"{operation.path} {operation.method}"), path
        yield slug(f"paths {operation.path.replace('/', '~1')} {operation.method}"), path
        if isinstance(summary := operation.value.get("summary"), str):
            yield slug(summary), path


def _groups(outline: Outline) -> Iterator[tuple[str, str]]:
    for path, (group, _) in outline.groups.items():
        yield slug(group.title), path
        yield slug(path.rpartition("/")[2]), path


def _headings(parts: Iterable[Part]) -> Iterator[tuple[str, str]]:
    for part in parts:
        if part.kind == "section" and part.anchor:
            yield part.anchor, part.anchor
        yield from _headings(part.parts)


def led(parts: Iterable[Part], found: Places, path: str) -> tuple[Part, ...]:
    """Let the links of a page's parts lead to what they name; a link that names nothing is only its text."""
    made = tuple(parts)
    here = {name: linking.page(path, anchor) for name, anchor in _headings(made)}
    return tuple(_led(part, found, here) for part in made)


def _led(part: Part, found: Places, here: dict[str, str]) -> Part:
    below = tuple(_led(one, found, here) for one in part.parts)
    if _MARK not in part.text and _MARK not in part.title:
        return part if below == part.parts else replace(part, parts=below)

    def lead(link: re.Match[str]) -> str:
        if link["name"] is None:
            return link[0]
        address = found.find(unquote(link["name"])[:_LONGEST], here)
        return linking.link(link["text"], address) if address else link["text"]

    return replace(part, title=_LINK.sub(lead, part.title), text=_LINK.sub(lead, part.text), parts=below)
