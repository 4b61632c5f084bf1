"""A running mock goes in; the functions that answer for the operations of its control API come out, by operationId."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from understudy_mock.control.answers import AnswerOperations
from understudy_mock.control.choosing import ChoiceOperations
from understudy_mock.control.clock_control import ClockOperations
from understudy_mock.control.contracts import ContractOperations
from understudy_mock.control.events import EventOperations
from understudy_mock.control.health import HealthOperations
from understudy_mock.control.journal_queries import JournalOperations
from understudy_mock.control.misfortunes import MisfortuneOperations
from understudy_mock.control.replies import Replying
from understudy_mock.control.session_control import SessionOperations
from understudy_mock.control.snapshot_control import SnapshotOperations
from understudy_mock.control.state import StateOperations
from understudy_mock.control.verifying import VerificationOperations
from understudy_mock.control.webhooks import WebhookOperations

if TYPE_CHECKING:
    from understudy_mock.runtime import Runtime

GROUPS = (
    HealthOperations,
    ContractOperations,
    AnswerOperations,
    JournalOperations,
    EventOperations,
    VerificationOperations,
    StateOperations,
    SessionOperations,
    SnapshotOperations,
    ClockOperations,
    ChoiceOperations,
    MisfortuneOperations,
    WebhookOperations,
)


def functions(runtime: Runtime) -> dict[str, Replying]:
    """Collect the marked functions of all groups."""
    found: dict[str, Replying] = {}
    for group in (made(runtime) for made in GROUPS):
        for _, function in inspect.getmembers(group, inspect.ismethod):
            if (name := getattr(function, "operation_id", None)) is not None:
                found[name] = Replying(function)
    return found
