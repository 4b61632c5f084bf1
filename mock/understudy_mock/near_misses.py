"""A path and method that no operation has go in; the operations that come closest, and what differs, come out.

The distance is an edit distance over path segments. It is bounded: only candidates that share segments are measured,
and only the beginnings of long segments are compared.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from understudy_mock.mounting import Mount

SHOWN = 3

_MEASURED = 12
_MAX_SEGMENTS = 16
_MAX_LETTERS = 24
_FAR = 1.5
_STRANGE = 1.5
_PART = 0.7
_WORD = 3
_ALIKE = 1.0
"""Nearer than this, two segments are taken for variations of one; a path without any has nothing in common."""
_LEADING = 0.4
"""A segment at the beginning that is missing or one too many: a prefix is soon forgotten."""
_OTHER_METHOD = 0.5
_TEMPLATE = 0.1


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An operation that a request nearly was, and what would have to change for it."""

    contract: str
    operation: str
    method: str
    path: str
    differs: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Write it as the problem details and the control API show it."""
        return {
            "contract": self.contract,
            "operation": self.operation,
            "method": self.method,
            "path": self.path,
            "differs": list(self.differs),
        }


@dataclass(frozen=True, slots=True)
class _Candidate:
    contract: str
    operation: str
    method: str
    path: str
    segments: tuple[str, ...]
    literals: frozenset[str]


class NearMisses:
    """The operations of all mounts, made ready to be compared with."""

    def __init__(self, mounts: Sequence[Mount]) -> None:
        self._candidates = [
            _Candidate(mount.compiled.name, one.operation.id, one.operation.method, path, segments, frozenset(segments))
            for mount in mounts
            for one in mount.compiled.operations.values()
            for prefix in mount.prefixes
            if (path := prefix + one.operation.path) and (segments := tuple(path.split("/")[1 : _MAX_SEGMENTS + 1]))
        ]

    def find(self, method: str, path: str) -> tuple[NearMiss, ...]:
        """List the operations that come closest, the closest first; none where nothing comes near."""
        asked = tuple(unquote(segment) for segment in path.split("/")[1 : _MAX_SEGMENTS + 1])
        known = frozenset(asked)
        likely = heapq.nlargest(_MEASURED, self._candidates, key=lambda one: _likeness(one, asked, known, method))
        distances: dict[tuple[str, str], float] = {}
        ranked = []
        for index, one in enumerate(likely):
            costs = _measure(asked, one.segments, distances)
            cost = costs[-1][-1] + _OTHER_METHOD * (one.method != method)
            if cost < _FAR and _has_common(asked, one.segments, distances):
                ranked.append((cost, index, costs, one))
        found: dict[tuple[str, str], NearMiss] = {}
        for _, _, costs, one in sorted(ranked):
            if (one.contract, one.operation) not in found and len(found) < SHOWN:
                other = () if one.method == method else (f"the method is {method}, it is called by {one.method}",)
                said = (*_explain(asked, one.segments, costs, distances), *other)
                found[one.contract, one.operation] = NearMiss(one.contract, one.operation, one.method, one.path, said)
        return tuple(found.values())


def _likeness(one: _Candidate, asked: tuple[str, ...], known: frozenset[str], method: str) -> float:
    """Guess quickly how alike two paths are: segments in common, and the same length."""
    return len(known & one.literals) - abs(len(asked) - len(one.segments)) / 2 + (one.method == method) / 4


_Costs = list[list[float]]
"""Row by asked, column by known segment: what it costs to make the beginning of one that of the other."""


def _measure(asked: tuple[str, ...], known: tuple[str, ...], distances: dict[tuple[str, str], float]) -> _Costs:
    """Measure two paths (Levenshtein over segments); the last cost is that of the whole."""
    costs = [[_LEADING * index for index in range(len(known) + 1)]]
    for given in asked:
        before, row = costs[-1], [costs[-1][0] + _LEADING]
        for index, segment in enumerate(known):
            if (pair := (given, segment)) not in distances:
                distances[pair] = _distance(given, segment)
            row.append(min(before[index] + distances[pair], before[index + 1] + 1, row[index] + 1))
        costs.append(row)
    return costs


def _has_common(asked: tuple[str, ...], known: tuple[str, ...], distances: dict[tuple[str, str], float]) -> bool:
    return any(distances[given, segment] < _ALIKE for segment in known if "{" not in segment for given in asked)


def _explain(
    asked: tuple[str, ...], known: tuple[str, ...], costs: _Costs, distances: dict[tuple[str, str], float]
) -> list[str]:
    """Go back from the end the way that cost least, and tell each difference in words."""
    said: list[str] = []
    place, index = len(asked), len(known)
    while place and index:
        step, cost = distances[asked[place - 1], known[index - 1]], costs[place][index]
        if cost == costs[place - 1][index - 1] + step:
            place, index = place - 1, index - 1
            if step > _TEMPLATE:
                change = f"{_quoted(asked[place])}, {_quoted(known[index])} would have matched"
                said.append(f"segment {place + 1} is {change}")
        elif cost == costs[place][index - 1] + 1:
            index -= 1
            said.append(f"segment {index + 1}, {_quoted(known[index])}, is missing")
        else:
            place -= 1
            said.append(_surplus(asked[place], place, len(asked)))
    said += [f"segment {number}, {_quoted(known[number - 1])}, is missing" for number in range(index, 0, -1)]
    said += [_surplus(asked[number - 1], number - 1, len(asked)) for number in range(place, 0, -1)]
    return said[::-1]


def _surplus(given: str, place: int, count: int) -> str:
    if not given and place + 1 == count:
        return "the path ends with a slash"
    return f"segment {place + 1}, {_quoted(given)}, is one too many"


def _quoted(segment: str) -> str:
    return f"`{segment[:_MAX_LETTERS]}…`" if len(segment) > _MAX_LETTERS else f"`{segment}`"


def _distance(given: str, known: str) -> float:
    """Measure two segments: 0 for equal ones, most for strangers; a template matches all that is not empty."""
    if given == known:
        return 0.0
    if "{" in known:
        return _TEMPLATE if given else _STRANGE
    one, other = given[:_MAX_LETTERS].casefold(), known[:_MAX_LETTERS].casefold()
    longest, shortest = max(len(one), len(other)), min(len(one), len(other))
    if shortest >= _WORD and (one in other or other in one):
        return _PART
    if not one or not other or abs(len(one) - len(other)) > longest // 2:
        return _STRANGE
    edits = _edits(one, other)
    return 0.2 + 1.6 * edits / longest if 2 * edits <= longest else _STRANGE


def _edits(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, row = row, [place]
        for index, known in enumerate(other, 1):
            row.append(min(before[index - 1] + (letter != known), before[index] + 1, row[-1] + 1))
    return row[-1]
