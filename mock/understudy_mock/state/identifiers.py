"""The identifiers seen so far go in; a fresh one in their style comes out."""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from understudy_mock.state.memory import Tally

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_NUMBERED = re.compile(r"(.*?)([0-9]+)", re.DOTALL)
_PREFIXED = re.compile(r"([A-Za-z]+[_-](?:[0-9]{2}[a-z])?)(.*)", re.DOTALL)
_TOKEN_LENGTH = 22
_MOST_TRIED = 20


@dataclass(frozen=True)
class Further:
    """Identifiers of another style, for where the samples' style won't do; and what is known of those in use."""

    made: Iterable[str] = ()
    tally: Tally | None = None


NOTHING_FURTHER = Further()


def fresh(
    samples: list[str],
    is_taken: Callable[[str], bool],
    salt: str,
    fits: Callable[[str], bool] = lambda _: True,
    further: Further = NOTHING_FURTHER,
) -> str:
    """Find the first identifier that nobody has, the documented ones first; where their style never fits, of `made`.

    If none of those fits either, the first in the samples' style that nobody has.
    """
    free, made = _free(samples, is_taken, salt, further.tally), further.made
    tried = list(islice(free, 1))
    while not fits(tried[-1]) and len(tried) < _MOST_TRIED:
        tried.append(next(free))
    if fits(tried[-1]):
        return tried[-1]
    return next((candidate for candidate in made if fits(candidate) and not is_taken(candidate)), tried[0])


def fresh_number(taken: list[int], fits: Callable[[int], bool] = lambda _: True) -> int:
    """Find the number after the highest; where that does not fit, the lowest that does and nobody has."""
    after = max(taken, default=0) + 1
    if fits(after):
        return after
    held = set(taken)
    return next((number for number in range(1, len(held) + _MOST_TRIED) if number not in held and fits(number)), after)


def _free(samples: list[str], is_taken: Callable[[str], bool], salt: str, tally: Tally | None) -> Iterator[str]:
    """Yield what nobody has. What was found taken once stays so, for no identifier is given twice."""
    yield from (sample for sample in samples if not is_taken(sample))
    sample = samples[-1] if samples else ""
    number = tally.tried if tally else 0
    is_unbroken = True
    while True:
        number += 1
        candidate = _styled(sample, number, f"{salt}/{number}")
        if not is_taken(candidate):
            is_unbroken = False
            yield candidate
        elif tally is not None and is_unbroken:
            tally.tried = number


def _styled(sample: str, number: int, salt: str) -> str:
    if not sample or _UUID.fullmatch(sample):
        return str(uuid.uuid5(uuid.NAMESPACE_OID, salt))
    if match := _NUMBERED.fullmatch(sample):
        digits = match.group(2)
        return f"{match.group(1)}{int(digits) + number:0{len(digits)}d}"
    match = _PREFIXED.match(sample)
    token = base64.b32encode(hashlib.sha256(salt.encode()).digest()).decode().lower()[:_TOKEN_LENGTH]
    return f"{match.group(1)}{token}" if match else f"{sample}-{number}"
