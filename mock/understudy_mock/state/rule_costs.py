"""A CEL expression and the sizes of the values it meets go in; how much work it can be at most comes out.

CEL has no loops without an end, but comprehensions inside comprehensions multiply, and the library copies what `map`
and `filter` have gathered with every item. So the most work there can be is reckoned before an expression runs: from
its text and from the values, never from a clock, so that the same request is always treated alike. A unit is about what
it takes to copy one value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

BUDGET = 10_000_000
"""So much work an expression may be: a few seconds on an ordinary machine, and usually less than a thousandth."""

_NOISE = re.compile(
    r"//[^\n]*"
    r"|\b(?:[rR][bB]?|[bB][rR])(?:\"\"\".*?\"\"\"|'''.*?'''|\"[^\"\n]*\"|'[^'\n]*')"
    r"|\b[bB]?(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?''')"
    r"|(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?''')"
    r"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'",
    re.DOTALL,
)
_MACRO = re.compile(r"\.\s*(all|exists|exists_one|filter|map)\s*\(")
_PATH = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*(\s*[(\[])?")
_LISTED = re.compile(r"(?:^|[^\w\s\])}])\s*\[")
"""A list written out, and not an index."""
_WORDS = frozenset(("in", "true", "false", "null"))
_ROOTS = frozenset(("request", "item", "target", "result", "state", "now"))
_LETTERS_AT_ONCE = 8


@dataclass(frozen=True)
class Part:
    """A piece of an expression: the paths it names, how often it adds, and the comprehensions in it."""

    paths: tuple[str, ...]
    additions: int
    macros: tuple[Macro, ...]

    @property
    def depth(self) -> int:
        """How deep comprehensions stand in one another."""
        return max((1 + macro.body.depth for macro in self.macros), default=0)


@dataclass(frozen=True)
class Macro:
    """A comprehension: what it is called, and what it does with every item."""

    name: str
    body: Part

    @property
    def gathers(self) -> bool:
        """Tell whether it makes a list."""
        return self.name in ("map", "filter")


@dataclass(frozen=True)
class Plan:
    """What is known of an expression's work before it meets values."""

    whole: Part
    literals: int
    additions: int
    has_lists: bool = False

    @property
    def is_plain(self) -> bool:
        """Tell whether it can't be more work than it is long."""
        return not self.whole.macros and self.additions <= 1


@dataclass
class Sizes:
    """What the values are like: how long lists are, how many values items, members and everything consist of."""

    longest: int = 1
    letters: int = 0
    item: int = 1
    total: int = 0
    members: dict[str, int] = field(default_factory=dict)


def plan(text: str) -> Plan:
    """Read what is in an expression that compiles. Where that is not plain, all comprehensions count as nested."""
    bare = _NOISE.sub(lambda found: " " if found[0].startswith("/") else '""', text)
    names = _MACRO.findall(bare)
    whole = _part(bare) if bare.count("(") == bare.count(")") else None
    written = len(_MACRO.findall(text))
    if whole is None or len(names) != written or _count(whole) != len(names):
        whole = _worst(text, max(len(names), written))
    return Plan(whole, text.count(",") + 1, text.count("+"), _LISTED.search(bare) is not None)


def _worst(text: str, count: int) -> Part:
    made = Part((), text.count("+"), ())
    for _ in range(count):
        made = Part((), 0, (Macro("map", made),))
    return made


def _count(part: Part) -> int:
    return sum(1 + _count(macro.body) for macro in part.macros)


def _part(text: str) -> Part:
    own, macros, position = "", [], 0
    while match := _MACRO.search(text, position):
        end = _closing(text, match.end())
        own += text[position : match.start()] + " "
        macros.append(Macro(match[1], _part(text[match.end() : end].partition(",")[2])))
        position = end
    own += text[position:]
    paths = tuple(match[0] for match in _PATH.finditer(own) if match[0] not in _WORDS)
    return Part(paths, own.count("+"), tuple(macros))


def _closing(text: str, start: int) -> int:
    """Find the parenthesis that closes the one before a place."""
    open_ones = 1
    for index in range(start, len(text)):
        open_ones += (text[index] == "(") - (text[index] == ")")
        if not open_ones:
            return index
    return len(text)


def weigh(value: Any, sizes: Sizes) -> int:
    """Count the values that a value consists of, and note what may matter."""
    count = 1
    if isinstance(value, str):
        sizes.letters = max(sizes.letters, len(value))
    elif isinstance(value, list):
        sizes.longest = max(sizes.longest, len(value))
        for item in value:
            own = weigh(item, sizes)
            sizes.item = max(sizes.item, own)
            count += own
    elif isinstance(value, dict):
        sizes.longest = max(sizes.longest, len(value))
        for name, item in value.items():
            own = weigh(item, sizes)
            sizes.members[name] = max(sizes.members.get(name, 0), own)
            count += own
    return count


def work(plan: Plan, variables: dict[str, Any], *, times: int = 1) -> int:
    """Reckon the most work there can be, for an expression that is computed so many times."""
    if plan.is_plain and times == 1:
        return 0
    sizes = Sizes()
    sizes.total = weigh(variables, sizes)
    return times * (2 * sizes.total * (times > 1) + _Reckoning(plan, sizes).of(plan.whole))


class _Reckoning:
    def __init__(self, plan: Plan, sizes: Sizes) -> None:
        self.sizes = sizes
        self.bound = sizes.total if plan.has_lists else sizes.item
        self.longest = max(sizes.longest * (1 + plan.additions), plan.literals)
        gathered = [self._made(macro.body) for macro in _macros(plan.whole) if macro.name == "map"]
        self.item = max([sizes.item, *gathered])

    def of(self, part: Part) -> int:
        """Reckon the work of a part."""
        found = 1 + self._named(part) + part.additions * self.sizes.letters // _LETTERS_AT_ONCE
        for macro in part.macros:
            found += self.longest * (1 + self.of(macro.body))
            if macro.gathers:
                found += self.longest**2 // 2 * (self._made(macro.body) if macro.name == "map" else self.item)
        return found

    def _named(self, part: Part) -> int:
        return sum(map(self._weight, part.paths))

    def _weight(self, path: str) -> int:
        """Tell the most values there can be where a path leads: by its last name; where that tells nothing, all."""
        first, *others = (name.strip() for name in path.split("."))
        if path.endswith("("):
            if not others:
                return 1
            others.pop()
        if others:
            return self.sizes.members.get(others[-1], self.sizes.total)
        return self.sizes.total if first in _ROOTS or path.endswith("[") else self.bound

    def _made(self, part: Part) -> int:
        """Tell the most values that what a part computes can consist of."""
        inner = sum(self.longest * (self._made(macro.body) + self.sizes.item) for macro in part.macros if macro.gathers)
        return 1 + self._named(part) + inner


def _macros(part: Part) -> Iterator[Macro]:
    for macro in part.macros:
        yield macro
        yield from _macros(macro.body)
