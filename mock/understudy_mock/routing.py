"""A path goes in; the operations that live there and the values of its templates come out.

A trie over segments: literal beats partly templated beats wholly templated (OpenAPI, Path Templating Matching), and the
cost of a look-up depends on the length of the path, not on how many paths there are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote

T = TypeVar("T")

_TEMPLATE = re.compile(r"\{([^{}]*)\}")


@dataclass
class _Node(Generic[T]):
    literals: dict[str, _Node[T]] = field(default_factory=dict)
    patterns: list[tuple[re.Pattern[str], int, _Node[T]]] = field(default_factory=list)
    methods: dict[str, T] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """What stands at a path: its methods, and the still undecoded values of its templates in order."""

    methods: dict[str, T]
    values: tuple[str, ...]


class Router(Generic[T]):
    """Paths of any number of contracts in one trie."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, template: str, method: str, target: T) -> bool:
        """Register a path template. Gives False, and leaves things as they are, if another target stands there."""
        node = self._root
        for segment in template.split("/")[1:]:
            node = _descend(node, segment)
        return node.methods.setdefault(method, target) is target

    def find(self, path: str) -> Match[T] | None:
        """Look a path up; segments are split first and decoded afterwards (RFC 3986, 2.2)."""
        segments = path.split("/")[1:]
        return _search(self._root, segments, 0, ())

    def templates(self) -> int:
        """Count the places that have at least one method."""
        return _count(self._root)


def template_names(template: str) -> list[str]:
    """List the names in a path template in order."""
    return _TEMPLATE.findall(template)


def _descend(node: _Node[T], segment: str) -> _Node[T]:
    if "{" not in segment:
        return node.literals.setdefault(segment, _Node())
    text, literal_length = "", 0
    position = 0
    for match in _TEMPLATE.finditer(segment):
        literal = segment[position : match.start()]
        text += re.escape(literal) + "(.+?)"
        literal_length += len(literal)
        position = match.end()
    literal = segment[position:]
    text += re.escape(literal)
    literal_length += len(literal)
    for pattern, _, known in node.patterns:
        if pattern.pattern == text:
            return known
    made: _Node[T] = _Node()
    node.patterns.append((re.compile(text, re.DOTALL), literal_length, made))
    node.patterns.sort(key=lambda entry: -entry[1])
    return made


def _search(node: _Node[T], segments: list[str], index: int, values: tuple[str, ...]) -> Match[T] | None:
    if index == len(segments):
        return Match(node.methods, values) if node.methods else None
    segment = segments[index]
    child = node.literals.get(segment)
    if child is None and "%" in segment:
        child = node.literals.get(unquote(segment))
    if child is not None and (found := _search(child, segments, index + 1, values)):
        return found
    for pattern, literal_length, child in node.patterns:
        if not literal_length:
            captured: tuple[str, ...] = (segment,) if segment else ()
        else:
            match = pattern.fullmatch(segment)
            captured = match.groups() if match else ()
        if captured and (found := _search(child, segments, index + 1, values + captured)):
            return found
    return None


def _count(node: _Node[T]) -> int:
    below = [*node.literals.values(), *(entry[2] for entry in node.patterns)]
    return bool(node.methods) + sum(_count(child) for child in below)
