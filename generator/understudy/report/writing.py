"""A format's name and findings go in; the report comes out on a stream or, whole or not at all, in a file."""

from __future__ import annotations

import io
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from understudy.errors import EnvironmentFailedError, UsageError
from understudy.report import github, json_report, junit, sarif, terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from understudy.finding import Finding

    Writer = Callable[[Sequence[Finding], TextIO, Mapping[str, str]], None]

FORMATS: dict[str, Writer] = {
    "terminal": terminal.write,
    "json": json_report.write,
    "junit": junit.write,
    "sarif": sarif.write,
    "github": github.write,
}


@dataclass(frozen=True)
class Context:
    """What a report tells besides its findings: `rules` has one sentence for every rule that was asked."""

    rules: Mapping[str, str] = field(default_factory=dict)


def write(format_name: str, findings: Sequence[Finding], stream: TextIO, context: Context | None = None) -> None:
    """Write the findings in order. Raises UsageError for a format that does not exist."""
    if format_name not in FORMATS:
        raise UsageError(f"There is no report format `{format_name}`.", f"The formats are {', '.join(FORMATS)}.")
    FORMATS[format_name](findings, stream, (context or Context()).rules)


def save(format_name: str, findings: Sequence[Finding], path: Path, context: Context | None = None) -> None:
    """Write the findings to a file that is either complete or untouched. Raises EnvironmentFailedError."""
    text = io.StringIO()
    write(format_name, findings, text, context)
    try:
        _replace(path, text.getvalue().encode("utf-8", "backslashreplace"))
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"The report can't be written to {path}: {reason}."
        raise EnvironmentFailedError(message, "Name a file in a directory that exists and may be written.") from None


def _replace(path: Path, content: bytes) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
