"""What one running mock consists of besides its stages: its mounts, its sessions, its journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from understudy_mock.journal import Journal

if TYPE_CHECKING:
    from understudy_mock.mounting import Mount
    from understudy_mock.sessions import Sessions
    from understudy_mock.settings import Settings


@dataclass
class Runtime:
    """Shared by all stages of one mock."""

    settings: Settings
    mounts: tuple[Mount, ...]
    sessions: Sessions
    journal: Journal = field(default_factory=Journal)
