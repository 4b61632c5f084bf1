"""One request on its way through the stages, and the answer it gets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy_mock.preferences import NO_WISH, Wish

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.faults import Mishap
    from understudy_mock.near_misses import NearMiss
    from understudy_mock.session import Session
    from understudy_mock.state.memory import Item
    from understudy_mock.state.resources import Resource

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
    outage: RefusalError | None = None
    """What the request is refused with because its session can't be read; told in the error shape of its operation."""
    scheme: str = "http"
    version: int = -1
    """The session's version when the request came, where the same request can be answered in the same way again."""
    touched: tuple[Item, Resource] | None = None
    """The item that the request made or changed."""
    is_repeated: bool = False
    """Whether the answer is the one that the same request got before, so that nothing was done."""
    _fields: tuple[list[Header], dict[bytes, bytes]] | None = None
    """The headers that were looked at last, and the same by name."""

    @property
    def seed(self) -> int | None:
        """The seed that the request wishes for, else that of its session, if it has any."""
        if self.wish.seed is not None or self.session is None:
            return self.wish.seed
        return self.session.seed

    def header(self, name: bytes) -> str | None:
        """Read a header's value; several of one name are joined by commas (RFC 9110, 5.2)."""
        fields = self._fields
        if fields is None or fields[0] is not self.headers:
            fields = self._fields = (self.headers, _by_name(self.headers))
        value = fields[1].get(name)
        return None if value is None else value.decode("latin-1")


def _by_name(headers: list[Header]) -> dict[bytes, bytes]:
    found = dict(headers)
    if len(found) < len(headers):
        for name in found:
            found[name] = b", ".join(value for key, value in headers if key == name)
    return found


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
