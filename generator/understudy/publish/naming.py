"""Names of operations and schemas go in; names of files come out that every file system takes and none shares.

Safe are ASCII letters, digits, `.`, `-` and `_`, at most 80 of them, no name that Windows keeps for devices, and no two
that differ in case alone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 80
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_TAKEN = ("index",)
"""What a folder's own page is called."""


def file_names(names: Iterable[str], reserved: Iterable[str] = ()) -> dict[str, str]:
    """Give each name a file name without a suffix. Good ones stay; others carry a mark where two would meet."""
    ordered = list(dict.fromkeys(names))
    readable = {name: name if _is_good(name) else _readable(name) for name in ordered}
    taken = {name.casefold() for name in (*_TAKEN, *reserved)}
    count = Counter(text.casefold() for text in readable.values())
    good = Counter(name.casefold() for name in ordered if _is_good(name))
    found = {}
    for name, text in readable.items():
        rivals = good if _is_good(name) else count
        is_free = text and rivals[text.casefold()] == 1 and text.casefold() not in taken and _is_good(text)
        found[name] = text if is_free else _marked(name)
    return found


def slug(text: str) -> str:
    """Make an anchor of a title: words in lower case with hyphens; never empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")
    return made or f"x-{_digest(text)}"


def _is_good(name: str) -> bool:
    return (
        0 < len(name) <= _LONGEST
        and not _UNSAFE.search(name)
        and name[0] not in ".-"
        and name[-1] != "."
        and not _DEVICES.fullmatch(name)
    )


def _readable(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    text = _UNSAFE.sub("-", plain).strip(".-")[: _LONGEST - 10].strip(".-")
    return text.replace(".", "-") if _DEVICES.fullmatch(text) else text


def _marked(name: str) -> str:
    return "-".join(part for part in (_readable(name), _digest(name)) if part)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
