"""How a mock is to be run: what the command line says, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledContract

MAX_BODY_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """`auth` is lenient, strict or off; with `remember` off every answer is the documented one."""

    auth: str = "lenient"
    remember: bool = True
    real_clock: bool = False
    apart: bool = False
    handlers: str | None = None
    max_body_bytes: int = MAX_BODY_BYTES

    def now(self, compiled: CompiledContract) -> datetime:
        """Tell the time: the contract's frozen instant unless the real clock was asked for."""
        return datetime.now(UTC).replace(microsecond=0) if self.real_clock else compiled.behaviour.clock
