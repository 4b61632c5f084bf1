"""`publish --watch`: the site is shown and follows the contract; an edit that breaks it is told and not published."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

UNDERSTUDY = Path(sys.executable).with_name("understudy")
CONTRACT = """\
openapi: 3.1.0
info: {title: Milk, version: "1"}
paths:
  /milk:
    get:
      operationId: getMilk
      responses: {"200": {description: x, content: {application/json: {example: fresh}}}}
"""
_PATIENCE = 60


class Watched:
    """The running command, its folder and what it says."""

    def __init__(self, folder: Path) -> None:
        self.contract, self.site, self._log = folder / "milk.yaml", folder / "site", folder / "log"
        self.write(CONTRACT)
        with self._log.open("wb") as log:
            command = [str(UNDERSTUDY), "publish", "milk.yaml", "-o", "site", "--watch", "--port", "0"]
            self.process = subprocess.Popen(command, cwd=folder, stderr=log, stdout=log)
        self.port = int(self.waited(r"Shown at http://127\.0\.0\.1:(\d+)/; Ctrl-C stops it\."))

    def write(self, text: str) -> None:
        self.contract.write_text(text, "utf-8")

    def said(self) -> str:
        return self._log.read_text("utf-8")

    def waited(self, pattern: str) -> str:
        """Wait for a line; give its first group, or all of it."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if found := re.search(pattern, self.said()):
                return found[found.re.groups and 1]
            time.sleep(0.05)
        pytest.fail(self.said())

    def get(self, path: str, method: str = "GET") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        connection.request(method, path)
        answer = connection.getresponse()
        told = answer.status, answer.read().decode()
        connection.close()
        return told


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path)
    yield made
    if made.process.poll() is None:
        made.process.kill()
    made.process.wait()


def test_an_edit_is_shown_at_once_and_a_broken_one_is_told(watched: Watched) -> None:
    assert "Milk" in (watched.site / "en" / "index.html").read_text("utf-8")
    status, page = watched.get("/en/")
    assert (status, '<script src="/__reload.js"></script></head>' in page) == (200, True)
    assert "__reload" not in (watched.site / "en" / "index.html").read_text("utf-8")
    assert watched.get("/__reload.js")[1].startswith("(function () {")
    assert watched.get("/en/nothing.html")[0] == 404
    assert watched.get("/en/", "POST")[0] == 405

    stream = http.client.HTTPConnection("127.0.0.1", watched.port, timeout=_PATIENCE)
    stream.request("GET", "/__reload")
    events = stream.getresponse()
    first = events.readline()
    watched.write(CONTRACT.replace("title: Milk", "title: Oat drink"))
    assert (events.readline(), events.readline() != first) == (b"\n", True)
    assert "Oat drink" in watched.get("/en/")[1]
    assert "Oat drink" in (watched.site / "en" / "index.html").read_text("utf-8")

    watched.write(CONTRACT.replace("{description: x", "{$ref: gone.yaml, description: x"))
    watched.waited(r"The edit is not published; the last good site stays\.")
    assert "milk.yaml:7:" in watched.said()
    assert "Oat drink" in watched.get("/en/")[1]
    watched.write(CONTRACT.replace("title: Milk", "title: Rice drink"))
    watched.waited(r"(?s)good site stays.*files written")
    assert "Rice drink" in watched.get("/en/")[1]

    watched.process.send_signal(signal.SIGINT)
    assert watched.process.wait(_PATIENCE) == 0
    assert watched.said().endswith("Stopped.\n")
    assert "Traceback" not in watched.said()
    stream.close()


def test_what_has_no_file_can_not_be_watched(tmp_path: Path) -> None:
    words = ["publish", "-", "-o", "site", "--watch"]
    told = subprocess.run(
        [UNDERSTUDY, *words],
        cwd=tmp_path,
        input=CONTRACT,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    assert (told.returncode, "`--watch` needs a contract in files." in told.stderr) == (2, True)
    assert not (tmp_path / "site").exists()
