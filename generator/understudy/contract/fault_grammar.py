"""A few words such as `createDid:status=503@10%` go in; the operation, the misbehaviour and its frequency come out.

A rule is `[OPERATION:]ACTION[@PERCENT%]`; without an operation, or with `*`, it concerns all. An action is
`delay=DELAY`, `status=400…599`, `limit=REQUESTS/SECONDS[s]`, `reset`, `empty`, `truncate` or `drip[=BYTES_PER_SECOND]`;
a delay is milliseconds, `uniform(low,high)` or `lognormal(median,sigma)`. Flags, profiles, wishes and the steps of
scenarios are all written so.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

ALWAYS = 100.0
"""The share, in percent, of a fault that hits every time."""

EVERY = "*"
"""The operation of a rule that concerns all of them."""

DRIP_RATE = 32
MAX_DELAY_MS = 600_000
WIRE = ("reset", "empty", "truncate", "drip")
"""What can be done to a connection."""

_NUMBER = r"\s*([0-9]+(?:\.[0-9]+)?)\s*"
_FIXED = re.compile(_NUMBER)
_SPREAD = re.compile(rf"(uniform|lognormal)\({_NUMBER},{_NUMBER}\)")
_STATUS = re.compile(r"[45][0-9]{2}")
_LIMIT = re.compile(r"([0-9]{1,9})/([1-9][0-9]{0,8})s?")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)%")
_WHOLE = re.compile(r"[1-9][0-9]{0,8}")
_CLOSEST = 1e-9


class FaultGrammarError(ValueError):
    """Words that say no fault; the message names them and what is permitted."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Milliseconds: fixed at `first`, uniform from `first` to `second`, or log-normal (median, sigma of the log)."""

    kind: str
    first: float
    second: float = 0.0

    def seconds(self, draw: float) -> float:
        """Tell how long to wait; `draw`, from 0 to 1, says where in the distribution."""
        if self.kind == "uniform":
            found = self.first + (self.second - self.first) * draw
        elif self.kind == "lognormal":
            inner = min(max(draw, _CLOSEST), 1 - _CLOSEST)
            found = self.first * math.exp(self.second * NormalDist().inv_cdf(inner))
        else:
            found = self.first
        return min(found, MAX_DELAY_MS) / 1000

    def __str__(self) -> str:
        if self.kind == "fixed":
            return f"{self.first:g}"
        return f"{self.kind}({self.first:g},{self.second:g})"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in a window of so many seconds."""

    requests: int
    seconds: int

    def __str__(self) -> str:
        return f"{self.requests}/{self.seconds}"


@dataclass(frozen=True, slots=True)
class FaultAction:
    """One misbehaviour. `kind` is delay, status, limit or one of `WIRE`; the field of that kind carries its value."""

    kind: str
    delay: Delay | None = None
    status: int = 0
    limit: Limit | None = None
    rate: int = 0

    def __str__(self) -> str:
        value = {"delay": self.delay, "status": self.status, "limit": self.limit, "drip": self.rate}.get(self.kind)
        return self.kind if value is None else f"{self.kind}={value}"


@dataclass(frozen=True, slots=True)
class FaultRule:
    """Which operation (`*`: all) misbehaves how, and in how many of a hundred requests."""

    action: FaultAction
    operation: str = EVERY
    percent: float = ALWAYS

    def __str__(self) -> str:
        share = "" if self.percent == ALWAYS else f"@{self.percent:g}%"
        return f"{self.operation}:{self.action}{share}"


def parse_rule(text: str) -> FaultRule:
    """Read a whole rule. Raises FaultGrammarError."""
    operation, colon, rest = text.strip().rpartition(":")
    if colon and not operation.strip():
        raise FaultGrammarError(f"`{text}` names no operation before the colon; * means all")
    action, at, percent = rest.partition("@")
    return FaultRule(
        action=parse_action(action),
        operation=operation.strip() or EVERY,
        percent=parse_percent(percent) if at else ALWAYS,
    )


def parse_percent(text: str) -> float:
    """Read a share such as `10%`. Raises FaultGrammarError."""
    match = _PERCENT.fullmatch(text.strip())
    if match is None or float(match[1]) > ALWAYS:
        raise FaultGrammarError(f"`{text}` is no share from 0% to 100%")
    return float(match[1])


def parse_action(text: str) -> FaultAction:
    """Read what shall happen. Raises FaultGrammarError."""
    name, has_value, value = text.strip().partition("=")
    name, value = name.strip(), value.strip()
    if name == "delay":
        return FaultAction("delay", delay=parse_delay(value))
    if name == "status":
        return FaultAction("status", status=_status(value))
    if name == "limit":
        return FaultAction("limit", limit=_limit(value))
    if name == "drip":
        return FaultAction("drip", rate=_rate(value) if has_value else DRIP_RATE)
    if name in WIRE and not has_value:
        return FaultAction(name)
    known = "delay=…, status=…, limit=…, reset, empty, truncate or drip"
    raise FaultGrammarError(f"`{text}` is no fault; write {known}")


def parse_delay(text: Any) -> Delay:
    """Read milliseconds or a distribution of them. Raises FaultGrammarError."""
    words = str(text)
    if match := _FIXED.fullmatch(words):
        return _bounded(Delay("fixed", float(match[1])), words)
    match = _SPREAD.fullmatch(words.strip())
    if match is None:
        wanted = "milliseconds, uniform(low,high) or lognormal(median,sigma)"
        raise FaultGrammarError(f"delay `{words}`: {wanted} is wanted")
    delay = Delay(match[1], float(match[2]), float(match[3]))
    if delay.kind == "uniform" and delay.first > delay.second:
        raise FaultGrammarError(f"delay `{words}`: the low end is above the high one")
    return _bounded(delay, words)


def _bounded(delay: Delay, words: str) -> Delay:
    highest = max(delay.first, delay.second if delay.kind == "uniform" else 0)
    if highest > MAX_DELAY_MS:
        raise FaultGrammarError(f"delay `{words}`: more than {MAX_DELAY_MS // 60_000} minutes is too long")
    return delay


def _status(value: str) -> int:
    if not _STATUS.fullmatch(value):
        raise FaultGrammarError(f"status `{value}`: an error from 400 to 599 is wanted")
    return int(value)


def _limit(value: str) -> Limit:
    match = _LIMIT.fullmatch(value)
    if match is None:
        raise FaultGrammarError(f"limit `{value}`: requests per seconds are wanted, as in 10/60s")
    return Limit(int(match[1]), int(match[2]))


def _rate(value: str) -> int:
    if not _WHOLE.fullmatch(value):
        raise FaultGrammarError(f"drip `{value}`: bytes per second are wanted")
    return int(value)
