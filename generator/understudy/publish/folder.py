"""Files go in; a folder that holds exactly these of ours, or findings that tell how it differs, come out.

A manifest in the folder lists what is ours. All files are made before the first one is put into its place, and a file
that says the same already is not touched.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.errors import EnvironmentFailedError, UsageError
from understudy.finding import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from understudy.publish.page import File

MANIFEST = ".understudy-site.json"
RULES = {
    "site-missing": "Every file of the published site is there.",
    "site-stale": "Every file of the published site is what the contracts say now.",
    "site-extra": "No file is left of what is published no longer.",
}
_REMEDY = "Run `understudy publish` again and commit what it writes."
_NEUTRAL = frozenset((".git", ".DS_Store", "Thumbs.db"))
"""What may lie in a folder that counts as empty."""


@dataclass
class Outcome:
    """What was done to a folder, by path inside it; `same` counts the files that were left alone."""

    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    same: int = 0


def differences(folder: Path, files: Iterable[File]) -> Iterator[Finding]:
    """Yield a finding for every file that is missing, stale, or ours and published no longer."""
    paths = set()
    for file in files:
        paths.add(file.path)
        place = folder / file.path
        if not place.is_file():
            yield _finding("site-missing", place, file.path, "is missing")
        elif not _is_same(place, file.content):
            yield _finding("site-stale", place, file.path, "is not what the contracts say now")
    if not (folder / MANIFEST).is_file():
        yield _finding("site-missing", folder / MANIFEST, MANIFEST, "is missing")
    for path in sorted(ours(folder) - paths):
        if (folder / path).is_file():
            yield _finding("site-extra", folder / path, path, "is published no longer")


def write(folder: Path, files: Iterable[File]) -> Outcome:
    """Bring a folder up to date.

    Raises UsageError for a folder that holds files which aren't ours, EnvironmentFailedError if writing fails.
    """
    folder = folder.resolve()
    before = ours(folder)
    _refuse_foreign(folder, before)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as work:
            fresh = Path(work)
            paths, outcome = _make(files, folder, fresh, before)
            folder.mkdir(exist_ok=True)
            _note(folder, paths | before)  # so that what is left of a run that was cut off is known as ours
            _place(folder, fresh, outcome.written)
            outcome.removed = list(_remove(folder, before - paths))
            _note(folder, paths)
    except OSError as error:
        message = f"`{error.filename or folder}` can't be written: {error.strerror or error}."
        raise EnvironmentFailedError(message, "Name a folder that may be written, on a disk that has room.") from None
    return outcome


def ours(folder: Path) -> set[str]:
    """Read the manifest; a name that leads out of the folder is nobody's."""
    try:
        names = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        return {name for name in names if isinstance(name, str) and _is_inside(name)}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _is_inside(name: str) -> bool:
    path = Path(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and "\0" not in name


def _finding(rule: str, place: Path, path: str, what: str) -> Finding:
    return Finding(rule, f"`{path}` {what}.", remedy=_REMEDY, location=Location(str(place)))


def _is_same(place: Path, content: bytes) -> bool:
    return place.stat().st_size == len(content) and place.read_bytes() == content


def _refuse_foreign(folder: Path, before: set[str]) -> None:
    remedy = "Name a folder that doesn't exist, is empty, or was written by `understudy publish`."
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"`{folder}` is not a folder.", remedy)
    present = {path.name for path in folder.iterdir()} - _NEUTRAL if folder.is_dir() else set()
    if present and not before:
        raise UsageError(f"`{folder}` holds files that were not published here, such as `{min(present)}`.", remedy)


def _make(files: Iterable[File], folder: Path, fresh: Path, before: set[str]) -> tuple[set[str], Outcome]:
    """Write what has changed into a folder beside the other. Raises UsageError for a file that is somebody else's."""
    paths, outcome, inside = set(), Outcome(), set[Path]()
    for file in files:
        paths.add(file.path)
        place = folder / file.path
        if place.is_symlink() or (place.parent not in inside and not place.parent.resolve().is_relative_to(folder)):
            raise UsageError(f"`{place}` is a link, or behind one.", "Remove it, or name another folder.")
        inside.add(place.parent)
        if place.is_file() and _is_same(place, file.content):
            outcome.same += 1
            continue
        if place.exists() and file.path not in before:
            raise UsageError(f"`{place}` was not published here and would be overwritten.", "Rename it.")
        outcome.written.append(file.path)
        made = fresh / file.path
        if not made.parent.is_dir():
            made.parent.mkdir(parents=True)
        made.write_bytes(file.content)
    return paths, outcome


def _place(folder: Path, fresh: Path, paths: list[str]) -> None:
    for path in paths:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        (fresh / path).replace(place)


def _remove(folder: Path, paths: set[str]) -> Iterator[str]:
    """Remove files, and the folders that are empty then."""
    for path in sorted(paths):
        place = folder / path
        if place.is_file() and not place.is_symlink() and place.parent.resolve().is_relative_to(folder):
            place.unlink()
            yield path
        for parent in place.parents:
            if parent == folder or not parent.is_dir() or any(parent.iterdir()):
                break
            parent.rmdir()


def _note(folder: Path, paths: set[str]) -> None:
    text = json.dumps({"files": sorted(paths)}, indent=1) + "\n"
    place = folder / MANIFEST
    if not (place.is_file() and _is_same(place, text.encode())):
        made = folder / f"{MANIFEST}.tmp"
        made.write_bytes(text.encode())
        made.replace(place)
