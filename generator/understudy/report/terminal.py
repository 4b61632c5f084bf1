"""Findings go in; text with a code frame for a person comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from understudy.errors import InputError

if TYPE_CHECKING:
    from understudy.errors import UnderstudyError


def show_error(error: UnderstudyError, stream: TextIO) -> None:
    """Print what stopped a command."""
    place = f"{error.finding.location}: " if isinstance(error, InputError) else ""
    stream.write(f"error: {place}{error.message}\n")
    if error.remedy:
        stream.write(f"  {error.remedy}\n")
