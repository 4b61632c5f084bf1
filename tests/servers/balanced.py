"""Several replicas of the mock behind nginx, as `deploy/` has it: started for a test on free ports of this machine."""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from redis_server import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Serve, Server

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"
TOKEN = "of-the-tests"  # noqa: S105 - it guards nothing
_PATIENCE = 30


def configuration(folder: Path, listen: int, ports: list[int]) -> str:
    """Put free ports and a folder of this test into the configuration that is deployed."""
    text = CONFIGURATION.read_text("utf-8").replace("listen 8080;", f"listen 127.0.0.1:{listen};")
    for number, port in enumerate(ports, 1):
        text, count = re.subn(rf"server mock-{number}:4010 ", f"server 127.0.0.1:{port} ", text)
        assert count == 1
    return text.replace("/tmp/", f"{folder}/").replace("/dev/stderr", f"{folder}/error.log")  # noqa: S108 - replaced


@dataclass
class Balanced:
    """What answers at `url`: a balancer, and behind it the replicas."""

    url: str
    replicas: list[Server] = field(repr=False)


@contextlib.contextmanager
def balanced(folder: Path, replicas: list[Server]) -> Iterator[Balanced]:
    """Run nginx in front of replicas, and end it with the block."""
    program = shutil.which("nginx")
    if program is None:
        pytest.fail("these tests need nginx: apt-get install nginx-light", pytrace=False)
    folder.mkdir(parents=True, exist_ok=True)
    listen, file = free_port(), folder / "nginx.conf"
    file.write_text(configuration(folder, listen, [replica.port for replica in replicas]), "utf-8")
    process = subprocess.Popen([program, "-c", file, "-p", folder, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    try:
        _await(process, listen)
        yield Balanced(f"http://127.0.0.1:{listen}", replicas)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_PATIENCE)


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    limit = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > limit:
                pytest.fail("nginx did not start")
            time.sleep(0.01)
        else:
            return


@contextlib.contextmanager
def two_replicas(serve: Serve, words: list[str], store: str, folder: Path, cwd: Path) -> Iterator[Balanced]:
    """Start two mocks with one store, and a balancer in front of them."""
    replicas = [serve(*words, "--store", store, "--control-token", TOKEN, cwd=cwd) for _ in range(2)]
    with balanced(folder, replicas) as found:
        yield found
