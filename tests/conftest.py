"""The mock as people start it: `serve(…)` runs the installed command on a free port and ends it with the test."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sysconfig
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile("repeatable", derandomize=True, deadline=None)  # no test is about time
settings.load_profile("repeatable")


COMMAND = str(Path(sysconfig.get_path("scripts")) / "understudy")
_UP = re.compile(r"The mock is up at (https?://\S+)\. Ctrl-C stops it\.\n(?s:.*)\n\n\Z")
_PATIENCE = 60
"""Seconds until a process that hangs is given up; never what a test is about."""


@dataclass
class Server:
    """One running `understudy serve`; `log` is the file its standard error goes to."""

    process: subprocess.Popen[bytes] = field(repr=False)
    log: Path
    url: str = ""
    is_killed: bool = False

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def said(self) -> str:
        """Everything on its standard error so far."""
        return self.log.read_text("utf-8")

    def await_screen(self) -> None:
        """Wait until the start screen stands there whole; its first line tells the URL."""
        limit = time.monotonic() + _PATIENCE
        while not (match := _UP.search(self.said())):
            if self.process.poll() is not None or time.monotonic() > limit:
                pytest.fail(f"the server did not come up:\n{self.said()}")
            time.sleep(0.02)
        self.url = match.group(1)

    def stop(self, number: int = signal.SIGINT) -> int:
        """End this server, and no other, by a signal; gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(_PATIENCE)

    def kill(self) -> None:
        """End this server, and no other, so that it notices nothing."""
        self.is_killed = True
        self.stop(signal.SIGKILL)


class Serve(Protocol):
    def __call__(self, *words: str, cwd: Path | None = None) -> Server: ...


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Serve]:
    """Give a way to start servers; in the end all must leave in peace: exit 0 and no traceback."""
    servers: list[Server] = []

    def start(*words: str, cwd: Path | None = None) -> Server:
        log = folder / f"server-{len(servers)}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [COMMAND, "serve", *words, "--port", "0"],
                cwd=cwd or folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=file,
            )
        server = Server(process, log)
        servers.append(server)
        server.await_screen()
        return server

    try:
        yield start
    finally:
        codes = [server.stop() for server in servers if not server.is_killed]
    assert codes == [0] * len(codes)
    assert not [server.said() for server in servers if "Traceback" in server.said()]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start servers for one test."""
    with serving(tmp_path) as start:
        yield start


@pytest.fixture(scope="module")
def serve_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Start servers for all tests of a module that one process runs."""
    with serving(tmp_path_factory.mktemp("servers")) as start:
        yield start
