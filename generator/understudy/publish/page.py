"""What a page of the site is before it is written: parts that are Markdown, each of a kind that decides how it looks.

The Markdown twin and the HTML are both made of these parts, so they say the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

PageKind = Literal[
    "portal",
    "contract",
    "group",
    "operation",
    "schemas",
    "schema",
    "webhook",
    "errors",
    "authentication",
    "states",
    "changelog",
]

PartKind = Literal[
    "prose",  # text; facts: says, which is "limits" where it tells what else holds of a field
    "section",  # a title and parts
    "endpoint",  # facts: method, path, url
    "fields",  # parts are of kind field; title may name them
    "field",  # title: `name` *type* **required**; text: description; parts: limits, fields of its own; facts: name
    "samples",  # parts are of kind sample: the same request in several languages; the last may be of kind servers
    "sample",  # title: the language's name; text: fenced code; facts: syntax, places (of its pieces, see pieces.py)
    "servers",  # parts are of kind server: those a request may be sent to, the first the one that the samples name
    "server",  # title: its name; text: its address, and whose credential it wants; facts: url, variables (as JSON)
    "answers",  # parts are of kind answer
    "answer",  # title: `409` and the description; parts: fields, examples, notes; facts: status
    "example",  # title: its summary; text: fenced code; parts: ask; facts: name, media
    "ask",  # text: a link that has the mock give the answer; facts: method, url, prefer, body, media (to ask in place)
    "rules",  # parts are of kind rule: what the state of things decides, in words
    "rule",  # text: when, and what then; parts: ask, example; facts: status
    "note",  # facts: tone, one of assumed, draft, deprecated, warning, hint
    "table",  # text: a table
    "cards",  # parts are of kind card
    "card",  # title: a link; text: a summary; facts: method, path
    "links",  # text: a list of links
]


@dataclass(frozen=True)
class Part:
    """A piece of a page. `title` is inline Markdown, `text` block Markdown; either may be empty.

    `anchor` is its id, unique on the page. `language` is that of title and text where it isn't the page's. `facts` tell
    the look what the text says too; nothing is said by a fact alone.
    """

    kind: PartKind
    title: str = ""
    text: str = ""
    parts: tuple[Part, ...] = ()
    anchor: str = ""
    language: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    is_aside: bool = False
    """Whether it stands in the second column where there is room: samples and examples."""


@dataclass(frozen=True)
class Entry:
    """A line of the navigation; `path` is that of a page, without a suffix."""

    title: str
    path: str
    method: str = ""
    language: str = ""
    is_deprecated: bool = False


@dataclass(frozen=True)
class Group:
    """A heading of the navigation with its entries: a tag, the schemas, the guides. `path` is its own page, if any."""

    title: str
    entries: tuple[Entry, ...] = field(repr=False)
    path: str = ""
    language: str = ""


@dataclass(frozen=True)
class Book:
    """One contract in one language."""

    name: str
    title: str
    version: str
    language: str
    home: str
    """The path of its first page, such as `en/talkover/index`."""
    groups: tuple[Group, ...] = field(repr=False)
    console: str = ""
    """The path of its console, such as `en/talkover/console`."""


@dataclass(frozen=True)
class Page:
    """One page. `path` is where it stands in the site, without a suffix: `pt-BR/talkover/ops/requestPhoneRelease`.

    Title and summary are plain text, as are the titles of entries, groups and books; those of parts are Markdown.
    """

    path: str
    kind: PageKind
    language: str
    title: str
    summary: str
    parts: tuple[Part, ...] = field(repr=False)
    book: Book | None = field(default=None, repr=False)
    """The contract it belongs to; none for a portal."""
    method: str = ""
    keywords: tuple[str, ...] = field(default=(), repr=False)
    """What a search should find it by besides its title: operationId, path, error codes."""
    translations: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The same page in each language that has it, this one included: language to path."""
    title_language: str = ""
    """The language of title and summary where it isn't the page's."""
    before: Entry | None = field(default=None, repr=False)
    after: Entry | None = field(default=None, repr=False)

    @property
    def lead(self) -> str:
        """What stands below the title: the summary, where the text does not begin with it."""
        return self.summary if self.kind in ("portal", "contract") else ""


@dataclass(frozen=True)
class Site:
    """All pages, and what they have in common. The pages have no parts here; `Publication.page` makes these."""

    title: str
    languages: tuple[str, ...]
    books: tuple[Book, ...]
    pages: tuple[Page, ...] = field(repr=False)
    base_url: str = ""
    """Where it is going to be published, such as `https://docs.example.com/api`; empty if that isn't known."""
    is_served: bool = False
    """Whether a mock serves it itself, under `/__docs/`, so that requests are of one origin."""
    has_full_text: bool = False
    """Whether an index of every word lies beside it, for Pagefind."""


@dataclass(frozen=True)
class File:
    """One file of the site; `path` is relative, with `/`."""

    path: str
    content: bytes = field(repr=False)
