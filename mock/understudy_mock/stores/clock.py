"""The clocks of a machine go in; seconds that never go back come out, also over a restart of the machine.

Somebody may set the wall clock, at any time and to any time: documents must neither expire nor come back by that. So
time is counted by the monotonic clock, which all processes of a machine share from one start of the machine to the
next; only what passed while it was off has to be taken from the wall clock, and counts as nothing if that went back.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def _boot() -> str:
    """Name this start of the machine; empty where the system has no name for it."""
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return ""


@dataclass(frozen=True)
class Clocks:
    """What a machine tells the time by."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    boot: Callable[[], str] = _boot


@dataclass(frozen=True)
class Mark:
    """What the clocks told at one moment; `counted` are the seconds that had passed for the store by then."""

    counted: float = 0.0
    monotonic: float = 0.0
    wall: float = 0.0
    boot: str = ""


@dataclass
class LastingClock:
    """Goes on counting from a mark that was kept."""

    clocks: Clocks = field(default_factory=Clocks)
    mark: Mark | None = None

    def resume(self, mark: Mark | None) -> None:
        """Count on from a mark that any process of any start of the machine has left; from nought without one."""
        here = Mark(0.0, self.clocks.monotonic(), self.clocks.wall(), self.clocks.boot())
        if mark is None:
            self.mark = here
        elif mark.boot == here.boot and mark.monotonic <= here.monotonic:
            self.mark = mark
        else:
            counted = mark.counted + max(0.0, here.wall - mark.wall)
            self.mark = Mark(counted, here.monotonic, here.wall, here.boot)

    def now(self) -> float:
        """Tell the seconds that have passed for the store."""
        if self.mark is None:
            self.resume(None)
        start = self.mark or Mark()
        return start.counted + self.clocks.monotonic() - start.monotonic

    def leave_mark(self) -> Mark:
        """Tell what is to be kept, so that another process can go on from here."""
        return Mark(self.now(), self.clocks.monotonic(), self.clocks.wall(), self.clocks.boot())
