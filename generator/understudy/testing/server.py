"""The words of `understudy serve` go in; a mock in a process of its own, which ends with the tests, comes out."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

_UP = re.compile(r"The mock is up at (https?://\S+)\. Ctrl-C stops it\.")
_OWN_FLAGS = ("--host", "127.0.0.1", "--port", "0", "--control", "on")
_PATIENCE = 60.0
_PAUSE = 0.02
_LOG = "stderr"
_CHILD = """
import os, signal, threading
from understudy.cli.main import run

def attend():
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=attend, daemon=True).start()
run()
"""
"""The command. It ends with the process that started it, however that ends: its standard input is closed then."""


class MockFailedError(Exception):
    """The mock did not start, or does not answer; the text says what it said last."""


@dataclass
class Server:
    """A running mock. It was started here if it has a process; one that was running before is left running."""

    url: str
    process: subprocess.Popen[bytes] | None = None
    log: tempfile.TemporaryDirectory[str] | None = field(default=None, repr=False)
    """Where its standard error goes, into a file that is opened anew to be read: who writes keeps the place."""
    sessions: set[str] = field(default_factory=set, repr=False)
    """Those that tests have used."""

    def is_new_to(self, session: str) -> bool:
        """Tell whether a session was never used in this mock, as far as can be known, and note that it is now."""
        is_new = self.process is not None and session not in self.sessions
        self.sessions.add(session)
        return is_new

    def said(self) -> str:
        """Everything that the mock said on its standard error."""
        return "" if self.log is None else Path(self.log.name, _LOG).read_text("utf-8", "replace").strip()

    def stop(self) -> None:
        """End the mock, if it was started here."""
        if self.process is None or self.process.stdin is None:
            return
        self.process.stdin.close()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.log is not None:
            self.log.cleanup()


def start(words: tuple[str, ...], folder: Path) -> Server:
    """Run `understudy serve` with these words, in a folder, on a free port. Raises MockFailedError if that fails."""
    log = tempfile.TemporaryDirectory(prefix="understudy-")
    command = [sys.executable, "-c", _CHILD, "serve", *words, *_OWN_FLAGS]
    with Path(log.name, _LOG).open("wb") as stderr:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=stderr
        )
    server = Server("", process, log)
    try:
        server.url = _await(server, process)
    except BaseException:
        server.stop()
        raise
    return server


def _await(server: Server, process: subprocess.Popen[bytes]) -> str:
    limit = time.monotonic() + _PATIENCE
    while not (match := _UP.search(server.said())):
        if process.poll() is not None or time.monotonic() > limit:
            raise MockFailedError(f"The mock did not start:\n{server.said()}")
        time.sleep(_PAUSE)
    return match[1]
