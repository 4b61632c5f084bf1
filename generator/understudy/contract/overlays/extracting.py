"""A contract, a language and what there is of its translation go in; a complete overlay to translate comes out.

Every text stands in it in English until somebody says it anew. What is translated already stays as it is; what has
changed in English since is marked, and what the contract no longer says is put aside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract.overlays import prose
from understudy.contract.overlays.document import LANGUAGE, SOURCE, STALE, UNTRANSLATED, UNUSED
from understudy.contract.overlays.querying import write_query
from understudy.contract.overlays.translating import (
    Subject,
    is_left_in_english,
    judge,
    prose_subject,
    source_of,
)
from understudy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Tokens
    from understudy.contract.overlays.document import Action, Overlay
    from understudy.contract.overlays.prose import Spot
    from understudy.contract.overlays.translating import Judged

_OURS = (SOURCE, UNTRANSLATED, STALE)


def extract(contract: Contract, language: str, *, extends: str, existing: Overlay | None = None) -> dict[str, Any]:
    """Write the overlay of a language anew, as a JSON value; `extends` is how it names the contract.

    Raises UsageError if the contract has no text at all.
    """
    subject = Subject(prose_subject(contract))
    memory = _Memory(subject, judge(subject, existing), existing) if existing else None
    kept = existing.source.value if existing else {}
    info = contract.document.get("info")
    told: dict[str, Any] = info if isinstance(info, dict) else {}
    title, version = f"{told.get('title', contract.name)} ({language})", str(told.get("version", "1.0.0"))
    actions = [_action(subject, spot, memory) for spot in subject.spots.values() if spot.texts]
    if not actions:
        raise UsageError("The contract has no text to translate.", "Give it an `info.title` first.")
    overlay = {
        "overlay": "1.1.0",
        "info": kept.get("info", {"title": title, "version": version}),
        "extends": kept.get("extends", extends),
        LANGUAGE: language,
        **{name: value for name, value in kept.items() if name.startswith("x-") and name not in (LANGUAGE, UNUSED)},
        "actions": actions,
    }
    unused = list(memory.unused()) if memory else []
    return {**overlay, UNUSED: unused} if unused else overlay


def _action(subject: Subject, spot: Spot, memory: _Memory | None) -> dict[str, Any]:
    texts = {name: _text(spot, name, text, memory) for name, text in spot.texts.items()}
    marked = [name for name, one in texts.items() if one.is_placeholder]
    stale = {name: spot.texts[name] for name, one in texts.items() if one.is_stale}
    return {
        "target": (memory.target(spot) if memory else "") or write_query(subject.document, spot.tokens),
        **(memory.kept(spot) if memory else {}),
        "update": {name: one.text for name, one in texts.items()},
        SOURCE: {name: one.source for name, one in texts.items()},
        **({UNTRANSLATED: marked} if marked else {}),
        **({STALE: stale} if stale else {}),
    }


@dataclass(frozen=True)
class _Text:
    """What an overlay says for one text of the contract."""

    text: str
    source: str
    is_placeholder: bool = False
    is_stale: bool = False


def _text(spot: Spot, name: str, english: str, memory: _Memory | None) -> _Text:
    source = prose.fingerprint(english)
    told = memory.judged.told.get((*spot.tokens, name)) if memory else None
    if told and not told.is_placeholder:
        is_stale = told.source not in ("", source)
        return _Text(told.text, told.source if is_stale else source, is_stale=is_stale)
    found = memory.find(source) if memory else None
    return _Text(english, source, is_placeholder=True) if found is None else _Text(found, source)


@dataclass(frozen=True)
class _Aside:
    """What was said of a place that the contract has no more: texts by field, and the hashes of their English."""

    target: Any
    texts: dict[str, Any]
    sources: dict[str, str]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield each text after the hash of its English."""
        for name, source in self.sources.items():
            if isinstance(text := self.texts.get(name), str):
                yield source, text


def _read_aside(value: dict[str, Any]) -> _Aside:
    texts, sources = value.get("update"), value.get(SOURCE)
    hashes = sources.items() if isinstance(sources, dict) else ()
    told = {name: one for name, one in hashes if isinstance(one, str)}
    return _Aside(value.get("target", "$"), texts if isinstance(texts, dict) else {}, told)


@dataclass
class _Memory:
    """What an overlay said so far; `find` gives what it said for an English text that stands elsewhere now.

    `known` has its translations by the hash of their English, and `found` the hashes of those that were asked for.
    """

    subject: Subject
    judged: Judged
    overlay: Overlay
    aside: list[_Aside] = field(init=False)
    known: dict[str, str] = field(init=False)
    found: set[str] = field(init=False, default_factory=set)
    places: dict[Tokens, list[Tokens]] = field(init=False)
    """The places of the texts that each action says."""

    def __post_init__(self) -> None:
        older = self.overlay.source.value.get(UNUSED, [])
        self.aside = [_read_aside(one) for one in (older if isinstance(older, list) else ()) if isinstance(one, dict)]
        self.aside += self._lost()
        told = [(one.source, one.text) for one in self.judged.told.values() if not one.is_placeholder]
        self.places = {}
        for tokens, one in self.judged.told.items():
            self.places.setdefault(one.action.tokens, []).append(tokens)
        self.known = dict(reversed([*(pair for one in self.aside for pair in one.pairs()), *told]))

    def _lost(self) -> Iterator[_Aside]:
        """Yield what the actions say that finds no place in the contract any more."""
        told = self.judged.told.items()
        used = {(one.action.tokens, str(tokens[-1])) for tokens, one in told if self.subject.english(tokens)}
        for action in self.overlay.actions:
            update = action.update if isinstance(action.update, dict) else {}
            lost = {
                name: text
                for name, text in update.items()
                if isinstance(text, str)
                and (action.tokens, name) not in used
                and not is_left_in_english(action, name, text)
            }
            if lost:
                hashes = {name: source for name in lost if (source := source_of(action, name))}
                yield _Aside(action.target.text, lost, hashes)

    def find(self, source: str) -> str | None:
        """Find a translation that was made from the same English."""
        self.found.add(source)
        return self.known.get(source)

    def kept(self, spot: Spot) -> dict[str, Any]:
        """Give what people wrote beside the texts of an object."""
        action = next((one for name in spot.texts if (one := self._action((*spot.tokens, name)))), None)
        if action is None:
            return {}
        written = self.overlay.source.value["actions"][int(action.tokens[-1])]
        return {
            name: value
            for name, value in written.items()
            if name == "description" or (name.startswith("x-") and name not in _OURS)
        }

    def target(self, spot: Spot) -> str:
        """Give the target by which an action says the texts of an object and of no other, or nothing."""
        action = next((one for name in spot.texts if (one := self._action((*spot.tokens, name)))), None)
        if action is None or {at[:-1] for at in self.places[action.tokens]} != {spot.tokens}:
            return ""
        return action.target.text

    def _action(self, tokens: tuple[str | int, ...]) -> Action | None:
        told = self.judged.told.get(tokens)
        return told.action if told else None

    def unused(self) -> Iterator[dict[str, Any]]:
        """Yield what is put aside, without what was found again."""
        for one in self.aside:
            left = {name: text for name, text in one.texts.items() if one.sources.get(name) not in self.found}
            if left:
                hashes = {name: source for name, source in one.sources.items() if name in left}
                yield {"target": one.target, "update": left, SOURCE: hashes}
