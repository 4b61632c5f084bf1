"""Addresses: a Unix socket, and hosts that other machines can reach."""

from __future__ import annotations

import shlex
import signal
import socket
import stat
import subprocess
import sysconfig
from typing import TYPE_CHECKING

import pytest

from understudy.cli import running
from understudy_mock import serving

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Serve

UNDERSTUDY = f"{sysconfig.get_path('scripts')}/understudy"


def status(path: Path) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(60)
        connection.connect(str(path))
        connection.sendall(b"GET /nothing HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n")
        return connection.recv(65536)[:12]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "m.sock"


def refused(path: Path) -> tuple[int, str]:
    told = subprocess.run(
        [UNDERSTUDY, "serve", "talkturo", "--uds", str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert "Traceback" not in told.stderr
    return told.returncode, told.stderr


def test_it_answers_on_a_socket_that_is_its_owner_s_and_gone_in_the_end(serve: Serve, path: Path) -> None:
    server = serve("talkturo", "--uds", str(path))
    assert status(path) == b"HTTP/1.1 404"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert f"It listens on the socket {path}: curl --unix-socket {path} …\n" in server.said()
    assert server.stop(signal.SIGTERM) == 0
    assert not path.exists()


def test_the_request_on_the_screen_works_as_it_stands(serve: Serve, path: Path) -> None:
    said = serve("talkturo", "--uds", str(path)).said()
    line = next(line for line in said.splitlines() if line.startswith("  curl "))
    command = [*shlex.split(line), "--silent", "--output", "/dev/null", "--write-out", "%{http_code}"]
    assert subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout == "200"


def test_a_socket_that_nobody_answers_on_is_replaced(serve: Serve, path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
    assert path.exists()
    serve("talkturo", "--uds", str(path))
    assert status(path) == b"HTTP/1.1 404"


def test_a_socket_in_use_is_told_and_left_alone(serve: Serve, path: Path) -> None:
    serve("talkturo", "--uds", str(path))
    assert refused(path) == (
        3,
        f"error: Another program answers on {path}.\n  Stop it, or name another file: --uds PATH.\n",
    )
    assert status(path) == b"HTTP/1.1 404"


def test_a_file_that_is_no_socket_is_told_and_left_alone(path: Path) -> None:
    path.write_text("precious", "utf-8")
    code, told = refused(path)
    assert (code, path.read_text("utf-8")) == (3, "precious")
    assert f"{path} exists and is no socket." in told


def test_a_path_that_can_not_be_a_socket_is_told(tmp_path: Path) -> None:
    assert refused(tmp_path / ("long" * 40))[0] == 3
    code, told = refused(tmp_path / "gone" / "m.sock")
    assert (code, "can't be listened on: No such file or directory." in told) == (3, True)


@pytest.mark.parametrize(("host", "url"), [("0.0.0.0", "http://127.0.0.1:"), ("::", "http://[::1]:")])  # noqa: S104 - all
def test_who_can_reach_it_is_told(host: str, url: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as bound_but_not_listening:
        bound_but_not_listening.bind((host, 0))
        assert serving.url(bound_but_not_listening).startswith(url)
    assert running.notes(serving.Address(host), None) == [f"Other machines can reach it, for it listens on {host}."]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_an_address_of_this_machine_only_needs_no_word(serve: Serve, host: str) -> None:
    assert "Other machines" not in serve("talkturo", "--host", host).said()
