"""`git:REF:PATH` goes in; the file as it was at that commit, branch or tag comes out, read by git itself."""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess

from understudy.errors import EnvironmentFailedError, UsageError

_SCHEME = "git:"
_REMEDY = (
    "Write git:REF:PATH, such as git:main:spec/openapi.yaml; PATH counts from the top of the repository, ./PATH from "
    "here."
)


def is_revision(text: str) -> bool:
    """Tell a file of a revision from other addresses."""
    return text.startswith(_SCHEME)


def locate(reference: str, root_names: tuple[str, ...], noun: str = "contract") -> tuple[str, str]:
    """Find the root of a contract, a file or a directory: (its address, its name). Raises UsageError."""
    revision, path = _split(reference)
    if path == "." or path.startswith(("./", "../")):
        path = posixpath.normpath(posixpath.join(_prefix(), path))
    path = "" if path == "." else path.strip("/")
    if not revision or revision.startswith("-") or "\0" in reference or path.startswith(".."):
        raise UsageError(f"`{reference}` names no file of a revision.", _REMEDY)
    if _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") is None:
        raise UsageError(f"git knows no commit, branch or tag `{revision}` here.", _REMEDY)
    for name in ("", *root_names):
        full = posixpath.join(path, name) if name else path
        if _git("cat-file", "-t", f"{revision}:{full}") == b"blob\n":
            folder, file = posixpath.split(full)
            named = posixpath.basename(folder) if file in root_names else posixpath.splitext(file)[0]
            return f"{_SCHEME}{revision}:{full}", named or "contract"
    raise UsageError(f"There is no {noun} `{path or '.'}` in `{revision}`.", _REMEDY)


def read(address: str) -> bytes:
    """Read one file. Raises FileNotFoundError."""
    revision, path = _split(address)
    content = _git("cat-file", "blob", f"{revision}:{path}")
    if content is None:
        raise FileNotFoundError(address)
    return content


def join(address: str, reference: str) -> str:
    """Resolve a relative reference against the file it stands in; `.` gives the file's directory."""
    revision, path = _split(address)
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), reference))
    return f"{_SCHEME}{revision}:{'' if joined == '.' else joined}"


def is_below(address: str, base: str) -> bool:
    """Tell whether a file is inside a directory of the same revision."""
    revision, path = _split(address)
    other, folder = _split(base)
    return revision == other and not path.startswith(("../", "/")) and (not folder or path.startswith(f"{folder}/"))


def _split(address: str) -> tuple[str, str]:
    revision, _, path = address.removeprefix(_SCHEME).partition(":")
    return revision, path


def _prefix() -> str:
    return os.fsdecode(_git("rev-parse", "--show-prefix") or b"").rstrip("\n")


def _git(*words: str) -> bytes | None:
    """Ask git; None if it says no."""
    program = shutil.which("git")
    if program is None:
        raise EnvironmentFailedError("git is not installed.", "Install it, or name a file.")
    done = subprocess.run([program, *words], capture_output=True, check=False)  # noqa: S603 - no user's word is a flag
    return done.stdout if done.returncode == 0 else None
