"""Open connections go in; those whose client lets the server wait too long are told so and closed.

A client owes the server the head of a request, then its body, and then has to take the answer; between requests it may
rest for a while. The server looks at all connections once a second, so that no request pays for a timer of its own.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from understudy_mock.statuses import phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

    Debt = tuple[str, Any]
    """What the server waits for, and within which request (its `cycle`), or after how many, it does."""

KEEP_ALIVE_SECONDS = 5
"""How long a client may rest between two requests (RFC 9112, 9.3)."""


class Patience:
    """Remembers since when each connection has owed the same thing; `seconds` is how long it may."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._since: dict[Any, tuple[Debt, float]] = {}

    def look(self, connections: Iterable[Any], now: float) -> None:
        """Close the connections that have owed one thing for too long; `now` is in seconds, of any clock."""
        found: dict[Any, tuple[Debt, float]] = {}
        for connection in list(connections):
            debt = _debt(connection)
            if debt is None:
                continue
            known = self._since.get(connection)
            since = known[1] if known and known[0] == debt else now
            if now - since < (KEEP_ALIVE_SECONDS if debt[0] == "rest" else self.seconds):
                found[connection] = (debt, since)
            elif debt[0] == "rest":
                connection.transport.close()
            elif debt[0] == "answer":
                connection.transport.abort()
            else:
                turn_away(connection, 408)
        self._since = found


def _debt(connection: Any) -> Debt | None:
    cycle = connection.cycle
    if connection.flow is not None and connection.flow.write_paused:
        return "answer", cycle
    if cycle is None:
        return "head", 0
    if cycle.response_complete:
        return "rest" if connection.is_between else "head", connection.answered
    return ("body", cycle) if cycle.more_body else None


def turn_away(connection: Any, status: int) -> None:
    """Say why, if the client is still owed an answer, and close (RFC 9110, 15.5.9; RFC 6585, section 5)."""
    if connection.transport.is_closing():
        return
    cycle = connection.cycle
    if cycle is None or cycle.response_complete or not cycle.response_started:
        head = f"HTTP/1.1 {status} {phrase(status)}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        with contextlib.suppress(RuntimeError):  # the transport may have been closed by the other side just now
            connection.transport.write(head.encode())
    connection.transport.close()
