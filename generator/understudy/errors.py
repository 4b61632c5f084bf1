"""The exceptions a command turns into one clear sentence and an exit code.

UnderstudyError
├── UsageError             exit 2: the command line is wrong
├── InputError             exit 2: something that was to be read can't be; carries a Finding
└── EnvironmentFailedError     exit 3: the machine does not let us (port taken, disk full, server away)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy.finding import Finding


class UnderstudyError(Exception):
    """Base of all errors a user can provoke."""

    exit_code = 2

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(UnderstudyError):
    """The command was called in a way that can't be carried out."""


class InputError(UnderstudyError):
    """A file can't be read as what it should be; `finding` says where and why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message, finding.remedy)
        self.finding = finding


class EnvironmentFailedError(UnderstudyError):
    """The surroundings refuse: a port is taken, a server can't be reached, a file can't be written."""

    exit_code = 3
