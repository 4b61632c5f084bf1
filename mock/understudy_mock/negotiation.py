"""An `Accept` header and the declared media types go in; the media type to answer with comes out (RFC 9110, 12.5.1).

A first attempt holds the client to the parameters it named, such as `version=2`; a second one passes them over.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from understudy_mock.exchange import Fault, RefusalError
from understudy_mock.media import bare, is_json, matches

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledMedia, CompiledResponse

BODILESS = (204, 205, 304)
"""Statuses whose answers never have content (RFC 9110, 15.3.5, 15.3.6, 15.4.5)."""

_MOST_RANGES = 50


@dataclass(frozen=True, slots=True)
class Range:
    """One entry of `Accept`; `name` is bare and lower-case, `parameters` are those other than `q`."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    quality: float

    def covers(self, name: str, offered: dict[str, str], *, exactly: bool) -> int:
        """Tell how exactly it covers a media type: 0 not at all, 1 `*/*`, 2 `text/*`, 3 by name, more by parameters."""
        if not (matches(self.name, name) or ("*" in name and matches(name, self.name))):
            return 0
        if self.name == "*/*":
            return 1
        if self.name.endswith("/*"):
            return 2
        if not exactly:
            return 3
        wrong = [key for key, value in self.parameters if offered.get(key, value) != value]
        return 0 if wrong else 3 + sum(key in offered for key, _ in self.parameters)


def negotiate(response: CompiledResponse, accept: str | None, status: int) -> tuple[CompiledMedia, str] | None:
    """Choose a declared media type and the concrete one to write; None if there is no content to choose.

    By weight, then how exact the range is, then JSON first, then the contract's order. Raises RefusalError with 406.
    """
    if not response.media or status in BODILESS:
        return None
    if not accept or accept == "*/*" or not (found := ranges(accept)):
        return response.preferred, response.preferred.concrete
    for exactly in (True, False):
        best = _best(response.media, found, exactly=exactly)
        if best is not None:
            return best
    known = ", ".join(media.media_type for media in response.media)
    fault = Fault("header", ("Accept",), "not-acceptable", f"can be answered with {known} only")
    raise RefusalError("not-acceptable", (406,), (fault,))


def _best(
    offered: tuple[CompiledMedia, ...], found: tuple[Range, ...], *, exactly: bool
) -> tuple[CompiledMedia, str] | None:
    """Weigh each offer by the range that covers it most exactly, so that `text/csv;q=0, text/*` means no CSV."""
    ranked = []
    for media in offered:
        name, parameters = bare(media.media_type), dict(_parameters(media.media_type))
        covering = [(degree, entry) for entry in found if (degree := entry.covers(name, parameters, exactly=exactly))]
        if covering:
            degree, entry = max(covering, key=lambda pair: pair[0])
            if entry.quality > 0:
                ranked.append((entry.quality, degree, is_json(name), media, entry))
    if not ranked:
        return None
    *_, media, entry = max(ranked, key=lambda one: one[:3])
    return media, _concrete(media, entry)


def _concrete(media: CompiledMedia, wanted: Range) -> str:
    """Where the contract declares a range, such as `image/*`, the client's own type is written."""
    return wanted.name if "*" in bare(media.media_type) and "*" not in wanted.name else media.concrete


@lru_cache(maxsize=256)
def ranges(accept: str) -> tuple[Range, ...]:
    """Read an `Accept` header; entries that are no media ranges are passed over, a weight that is none counts 0."""
    found = []
    for part in accept.split(",")[:_MOST_RANGES]:
        name = bare(part)
        if "/" in name:
            parameters = _parameters(part)
            weight = next((value for key, value in parameters if key == "q"), "1")
            found.append(Range(name, tuple(pair for pair in parameters if pair[0] != "q"), _quality(weight)))
    if not found and accept.strip(" ,"):
        found.append(Range("", (), 0.0))
    return tuple(found)


def _parameters(text: str) -> list[tuple[str, str]]:
    pairs = [part.partition("=") for part in text.split(";")[1:]]
    return [(name.strip().lower(), value.strip().strip('"').lower()) for name, _, value in pairs if name.strip()]


def _quality(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0
