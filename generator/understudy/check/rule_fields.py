"""A contract and its behaviour go in; the names that its rules may use come out: fields, parameters, functions.

What an item may have is not declared in one place, so a field is unknown only if it is written nowhere: in no schema,
no example, and no other rule; and a contract without any properties leaves all of them open. What a request may have is
declared, and is held to that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.check import expressions
from understudy.check.properties import declared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.check.expressions import Expression
    from understudy.contract.model import Contract, Operation

OF_REQUESTS = ("method", "path", "query", "header", "body")
_OURS = ("nationalNumber", "internationalNumber", "date")
_STANDARD = (
    *("bool", "bytes", "contains", "double", "duration", "endsWith", "has", "int", "matches", "max", "min", "size"),
    *("startsWith", "string", "timestamp", "type", "uint", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear"),
    *("getFullYear", "getHours", "getMilliseconds", "getMinutes", "getMonth", "getSeconds"),
)
FUNCTIONS = frozenset((*_OURS, *_STANDARD))


class Vocabulary:
    """The names that a contract and its behaviour know."""

    def __init__(self, contract: Contract, behaviour: Any) -> None:
        self._contract = contract
        self._written = set(_keys(contract.document))
        self._is_open = "properties" not in self._written
        self._told = set(_keys(behaviour))
        self._read = {field for text in _texts(behaviour) for field in expressions.read(text).fields}

    def unknown_fields(self, read: Expression) -> list[str]:
        """List the fields an expression reads that nothing has."""
        return [name for name in read.fields if not (self._is_open or name in self._written or name in self._told)]

    def is_shown_or_read(self, field: str) -> bool:
        """Tell whether a field that a rule sets is ever seen by anybody."""
        return self._is_open or field in self._written or field in self._read

    def unknown_inputs(self, read: Expression, operation: Operation) -> Iterator[tuple[str, list[str]]]:
        """Yield what an expression reads of a request that the operation does not take, with what it does take."""
        for part, name in read.inputs:
            known = self._inputs(operation, part)
            if known is not None and name not in known:
                yield f"request.{part}.{name}" if part else f"request.{name}", sorted(known)

    def _inputs(self, operation: Operation, part: str) -> set[str] | None:
        """Collect the names a part of the request may have; None if they are open."""
        if not part:
            return set(OF_REQUESTS)
        if part != "body":
            return {str(one.value.get("name")) for one in operation.parameters if one.value.get("in") == part}
        body = operation.request_body
        content = body.value.get("content") if body and isinstance(body.value, dict) else None
        if body is None or not isinstance(content, dict):
            return None
        found: set[str] = set()
        for media_type, media in content.items():
            names = None
            if isinstance(media, dict) and "schema" in media:
                names = declared(self._contract, (*body.tokens, "content", media_type, "schema"))
            if not names:
                return None
            found |= names
        return found


def _keys(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        held = waiting.pop()
        if isinstance(held, dict):
            yield from map(str, held)
            if isinstance(held.get("name"), str):
                yield held["name"]
            required = held.get("required")
            yield from (name for name in (required if isinstance(required, list) else ()) if isinstance(name, str))
            waiting.extend(held.values())
        elif isinstance(held, list):
            waiting.extend(held)


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        held = waiting.pop()
        if isinstance(held, str):
            yield held
        elif isinstance(held, dict | list):
            waiting.extend(held.values() if isinstance(held, dict) else held)
