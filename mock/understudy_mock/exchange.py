"""One request on its way through the stages, and the answer it gets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy_mock.preferences import NO_WISH, Wish

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.faults import Mishap
    from understudy_mock.near_misses import NearMiss
    from understudy_mock.sessions import Session

MISSING: Any = type("Missing", (), {"__repr__": lambda _: "MISSING", "__bool__": lambda _: False})()
"""Stands for a value that was not sent, which is something else than null."""

Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request: where, which rule, and what the rule wants."""

    location: str
    tokens: tuple[str | int, ...]
    rule: str
    message: str
    expected: Any = None

    @property
    def name(self) -> str:
        """The dotted name of the field, as in `filters.limit`; the location for a fault of the whole."""
        return ".".join(str(token) for token in self.tokens) or self.location


@dataclass(slots=True)
class Exchange:
    """What is known of a request so far. Header names are lower-case bytes, as ASGI gives them.

    `started` is seconds since the epoch; `kind` and `faults` are those of a refusal, `nearest` what it nearly was.
    """

    method: str
    path: str
    query: bytes
    headers: list[Header]
    operation: CompiledOperation | None = None
    path_values: tuple[str, ...] = ()
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    body: Any = MISSING
    wish: Wish = NO_WISH
    content: bytes = b""
    session: Session | None = None
    answer: Answer | None = None
    unmet: tuple[str, ...] = ()
    started: float = 0.0
    kind: str = ""
    faults: tuple[Fault, ...] = ()
    nearest: tuple[NearMiss, ...] = ()
    mishap: Mishap | None = None
    scheme: str = "http"

    def header(self, name: bytes) -> str | None:
        """Read a header's value; several of one name are joined by commas (RFC 9110, 5.2)."""
        found = [value for key, value in self.headers if key == name]
        return b", ".join(found).decode("latin-1") if found else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: status, headers and the bytes of the body.

    `reason` tells which step chose it, `example` the documented one it is, `kind` why a handler's answer did not pass.
    """

    status: int
    headers: tuple[Header, ...]
    body: bytes
    reason: str
    example: str = ""
    kind: str = ""


class RefusalError(Exception):
    """A stage ends the walk: the request is answered with an error status. `statuses` are tried in order."""

    def __init__(
        self,
        kind: str,
        statuses: tuple[int, ...],
        faults: tuple[Fault, ...] = (),
        headers: tuple[Header, ...] = (),
    ) -> None:
        super().__init__(kind)
        self.kind, self.statuses, self.faults, self.headers = kind, statuses, faults, headers
