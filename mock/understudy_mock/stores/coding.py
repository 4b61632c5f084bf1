"""Changes of a document go in, bytes come out, and the other way about: what a store on disk or a network keeps.

JSON with every fraction as it was written: `1.00` stays `1.00`. Tuples come back as lists, floats as exact decimals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import MISSING
from understudy_mock.media import MalformedError, from_json, to_json

if TYPE_CHECKING:
    from understudy_mock.state.document import Changes, Key

_WHOLE = 3
"""How many parts a change has; one without a value takes its entry away."""


class DamagedError(ValueError):
    """Bytes that no store of ours has written."""


def dump(changes: Changes) -> bytes:
    """Write a change set, entries that were taken away included."""
    return to_json([[*key] if value is MISSING else [*key, value] for key, value in changes.items()])


def load(content: bytes) -> Changes:
    """Read a change set. Raises DamagedError."""
    return {(part[0], part[1]): part[2] if len(part) == _WHOLE else MISSING for part in load_value(content)}


def dump_value(value: Any) -> bytes:
    """Write the value of one entry."""
    return to_json(value)


def load_value(content: bytes) -> Any:
    """Read the value of one entry. Raises DamagedError."""
    try:
        return from_json(content)
    except MalformedError as error:
        raise DamagedError(str(error)) from None


def dump_key(key: Key) -> bytes:
    """Write group and name in one, so that no two keys look alike whatever stands in them."""
    group = key[0].encode()
    return b"%d:%b%b" % (len(group), group, key[1].encode())


def load_key(content: bytes) -> Key:
    """Read group and name. Raises DamagedError."""
    length, mark, text = content.partition(b":")
    if not mark or not length.isdigit():
        raise DamagedError("the name of an entry is damaged")
    end = int(length)
    return text[:end].decode(), text[end:].decode()
