"""A contract goes in; its types in TypeScript come out, written by openapi-typescript in the version pinned here.

Node and its packages are the user's: nothing is fetched at installation, and the command is told before it runs.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.contract.writing import to_json
from understudy.errors import EnvironmentFailedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.contract.model import Contract

FILE = "types.ts"
PACKAGES = ("typescript@5.9.3", "openapi-typescript@7.13.0")

_INPUT = "openapi.json"


def types(contract: Contract, say: Callable[[str], None], *, offline: bool) -> dict[str, bytes]:
    """Run the generator on the bundle. Raises EnvironmentFailedError if there is no npx, or it fails."""
    npx = shutil.which("npx")
    if npx is None:
        raise EnvironmentFailedError("There is no `npx` on this machine.", "Install Node.js, which has it.")
    with tempfile.TemporaryDirectory(prefix="understudy-") as work:
        document = Path(work) / _INPUT
        document.write_text(to_json(contract.document), encoding="utf-8")
        words = _command(offline=offline)
        say(f"Running: {shlex.join(['npx', *words, _INPUT])}")
        return {FILE: _run([npx, *words, str(document)], offline=offline)}


def _command(*, offline: bool) -> list[str]:
    packages = [word for package in PACKAGES for word in ("--package", package)]
    return ["--yes", *(["--offline"] if offline else []), *packages, "--", "openapi-typescript"]


def _run(command: list[str], *, offline: bool) -> bytes:
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603 - told
    except OSError as error:
        raise EnvironmentFailedError(f"`npx` can't be run: {error.strerror}.", "Check your Node.js.") from None
    if result.returncode == 0 and result.stdout.strip():
        return result.stdout
    said = [
        line.removeprefix("npm error ")
        for line in result.stderr.decode("utf-8", "replace").splitlines()
        if _tells(line)
    ]
    message = f"openapi-typescript could not be run, or failed (exit code {result.returncode}): {' '.join(said)[:500]}"
    raise EnvironmentFailedError(message.rstrip(": "), _remedy(offline=offline))


def _tells(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("npm warn") and "complete log of this run" not in line


def _remedy(*, offline: bool) -> str:
    if offline:
        return "Run it once without --offline, or make both packages dependencies of your project."
    return "Check that npm reaches its registry; `npx --version` tells whether Node.js is sound."
