"""A value and a JSON Patch go in; the patched value comes out, or what of the patch can't be done (RFC 6902).

Values are never changed in place, so a patch is applied as a whole or not at all (RFC 5789, 2).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from understudy.contract import pointer as pointers
from understudy_mock.exchange import MISSING

MOST_OPERATIONS = 1000
MOST_VALUES = 200_000
_MOST_LEVELS = 200
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_VALUED = ("add", "replace", "test")
_END = "-"
"""Stands for the place after the last item of an array (RFC 6901, 4)."""


class PatchError(Exception):
    """One operation can't be done: its number, the member that is wrong, and why. `is_test` is for a `test`."""

    def __init__(self, index: int, member: str, message: str, *, is_test: bool = False) -> None:
        super().__init__(message)
        self.index, self.member, self.message, self.is_test = index, member, message, is_test


class _NowhereError(Exception):
    """A pointer leads nowhere."""


def apply_patch(value: Any, operations: Any) -> Any:
    """Apply the operations in order. Raises PatchError for the first that can't be done."""
    if not isinstance(operations, list):
        raise PatchError(0, "", "a JSON Patch is a list of operations (RFC 6902, 3)")
    if len(operations) > MOST_OPERATIONS:
        raise PatchError(MOST_OPERATIONS, "", f"more than {MOST_OPERATIONS} operations are not taken")
    patching = _Patching(value)
    for index, operation in enumerate(operations):
        patching.apply(index, operation)
    return patching.value


class _Patching:
    def __init__(self, value: Any) -> None:
        self.value = value
        self.room = MOST_VALUES

    def apply(self, index: int, operation: Any) -> None:
        """Apply one operation."""
        if not isinstance(operation, dict):
            raise PatchError(index, "", "an operation is an object (RFC 6902, 4)")
        kind = operation.get("op")
        if kind not in ("add", "remove", "replace", "move", "copy", "test"):
            raise PatchError(index, "op", "is none of add, remove, replace, move, copy and test")
        path = _tokens(index, operation, "path")
        if kind in _VALUED and "value" not in operation:
            raise PatchError(index, "value", f"is required for {kind}")
        try:
            self._do(index, kind, path, operation)
        except _NowhereError:
            raise PatchError(index, "path", f"{operation['path']!r} leads nowhere") from None

    def _do(self, index: int, kind: str, path: tuple[str, ...], operation: dict[str, Any]) -> None:
        if kind == "test":
            if not is_equal(_read(self.value, path), operation["value"]):
                raise PatchError(index, "value", f"is not what stands at {operation['path']!r}", is_test=True)
        elif kind == "remove":
            self.value = _without(self.value, path)
        elif kind == "replace":
            _read(self.value, path)
            self._put(index, path, operation["value"], is_new=False)
        elif kind == "add":
            self._put(index, path, operation["value"])
        else:
            self._carry(index, kind, path, operation)

    def _carry(self, index: int, kind: str, path: tuple[str, ...], operation: dict[str, Any]) -> None:
        source = _tokens(index, operation, "from")
        try:
            carried = _read(self.value, source)
        except _NowhereError:
            raise PatchError(index, "from", f"{operation['from']!r} leads nowhere") from None
        if kind == "move":
            if path[: len(source)] == source and path != source:
                raise PatchError(index, "path", "lies within what is to be moved (RFC 6902, 4.4)")
            self.value = _without(self.value, source)
        self._put(index, path, carried)

    def _put(self, index: int, path: tuple[str, ...], value: Any, *, is_new: bool = True) -> None:
        """Put a value at a place; copies of copies of copies are stopped before they fill the memory."""
        self.room -= _size(value, len(path), self.room)
        if self.room < 0:
            raise PatchError(index, "value", "makes too large a value")
        self.value = _with(self.value, path, value, is_new=is_new)


def _tokens(index: int, operation: dict[str, Any], member: str) -> tuple[str, ...]:
    text = operation.get(member, MISSING)
    if not isinstance(text, str):
        raise PatchError(index, member, "is required and is a JSON pointer")
    try:
        return tuple(pointers.split(text))
    except ValueError:
        raise PatchError(index, member, f"{text!r} is no JSON pointer: it starts with a slash (RFC 6901, 3)") from None


def _read(value: Any, path: tuple[str, ...]) -> Any:
    for token in path:
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list):
            value = value[_index(token, len(value) - 1)]
        else:
            raise _NowhereError
    return value


def _index(token: str, last: int) -> int:
    if not _INDEX.fullmatch(token) or int(token) > last:
        raise _NowhereError
    return int(token)


def _with(value: Any, path: tuple[str, ...], new: Any, *, is_new: bool) -> Any:
    if not path:
        return new
    token, rest = path[0], path[1:]
    if isinstance(value, dict):
        if rest and token not in value:
            raise _NowhereError
        return {**value, token: _with(value.get(token), rest, new, is_new=is_new)}
    if not isinstance(value, list):
        raise _NowhereError
    if rest or not is_new:
        place = _index(token, len(value) - 1)
        return [*value[:place], _with(value[place], rest, new, is_new=is_new), *value[place + 1 :]]
    place = len(value) if token == _END else _index(token, len(value))
    return [*value[:place], new, *value[place:]]


def _without(value: Any, path: tuple[str, ...]) -> Any:
    _read(value, path)
    if not path:
        return None
    token, rest = path[0], path[1:]
    if isinstance(value, dict):
        if rest:
            return {**value, token: _without(value[token], rest)}
        return {name: held for name, held in value.items() if name != token}
    place = int(token)
    kept = [_without(value[place], rest)] if rest else []
    return [*value[:place], *kept, *value[place + 1 :]]


def _size(value: Any, level: int, most: int) -> int:
    """Count the values in a value, up to one more than is of interest; too deep a one counts as too large."""
    count, waiting = 0, [(value, level)]
    while waiting:
        held, depth = waiting.pop()
        count += 1
        if count > most or depth > _MOST_LEVELS:
            return most + 1
        inner = held.values() if isinstance(held, dict) else held if isinstance(held, list) else ()
        waiting.extend((item, depth + 1) for item in inner)
    return count


def is_equal(one: Any, other: Any) -> bool:
    """Compare as RFC 6902, 4.6 wants it: numbers by value, and true is no number."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | Decimal) and isinstance(other, int | Decimal):
        return one == other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_equal(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_equal, one, other))
    return type(one) is type(other) and bool(one == other)
