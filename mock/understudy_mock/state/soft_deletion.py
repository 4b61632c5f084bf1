"""An item that is deleted goes in; what its own schema has to say of that comes out: a date, a flag or a status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.state.expressions import timestamp

if TYPE_CHECKING:
    from datetime import datetime

    from understudy.contract.model import Tokens
    from understudy_mock.compiling import CompiledContract
    from understudy_mock.state.memory import Item
    from understudy_mock.state.shapes import Slot

_DATES = ("deleted_at", "deletedAt", "deleted_on", "deletedOn", "removed_at", "removedAt")
_FLAGS = ("deleted", "is_deleted", "isDeleted", "removed")
_STATUSES = ("status", "state", "current_status")
_WORDS = ("deleted", "removed", "DELETED", "REMOVED", "Deleted")


def marked(contract: CompiledContract, slot: Slot | None, item: Item, now: datetime) -> Item:
    """Give the item as it is shown once it is gone; itself where its schema knows no such thing."""
    if slot is None:
        return item
    marks: Item = {}
    for name, place in slot.properties.items():
        value = next((word for word in _candidates(name, now) if contract.synthesis.fits(place, word)), None)
        if value is not None and _is_told(contract, place, name):
            marks[name] = value
    return {**item, **marks} if marks else item


def _candidates(name: str, now: datetime) -> tuple[Any, ...]:
    if name in _DATES:
        return timestamp(now), now.date().isoformat()
    if name in _FLAGS:
        return (True,)
    return _WORDS if name in _STATUSES else ()


def _is_told(contract: CompiledContract, place: Tokens, name: str) -> bool:
    """Tell whether a status names the words it may have; otherwise nobody knows which one means this."""
    placed = contract.contract.follow(place).value
    return name not in _STATUSES or (isinstance(placed, dict) and ("enum" in placed or "const" in placed))
