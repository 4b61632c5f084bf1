"""A document and an overlay go in; the changed document and what each action did come out.

Neither the document nor the overlay is changed: what is new shares what is not. Rules: Overlay Specification, sections
"Overlay Object" (actions in order, each on what the one before left) and "Action Object" (merging).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract.overlays.querying import Budget, QueryError
from understudy.contract.yaml_reading import MAX_DEPTH
from understudy.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from understudy.contract.model import Tokens
    from understudy.contract.overlays.document import Action, Overlay

MOST_ADDED = 1_000_000
"""So many values the actions of one overlay may add: copies of copies grow like nothing else."""

MOST_STEPS = 10_000_000
"""So many values the queries of one overlay may look at."""

TARGET = "overlay-target"
MERGE = "overlay-merge"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: where in the document, and where in the overlay's file it is written. `after` is none if removed."""

    tokens: Tokens
    written: Tokens
    after: Any = field(default=None, repr=False)
    is_removal: bool = False


@dataclass(frozen=True)
class Outcome:
    """What one action did."""

    action: Action
    targets: tuple[Tokens, ...] = ()
    changes: tuple[Change, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Applied:
    """The document that an overlay makes, what each action did, and what is to say about them."""

    document: Any = field(repr=False)
    outcomes: tuple[Outcome, ...] = field(repr=False)
    findings: tuple[Finding, ...] = ()


def apply(document: Any, overlay: Overlay) -> Applied:
    """Carry out all actions in order; one that can't be carried out is an error among the findings, and left out."""
    run = _Application(overlay)
    outcomes = []
    for action in overlay.actions:
        try:
            changed, outcome = run.take(document, action)
        except _RefusedError as error:
            place = overlay.source.location(error.tokens)
            run.findings.append(Finding(error.rule, error.message, Severity.ERROR, error.remedy, place))
            if error.is_final:
                break
            continue
        document = changed
        outcomes.append(outcome)
    return Applied(document, tuple(outcomes), tuple(run.findings))


class _RefusedError(Exception):
    """An action can't be carried out, and, if it `is_final`, none after it either."""

    def __init__(self, tokens: Tokens, message: str, remedy: str, *, rule: str = MERGE, is_final: bool = False) -> None:
        super().__init__(message)
        self.tokens, self.message, self.remedy, self.rule, self.is_final = tokens, message, remedy, rule, is_final


class _Application:
    def __init__(self, overlay: Overlay) -> None:
        self.overlay = overlay
        self.findings: list[Finding] = []
        self.added = 0
        self.budget = Budget(MOST_STEPS)

    def take(self, document: Any, action: Action) -> tuple[Any, Outcome]:
        targets = self.select(document, action)
        if not targets:
            message = f"`{action.target.text}` selects nothing, so the action changes nothing."
            remedy = "Correct the target, or remove the action."
            place = self.overlay.source.location((*action.tokens, "target"))
            self.findings.append(Finding(TARGET, message, Severity.WARNING, remedy, place))
            return document, Outcome(action)
        if action.kind == "remove":
            document, changes = self.remove(document, action, targets)
        elif action.kind:
            document, changes = self.merge(document, action, targets)
        else:
            changes = []
        return document, Outcome(action, tuple(targets), tuple(changes))

    def select(self, document: Any, action: Action, *, of_copy: bool = False) -> list[Tokens]:
        query = action.copy if of_copy and action.copy else action.target
        try:
            return query.select(document, self.budget)
        except QueryError as error:
            tokens = action.value_tokens if of_copy else (*action.tokens, "target")
            is_final = self.budget.left < 0
            remedy = "Name the place more closely."
            raise _RefusedError(tokens, error.message, remedy, rule=TARGET, is_final=is_final) from None

    def remove(self, document: Any, action: Action, targets: list[Tokens]) -> tuple[Any, list[Change]]:
        """Take targets out of what holds them, the deepest first, so that the places of the others stay true."""
        if () in targets:
            tokens = (*action.tokens, "target")
            raise _RefusedError(
                tokens, "The root of a document can't be removed.", "Select what it holds.", rule=TARGET
            )
        gone: dict[Tokens, set[str | int]] = {}
        for *holder, last in targets:
            gone.setdefault(tuple(holder), set()).add(last)
        draft = _Draft(document)
        for place in sorted(gone, key=len, reverse=True):
            draft.put(place, _left(_at(draft.document, place), gone[place]))
        return draft.document, [Change(tokens, action.value_tokens, is_removal=True) for tokens in targets]

    def merge(self, document: Any, action: Action, targets: list[Tokens]) -> tuple[Any, list[Change]]:
        self.check_targets(document, action, targets)
        value = self.copied(document, action) if action.kind == "copy" else action.update
        self.warn_of_nesting(document, action, targets[0], value)
        size = _size(value, MOST_ADDED)
        depth = _depth(value)
        draft, changes = _Draft(document), list[Change]()
        for tokens in targets:
            self.added += size
            if self.added > MOST_ADDED:
                message = f"The actions add more than {MOST_ADDED:,} values."
                raise _RefusedError(action.tokens, message, "Copy less, or to fewer places.", is_final=True)
            if len(tokens) + depth > MAX_DEPTH:
                message = f"Values would be nested more than {MAX_DEPTH} deep."
                raise _RefusedError(action.value_tokens, message, "Flatten the document, or use `$ref`.")
            merger = _Merger(action, changes, takes_entries=self.overlay.version == "1.0")
            draft.put(tokens, merger.top(_at(draft.document, tokens), value, tokens))
        return draft.document, changes

    def warn_of_nesting(self, document: Any, action: Action, target: Tokens, value: Any) -> None:
        """Tell who writes 1.0 and means 1.1 that an array becomes one entry of the array."""
        if self.overlay.version == "1.0" and isinstance(value, list) and isinstance(_at(document, target), list):
            message = "In version 1.0 the array becomes one entry of the array that it is put on."
            remedy = "Write `overlay: 1.1.0` if its items are meant."
            place = self.overlay.source.location(action.value_tokens)
            self.findings.append(Finding(MERGE, message, Severity.WARNING, remedy, place))

    def copied(self, document: Any, action: Action) -> Any:
        found = self.select(document, action, of_copy=True)
        if len(found) != 1:
            number = "nothing" if not found else f"{len(found)} places"
            text = action.copy.text if action.copy else ""
            message = f"`copy` takes one place, and `{text}` selects {number}."
            raise _RefusedError(action.value_tokens, message, "Correct the query.", rule=TARGET)
        return _at(document, found[0])

    def check_targets(self, document: Any, action: Action, targets: list[Tokens]) -> None:
        """Refuse targets of several kinds, and in 1.0 those that are neither objects nor arrays."""
        kinds = {_kind(_at(document, tokens)) for tokens in targets}
        tokens: Tokens = (*action.tokens, "target")
        if len(kinds) > 1:
            listed = " and ".join(f"{kind}s" for kind in sorted(kinds))
            message = f"`{action.target.text}` selects {listed}; they can't all take one `{action.kind}`."
            raise _RefusedError(tokens, message, "Make it an action for each kind.", rule=TARGET)
        if kinds == {"primitive"} and self.overlay.version == "1.0":
            message = f"`{action.target.text}` selects a primitive value, which version 1.0 can't update."
            raise _RefusedError(tokens, message, "Write `overlay: 1.1.0`, or select what holds it.", rule=TARGET)


class _Merger:
    """Merges one value into one target; every leaf that changes is written down."""

    def __init__(self, action: Action, changes: list[Change], *, takes_entries: bool) -> None:
        self.action, self.changes, self.takes_entries = action, changes, takes_entries

    def top(self, held: Any, value: Any, at: Tokens) -> Any:
        """Merge at a target: an array takes an array's items, or one entry; 1.0 knows the entry alone."""
        if isinstance(held, list) and (self.takes_entries or not isinstance(value, list)):
            self.note((*at, len(held)), (), value)
            return [*held, value]
        return self.merged(held, value, at, ())

    def merged(self, held: Any, value: Any, at: Tokens, below: Tokens) -> Any:
        if isinstance(held, dict) and isinstance(value, dict):
            made = dict(held)
            for name, item in value.items():
                if name in held:
                    made[name] = self.merged(held[name], item, (*at, name), (*below, name))
                else:
                    self.note((*at, name), (*below, name), item)
                    made[name] = item
            return made
        if isinstance(held, list) and isinstance(value, list):
            for index, item in enumerate(value):
                self.note((*at, len(held) + index), (*below, index), item)
            return [*held, *value]
        if isinstance(held, dict | list) or isinstance(value, dict | list):
            raise self.incompatible(held, value, at, below)
        self.note(at, below, value)
        return value

    def note(self, at: Tokens, below: Tokens, after: Any) -> None:
        self.changes.append(Change(at, self.written(below), after))

    def written(self, below: Tokens) -> Tokens:
        """Say where in the overlay's file a value stands; what is copied stands in none."""
        return self.action.value_tokens if self.action.kind == "copy" else (*self.action.value_tokens, *below)

    def incompatible(self, held: Any, value: Any, at: Tokens, below: Tokens) -> _RefusedError:
        place = ("/".join(map(str, at[-2:]))) or "the root"
        message = f"{_an(_kind(value))} can't be merged into {_an(_kind(held)).lower()} at `{place}`."
        remedy = "Remove the value there first, in an action before this one."
        return _RefusedError(self.written(below), message, remedy)


class _Draft:
    """A document in the making: a list or mapping is copied once, when the first place in it is filled anew."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self._copies: dict[int, Any] = {}

    def put(self, tokens: Tokens, value: Any) -> None:
        """Put a value at a place that there is."""
        if not tokens:
            self.document = value
            return
        held = self.document = self._own(self.document)
        for token in tokens[:-1]:
            held[token] = self._own(held[token])
            held = held[token]
        held[tokens[-1]] = value

    def _own(self, value: Any) -> Any:
        if id(value) in self._copies:
            return value
        made: Any = list(value) if isinstance(value, list) else dict(value)
        self._copies[id(made)] = made
        return made


def _kind(value: Any) -> str:
    return "object" if isinstance(value, dict) else "array" if isinstance(value, list) else "primitive"


def _an(kind: str) -> str:
    return "A primitive value" if kind == "primitive" else f"An {kind}"


def _at(document: Any, tokens: Tokens) -> Any:
    for token in tokens:
        document = document[token]
    return document


def _left(held: Any, gone: set[str | int]) -> Any:
    if isinstance(held, list):
        return [item for index, item in enumerate(held) if index not in gone]
    return {name: item for name, item in held.items() if name not in gone}


def _size(value: Any, most: int) -> int:
    """Count the values in a value, though no further than it matters."""
    count, waiting = 0, [value]
    while waiting and count <= most:
        held = waiting.pop()
        count += 1
        waiting.extend(_items(held))
    return count


def _depth(value: Any) -> int:
    """Count the levels of a value; what shares its parts is looked at once a level."""
    depth, level = 0, [value]
    while level:
        depth += 1
        level = list(
            {
                id(child): child for parent in level for child in _items(parent) if isinstance(child, dict | list)
            }.values()
        )
        if depth > MAX_DEPTH:
            break
    return depth


def _items(value: Any) -> Sequence[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else ()
