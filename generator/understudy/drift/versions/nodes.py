"""Places of schemas go in; the schemas that speak of one and the same value come out, references followed.

A node is one or several places of a document whose schemas all have to be met, with the alternatives that were picked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Tokens = tuple[str | int, ...]

ALTERNATIVES = ("anyOf", "oneOf")
_COMPONENT = ("components", "schemas")
_COMPONENT_DEPTH = 3
_DEEP = 50
"""How many schemas inside each other are asked whether they take null."""
_ONLY_NULL = ({"type": "null"}, {"type": ["null"]}, {"enum": [None]}, {"const": None})
_WORDS = frozenset(
    ("title", "description", "example", "examples", "externalDocs", "$comment"),
)
"""What a reference's neighbours may say without any bearing on the values taken."""


@dataclass(frozen=True)
class Node:
    """Schemas that one value has to fit; none at all takes any value."""

    places: tuple[Tokens, ...] = ()
    picks: frozenset[tuple[Tokens, str, int]] = frozenset()
    """Which branch was chosen of an anyOf or oneOf: the schema's place, the keyword, the number."""


ANYTHING = Node()


@dataclass(frozen=True)
class Group:
    """An anyOf or oneOf with several branches that may be taken by something else than null."""

    keyword: str
    owner: Tokens
    branches: tuple[int, ...]

    def place(self, index: int) -> Tokens:
        """Say where a branch stands."""
        return (*self.owner, self.keyword, index)


@dataclass(frozen=True)
class Flat:
    """The schema objects of a node, each with its place, and what can't be put on one level with them."""

    parts: tuple[tuple[dict[str, Any], Tokens], ...] = field(repr=False)
    groups: tuple[Group, ...] = ()
    is_impossible: bool = False


