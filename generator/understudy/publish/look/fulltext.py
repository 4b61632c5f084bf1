"""The pages of a site go in; an index of every word on them comes out. The one door to Pagefind (extra `search`).

The same pages give the same bytes. A browser can read the index where a server gives it out; a page opened by double
click has the site's own search only.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.errors import EnvironmentFailedError
from understudy.publish.page import File

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = "pagefind"
_ENTRY = "pagefind-entry.json"
_NEEDED = ("pagefind.js", "pagefind-worker.js", _ENTRY)
_NEEDED_SUFFIXES = (".pagefind", ".pf_meta", ".pf_index", ".pf_fragment")
_REMEDY = "Install it with: pip install 'understudy[search]'"


def full_text(pages: Iterable[File]) -> Iterator[File]:
    """Index HTML files; give what a browser needs to search them.

    Raises EnvironmentFailedError if Pagefind isn't installed, or does not run.
    """
    with tempfile.TemporaryDirectory() as folder:
        read, written = Path(folder, "read"), Path(folder, "written")
        for page in pages:
            path = read / page.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(page.content)
        _run(read, written)
        for path in sorted(written.rglob("*")):
            if path.name in _NEEDED or path.suffix in _NEEDED_SUFFIXES:
                yield File(f"{FOLDER}/{path.relative_to(written).as_posix()}", _content(path))


def _run(read: Path, written: Path) -> None:
    """Run the program itself: the package's own way to it waits a tenth of a second for each page."""
    command = [_program(), "--site", str(read), "--output-path", str(written), "--exclude-selectors", "[data-ui]"]
    try:
        subprocess.run([*command, "--quiet"], check=True, capture_output=True)  # noqa: S603 - its own path, our folders
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace").strip()
        raise EnvironmentFailedError(f"Pagefind left with code {error.returncode}. {told}".strip(), _REMEDY) from None
    except OSError as error:
        raise EnvironmentFailedError(f"Pagefind does not run: {error}.", _REMEDY) from None


def _program() -> str:
    try:
        from pagefind.service import get_executable
    except ImportError:
        raise EnvironmentFailedError("A full-text search needs Pagefind, which isn't installed.", _REMEDY) from None
    found = get_executable()
    if found is None:
        raise EnvironmentFailedError("Pagefind is installed without its program.", _REMEDY)
    return str(found)


def _content(path: Path) -> bytes:
    """Read a file; the entry alone has its languages in another order each time."""
    content = path.read_bytes()
    return json.dumps(json.loads(content), sort_keys=True).encode() if path.name == _ENTRY else content
