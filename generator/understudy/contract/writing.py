"""A JSON value goes in; JSON or YAML text comes out that our own reader reads back as the same value.

`decimal.Decimal` is written as it was read, so `1.00` stays `1.00`. YAML is block style in document order without
anchors; a text that any YAML reader (1.1 or 1.2) could take for something else is quoted.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from understudy.contract.yaml_reading import MAX_NODES
from understudy.errors import EnvironmentFailedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MAX_KEY = 1000
"""YAML 1.2, section 7.4.3: an implicit key has at most 1024 characters."""

_PRINTABLE = r"[^\x00-\x1f\x7f-\xa0\xad\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
_PLAIN = re.compile(rf"(?=[A-Za-z_/$(+.0-9]){_PRINTABLE}*")
_MISREAD = re.compile(r": |:$| #|\s$")
_NUMERIC = re.compile(r"[-+.0-9][0-9a-fA-FoxXbB_.,:+\-TtZz ]*")
_FLOATS = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
_ESCAPED = re.compile(r"[\x7f-\x9f\xa0\xad\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_BLOCK = re.compile(rf"(?!\s)(?:\n|\t|{_PRINTABLE})*")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def to_json(value: Any) -> str:
    """Write JSON (RFC 8259): two spaces a level, characters as they are, a newline at the end."""
    _check_size(value)
    return "".join(_json(value, "\n")) + "\n"


def to_yaml(value: Any) -> str:
    """Write YAML 1.2 in block style. Raises UsageError for half of a surrogate pair, which YAML can't say."""
    _check_size(value)
    if isinstance(value, dict | list) and value:
        return "".join(_block(value, ""))
    return f"{_scalar(value, '  ')}\n"


FORMATS: dict[str, Callable[[Any], str]] = {"yaml": to_yaml, "json": to_json}
"""Name of a format → its writer."""


def save(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises EnvironmentFailedError if the place does not allow it."""
    temporary = None
    path = path.resolve()  # the file that a link leads to is written, and the link stays
    try:
        if path.exists() and not path.is_file():  # a pipe or a device can't be replaced, only written to
            path.write_bytes(text.encode())
            return
        with tempfile.NamedTemporaryFile(
            "wb", dir=path.parent, prefix=f".{path.name}.", suffix=".tmp", delete=False
        ) as file:
            temporary = Path(file.name)
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(path))
        temporary.replace(path)
    except OSError as error:
        if temporary:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        message = f"`{path}` can't be written: {error.strerror or error}."
        raise EnvironmentFailedError(message, "Name a file in a directory that exists and lets you write.") from None


def _mode(path: Path) -> int:
    """Keep a file's permissions; give a new one what the user's mask allows (temporary files are private)."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _check_size(value: Any) -> None:
    """Refuse what shares its parts, as the resolved view does, and would be much larger on paper than in memory."""
    size = _size(value, {})
    if size > MAX_NODES:
        message = f"Written out, the document would have {size:,} values; the limit is {MAX_NODES:,}."
        raise UsageError(message, "Write it without --dereference.")


def _size(value: Any, seen: dict[int, int]) -> int:
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in seen:
        items = value.values() if isinstance(value, dict) else value
        seen[id(value)] = 1 + sum(_size(item, seen) for item in items)
    return seen[id(value)]


def _json(value: Any, newline: str) -> Iterator[str]:
    inner = newline + "  "
    if isinstance(value, dict) and value:
        for index, (key, item) in enumerate(value.items()):
            yield f"{',' if index else '{'}{inner}{_json_text(key)}: "
            yield from _json(item, inner)
        yield f"{newline}}}"
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield f"{',' if index else '['}{inner}"
            yield from _json(item, inner)
        yield f"{newline}]"
    else:
        yield _json_text(value) if isinstance(value, str) else _atom(value)


def _json_text(text: str) -> str:
    return _SURROGATE.sub(_escape, json.dumps(text, ensure_ascii=False))


def _atom(value: Any) -> str:
    return str(value) if isinstance(value, Decimal) else json.dumps(value)


def _block(value: Any, indent: str) -> Iterator[str]:
    """Yield the lines of a filled mapping or sequence; the caller has written the first line's indent."""
    lead = ""
    for key, item in value.items() if isinstance(value, dict) else ((None, item) for item in value):
        yield lead + ("-" if key is None else _key(key, indent))
        lead = indent
        yield from _item(item, indent, below_key=key is not None)


def _item(item: Any, indent: str, *, below_key: bool) -> Iterator[str]:
    inner = indent + "  "
    if not (isinstance(item, dict | list) and item):
        yield f" {_scalar(item, inner)}\n"
    elif below_key:
        yield f"\n{inner}"
        yield from _block(item, inner)
    else:
        yield " "
        yield from _block(item, inner)


def _key(key: str, indent: str) -> str:
    text = _line(key)
    return f"{text}:" if len(text) <= _MAX_KEY else f"? {text}\n{indent}:"


def _scalar(value: Any, indent: str) -> str:
    if not isinstance(value, str):
        return _atom(value)
    return _literal(value, indent) if "\n" in value and _BLOCK.fullmatch(value) else _line(value)


def _literal(text: str, indent: str) -> str:
    """Write a literal block (YAML 1.2, section 8.1.2); its header says what becomes of the newlines at the end."""
    chomping = "" if text.endswith("\n") else "-"
    if text.endswith("\n\n"):
        chomping = "+"
    lines = text.removesuffix("\n").split("\n")
    return "\n".join([f"|{chomping}", *(indent + line if line else "" for line in lines)])


def _line(text: str) -> str:
    if _PLAIN.fullmatch(text) and not (_MISREAD.search(text) or _looks_typed(text)):
        return text
    if _SURROGATE.search(text):
        raise UsageError("The document holds half of a surrogate pair, which YAML can't say.", "Use --format json.")
    return _ESCAPED.sub(_escape, json.dumps(text, ensure_ascii=False))


def _looks_typed(text: str) -> bool:
    return bool(text.lower() in _WORDS or _NUMERIC.fullmatch(text) or _FLOATS.fullmatch(text))


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