class Schemas:
    """The schemas of one document of the one dialect."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._flat: dict[Node, Flat] = {}
        self._nulls: dict[Tokens, bool] = {}
        self._ends: dict[Tokens, Tokens] = {}
        self._depth = 0

    def at(self, tokens: Tokens) -> Any:
        """Give the value at a place."""
        return pointers.resolve(self.document, tokens)

    def node(self, *places: Tokens) -> Node:
        """Make a node of places, each led on along references that stand alone."""
        return Node(tuple(dict.fromkeys(self._led(tokens) for tokens in places)))

    def _led(self, tokens: Tokens) -> Tokens:
        if tokens not in self._ends:
            end, seen = tokens, set[Tokens]()
            while end not in seen:
                seen.add(end)
                end = self._further(end) or end
            self._ends[tokens] = end
        return self._ends[tokens]

    def _further(self, tokens: Tokens) -> Tokens | None:
        """Say where a schema leads that says nothing itself: by its reference, or the only schema of its allOf."""
        schema = self.at(tokens)
        target = self.target(schema)
        if target is not None and schema.keys() - {"$ref"} <= _WORDS:
            return target
        is_wrapper = len(listed(schema, "allOf")) == 1 and schema.keys() - {"allOf"} <= _WORDS
        return (*tokens, "allOf", 0) if is_wrapper else None

    def target(self, schema: Any) -> Tokens | None:
        """Say where a schema's own reference leads; None where it has none."""
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if not (isinstance(reference, str) and reference.startswith("#")):
            return None
        tokens = tuple(pointers.split_fragment(reference[1:]))
        try:
            self.at(tokens)
        except KeyError:
            return None
        return tokens

    def name(self, node: Node) -> str:
        """Name the component a node is; empty for any other."""
        place = node.places[0] if len(node.places) == 1 and not node.picks else ()
        is_component = place[:2] == _COMPONENT and len(place) == _COMPONENT_DEPTH
        return str(place[2]) if is_component else ""

    def branch(self, group: Group, index: int) -> Node:
        """Make the node of a branch alone."""
        return self.node(group.place(index))

    def branch_name(self, group: Group, index: int) -> str:
        """Name the component that a branch refers to; empty if it is written out."""
        schema = self.at(group.place(index))
        target = self.target(schema) or ()
        return str(target[2]) if target[:2] == _COMPONENT and len(target) == _COMPONENT_DEPTH else ""

    def picked(self, node: Node, group: Group) -> list[Node]:
        """Make the nodes that together take what a node takes, one for each branch."""
        return [Node(node.places, node.picks | {(group.owner, group.keyword, index)}) for index in group.branches]

    def flat(self, node: Node) -> Flat:
        """Put all schemas of a node on one level: references, allOf, and alternatives that are none."""
        if node not in self._flat:
            self._flat[node] = self._flatten(node)
        return self._flat[node]

    def _flatten(self, node: Node) -> Flat:
        parts: dict[Tokens, dict[str, Any]] = {}
        groups: list[Group] = []
        seen: set[Tokens] = set()
        is_impossible = False
        picks = {(owner, keyword): index for owner, keyword, index in node.picks}
        waiting = list(reversed(node.places))
        while waiting:
            tokens = waiting.pop()
            if tokens in seen:
                continue
            seen.add(tokens)
            schema = self.at(tokens)
            is_impossible |= schema is False
            if not isinstance(schema, dict):
                continue
            parts[tokens] = schema
            further: list[Tokens] = [target] if (target := self.target(schema)) else []
            further += [(*tokens, "allOf", index) for index in range(len(listed(schema, "allOf")))]
            for group in self._groups(schema, tokens, picks):
                if len(group.branches) > 1:
                    groups.append(group)
                further += [group.place(index) for index in group.branches if len(group.branches) == 1]
                is_impossible |= not group.branches
            waiting.extend(reversed(further))
        return Flat(tuple((schema, tokens) for tokens, schema in parts.items()), tuple(groups), is_impossible)

    def _groups(self, schema: dict[str, Any], owner: Tokens, picks: dict[tuple[Tokens, str], int]) -> Iterator[Group]:
        """Yield the alternatives of a schema, those for null alone left out, or only the one that was picked."""
        for keyword in ALTERNATIVES:
            branches = listed(schema, keyword)
            left = tuple(index for index, one in enumerate(branches) if not self._is_only_null(one))
            picked = picks.get((owner, keyword))
            if branches:
                yield Group(keyword, owner, left if picked is None else (picked,))

    def _is_only_null(self, schema: Any) -> bool:
        target = self.target(schema)
        value = self.at(target) if target and len(schema) == 1 else schema
        return value is False or any(_fits(value, one) for one in _ONLY_NULL)

    def takes_null(self, node: Node) -> bool:
        """Tell whether null is among the values taken."""
        return all(map(self._takes_null, node.places)) and all(
            self._takes_null((*owner, keyword, index)) or self._is_null_elsewhere(owner, keyword, index)
            for owner, keyword, index in node.picks
        )

    def _is_null_elsewhere(self, owner: Tokens, keyword: str, index: int) -> bool:
        """Let null, which a branch beside the picked one stands for, be taken with every pick."""
        branches = listed(self.at(owner), keyword)
        return any(self._is_only_null(one) for number, one in enumerate(branches) if number != index)

    def _takes_null(self, tokens: Tokens) -> bool:
        tokens = self._led(tokens)
        if tokens not in self._nulls:
            if self._depth >= _DEEP:
                return True
            self._nulls[tokens] = True  # a circle decides nothing
            self._depth += 1
            schema = self.at(tokens)
            is_taken = schema is not False
            if isinstance(schema, dict):
                is_taken = _says_null(schema) and all(self._null_verdicts(schema, tokens))
            self._nulls[tokens] = is_taken
            self._depth -= 1
        return self._nulls[tokens]

    def _null_verdicts(self, schema: dict[str, Any], tokens: Tokens) -> Iterator[bool]:
        if target := self.target(schema):
            yield self._takes_null(target)
        for keyword in ("allOf", *ALTERNATIVES):
            if branches := listed(schema, keyword):
                taken = [self._takes_null((*tokens, keyword, index)) for index in range(len(branches))]
                yield _combined(keyword, taken)
        if "not" in schema:
            yield not self._takes_null((*tokens, "not"))
        if "if" in schema:
            then = "then" if self._takes_null((*tokens, "if")) else "else"
            yield then not in schema or self._takes_null((*tokens, then))


def _fits(value: Any, bare: dict[str, Any]) -> bool:
    return isinstance(value, dict) and {name: value[name] for name in value if name not in _WORDS} == bare


def _combined(keyword: str, taken: Sequence[bool]) -> bool:
    if keyword == "allOf":
        return all(taken)
    return any(taken) if keyword == "anyOf" else sum(taken) == 1


def _says_null(schema: dict[str, Any]) -> bool:
    types = schema.get("type")
    if isinstance(types, str | list) and "null" not in ([types] if isinstance(types, str) else types):
        return False
    values = schema.get("enum")
    if isinstance(values, list) and None not in values:
        return False
    return "const" not in schema or schema["const"] is None


def listed(schema: Any, keyword: str) -> list[Any]:
    """Give a keyword's list; empty where it has none."""
    value = schema.get(keyword) if isinstance(schema, dict) else None
    return value if isinstance(value, list) else []


def is_set(schema: Any, keyword: str) -> bool:
    """Tell whether a keyword is true."""
    return isinstance(schema, dict) and schema.get(keyword) is True


def mapped(schema: Any, keyword: str) -> dict[str, Any]:
    """Give a keyword's mapping; empty where it has none."""
    value = schema.get(keyword) if isinstance(schema, dict) else None
    return value if isinstance(value, dict) else {}
