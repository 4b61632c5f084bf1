"""A session and a contract go in; what time it is for them comes out.

The contract's frozen instant, or the machine's clock with `--clock real`; a session can set it, and can be moved on.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledContract
    from understudy_mock.session import Session
    from understudy_mock.settings import Settings

GROUP = "clock"
"""The group of a document in which it is kept: `at` as RFC 3339, `offset` in seconds."""


class ClockError(ValueError):
    """An instant that can't be one, or that lies beyond what there are dates for."""


def now(session: Session, settings: Settings, contract: CompiledContract) -> datetime:
    """Tell the time for a request of a session."""
    usual = settings.now(contract)
    held = session.document.group(GROUP)
    return _moved(held.get("at"), held.get("offset", 0), usual) if held else usual


def set_to(session: Session, text: str) -> None:
    """Freeze a session's clock at an instant. Raises ClockError."""
    instant = _read(text)
    session.document.put(GROUP, "at", instant.isoformat())
    session.document.drop(GROUP, "offset")


def advance(session: Session, seconds: int, usual: list[datetime]) -> None:
    """Move a session's clock on, or back; `usual` are the times it would have otherwise. Raises ClockError."""
    held = session.document.group(GROUP)
    offset = held.get("offset", 0) + seconds
    for one in usual:
        _moved(held.get("at"), offset, one)
    session.document.put(GROUP, "offset", offset)


def release(session: Session) -> None:
    """Let a session have the usual time again."""
    session.document.clear(GROUP)


def _moved(at: str | None, offset: int, usual: datetime) -> datetime:
    try:
        return (usual if at is None else _read(at)) + timedelta(seconds=offset)
    except OverflowError:
        raise ClockError("there are no dates that far away") from None


@lru_cache(maxsize=1024)
def _read(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        return instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ClockError(f"{text} is no instant that a clock can show") from None
