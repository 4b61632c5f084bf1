"""Whatever is named in the place of a file: one error, which calls it by what it was to be, and exit code 2."""

from __future__ import annotations

import io
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from understudy.cli.main import _guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTRACT = "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {}\n"
OVERLAY = "overlay: 1.1.0\ninfo: {title: x, version: '1'}\nactions: []\n"
COMMANDS = {
    "overlay apply good.yaml FILE": "overlay",
    "overlay check good.yaml FILE": "overlay",
    "overlay apply FILE good.overlay.yaml": "document or overlay",
    "overlay check FILE": "document or overlay",
    "overlay extract FILE --language de": "contract",
    "export fixtures FILE -o out": "contract",
    "publish FILE -o out": "contract",
    "publish good.yaml -o out --against FILE": "older version",
    "drift good.yaml --against FILE --as version": "older version",
}
STATUSES = {"/gone": 404, "/secret": 403, "/moved": 301}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(STATUSES.get(self.path, 503))
        if self.path == "/moved":
            self.send_header("Location", "https://elsewhere.test/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Handler) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.yaml").write_text(CONTRACT)
    Path("good.overlay.yaml").write_text(OVERLAY)
    Path("folder").mkdir()
    Path("empty.yaml").touch()
    Path("binary.yaml").write_bytes(b"\0\xff\xfe")
    Path("list.yaml").write_text("- a\n")


def told(
    command: str, file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """Run a command in this process; give its exit code and the one error it told, in one line."""
    monkeypatch.setattr(sys, "argv", ["understudy", *command.replace("FILE", file).split()])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    code = _guarded()
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("error") == 1, err
    return code, " ".join(err.split())


@pytest.mark.parametrize(
    ("file", "error"),
    [
        ("nothere.yaml", "There is no ROLE `nothere.yaml`. Name "),
        ("good.yaml/x", "There is no ROLE `good.yaml/x`. Name "),
        ("f" * 300, f"The ROLE `{'f' * 300}` can't be read: File name too long. Name "),
        ("binary.yaml", "The file is not UTF-8 text."),
        ("http://[", "`http://[` is no URL. Write it as https://host/path."),
        ("SERVER/gone", "Its server answers 404 Not Found: SERVER/gone."),
        ("SERVER/secret", "Its server answers 403 Forbidden: SERVER/secret."),
        ("SERVER/moved", "301 Moved Permanently and leads on to https://elsewhere.test/: SERVER/moved."),
    ],
)
def test_what_can_not_be_read_is_called_by_its_role(
    file: str, error: str, server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for command, role in COMMANDS.items():
        code, err = told(command, file.replace("SERVER", server), monkeypatch, capsys)
        assert (command, code) == (command, 2)
        assert error.replace("ROLE", role).replace("SERVER", server) in err, command


@pytest.mark.parametrize(
    ("command", "file", "error"),
    [
        ("overlay apply good.yaml FILE", "folder", "`folder` is a directory. Name the overlay's file"),
        ("overlay apply FILE", "folder", "The directory `folder` has no openapi.yaml."),
        ("drift good.yaml --against FILE", "folder", "The directory `folder` has no openapi.yaml."),
        ("overlay apply good.yaml FILE", "empty.yaml", "This is no overlay: it does not declare a version"),
        ("overlay apply good.yaml FILE", "list.yaml", "This is no overlay: it does not declare a version"),
        ("overlay apply FILE", "empty.yaml", "A document that overlays change is a mapping or a list"),
        ("overlay extract FILE --language de", "list.yaml", "An OpenAPI document is a mapping, and this is not one."),
        (
            "overlay extract good.yaml --language de -o FILE",
            "folder",
            "to be brought up to date, can't be read: Is a dir",
        ),
        ("overlay extract good.yaml --language de -o FILE", "empty.yaml", "Name a new file, or one that was extracted"),
        ("publish good.yaml -o out --against FILE", "empty.yaml", "An OpenAPI document is a mapping"),
    ],
)
def test_what_is_something_else_is_told_with_what_was_wanted(
    command: str, file: str, error: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, err = told(command, file, monkeypatch, capsys)
    assert (code, error in err) == (2, True), err


def test_a_server_that_fails_is_the_environments_fault(
    server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, err = told("check FILE", f"{server}/down", monkeypatch, capsys)
    assert (code, "its server answers 503 Service Unavailable." in err) == (3, True)


def test_what_one_may_not_read_or_write_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(self: Path, *_: object, **__: object) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    code, err = told("export fixtures good.yaml -o FILE", "out", monkeypatch, capsys)
    assert (code, "Permission denied." in err) == (3, True), err
    monkeypatch.setattr(Path, "read_bytes", refuse)
    code, err = told("overlay apply good.yaml FILE", "good.overlay.yaml", monkeypatch, capsys)
    assert code == 2
    assert "Permission denied: good.yaml." in err
    assert "Allow yourself to read it." in err
