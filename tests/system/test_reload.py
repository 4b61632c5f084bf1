"""`--watch`: what the files say is served, a broken edit is not, and what was created stays."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Serve, Server

NOTES = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
paths:
  /notes:
    get:
      operationId: listNotes
      responses:
        "200":
          description: All.
          content:
            application/json:
              schema: {type: array, items: {$ref: note.yaml}}
              example: [{id: 1, text: milk}]
    post:
      operationId: addNote
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [text]}}}}
      responses:
        "201":
          description: Added.
          content: {application/json: {schema: {$ref: note.yaml}, example: {id: 1, text: milk}}}
        "422": {description: Not good.}
"""
NOTE = "type: object\nrequired: [id, text]\nproperties: {id: {type: integer}, text: {type: string}}\n"
MORE = """\
  /more:
    get:
      operationId: listMore
      responses: {"204": {description: Nothing.}}
"""
PATIENCE = 60
"""Seconds until a reload that does not happen is given up; never what a test is about."""


def ask(server: Server, path: str, body: Any = None) -> tuple[int, Any]:
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.url + path, content, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, None


def await_said(server: Server, text: str, count: int = 1) -> str:
    """Wait until a text stands in what the server said, so many times."""
    limit = time.monotonic() + PATIENCE
    while server.said().count(text) < count:
        if time.monotonic() > limit:
            pytest.fail(f"{text!r} was not said {count} times:\n{server.said()}")
        time.sleep(0.02)
    return server.said()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "note.yaml").write_text(NOTE, "utf-8")
    (tmp_path / "notes.yaml").write_text(NOTES, "utf-8")
    return tmp_path


@pytest.fixture
def server(serve: Serve, folder: Path) -> Server:
    del folder
    return serve("notes.yaml", "--watch")


def test_an_edit_is_served_and_what_was_created_stays(server: Server, folder: Path) -> None:
    assert ask(server, "/notes", {"text": "tea"})[0] == 201
    (folder / "notes.yaml").write_text(NOTES.replace("text: milk", "text: bread") + MORE, "utf-8")
    await_said(server, "Reloaded notes (3 operations); the state is kept.")
    assert ask(server, "/more")[0] == 204
    assert [note["text"] for note in ask(server, "/notes")[1]] == ["bread", "tea"]


def test_what_nobody_has_changed_follows_the_contract(server: Server, folder: Path) -> None:
    assert ask(server, "/notes")[1] == [{"id": 1, "text": "milk"}]
    (folder / "notes.yaml").write_text(NOTES.replace("text: milk", "text: bread"), "utf-8")
    await_said(server, "Reloaded notes")
    assert ask(server, "/notes")[1] == [{"id": 1, "text": "bread"}]


def test_a_referenced_file_is_watched_and_may_be_replaced_by_renaming(server: Server, folder: Path) -> None:
    (folder / "note.yaml.new").write_text(NOTE.replace("{type: string}", "{type: string, minLength: 9}"), "utf-8")
    (folder / "note.yaml.new").rename(folder / "note.yaml")
    await_said(server, "Reloaded notes")
    assert ask(server, "/notes")[1] != [{"id": 1, "text": "milk"}]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("notes.yaml", NOTES + "x: }\n", "error[input-syntax] This is not YAML"),
        ("notes.yaml", NOTES.replace("note.yaml", "gone.yaml"), "There is no such file: gone.yaml."),
        ("note.yaml", "type: }\n", "note.yaml:1"),
        ("note.yaml", "type: objekt\n", "note.yaml:1:7"),
        ("behaviour.yaml", "rules: {nobody: 7}\n", "behaviour.yaml"),
    ],
)
def test_a_broken_edit_is_told_and_kept_out_until_it_is_mended(
    server: Server, folder: Path, name: str, text: str, told: str
) -> None:
    assert ask(server, "/notes", {"text": "tea"})[0] == 201
    good = (folder / name).read_text("utf-8") if (folder / name).exists() else "{}\n"
    (folder / name).write_text(text, "utf-8")
    said = await_said(server, "The edit is not served; the last good contract and the state are kept.")
    assert told in said
    assert "│" in said, "a code frame shows the place"
    assert [note["text"] for note in ask(server, "/notes")[1]] == ["milk", "tea"]
    (folder / name).write_text(good, "utf-8")
    await_said(server, "Reloaded notes")
    assert [note["text"] for note in ask(server, "/notes")[1]] == ["milk", "tea"]


