"""What an export must know of a mock: its operations, and every answer that it gives, as plain data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TEMPLATE = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Answer:
    """One documented answer, as the mock sends it.

    `key` is the response as declared: `200`, `4XX`, `default`. `example` is empty for a body that is made up,
    `media_type` for no body. `is_rendered` tells that the contract has the example in another media type.
    """

    key: str
    status: int
    example: str
    media_type: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    is_rendered: bool = False


@dataclass(frozen=True)
class Operation:
    """One operation; `success` is the key of what it answers when nobody wishes for anything else."""

    id: str
    method: str
    path: str
    success: str
    answers: tuple[Answer, ...] = field(repr=False)

    @property
    def precedence(self) -> tuple[tuple[int, int], ...]:
        """Sorts paths as they are matched: literal, partly templated, wholly templated (OpenAPI, Paths Object)."""
        return tuple(_precedence(segment) for segment in self.path.split("/")[1:])


def _precedence(segment: str) -> tuple[int, int]:
    literal = len(_TEMPLATE.sub("", segment))
    if "{" not in segment:
        return 0, 0
    return (1, -literal) if literal else (2, 0)


@dataclass(frozen=True)
class Repertoire:
    """All that the mock of one contract can answer. `scenarios` are the names of those it can play."""

    name: str
    title: str
    version: str
    base_path: str
    operations: tuple[Operation, ...] = field(repr=False)
    scenarios: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """Title and version in one line that may stand in a comment."""
        return " ".join(f"{self.title} {self.version}".replace("*/", "* /").split())
