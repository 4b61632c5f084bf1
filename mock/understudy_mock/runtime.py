"""What one running mock consists of besides its stages: its mounts, its sessions, its journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from understudy.errors import UsageError
from understudy_mock.callback_sending import Callbacks, Delivery
from understudy_mock.faults import Faults
from understudy_mock.journal import Journal
from understudy_mock.near_misses import NearMisses

if TYPE_CHECKING:
    from understudy_mock.boundary import Boundary
    from understudy_mock.mounting import Mount
    from understudy_mock.reloading import Reloaded, Reloader
    from understudy_mock.sessions import Sessions
    from understudy_mock.settings import Settings


@dataclass
class Runtime:
    """Shared by all stages of one mock."""

    settings: Settings
    mounts: tuple[Mount, ...]
    sessions: Sessions
    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)
    callbacks: Callbacks = field(default_factory=Callbacks)
    entrance: Boundary | None = None
    """The outermost stage, once it is built; a reload puts other stages behind it."""
    reloader: Reloader | None = None
    draining: bool = False
    """Whether the mock was told to end and only finishes what it has begun."""

    @property
    def ready(self) -> bool:
        """Whether new requests are welcome."""
        return not self.draining

    def drain(self) -> None:
        """Take no more requests than have begun, and let those who only watch go."""
        self.draining = True
        self.journal.close()

    async def reload(self) -> Reloaded:
        """Read the contracts again and, if they are good, serve them from now on. Raises UsageError."""
        if self.reloader is None:
            raise UsageError("This mock was not started from files.", "Start it with `understudy serve`.")
        return await self.reloader.reload(force=True)

    def send_webhook(self, name: str, session: str, to: str | None = None) -> Delivery:
        """Send a webhook of any of the contracts. Raises UsageError if none has it."""
        known = {key: webhook for mount in self.mounts for key, webhook in mount.compiled.outgoing.webhooks.items()}
        if name not in known:
            raise UsageError(f"There is no webhook `{name}`.", f"There are: {', '.join(known) or 'none'}.")
        return self.callbacks.send(known[name], session, to)

    @cached_property
    def near_misses(self) -> NearMisses:
        """What a request that no operation takes nearly was; made ready when one comes for the first time."""
        return NearMisses(self.mounts)
