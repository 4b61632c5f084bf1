"""The place of a schema and a direction go in; its fields come out as a tree of parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from understudy.publish import prose
from understudy.publish.edition import described, note_of
from understudy.publish.limits import limits, type_words
from understudy.publish.page import Part
from understudy.publish.shapes import Shape, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.publish.edition import Edition, Tokens

Direction = Literal["request", "response", "both"]

_HIDDEN = {"request": "readOnly", "response": "writeOnly"}
_MARKS = {"readOnly": "read_only", "writeOnly": "write_only"}
_SAYS = {"says": "limits"}
_DEEPEST = 7
"""Readers of Markdown, our own too, follow lists in lists for some ten levels only."""
_NAMED_DEPTH = 4
"""How deep schemas that have pages of their own are shown where others use them."""
_MANY = 120
"""After so many fields of one body, a schema that has a page of its own is only linked to."""


def said(about: str) -> Part:
    """Say what else holds of a field, behind its description."""
    return Part("prose", text=about, facts=_SAYS)


def says_limits(part: Part) -> bool:
    """Tell whether a part says what else holds of a field."""
    return part.facts == _SAYS


@dataclass
class Tree:
    """Writes the fields of one body."""

    edition: Edition
    direction: Direction
    written: int = 0
    trail: list[str] = field(default_factory=list)
    """The named schemas that it is inside of."""

    def body(self, tokens: Tokens, *, is_own: bool = False) -> Part:
        """Write a whole value: what it is, and its fields. `is_own`: this is on its own page."""
        shape = read(self.edition, tokens)
        title = f"*{type_words(self.edition, shape, is_own=is_own)}*"
        return Part("fields", title=title, text=self._limits(shape), parts=tuple(self._below(shape, 0)))

    def one(self, name: str, tokens: Tokens, *, is_required: bool) -> Part:
        """Write one field with all that is below it."""
        return self._field(name, tokens, 0, is_required=is_required)

    def _type(self, shape: Shape) -> str:
        return f"*{type_words(self.edition, shape)}*"

    def _limits(self, shape: Shape) -> str:
        return " · ".join(limits(self.edition.words, shape))

    def _field(self, name: str, tokens: Tokens, depth: int, *, is_required: bool) -> Part:
        self.written += 1
        shape = read(self.edition, tokens)
        below = (*self._notes(shape), *self._below(shape, depth))
        facts = {"name": name, "required": "true"} if is_required else {"name": name}
        return self._told(self._title(name, shape, is_required=is_required), shape, below, facts)

    def _told(self, title: str, shape: Shape, below: tuple[Part, ...], facts: dict[str, str]) -> Part:
        told = self.edition.told(shape.place("description"), "description")
        if about := self._limits(shape):
            below = (said(about), *below)
        return described("field", title, told, below, facts=facts)

    def _title(self, name: str, shape: Shape, *, is_required: bool) -> str:
        words = self.edition.words
        marks = [f"**{words('required')}**"] if is_required else []
        if self.direction == "both":
            marks += [f"*{words(word)}*" for keyword, word in _MARKS.items() if shape.get(keyword) is True]
        return " ".join([prose.code(name), self._type(shape), *marks])

    def _notes(self, shape: Shape) -> Iterator[Part]:
        own = tuple(layer for _, layer in shape.layers[:2])
        if any(layer.get("deprecated") is True for layer in own):
            yield self.edition.note("deprecated", "")
        for tokens, layer in shape.layers[:2]:
            if told := self.edition.told(tokens, "x-understudy-assumed", layer):
                yield note_of(self.edition, told, "assumed")
                return

    def _below(self, shape: Shape, depth: int) -> Iterator[Part]:
        """Yield the fields of an object, of what a list or map holds, or of each alternative."""
        if depth > _DEEPEST:
            inner = read(self.edition, shape.items) if shape.items else shape
            if inner.properties and not inner.name:
                yield Part("prose", text=self.edition.words("too_deep"))
        elif self._enter(shape, depth):
            yield from self._inside(shape, depth)
            self._leave(shape)

    def _inside(self, shape: Shape, depth: int) -> Iterator[Part]:
        """Yield each field, what else there may be, the items of a list, the alternatives."""
        required = shape.required
        for name, tokens in shape.properties.items():
            if read(self.edition, tokens).get(_HIDDEN.get(self.direction, "")) is not True:
                yield self._field(name, tokens, depth + 1, is_required=name in required)
        for pattern, tokens in shape.patterns.items():
            yield self._field(f"/{pattern}/", tokens, depth + 1, is_required=False)
        if shape.others and (shape.properties or shape.patterns):
            yield self._field("*", shape.others, depth + 1, is_required=False)
        elif shape.others:
            yield from self._inner(shape.others, depth)
        for index, tokens in enumerate(shape.heads):
            yield self._field(f"[{index}]", tokens, depth + 1, is_required=False)
        if shape.items:
            yield from self._inner(shape.items, depth)
        if shape.alternatives:
            yield from self._alternatives(shape, depth)

    def _inner(self, tokens: Tokens, depth: int) -> Iterator[Part]:
        """Yield what is below the values of a list or a map, and what holds of these if they have no fields."""
        shape = read(self.edition, tokens)
        about = self._limits(shape)
        told = self.edition.told(shape.place("description"), "description")
        if not (shape.is_object or shape.alternatives) and (about or told):
            text = "\n\n".join(part for part in (prose.clean(told.text), about) if part)
            yield Part("prose", title=self.edition.words("each_item"), text=text, language=told.language)
        yield from self._below(shape, depth)

    def _enter(self, shape: Shape, depth: int) -> bool:
        """Tell whether to go on below a schema: not into itself, nor without end into those that have pages."""
        if not shape.name:
            return True
        is_linked = shape.name in self.edition.schema_paths and (shape.is_object or bool(shape.alternatives))
        is_far = depth > 0 and is_linked and (depth > _NAMED_DEPTH or self.written > _MANY)
        if shape.name in self.trail or is_far:
            return False
        self.trail.append(shape.name)
        return True

    def _leave(self, shape: Shape) -> None:
        if shape.name:
            self.trail.remove(shape.name)

    def _alternatives(self, shape: Shape, depth: int) -> Iterator[Part]:
        """Yield each alternative that has fields; what tells them apart comes first."""
        words = self.edition.words
        name = shape.discriminator.get("propertyName")
        if isinstance(name, str):
            values = ", ".join(f"{prose.code(value)} → {kind}" for value, kind in self._mapping(shape))
            text = words("told_apart", field=prose.code(name))
            yield Part("prose", text=f"{text} {values}".strip())
        for index, tokens in enumerate(shape.alternatives):
            branch = read(self.edition, tokens)
            told = self.edition.told(branch.place("description"), "description") if branch.layers else None
            below = (*self._notes(branch), *self._below(branch, depth + 1))
            title = words("alternative", number=index + 1, kind=self._type(branch))
            about = self._limits(branch)
            text = "\n\n".join(part for part in (prose.clean(told.text) if told else "", about) if part)
            if text or below or branch.name:
                yield Part("fields", title=title, text=text, parts=below)

    def _mapping(self, shape: Shape) -> Iterator[tuple[str, str]]:
        mapping: Any = shape.discriminator.get("mapping")
        for value, target in mapping.items() if isinstance(mapping, dict) else ():
            name = str(target).rpartition("/")[2]
            if name in self.edition.schema_paths:
                yield str(value), self.edition.schema_link(name)
