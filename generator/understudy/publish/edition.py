"""A contract in one language: its document and our words go in; what every page of it asks for comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from understudy.contract import pointer as pointers
from understudy.publish import linking, prose
from understudy.publish.naming import file_names
from understudy.publish.page import Part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from understudy.contract.model import Contract, Operation
    from understudy.publish.page import PartKind
    from understudy.publish.sources import Ledger
    from understudy.publish.standin import StandIn
    from understudy.publish.words import Words

Tokens = tuple[str | int, ...]

SCHEMAS = ("components", "schemas")


class Told(NamedTuple):
    """A text of the contract, and its language where that is not the page's."""

    text: str
    language: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True)
class Edition:
    """One contract in one language. `root` is its folder in the site, such as `en/talkover`.

    `contract` has the localised document; `spoken` are the texts of it that are in the language, or None if all are.
    `subject` is the document with the texts that stand in other files: rules and scenarios.
    """

    contract: Contract
    language: str
    words: Words
    root: str
    stand_in: StandIn
    ledger: Ledger
    spoken: frozenset[Tokens] | None = field(default=None, repr=False)
    subject: dict[str, Any] = field(default_factory=dict, repr=False)
    languages: dict[str, str] = field(default_factory=dict)
    """The languages the contract is published in: language to root."""
    known: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What was worked out once for all pages."""

    @property
    def name(self) -> str:
        """The contract's name, by which the mock knows it."""
        return self.contract.name

    @cached_property
    def title(self) -> str:
        """What the contract calls itself."""
        return prose.one_line(str(self.info.get("title") or self.name))

    @cached_property
    def info(self) -> dict[str, Any]:
        """Its Info Object."""
        found = self.contract.document.get("info")
        return found if isinstance(found, dict) else {}

    @cached_property
    def schemas(self) -> dict[str, Any]:
        """Its schemas by name."""
        components = self.contract.document.get("components")
        found = components.get("schemas") if isinstance(components, dict) else None
        return found if isinstance(found, dict) else {}

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """Its operations by id, the first of those that share one."""
        found: dict[str, Operation] = {}
        for operation in self.contract.operations:
            found.setdefault(operation.id, operation)
        return found

    @cached_property
    def operation_paths(self) -> dict[str, str]:
        """The page of each operation."""
        return {name: f"{self.root}/ops/{file}" for name, file in file_names(self.operations).items()}

    @cached_property
    def schema_paths(self) -> dict[str, str]:
        """The page of each schema."""
        return {name: f"{self.root}/schemas/{file}" for name, file in file_names(self.schemas).items()}

    def told(self, tokens: Tokens, key: str = "description", value: Any = None) -> Told:
        """Read a text of the contract. `value` spares the way to the object that has it."""
        if value is None:
            try:
                value = pointers.resolve(self.subject, tokens)
            except KeyError:
                return Told("")
        text = value.get(key) if isinstance(value, dict) else None
        if not isinstance(text, str) or not text.strip():
            return Told("")
        if self.spoken is None or (*map(str, tokens), key) in self.spoken:
            return Told(text)
        return Told(text, "en")

    def schema_link(self, name: str) -> str:
        """Write a link to a schema's page."""
        return linking.link(prose.plain(name), linking.page(self.schema_paths[name]))

    def schema_name(self, tokens: Tokens) -> str:
        """Name the schema that stands at a place of the components; empty for any other place."""
        is_named = len(tokens) == len(SCHEMAS) + 1 and tokens[: len(SCHEMAS)] == SCHEMAS
        return str(tokens[-1]) if is_named else ""

    def operation_title(self, name: str) -> Told:
        """Name an operation for people: by its summary, else its id."""
        operation = self.operations[name]
        summary = self.told(operation.tokens, "summary", operation.value)
        return Told(prose.one_line(summary.text), summary.language) if summary else Told(prose.one_line(name))

    def operation_link(self, name: str, anchor: str = "") -> str:
        """Write a link to an operation's page."""
        text = prose.plain(self.operation_title(name).text)
        return linking.link(text, linking.page(self.operation_paths[name], anchor))

    def foreign(self, language: str) -> str:
        """Mark a text with its language, unless that is the page's."""
        return "" if language == self.language else language

    def page(self, name: str) -> str:
        """Say where a page of this contract stands."""
        return f"{self.root}/{name}"

    def note(self, tone: str, text: str, language: str = "") -> Part:
        """Mark something: as assumed, draft, deprecated, or with a warning or a hint. The text is Markdown."""
        return Part("note", title=self.words(f"note_{tone}"), text=text, language=language, facts={"tone": tone})


def listed(kind: PartKind, lines: Iterable[tuple[str, str]], head: str = "") -> tuple[Part, ...]:
    """Make parts of lines, each given as language and text: a list or table of its own for each run of a language."""
    return tuple(
        Part(kind, text="\n".join([*([head] if head else []), *(text for _, text in run)]), language=language)
        for language, run in groupby(lines, key=lambda line: line[0])
    )


def note_of(edition: Edition, told: Told, tone: str) -> Part:
    """Mark something with a text of the contract."""
    if not told.language:
        return edition.note(tone, prose.clean(told.text))
    below = Part("prose", text=prose.clean(told.text), language=told.language)
    return Part("note", title=edition.words(f"note_{tone}"), parts=(below,), facts={"tone": tone})


def described(kind: Any, title: str, told: Told, parts: tuple[Part, ...] = (), **more: Any) -> Part:
    """Make a part with a text of the contract in it, which may be of another language than its title is."""
    if told and told.language:
        parts = (Part("prose", text=prose.clean(told.text), language=told.language), *parts)
        return Part(kind, title=title, parts=parts, **more)
    return Part(kind, title=title, text=prose.clean(told.text) if told else "", parts=parts, **more)
