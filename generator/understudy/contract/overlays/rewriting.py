"""The file of a translation, and what it is to say now, go in; its new text comes out, with the comments in it.

What has not changed stays as it is written, line by line: order, quotes and comments. Comments about something that has
to be written anew stand above it afterwards, and those about an action that is put aside go with it.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from understudy.contract.overlays.document import SOURCE, UNUSED
from understudy.contract.writing import to_yaml
from understudy.contract.yaml_reading import UnreadableError, layout, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from understudy.contract.source import Source
    from understudy.contract.yaml_reading import Written

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[^\n\r]*", re.MULTILINE)
_DASH = re.compile(r"( *)- +")
_PLAIN = re.compile(r"[A-Za-z_][\w-]*")
_LISTS = ("actions", UNUSED)


def rewritten(source: Source, value: dict[str, Any]) -> str | None:
    """Write a value into the text of the file it was made from; None if the file is not written so that this works."""
    root = layout(source.text)
    if root is None or root.style != "block" or not root.pairs:
        return None
    sheet = Sheet(source.text, root)
    try:
        lines = _Pen(sheet, value).mapping(root, source.value, value, len(sheet.lines))
    except UnpatchableError:
        return None
    made = "".join([*sheet.lines[: sheet.line_of(root.start)], *lines])
    return made if _says(made, value) else None


class UnpatchableError(Exception):
    """A value is written in a way that is changed only as a whole."""


class Sheet:
    """A text by lines, and the comments in it."""

    def __init__(self, text: str, root: Written) -> None:
        self.text = text
        self.lines = [f"{line}\n" for line in text.removesuffix("\n").split("\n")]
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line))
        self._comments = {self.line_of(found.start()): found for found in self._found(root)}

    def line_of(self, index: int) -> int:
        """Tell in which line a character stands, from 0."""
        return bisect_right(self._starts, index) - 1

    def column_of(self, index: int) -> int:
        """Tell in which column a character stands, from 0."""
        return index - self._starts[self.line_of(index)]

    def end_line(self, node: Written) -> int:
        """Tell the line after the last one of a value."""
        return self.line_of(max(node.start, node.end - 1)) + 1

    def comments(self, start: int, end: int) -> list[str]:
        """List the comments in some lines."""
        return [found[0].rstrip() for line, found in self._comments.items() if start <= line < end]

    def is_deeper(self, line: int, column: int) -> bool:
        """Tell whether a line has nothing but a comment, further to the right than a column."""
        found = self._comments.get(line)
        if found is None:
            return False
        before = found.start() - self._starts[line]
        return before > column and not self.lines[line][:before].strip()

    def _found(self, root: Written) -> Iterator[re.Match[str]]:
        """Find the comments: what starts with `#` where no text stands."""
        at = 0
        for start, end in (*_texts(root, self.text), (len(self.text), len(self.text))):
            yield from _COMMENT.finditer(self.text, at, max(at, start))
            at = max(at, end)


def _texts(node: Written, text: str) -> Iterator[tuple[int, int]]:
    """Yield where texts stand, in order; that of a block scalar begins below its head."""
    for key, value in node.pairs:
        yield from (*_texts(key, text), *_texts(value, text))
    for item in node.items:
        yield from _texts(item, text)
    if node.style in ("|", ">"):
        head = text.find("\n", node.start)
        yield (node.end if head < 0 else head, node.end)
    elif node.style not in ("flow", "block"):
        yield (node.start, node.end)


@dataclass(frozen=True)
class _Part:
    """The lines of one entry, and those before it that are about it."""

    before: range
    own: range


class _Pen:
    """Writes the lines of values anew, those that have changed. `moved` has comments of actions by their targets."""

    def __init__(self, sheet: Sheet, value: dict[str, Any]) -> None:
        self.sheet = sheet
        self.aside = {str(one.get("target")) for one in value.get(UNUSED, ())}
        self.moved: dict[str, list[str]] = {}

    def mapping(self, node: Written, old: dict[str, Any], new: dict[str, Any], end: int) -> list[str]:
        """Write a mapping in block style, from its first key to the line `end`. Raises UnpatchableError."""
        keys = list(old)
        if len(keys) != len(node.pairs) or keys[0] not in new:
            raise UnpatchableError
        column = self.sheet.column_of(node.start)
        parts = self.parts(list(node.pairs), column, range(self.sheet.line_of(node.start), end))
        made: dict[str, list[str]] = {}
        for place in sorted(range(len(keys)), key=lambda one: keys[one] != _LISTS[0]):
            name, part = keys[place], parts[place]
            before = self.lines(part.before)
            if name in new:
                made[name] = [*before, *self.entry(node.pairs[place], part.own, (name, old[name], new[name]))]
            else:
                made[name] = [*before, *self.said(self.sheet.comments(part.own.start, part.own.stop), column)]
        pieces = {name: made[name] for name in keys}
        lines = _woven(pieces, self.added(old, new, column), list(new))
        return [*lines, *self.lines(range(parts[-1].own.stop, end))]

    def added(self, old: dict[str, Any], new: dict[str, Any], column: int) -> dict[str, list[str]]:
        """Write the entries that are new."""
        return {
            name: self.items(name, value, column) if name in _LISTS else self.fresh({name: value}, column)
            for name, value in new.items()
            if name not in old
        }

    def items(self, name: str, value: Sequence[dict[str, Any]], column: int) -> list[str]:
        """Write a list of actions, each below the comments that have moved with it."""
        lines = self.fresh({name: None}, column)
        lines[0] = lines[0].replace(": null", ":", 1)
        return [*lines, *(line for item in value for line in self.item(item, column + 2))]

    def item(self, item: dict[str, Any], column: int) -> list[str]:
        comments = self.moved.pop(str(item.get("target")), [])
        return [*self.said(comments, column), *self.fresh([item], column)]

    def entry(self, pair: tuple[Written, Written], own: range, said: tuple[str, Any, Any]) -> list[str]:
        """Write one entry of a mapping: as it is, changed within, in its line, or whole."""
        (key, node), (name, old, new) = pair, said
        if old == new:
            return self.lines(own)
        first = self.sheet.line_of(node.start)
        if node.style == "block" and first > own.start and isinstance(new, dict | list) and new:
            head = self.lines(range(own.start, first))
            if isinstance(old, dict) and isinstance(new, dict):
                return [*head, *self.mapping(node, old, new, own.stop)]
            if name in _LISTS and isinstance(new, list):
                return [self.sheet.lines[own.start], *self.sequence(node, old, new, range(own.start + 1, own.stop))]
        if (inline := self.inline(node, new)) is not None:
            return [inline, *self.lines(range(own.start + 1, own.stop))]
        return self.whole(key, own, {name: new})

    def whole(self, key: Written, own: range, value: dict[str, Any]) -> list[str]:
        """Write an entry anew, below the comments that are in it."""
        column = self.sheet.column_of(key.start)
        lead = self.sheet.lines[own.start][:column]
        comments = self.sheet.comments(own.start, own.stop)
        if lead.strip() and comments:
            raise UnpatchableError
        lines = self.fresh(value, column)
        return [*self.said(comments, column), lead + lines[0][column:], *lines[1:]]

    def inline(self, node: Written, new: Any) -> str | None:
        """Change a value that stands in one line, if the new one can stand there, too."""
        line = self.sheet.line_of(node.start)
        if node.style in ("block", "|", ">") or self.sheet.end_line(node) != line + 1 or node.start == node.end:
            return None
        text = _flow(new) if node.style == "flow" else _text(new, node.style)
        if text is None:
            return None
        whole, column = self.sheet.lines[line], self.sheet.column_of(node.start)
        return whole[:column] + text + whole[column + node.end - node.start :]

    def sequence(self, node: Written, old: list[Any], new: list[Any], own: range) -> list[str]:
        """Write a list of actions: those that stay in their order, new ones after the one they come after."""
        column = self.dash(node.items[0])
        parts = self.parts([(item, item) for item in node.items], column, own)
        partner = _partners(old, new)
        pieces: dict[Any, list[str]] = {}
        for place, part in enumerate(parts):
            at = partner.get(place)
            if at is None:
                pieces[-1 - place] = self.gone(part, str(old[place].get("target")), column)
            else:
                pieces[at] = [*self.lines(part.before), *self.action(node.items[place], part.own, old[place], new[at])]
        fresh = {at: self.item(item, column) for at, item in enumerate(new) if at not in pieces}
        lines = _woven(pieces, fresh, list(range(len(new))), is_list=True)
        return [*lines, *self.lines(range(parts[-1].own.stop, own.stop))]

    def action(self, node: Written, own: range, old: Any, new: Any) -> list[str]:
        """Write one action: as it is, changed within, or whole, below the comments that are in it."""
        if old == new:
            return self.lines(own)
        column = self.dash(node)
        if node.style == "block":
            with suppress(UnpatchableError):
                return self.mapping(node, old, new, own.stop)
        return [*self.said(self.sheet.comments(own.start, own.stop), column), *self.fresh([new], column)]

    def gone(self, part: _Part, target: str, column: int) -> list[str]:
        """Leave an action out; comments about it go where it is put aside, else they stay."""
        comments = self.sheet.comments(part.before.start, part.own.stop)
        if target in self.aside:
            self.moved.setdefault(target, []).extend(comments)
            return []
        kept = self.lines(part.before) if self.sheet.comments(part.before.start, part.before.stop) else []
        return [*kept, *self.said(self.sheet.comments(part.own.start, part.own.stop), column)]

    def dash(self, item: Written) -> int:
        """Find the column of the dash before an item. Raises UnpatchableError if it is not in its line."""
        line, column = self.sheet.line_of(item.start), self.sheet.column_of(item.start)
        found = _DASH.fullmatch(self.sheet.lines[line], 0, column)
        if found is None:
            raise UnpatchableError
        return len(found[1])

    def parts(self, nodes: list[tuple[Written, Written]], column: int, lines: range) -> list[_Part]:
        """Share out lines among entries; a comment further to the right than they begin is about the one above it."""
        starts = [self.sheet.line_of(first.start) for first, _ in nodes]
        made: list[_Part] = []
        stop = lines.start
        for place, (_, last) in enumerate(nodes):
            before = range(stop, starts[place])
            limit = starts[place + 1] if place + 1 < len(nodes) else lines.stop
            stop = max(self.sheet.end_line(last), starts[place] + 1)
            if stop > limit:  # two entries in one line
                raise UnpatchableError
            stop = max([stop, *(line + 1 for line in range(stop, limit) if self.sheet.is_deeper(line, column))])
            made.append(_Part(before, range(starts[place], stop)))
        return made

    def lines(self, which: range) -> list[str]:
        return self.sheet.lines[which.start : which.stop]

    def said(self, comments: list[str], column: int) -> list[str]:
        return [f"{' ' * column}{comment}{self.sheet.newline}" for comment in comments]

    def fresh(self, value: Any, column: int) -> list[str]:
        """Write a value in block style, indented."""
        lines = to_yaml(value).removesuffix("\n").split("\n")
        return [(" " * column + line if line else "") + self.sheet.newline for line in lines]


def _woven(
    pieces: dict[Any, list[str]], fresh: dict[Any, list[str]], order: list[Any], *, is_list: bool = False
) -> list[str]:
    """Put what is new after what comes before it in the new order; what comes first is last in a mapping."""
    after: dict[Any, list[str]] = {}
    anchor = None
    for one in order:
        if one in pieces:
            anchor = one
        else:
            after.setdefault(anchor, []).extend(fresh[one])
    lead = after.pop(None, [])
    lines = [line for one, own in pieces.items() for line in (*own, *after.get(one, ()))]
    return [*lead, *lines] if is_list else [*lines, *lead]


def _partners(old: list[Any], new: list[Any]) -> dict[int, int]:
    """Find what became of each action: by its target, else, where only that has changed, by what it says."""
    partner: dict[int, int] = {}
    for fields in (("target",), ("update", SOURCE)):
        free: dict[str, list[int]] = {}
        for at in sorted(set(range(len(new))) - set(partner.values()), reverse=True):
            free.setdefault(_mark(new[at], fields), []).append(at)
        for place, item in enumerate(old):
            if place not in partner and (found := free.get(_mark(item, fields))):
                partner[place] = found.pop()
    return partner


def _mark(item: Any, fields: Sequence[str]) -> str:
    told = item if isinstance(item, dict) else {}
    return json.dumps([told.get(name) for name in fields], sort_keys=True, default=str)


def _flow(value: Any) -> str | None:
    """Write a mapping or list of texts in one line."""
    if isinstance(value, dict) and value and all(isinstance(one, str) for one in value.values()):
        return "{" + ", ".join(f"{_word(key)}: {_quoted(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return "[" + ", ".join(map(_word, value)) + "]"
    return None


def _text(value: Any, style: str) -> str | None:
    """Write a text in one line, in the quotes that were there."""
    if not isinstance(value, str) or "\n" in value or not value.isprintable():
        return None
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    return _quoted(value) if style == '"' else to_yaml(value).removesuffix("\n")


def _word(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _says(text: str, wanted: dict[str, Any]) -> bool:
    """Tell whether a text says what is wanted, whatever the order of its actions."""
    try:
        made, _ = read_yaml(text)
    except UnreadableError:
        return False
    return isinstance(made, dict) and {**made, **_sorted(made)} == {**wanted, **_sorted(wanted)}


def _sorted(value: dict[str, Any]) -> dict[str, list[str]]:
    return {
        name: sorted(json.dumps(one, sort_keys=True, default=str) for one in value[name])
        for name in _LISTS
        if isinstance(value.get(name), list)
    }
