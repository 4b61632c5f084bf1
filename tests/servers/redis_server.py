"""A real Redis server for tests, on a free port of this machine: started, stopped, killed, emptied."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PATIENCE = 30
_PONG = b"+PONG\r\n"


def _program() -> str:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found is None:
        pytest.fail("these tests need redis-server or valkey-server: apt-get install redis-server", pytrace=False)
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass
class RedisServer:
    """One server that writes every change to its log before it answers; `folder` is where it keeps that."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self, *words: str) -> None:
        """Start it, and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = ["--appendonly", "yes", "--appendfsync", "always", "--save", "", "--bind", "127.0.0.1"]
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(
                [_program(), "--port", str(self.port), "--dir", str(self.folder), *settings, *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        limit = time.monotonic() + _PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > limit:
                pytest.fail(f"redis-server did not start:\n{(self.folder / 'redis.log').read_text('utf-8')}")
            time.sleep(0.01)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End this server, and no other."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(_PATIENCE)

    def empty(self) -> None:
        """Lose everything, as if the disk were new; the server must not run."""
        shutil.rmtree(self.folder)

    def ask(self, *words: str) -> bytes:
        """Send one command, as the protocol's inline form has it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=_PATIENCE) as connection:
            connection.sendall(" ".join(words).encode() + b"\r\n")
            return connection.recv(65536)

    def _answers(self) -> bool:
        try:
            return self.ask("PING") == _PONG
        except OSError:
            return False


@contextlib.contextmanager
def running(folder: Path) -> Iterator[RedisServer]:
    """Run a server, and end it with the block."""
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop(signal.SIGKILL)
