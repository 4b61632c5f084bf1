"""Files by path go in; a directory that has all of them, or is as it was before, comes out."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from understudy.errors import EnvironmentFailedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def place(directory: Path, files: Mapping[str, bytes], gone: Iterable[str] = ()) -> None:
    """Write files below a directory, in order, and remove those that are gone. Raises EnvironmentFailedError.

    All are written under other names first: what can fail fails before anything has changed.
    """
    staged: list[tuple[Path, Path]] = []
    made: list[Path] = []
    try:
        for name, content in files.items():
            path = directory / name
            _make(path.parent, made)
            temporary = path.with_name(f".{path.name}.understudy")
            staged.append((temporary, path))
            _write(temporary, path, content)
        while staged:
            temporary, path = staged[0]
            temporary.replace(path)
            staged.pop(0)
        for name in gone:
            (directory / name).unlink(missing_ok=True)
    except OSError as error:
        _undo(staged, made)
        message = f"`{error.filename or directory}` can't be written: {error.strerror or error}."
        raise EnvironmentFailedError(message, "Name a directory that may be written.") from None
    except BaseException:
        _undo(staged, made)
        raise


def _make(directory: Path, made: list[Path]) -> None:
    if not directory.is_dir():
        _make(directory.parent, made)
        directory.mkdir()
        made.append(directory)


def _write(temporary: Path, path: Path, content: bytes) -> None:
    if path.is_dir():
        raise IsADirectoryError(21, "it is a directory", str(path))
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        temporary.chmod(path.stat().st_mode & 0o777)


def _undo(staged: list[tuple[Path, Path]], made: list[Path]) -> None:
    for temporary, _ in staged:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    for directory in reversed(made):
        with suppress(OSError):
            directory.rmdir()
