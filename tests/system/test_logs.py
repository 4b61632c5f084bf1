"""The access log: a line for each request, on demand, for people or machines; and never a credential."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Serve, Server

UNDERSTUDY = f"{sysconfig.get_path('scripts')}/understudy"
SECRET = "s3cr3t-w0rd"  # noqa: S105 - this must not be found anywhere
CONTRACT = """\
openapi: 3.1.0
info: {title: Users, version: "1"}
paths:
  /users:
    post:
      operationId: addUser
      security: [{key: []}, {token: []}]
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, properties: {password: {type: string, pattern: "^[0-9]+$"}}}}
      responses: {"204": {description: Added.}, "422": {description: Not good.}, "401": {description: Who?}}
components:
  securitySchemes:
    key: {type: apiKey, in: query, name: key}
    token: {type: http, scheme: bearer, x-understudy-credentials: {values: [good]}}
"""


def post(server: Server, path: str, **headers: str) -> int:
    sent = {"Content-Type": "application/json", **headers}
    content = json.dumps({"password": SECRET}).encode()
    request = urllib.request.Request(server.url + path, content, sent)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.fixture(autouse=True)
def contract(tmp_path: Path) -> None:
    (tmp_path / "users.yaml").write_text(CONTRACT, "utf-8")


def lines(server: Server) -> list[str]:
    """Give what was logged after the start screen, once the server has ended."""
    server.stop()
    return [line for line in server.said().splitlines() if "/users" in line and not line.startswith("  ")]


def test_a_line_tells_what_was_asked_and_why_it_was_answered_so(serve: Serve) -> None:
    server = serve("users.yaml", "--log", "text")
    assert post(server, f"/users?key={SECRET}") == 422
    line = lines(server)[-1]
    pattern = r"\d\d:\d\d:\d\d\.\d{3} POST   /users 422 addUser \d+\.\d ms · invalid: password \(pattern\)"
    assert re.fullmatch(pattern, line), line


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_credential_is_written(serve: Serve, form: str) -> None:
    server = serve("users.yaml", "--log", form)
    assert post(server, f"/users?key={SECRET}") == 422
    assert post(server, "/users", Authorization=f"Bearer {SECRET}", Cookie=f"id={SECRET}") == 401
    assert len(lines(server)) >= 2
    assert SECRET not in server.said()


def test_json_is_an_object_on_a_line(serve: Serve) -> None:
    server = serve("users.yaml", "--log", "json")
    post(server, "/users?key=k")
    told = json.loads(lines(server)[-1])
    assert told.keys() == {"time", "method", "path", "status", "operation", "duration_ms", "explanation"}
    assert (told["method"], told["path"], told["status"], told["operation"]) == ("POST", "/users", 422, "addUser")
    assert told["time"].endswith("+00:00")


def test_nothing_is_logged_where_nobody_looks(serve: Serve) -> None:
    server = serve("users.yaml")
    post(server, "/users")
    assert [line for line in lines(server) if " ms" in line] == []


def test_a_line_stays_a_line(serve: Serve) -> None:
    server = serve("users.yaml", "--log", "text")
    assert post(server, "/users%0a%1b%5b31m%E2%80%AE") == 404
    assert "\x1b" not in server.said()


def test_a_terminal_gets_lines_in_colour(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"}
    command = [UNDERSTUDY, "serve", "users.yaml", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=theirs) as process:
        os.close(theirs)
        said = ""
        while not (url := re.search(r"up at (http://\S+)\. ", said)):
            said += os.read(ours, 65536).decode()
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(url[1] + "/users", timeout=60)
        while " ms " not in said:
            said += os.read(ours, 65536).decode()
            time.sleep(0.01)
        process.terminate()
        with contextlib.suppress(OSError):  # so a terminal tells its end
            while os.read(ours, 65536):
                pass
    os.close(ours)
    assert process.returncode == 0
    assert "GET    /users \x1b[33m405\x1b[0m" in said
