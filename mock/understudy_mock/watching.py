"""Names of files go in; a word comes out whenever one of them may have changed. The one door to watchfiles."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import awatch

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    Signature = dict[str, tuple[int, int, int] | None]
    """File → its time of change, size and number; None where there is no such file."""

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
    """Note what files are like now, so that a change of any shows."""
    found: Signature = {}
    for file in files:
        try:
            status = Path(file).stat()
            found[file] = (status.st_mtime_ns, status.st_size, status.st_ino)
        except OSError:
            found[file] = None
    return found


def _places(files: Iterable[str]) -> list[Path]:
    """List the folders to watch: an editor may replace a file, so that watching the file itself would miss it."""
    found: set[Path] = set()
    for file in files:
        folder = Path(file).parent
        while not folder.is_dir():
            folder = folder.parent
        found.add(folder)
    return sorted(found)
