"""How a mock is to be run: what the command line says, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledContract

MAX_BODY_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """`auth` is lenient, strict or off; with `remember` off every answer is the documented one.

    `error_format` is contract or problem. `compat` is prism or none; with it, where `violations_fail`, an answer that
    breaks the contract becomes a 500.

    `control` is whether there is a control API; with a `control_token` it answers everybody who has that, else this
    machine only.
    """

    auth: str = "lenient"
    remember: bool = True
    real_clock: bool = False
    apart: bool = False
    handlers: str | None = None
    error_format: str = "contract"
    compat: str | None = None
    violations_fail: bool = False
    max_body_bytes: int = MAX_BODY_BYTES
    faults: tuple[str, ...] = ()
    fault_profile: str | None = None
    scenario: str | None = None
    webhook_to: str | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    callback_hosts: tuple[str, ...] = ()
    dynamic: bool = False
    """Whether every answer is made up, as if each request wished for it."""
    ignore_examples: bool = False
    """Whether the contract is taken to have no examples, other than those of its schemas."""
    fill_properties: bool | None = None
    """Whether objects that take more properties than are declared get some; None where the contract is to say."""
    cors: bool = True
    """Whether pages of other origins may read the answers (Fetch standard, CORS)."""
    locale: str | None = None
    """The language and country of what is made up (BCP 47), over what the contract says."""
    seed: int | None = None
    """What is made up, and which faults hit, for requests that have no seed of their own."""
    store: str = field(default="memory://", repr=False)
    """Where sessions are kept; the URL may hold a password."""
    store_prefix: str | None = None
    session_lifetime: float | None = None
    """After how many seconds without use a session is forgotten; None is never."""
    control: bool = True
    control_token: str | None = field(default=None, repr=False)
    docs: bool = True
    """Whether the mock shows its documentation, and its contracts as `/openapi.json`."""

    def now(self, compiled: CompiledContract) -> datetime:
        """Tell the time: the contract's frozen instant unless the real clock was asked for."""
        return datetime.now(UTC).replace(microsecond=0) if self.real_clock else compiled.behaviour.clock
