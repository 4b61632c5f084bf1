"""The declaration of an `ETag` header goes in; how tags are written for contents so that they fit it comes out.

A tag is a digest of the content: the same as long as that is, and another as soon as it is not (RFC 9110, 8.8.3).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from understudy_mock.synthesis import UngeneratableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from understudy.contract.model import Tokens
    from understudy_mock.synthesis import Synthesis

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_FORMS = ('"{}"', 'W/"{}"', "{}")
_LENGTHS = (32, 40, 64, 16, 8)
_PROBES = ("00" * 32, "a1" * 32, "5e" * 32)


@dataclass(frozen=True)
class TagStyle:
    """How tags look: `form` holds `length` hexadecimal digits, or without a form `made` makes a value of the schema."""

    form: str = _FORMS[0]
    length: int = _LENGTHS[0]
    made: Callable[[str], str] | None = None

    def write(self, content: bytes) -> str:
        """Write the tag of a content."""
        return self._of(hashlib.sha256(content).hexdigest())

    def _of(self, digest: str) -> str:
        return self.made(digest) if self.made else self.form.format(digest[: self.length])

    def probes(self) -> list[str]:
        """Write the tags of some contents that are not alike."""
        return [self._of(digest) for digest in _PROBES]


def tag_style(synthesis: Synthesis, schema: Tokens | None, sample: str) -> TagStyle | None:
    """Find a style whose tags the schema takes, strong ones first; None if it has no room for different tags."""
    if schema is None:
        return TagStyle()
    for style in _styles(synthesis, schema, sample):
        try:
            probes = style.probes()
        except UngeneratableError:
            continue
        if len(set(probes)) == len(probes) and all(synthesis.fits(schema, probe) for probe in probes):
            return style
    return None


def _styles(synthesis: Synthesis, schema: Tokens, sample: str) -> Iterable[TagStyle]:
    opaque = sample.removeprefix("W/").strip('"')
    lengths = dict.fromkeys((*((len(opaque),) if len(opaque) in _LENGTHS else ()), *_LENGTHS))
    yield from (TagStyle(form, length) for form in _FORMS for length in lengths)
    yield TagStyle(made=lambda digest: str(synthesis.make(schema, digest)))


def listed(header: str) -> list[str]:
    """List the tags of an `If-Match` or `If-None-Match` (RFC 9110, 13.1), words without quotes as they are."""
    found = _TAG.findall(header)
    return found or [word for word in (part.strip() for part in header.split(",")) if word]


def is_same(one: str, other: str, *, weakly: bool = False) -> bool:
    """Compare two tags (RFC 9110, 8.8.3.2). A weak one is like none in strong comparison."""
    if weakly:
        return one.removeprefix("W/") == other.removeprefix("W/")
    return one == other and not one.startswith("W/")
