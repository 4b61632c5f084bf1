"""What one running mock consists of besides its stages: its mounts, its sessions, its journal."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from understudy.errors import UsageError
from understudy_mock.agreement import Agreement
from understudy_mock.callback_sending import Callbacks
from understudy_mock.faults import Faults
from understudy_mock.journal import Journal
from understudy_mock.near_misses import NearMisses
from understudy_mock.redaction import Redaction
from understudy_mock.replaying import Replays
from understudy_mock.stores.store import StoreDownError

if TYPE_CHECKING:
    from understudy_mock.boundary import Boundary
    from understudy_mock.deliveries import Delivery
    from understudy_mock.mounting import Mount
    from understudy_mock.reloading import Reloaded, Reloader
    from understudy_mock.sessions import Sessions
    from understudy_mock.settings import Settings
    from understudy_mock.workers import Staffing


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
    staffing: Staffing | None = None
    """How many workers answer at this address, if this is one of several."""
    version: int = 0
    """Grows with everything, other than sessions, on which an answer may depend."""

    def __post_init__(self) -> None:
        self.faults.sessions = self.sessions

    @cached_property
    def agreement(self) -> Agreement:
        """What keeps it in step with other mocks that share its store."""
        return Agreement(self)

    @cached_property
    def replays(self) -> Replays:
        """The answers that may be given again as they were."""
        return Replays(self)

    @property
    def ready(self) -> bool:
        """Whether new requests are welcome."""
        return not self.draining and (self.staffing is None or self.staffing.is_whole)

    def drain(self) -> None:
        """Take no more requests than have begun, and let those who only watch go."""
        self.draining = True
        self.journal.close()

    async def catch_up(self) -> None:
        """Learn what was done and recorded in other processes. Raises StoreDownError."""
        if self.agreement.is_due:
            await self.agreement.settle()
        await self.journal.catch_up()
        await self.callbacks.catch_up()

    async def keep_up(self) -> None:
        """Serve what others do that share the store, if that can be had."""
        with contextlib.suppress(StoreDownError):
            await self.sessions.common.refresh()
            if self.agreement.is_due:
                await self.agreement.settle()

    async def reload(self) -> Reloaded:
        """Read the contracts again and, if they are good, serve them from now on. Raises UsageError."""
        if self.reloader is None:
            raise UsageError("This mock was not started from files.", "Start it with `understudy serve`.")
        outcome = await self.reloader.reload(force=True)
        if outcome.changed and not self.sessions.is_local:
            self.agreement.announce()
        return outcome

    def send_webhook(self, name: str, session: str, to: str | None = None) -> Delivery:
        """Send a webhook of any of the contracts. Raises UsageError if none has it."""
        known = {key: webhook for mount in self.mounts for key, webhook in mount.compiled.outgoing.webhooks.items()}
        if name not in known:
            raise UsageError(f"There is no webhook `{name}`.", f"There are: {', '.join(known) or 'none'}.")
        return self.callbacks.send(known[name], session, to)

    @cached_property
    def redaction(self) -> Redaction:
        """Where credentials stand in requests, of the contracts that are served and of those that were."""
        return Redaction(mount.compiled.contract for mount in self.mounts)

    @cached_property
    def near_misses(self) -> NearMisses:
        """What a request that no operation takes nearly was; made ready when one comes for the first time."""
        return NearMisses(self.mounts)
