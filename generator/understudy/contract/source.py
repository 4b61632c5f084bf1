"""One file of a contract: bytes go in; JSON values that know their line and column come out.

YAML is read as JSON sees it: mapping keys are strings, and only JSON's own spellings of null, booleans and numbers are
anything but text. Fractions become `decimal.Decimal`, so `1.00` is still `1.00` when it is written again.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from understudy.contract import pointer as pointers
from understudy.contract.yaml_reading import MAX_DEPTH, Marks, UnreadableError, read_yaml
from understudy.errors import InputError
from understudy.finding import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_BYTES = 64 * 1024 * 1024

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True)
class Source:
    """A parsed file: `value` is its JSON value, `path` what a person calls it."""

    path: str
    text: str = field(repr=False)
    value: Any = field(repr=False)

    @cached_property
    def _marked(self) -> tuple[Any, Marks]:
        return read_yaml(self.text)

    def location(self, tokens: Iterable[pointers.Token], *, of_key: bool = False) -> Location:
        """Find the line and column of the value (or its key) that the tokens name, or of its nearest parent."""
        tokens = list(tokens)
        try:
            value, marks = self._marked
        except UnreadableError:  # JSON that YAML can't say, such as a tab between two keys
            return Location(self.path, pointer=pointers.join(tokens))
        mark = (1, 1)
        for token in tokens:
            places = marks.get(id(value), {})
            if str(token) not in places:
                break
            mark = places[str(token)][0 if of_key else 1]
            value = pointers.resolve(value, [token])
        return Location(self.path, mark[0], mark[1], pointers.join(tokens))


def parse(path: str, content: bytes) -> Source:
    """Read JSON or YAML. Raises InputError with the line for whatever is not plain data."""
    if len(content) > MAX_BYTES:
        _refuse(path, (0, 0), "input-size", f"The file is larger than {MAX_BYTES // 2**20} MiB.", "Split the file.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        _refuse(path, (line, 1), "input-encoding", "The file is not UTF-8 text.", "Save it as UTF-8.")
    if text.lstrip()[:1] in ("{", "["):
        try:
            value = _read_json(text)
            if not _deeper_than(MAX_DEPTH, value):
                return Source(path, text, value)
        except (ValueError, RecursionError):
            pass  # YAML's flow style begins alike, and the YAML reader knows the place of what is wrong
    try:
        marked = read_yaml(text)
    except UnreadableError as error:
        _refuse(path, error.mark, error.rule, error.message, error.remedy)
    source = Source(path, text, marked[0])
    source.__dict__["_marked"] = marked
    return source


def _read_json(text: str) -> Any:
    value = json.loads(text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_distinct)
    if _SURROGATE.search(text):  # one half of a pair is no character (RFC 8259, section 8.2): raises a ValueError
        json.dumps(value, ensure_ascii=False, default=str).encode()
    return value


def _deeper_than(limit: int, value: Any) -> bool:
    level = [value]
    for _ in range(limit):
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("duplicate key")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse(path: str, mark: tuple[int, int], rule: str, message: str, remedy: str) -> NoReturn:
    raise InputError(Finding(rule, message, remedy=remedy, location=Location(path, *mark)))
