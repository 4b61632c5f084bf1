"""Files by name go in; a directory that holds exactly our files, and keeps everybody else's, comes out.

A manifest in the directory lists what is ours. The new directory is built beside the old one and takes its place.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.errors import EnvironmentFailedError, UsageError
from understudy.finding import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST = ".understudy-models.json"
_REMEDY = "Run `understudy models` again and commit what it writes."


def differences(directory: Path, files: dict[str, str]) -> Iterator[Finding]:
    """Yield a finding for every file that is missing, stale, or ours and no longer generated."""
    for name, text in files.items():
        path = directory / name
        if not path.is_file():
            yield _finding("models-missing", path, "is missing")
        elif path.read_bytes() != text.encode() and name != MANIFEST:
            yield _finding("models-stale", path, "is not what the contract says now")
    for name in sorted(_ours(directory) - set(files)):
        if (directory / name).is_file():
            yield _finding("models-extra", directory / name, "is generated no longer")


def replace(directory: Path, files: dict[str, str]) -> None:
    """Write the files. Raises UsageError for a directory that isn't ours, EnvironmentFailedError if writing fails."""
    directory = directory.resolve()
    _refuse_foreign(directory, files)
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{directory.name}.", dir=directory.parent) as work:
            fresh = Path(work) / "new"
            _fill(fresh, files)
            _keep_foreign(directory, fresh)
            _swap(fresh, directory, Path(work) / "old")
    except OSError as error:
        message = f"`{error.filename or directory}` can't be written: {error.strerror or error}."
        raise EnvironmentFailedError(message, "Name a directory that may be written.") from None


def _finding(rule: str, path: Path, what: str) -> Finding:
    return Finding(rule, f"`{path.name}` {what}.", remedy=_REMEDY, location=Location(str(path)))


def _ours(directory: Path) -> set[str]:
    """Read the manifest; a name that leads out of the directory is nobody's."""
    try:
        names = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))["files"]
        return {MANIFEST, *(name for name in names if Path(name).name == name)}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _refuse_foreign(directory: Path, files: dict[str, str]) -> None:
    remedy = "Name a directory that doesn't exist, is empty, or was written by `understudy models`."
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"`{directory}` is not a directory.", remedy)
    present = {path.name for path in directory.iterdir()} - {"__pycache__"} if directory.is_dir() else set()
    ours = _ours(directory)
    if present and not ours:
        raise UsageError(f"`{directory}` holds files that were not generated here.", remedy)
    for name in sorted(set(files) & present - ours):
        raise UsageError(f"`{directory / name}` was not generated here and would be overwritten.", "Rename it.")


def _fill(directory: Path, files: dict[str, str]) -> None:
    directory.mkdir()
    for name, text in files.items():
        with (directory / name).open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())


def _keep_foreign(old: Path, fresh: Path) -> None:
    if not old.is_dir():
        return
    shutil.copymode(old, fresh)
    for path in old.iterdir():
        if path.name in _ours(old) | {"__pycache__"}:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, fresh / path.name, symlinks=True)
        else:
            shutil.copy2(path, fresh / path.name, follow_symlinks=False)


def _swap(fresh: Path, directory: Path, aside: Path) -> None:
    """Put the new directory in the old one's place, or leave the old one where it was."""
    if directory.exists():
        directory.rename(aside)
    try:
        fresh.rename(directory)
    except BaseException:
        with suppress(OSError):
            aside.rename(directory)
        raise
