"""Names of files and folders go in; a word comes out whenever one may have changed. The one door to watchfiles.

A folder stands for the contract files in it, those that come as well: one that is new, or gone, is a change.
"""

from __future__ import annotations

import contextlib
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import awatch

from understudy.contract.beside import PATTERN

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    Signature = dict[str, tuple[int, int, int] | None]
    """File → its time of change, size and number; None where there is no such file, and for a folder itself."""

_DEBOUNCE_MS = 400
_STEP_MS = 50
_LOOK_MS = 1000
"""How often files are looked at in any case: no system tells of every change on every file system."""


async def occasions(files: Callable[[], Iterable[str]]) -> AsyncGenerator[None]:
    """Come back whenever it is time to look at the files; which they are is asked each time."""
    while True:
        places = _places(files())
        changes = awatch(
            *places,
            watch_filter=None,
            debounce=_DEBOUNCE_MS,
            step=_STEP_MS,
            rust_timeout=_LOOK_MS,
            yield_on_timeout=True,
            recursive=False,
        )
        async with contextlib.aclosing(changes):
            async for _ in changes:
                yield
                if _places(files()) != places:
                    break


def signature(files: Iterable[str]) -> Signature:
    """Note what files are like now, and what is in folders, so that a change of any shows."""
    found: Signature = {}
    for file in files:
        found[file] = _mark(file)
        if _is_folder(Path(file)):
            found.update({str(child): _mark(child) for child in Path(file).glob(PATTERN)})
    return found


def followed(before: Signature, files: Iterable[str]) -> Signature:
    """Note what files are like that are looked at from now on; those that were before stay as they were noted.

    So what has changed since then, while it was read, shows the next time.
    """
    now = signature(files)
    kept = {file: mark for file, mark in before.items() if file in now or _folder_of(file) in now}
    return kept | {file: mark for file, mark in now.items() if file not in before and _folder_of(file) not in before}


def _mark(file: str | Path) -> tuple[int, int, int] | None:
    try:
        status = Path(file).stat()
    except OSError:
        return None
    return None if stat.S_ISDIR(status.st_mode) else (status.st_mtime_ns, status.st_size, status.st_ino)


def _is_folder(place: Path) -> bool:
    try:
        return place.is_dir()
    except OSError:  # what can't be looked at is not there
        return False


def _folder_of(file: str) -> str:
    return str(Path(file).parent)


def _places(files: Iterable[str]) -> list[Path]:
    """List the folders to watch: an editor may replace a file, so that watching the file itself would miss it."""
    found: set[Path] = set()
    for file in files:
        folder = Path(file).parent
        while not _is_folder(folder):
            folder = folder.parent
        found.update((folder, Path(file)) if _is_folder(Path(file)) else (folder,))
    return sorted(found)
