"""The declared headers of a response go in; the headers to send come out, written when the mock starts.

From their examples, else made from their schema, in the simple style (OpenAPI, Header Object). A deprecated operation
says so (RFC 9745), and one with `x-sunset` says when it ends (RFC 8594).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from understudy_mock.coercion import coerce_text
from understudy_mock.examples import example_values
from understudy_mock.media import is_json, to_json
from understudy_mock.synthesis import UngeneratableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Operation, Tokens
    from understudy_mock.compiling import CompiledContract
    from understudy_mock.exchange import Header

_FRAMING = frozenset(("connection", "content-encoding", "content-length", "content-type", "keep-alive")) | frozenset(
    ("te", "trailer", "transfer-encoding", "upgrade")
)
"""Headers that the server itself must see to (RFC 9110, 7.6.1 and 8.6), whatever an example says."""
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def declared_headers(compiled: CompiledContract, tokens: Tokens, declared: Any) -> Iterator[Header]:
    """Write each declared header that a value can be found for; `tokens` are those of the response."""
    for name in declared if isinstance(declared, dict) else ():
        if name.lower() in _FRAMING or not _TOKEN.fullmatch(name):
            continue
        placed = compiled.contract.follow((*tokens, "headers", name))
        if isinstance(placed.value, dict):
            text = _Header(compiled, placed.tokens, placed.value).text()
            if text is not None:
                yield name.lower().encode("latin-1", "replace"), text


def lifecycle_headers(operation: Operation, now: datetime) -> Iterator[Header]:
    """Say that an operation is deprecated, and since when: by `x-deprecated-at`, else by the mock's clock."""
    value = operation.value
    if value.get("deprecated") is True:
        since = _instant(value.get("x-deprecated-at")) or now
        yield b"deprecation", f"@{int(since.timestamp())}".encode()
    if sunset := _instant(value.get("x-sunset")):
        yield b"sunset", format_datetime(sunset.astimezone(UTC), usegmt=True).encode()


def _instant(text: Any) -> datetime | None:
    """Read a date or a date and time; None for anything else."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC) if found else None


class _Header:
    """One declared header."""

    def __init__(self, compiled: CompiledContract, tokens: Tokens, value: dict[str, Any]) -> None:
        self.compiled, self.tokens, self.value = compiled, tokens, value
        content = value.get("content")
        self.media_type = next(iter(content), "") if isinstance(content, dict) else ""
        self.holder: Tokens = (*tokens, "content", self.media_type) if self.media_type else tokens
        held = content[self.media_type] if isinstance(content, dict) and self.media_type else value
        self.held: dict[str, Any] = held if isinstance(held, dict) else {}

    def text(self) -> bytes | None:
        """Write the first example that fits, else a value made from the schema, else the first example."""
        examples = [value for _, value in example_values(self.compiled.contract, self.holder, self.held)]
        fitting = next((value for value in examples if self._fits(value)), None)
        if fitting is None and "schema" in self.held:
            try:
                fitting = self.compiled.synthesis.make((*self.holder, "schema"), "header")
            except UngeneratableError:
                fitting = None
        if fitting is None:
            fitting = next(iter(examples), None)
        return None if fitting is None else self._written(fitting)

    def _fits(self, value: Any) -> bool:
        """Hold an example to the schema, as the value it stands for and as the text that it becomes."""
        if "schema" not in self.held:
            return True
        schema: Tokens = (*self.holder, "schema")
        fits = self.compiled.synthesis.fits
        types = self.compiled.facts.types(schema)
        return fits(schema, value) or (isinstance(value, str) and fits(schema, coerce_text(value, types)))

    def _written(self, value: Any) -> bytes:
        """Write in the simple style; whatever could end the header is dropped (RFC 9110, 5.5)."""
        if self.media_type and is_json(self.media_type):
            text = to_json(value).decode()
        elif isinstance(value, list):
            text = ",".join(_plain(item) for item in value)
        elif isinstance(value, dict):
            joint = "=" if self.value.get("explode") is True else ","
            text = ",".join(f"{key}{joint}{_plain(item)}" for key, item in value.items())
        else:
            text = _plain(value)
        return "".join(letter for letter in text if letter.isprintable()).encode("latin-1", "replace")


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value).decode()
