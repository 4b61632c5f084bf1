"""YAML text goes in; JSON values and the position of each key and value come out. The one door to PyYAML.

PyYAML's events are turned into values here rather than by its constructors, because those build Python objects from
tags, let the last of two equal keys win, read dates and octal numbers, and forget where things stood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NoReturn

import yaml

MAX_DEPTH = 200
MAX_NODES = 5_000_000
MAX_DIGITS = 1000

Mark = tuple[int, int]
"""Line and column, both from 1."""

Marks = dict[int, dict[str, tuple[Mark, Mark]]]
"""Identity of a container → its key or index → (position of the key, position of the value)."""

_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_FRACTION = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_NOT_JSON = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = {_TAG + name for name in ("str", "int", "float", "bool", "null", "map", "seq")}
_MERGE = "<<"


@dataclass(frozen=True)
class Written:
    """A value as it is written: where it starts and ends, in characters from 0, and how."""

    start: int
    end: int
    """After its last character, without comments and empty lines that follow it."""
    style: str = ""
    """`|`, `>`, `'`, `"` or nothing for a text; `flow` or `block` for a mapping or sequence."""
    pairs: tuple[tuple[Written, Written], ...] = ()
    items: tuple[Written, ...] = ()


class UnreadableError(Exception):
    """The text is not plain data; carries the place, what is wrong, and what to do."""

    def __init__(self, mark: Mark, rule: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.mark, self.rule, self.message, self.remedy = mark, rule, message, remedy


@dataclass
class _Open:
    """A container still being filled."""

    value: Any
    mark: Mark
    anchor: str | None
    places: dict[str, tuple[Mark, Mark]] = field(default_factory=dict)
    key: str | None = None
    key_mark: Mark = (1, 1)
    key_is_merge: bool = False
    merges: list[Any] = field(default_factory=list)
    size: int = 1


def read_yaml(text: str) -> tuple[Any, Marks]:
    """Read exactly one document. Raises UnreadableError; never builds anything but JSON values."""
    return _Reader().read(text)


def layout(text: str) -> Written | None:
    """Tell how a readable document is written; None if it has aliases, so that a value stands in several places."""
    root = yaml.compose(text, Loader=_LOADER)
    try:
        return None if root is None else _layout(root, text, set())
    except _SharedError:
        return None


class _SharedError(Exception):
    """A value has an anchor and is used again."""


def _layout(node: Any, text: str, seen: set[int]) -> Written:
    if id(node) in seen:
        raise _SharedError
    seen.add(id(node))
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, yaml.ScalarNode):
        style = node.style or ""
        return Written(start, start + len(text[start:end].rstrip()) if style in ("|", ">") else end, style)
    pairs: list[tuple[Written, Written]] = []
    items: list[Written] = []
    if isinstance(node, yaml.MappingNode):
        pairs = [(_layout(key, text, seen), _layout(value, text, seen)) for key, value in node.value]
    else:
        items = [_layout(item, text, seen) for item in node.value]
    if not node.flow_style:
        end = max([start, *(value.end for _, value in pairs), *(item.end for item in items)])
    return Written(start, end, "flow" if node.flow_style else "block", tuple(pairs), tuple(items))


class _Reader:
    def __init__(self) -> None:
        self.marks: Marks = {}
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.root: list[Any] = []

    def read(self, text: str) -> tuple[Any, Marks]:
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            _explain(error, text)
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            _refuse((line, 1), "input-syntax", "A character here is not allowed in YAML.", "Remove it, or escape it.")
        except RecursionError:
            _too_deep((1, 1))
        return (self.root[0] if self.root else None), self.marks

    def _take(self, event: Any) -> None:
        match event:
            case yaml.ScalarEvent() if self._awaits_key():
                self._take_key(event)
            case yaml.ScalarEvent():
                self._add(_scalar(event), _mark(event), 1, event.anchor)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close()
            case yaml.DocumentStartEvent() if self.root:
                remedy = "Keep one document in a file."
                _refuse(_mark(event), "input-documents", "A second document starts here.", remedy)

    def _open(self, event: Any) -> None:
        _check_tag(event)
        if len(self.stack) >= MAX_DEPTH:
            _too_deep(_mark(event))
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        if self._awaits_key():
            _bad_key(_mark(event))
        self.stack.append(_Open({} if is_mapping else [], _mark(event), event.anchor))

    def _close(self) -> None:
        done = self.stack.pop()
        for merged in done.merges:
            for key, value in merged.items():
                done.value.setdefault(key, value)
                done.places.setdefault(key, (done.mark, done.mark))
        self.marks[id(done.value)] = done.places
        self._add(done.value, done.mark, done.size, done.anchor)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:
            remedy = f"Define `&{event.anchor}` before it is used; an anchor can't contain itself."
            _refuse(_mark(event), "input-anchor", f"The alias `*{event.anchor}` names no finished anchor.", remedy)
        value, size = self.anchors[event.anchor]
        self._add(value, _mark(event), size, None)

    def _awaits_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None

    def _add(self, value: Any, mark: Mark, size: int, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = (value, size)
        if not self.stack:
            self.root.append(value)
            return
        parent = self.stack[-1]
        parent.size += size
        if parent.size > MAX_NODES:
            message = f"Its aliases expand to more than {MAX_NODES:,} values."
            _refuse(mark, "input-expansion", message, "Replace nested aliases by `$ref`.")
        if isinstance(parent.value, list):
            parent.places[str(len(parent.value))] = (mark, mark)
            parent.value.append(value)
        elif parent.key is None:
            _bad_key(mark)
        else:
            self._pair(parent, parent.key, value, mark)

    def _take_key(self, event: Any) -> None:
        parent, key, mark = self.stack[-1], str(event.value), _mark(event)
        parent.key, parent.key_mark = key, mark
        parent.key_is_merge = key == _MERGE and bool(event.implicit[0])  # in quotes it is a key like any other
        parent.size += 1
        if key in parent.value:
            first = parent.places[key][0][0]
            message = f"The key `{key}` stands here a second time; the first is on line {first}."
            _refuse(mark, "input-duplicate-key", message, "Remove or rename one of the two.")

    def _pair(self, parent: _Open, key: str, value: Any, mark: Mark) -> None:
        parent.key = None
        if parent.key_is_merge:
            parts = value if isinstance(value, list) else [value]
            if not all(isinstance(part, dict) for part in parts):
                _refuse(mark, "input-merge", "A merge key `<<` takes mappings only.", "Point it at a mapping.")
            parent.merges.extend(parts)
            return
        parent.places[key] = (parent.key_mark, mark)
        parent.value[key] = value


def _scalar(event: Any) -> Any:
    _check_tag(event)
    text = str(event.value)
    tag = (event.tag or "").removeprefix(_TAG)
    if tag == "str" or not (event.implicit[0] or tag):
        return text
    if text in _WORDS and tag in ("", "null", "bool"):
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) < MAX_DIGITS else text
    if _FRACTION.fullmatch(text):
        return Decimal(text)
    if _NOT_JSON.fullmatch(text):
        _refuse(_mark(event), "input-number", f"JSON has no number `{text}`.", "Quote it, or write a finite number.")
    return text


def _check_tag(event: Any) -> None:
    if event.tag not in (None, "!", *_PLAIN_TAGS):
        name = event.tag.replace(_TAG, "!!")
        message = f"The tag `{name}` asks for something other than plain data."
        _refuse(_mark(event), "input-tag", message, "Remove the tag; a contract holds data only.")


def _mark(event: Any) -> Mark:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _explain(error: Any, text: str) -> NoReturn:
    place = error.problem_mark or error.context_mark
    mark = (place.line + 1, place.column + 1) if place else (1, 1)
    problem = str(error.problem or error.context)
    line = (text.splitlines() or [""])[min(mark[0], text.count("\n") + 1) - 1 :][:1]
    if line and line[0][mark[1] - 1 : mark[1]] == "\t":
        _refuse(mark, "input-tab", "YAML does not allow a tab as indentation.", "Indent with spaces.")
    if "undefined alias" in problem:
        _refuse(mark, "input-anchor", problem.capitalize() + ".", "Define the anchor before it is used.")
    _refuse(mark, "input-syntax", f"This is not YAML: {problem}.", "Check indentation, quotes and colons just before.")


def _too_deep(mark: Mark) -> NoReturn:
    message = f"Values are nested more than {MAX_DEPTH} deep."
    _refuse(mark, "input-depth", message, "Flatten the document, or use `$ref`.")


def _bad_key(mark: Mark) -> NoReturn:
    _refuse(mark, "input-key", "A mapping's key is not plain text.", "Use a string as key, as JSON does.")


def _refuse(mark: Mark, rule: str, message: str, remedy: str) -> NoReturn:
    raise UnreadableError(mark, rule, message, remedy)
