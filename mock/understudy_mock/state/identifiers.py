"""The identifiers seen so far go in; a fresh one in their style comes out."""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_NUMBERED = re.compile(r"(.*?)([0-9]+)", re.DOTALL)
_PREFIXED = re.compile(r"([A-Za-z]+[_-](?:[0-9]{2}[a-z])?)(.*)", re.DOTALL)
_TOKEN_LENGTH = 22
_MOST_TRIED = 20


def fresh(
    samples: list[str],
    is_taken: Callable[[str], bool],
    salt: str,
    fits: Callable[[str], bool] = lambda _: True,
    made: Iterable[str] = (),
) -> str:
    """Find the first identifier that nobody has, the documented ones first; where their style never `fits`, of `made`.

    If none of those fits either, the first in the samples' style that nobody has.
    """
    free = (candidate for candidate in _candidates(samples, salt) if not is_taken(candidate))
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


def _candidates(samples: list[str], salt: str) -> Iterator[str]:
    yield from samples
    sample = samples[-1] if samples else ""
    number = 0
    while True:
        number += 1
        yield _styled(sample, number, f"{salt}/{number}")


def _styled(sample: str, number: int, salt: str) -> str:
    if not sample or _UUID.fullmatch(sample):
        return str(uuid.uuid5(uuid.NAMESPACE_OID, salt))
    if match := _NUMBERED.fullmatch(sample):
        digits = match.group(2)
        return f"{match.group(1)}{int(digits) + number:0{len(digits)}d}"
    match = _PREFIXED.match(sample)
    token = base64.b32encode(hashlib.sha256(salt.encode()).digest()).decode().lower()[:_TOKEN_LENGTH]
    return f"{match.group(1)}{token}" if match else f"{sample}-{number}"