def test_a_missing_file_that_appears_mends_the_edit(server: Server, folder: Path) -> None:
    (folder / "notes.yaml").write_text(NOTES.replace("note.yaml", "parts/note.yaml"), "utf-8")
    await_said(server, "The edit is not served")
    (folder / "parts").mkdir()
    (folder / "parts" / "note.yaml").write_text(NOTE, "utf-8")
    await_said(server, "Reloaded notes")
    (folder / "parts" / "note.yaml").write_text(NOTE + "description: A note.\n", "utf-8")
    await_said(server, "Reloaded notes", 2)


def test_many_files_at_once_are_one_reload(server: Server, folder: Path) -> None:
    (folder / "note.yaml").unlink()
    (folder / "notes.yaml").write_text(NOTES + MORE, "utf-8")
    (folder / "note.yaml").write_text(NOTE, "utf-8")
    said = await_said(server, "Reloaded notes (3 operations)")
    assert "not served" not in said
    assert said.count("Reloaded") == 1


def test_a_touch_and_a_file_of_no_concern_change_nothing(server: Server, folder: Path) -> None:
    (folder / "other.yaml").write_text("x: 1\n", "utf-8")
    (folder / "notes.yaml").write_text(NOTES + MORE, "utf-8")
    assert await_said(server, "Reloaded notes").count("Reloaded") == 1


def test_a_request_under_way_finishes_on_the_contract_it_began_with(serve: Serve, folder: Path) -> None:
    (folder / "slow.py").write_text(
        "import asyncio, pathlib\n\n\nasync def listNotes():\n"
        "    pathlib.Path('begun').touch()\n"
        "    while not pathlib.Path('go').exists():\n        await asyncio.sleep(0.01)\n"
        "    return [{'id': 1, 'text': 'old'}]\n",
        "utf-8",
    )
    server = serve("notes.yaml", "--watch", "--handlers", "slow")
    process = os.fork()
    if process == 0:
        os._exit(0 if ask(server, "/notes") == (200, [{"id": 1, "text": "old"}]) else 1)
    while not (folder / "begun").exists():
        time.sleep(0.01)
    (folder / "notes.yaml").write_text(NOTES.replace("operationId: listNotes", "operationId: all") + MORE, "utf-8")
    await_said(server, "Reloaded notes (3 operations)")
    assert ask(server, "/notes")[1] == [{"id": 1, "text": "milk"}]
    (folder / "go").touch()
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0


def test_a_mock_without_files_can_not_watch(tmp_path: Path) -> None:
    import subprocess
    import sysconfig

    command = [f"{sysconfig.get_path('scripts')}/understudy", "serve", "-", "--watch", "--port", "0"]
    text = NOTES.replace("{$ref: note.yaml}", "{type: object}")
    told = subprocess.run(command, cwd=tmp_path, input=text, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 2
    assert "`--watch` needs a contract in files." in told.stderr


def test_an_edited_handler_answers_and_a_broken_one_does_not(serve: Serve, folder: Path) -> None:
    handlers = folder / "edited.py"
    handlers.write_text("def listNotes():\n    return [{'id': 1, 'text': 'one'}]\n", "utf-8")
    server = serve("notes.yaml", "--watch", "--handlers", "edited")
    assert ask(server, "/notes") == (200, [{"id": 1, "text": "one"}])
    handlers.write_text("def listNotes():\n    return [{'id': 1, 'text': 'two'}]\n", "utf-8")
    await_said(server, "Reloaded")
    assert ask(server, "/notes") == (200, [{"id": 1, "text": "two"}])
    handlers.write_text("def listNotes():\n    return [\n", "utf-8")
    said = await_said(server, "The edit is not served")
    assert "error[handlers] The handlers can't be imported: '[' was never closed." in said
    assert "edited.py:2:12" in said
    assert "Traceback" not in said
    assert ask(server, "/notes") == (200, [{"id": 1, "text": "two"}])
