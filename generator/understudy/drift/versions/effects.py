"""What a change does to the set of values a schema takes, and how bad that is for whoever sends or receives them."""

from __future__ import annotations

from enum import StrEnum

from understudy.finding import Severity


class Effect(StrEnum):
    """How the values taken now relate to those taken before."""

    NARROWS = "narrows"
    WIDENS = "widens"
    REPLACES = "replaces"
    """Neither holds the other."""
    UNSURE = "unsure"
    """Can't be told from the contract alone."""
    NOTES = "notes"
    """The values stay; what is said of them changed."""


class Direction(StrEnum):
    """Who is bound by a schema: callers by what they send, the API by what it sends."""

    REQUEST = "request"
    RESPONSE = "response"

    @property
    def opposite(self) -> Direction:
        """The other way: what a webhook or callback sends is sent by the API."""
        return Direction.RESPONSE if self is Direction.REQUEST else Direction.REQUEST


_ALWAYS = {Effect.REPLACES: Severity.ERROR, Effect.UNSURE: Severity.WARNING, Effect.NOTES: Severity.INFO}


def severity(direction: Direction, effect: Effect) -> Severity:
    """Judge: what callers send may become more, what they are sent may become less."""
    if effect in _ALWAYS:
        return _ALWAYS[effect]
    breaks = effect is (Effect.NARROWS if direction is Direction.REQUEST else Effect.WIDENS)
    return Severity.ERROR if breaks else Severity.INFO
