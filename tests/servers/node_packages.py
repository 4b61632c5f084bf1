"""`package.json` of the export tests goes in; a folder of the user's cache that has its packages comes out.

Tests reach no network: `make node` runs this as a program, and the tests use what it has installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = Path(__file__).parents[1] / "exports" / "package.json"
_NPM = ("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--fetch-retries=1")


def folder() -> Path:
    """Name the folder; it is another one for each list of packages."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "understudy-tests" / f"node-{hashlib.sha256(PACKAGES.read_bytes()).hexdigest()[:12]}"


def missing() -> str:
    """Say what keeps the tests from running in Node; empty if nothing does."""
    if shutil.which("node") is None:
        return "there is no node on this machine: install nodejs and npm, then `make node`"
    return "" if (folder() / "done").is_file() else "the Node packages of the tests are not installed: `make node`"


def install() -> int:
    """Fetch the packages, unless that was done before. Gives npm's exit code, 1 without npm."""
    if not missing():
        return 0
    if shutil.which("npm") is None or shutil.which("node") is None:
        sys.stderr.write("There is no npm: the tests of exports that need Node will not run.\n")
        return 1
    folder().mkdir(parents=True, exist_ok=True)
    shutil.copy(PACKAGES, folder() / "package.json")
    code = subprocess.run(_NPM, cwd=folder(), check=False).returncode
    if code == 0:
        (folder() / "done").touch()
    return code


if __name__ == "__main__":
    sys.exit(install())
