"""The verb at the end of a path and the properties of the item go in; what it does to them, if they say so, comes out.

`POST /posts/{id}/publish` sets a status that can be `published`, a `published` or `is_published`, a `published_at`:
whichever of them the item's schema declares. Where it declares none, nothing is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from understudy.contract.path_words import plain, words
from understudy_mock.state.expressions import timestamp

if TYPE_CHECKING:
    from datetime import datetime

    from understudy_mock.state.meaning import Field

NOW: Any = type("Now", (), {"__repr__": lambda _: "now"})()
"""Stands for the instant of the request."""

_PARTICIPLES = {
    "send": ("sent",),
    "pay": ("paid",),
    "read": ("read",),
    "run": ("running", "run"),
    "start": ("started", "running", "inprogress", "active"),
    "stop": ("stopped",),
    "begin": ("begun", "started"),
    "open": ("open", "opened"),
    "reopen": ("open", "reopened"),
    "resume": ("resumed", "running", "active"),
    "hold": ("held", "onhold"),
    "win": ("won",),
    "lose": ("lost",),
    "cancel": ("cancelled", "canceled"),
    "activate": ("activated", "active"),
    "deactivate": ("deactivated", "inactive"),
    "enable": ("enabled", "active"),
    "disable": ("disabled", "inactive"),
    "complete": ("completed", "complete", "done"),
    "finish": ("finished", "done"),
    "void": ("voided", "void"),
    "submit": ("submitted",),
    "ban": ("banned",),
    "unban": ("unbanned", "active"),
    "ship": ("shipped",),
    "pin": ("pinned",),
    "drop": ("dropped",),
    "plan": ("planned",),
    "stage": ("staged",),
    "withdraw": ("withdrawn",),
    "take": ("taken",),
    "hide": ("hidden",),
    "freeze": ("frozen",),
    "suspend": ("suspended",),
    "restore": ("restored", "active"),
}
_OPPOSITES = (("un", ""), ("de", ""), ("dis", "en"), ("re", ""))


@dataclass(frozen=True, slots=True)
class Effect:
    """A property that an action sets, and to what; `NOW` is the instant, written as the property's type wants it."""

    tokens: tuple[str, ...]
    value: Any
    is_number: bool = False

    def __str__(self) -> str:
        named = {True: "true", False: "false", None: "null"}
        return f"{'/'.join(self.tokens)} = {named.get(self.value, self.value)}"

    def made(self, now: datetime) -> Any:
        """Give the value for a request at this instant."""
        if self.value is not NOW:
            return self.value
        return int(now.timestamp()) if self.is_number else timestamp(now)


def effects_of(verb: str, fields: list[Field], choices: dict[tuple[str, ...], list[Any]]) -> tuple[Effect, ...]:
    """Find what a verb does. `choices` are the values that properties with an `enum` have."""
    parts = words(verb)
    if not parts:
        return ()
    base = parts[-1] if parts[0] in ("mark", "set", "make", "is", "as") else parts[0]
    found = _affirmed(participles(base), fields, choices)
    if found or parts[0] == "mark":
        return found
    for prefix, instead in _OPPOSITES[:3]:
        if base.startswith(prefix) and len(base) > len(prefix) + 2:
            return undone(_affirmed(participles(instead + base.removeprefix(prefix)), fields, choices), fields)
    return ()


def _affirmed(
    forms: tuple[str, ...], fields: list[Field], choices: dict[tuple[str, ...], list[Any]]
) -> tuple[Effect, ...]:
    found = [one for one in (*_chosen(forms, choices), *_switched(forms, fields), *_timed(forms, fields)) if one]
    return tuple(dict.fromkeys(found))


def _chosen(forms: tuple[str, ...], choices: dict[tuple[str, ...], list[Any]]) -> list[Effect]:
    """Find the one property that has such a value."""
    for form in forms:
        having = [
            (tokens, value)
            for tokens, values in choices.items()
            for value in values
            if isinstance(value, str) and plain(value) == form
        ]
        if len(having) == 1:
            return [Effect(*having[0])]
    return []


def _switched(forms: tuple[str, ...], fields: list[Field]) -> list[Effect]:
    for form in forms:
        for one in fields:
            if "boolean" in one.types and plain(one.tokens[-1]) in (form, f"is{form}"):
                return [Effect(one.tokens, value=True)]
    return []


def _timed(forms: tuple[str, ...], fields: list[Field]) -> list[Effect]:
    for form in forms:
        for one in fields:
            is_when = plain(one.tokens[-1]) in (f"{form}at", f"{form}on", f"{form}date", f"date{form}", f"{form}time")
            if is_when and "integer" in one.types and "string" not in one.types:
                return [Effect(one.tokens, NOW, is_number=True)]
            if is_when and "string" in one.types and one.format in ("date-time", ""):
                return [Effect(one.tokens, NOW)]
    return []


def undone(effects: tuple[Effect, ...], fields: list[Field]) -> tuple[Effect, ...]:
    """Turn an action round: what was true is false, what had an instant has none. A status has no opposite."""
    types = {one.tokens: one.types for one in fields}
    found = []
    for effect in effects:
        if effect.value is True:
            found.append(Effect(effect.tokens, value=False))
        elif effect.value is NOW and "null" in types.get(effect.tokens, ()):
            found.append(Effect(effect.tokens, None))
    return tuple(found)


def participles(verb: str) -> tuple[str, ...]:
    """Write what something is after it was done: publish → published, apply → applied, archive → archived."""
    if verb in _PARTICIPLES:
        return _PARTICIPLES[verb]
    if verb.endswith("e"):
        return (verb + "d",)
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return (verb[:-1] + "ied",)
    return (verb + "ed", verb + verb[-1:] + "ed")
