"""`understudy serve` as people use it: the start screen, the ways to end it, its options and its complaints."""

from __future__ import annotations

import json
import re
import shlex
import signal
import socket
import subprocess
import sysconfig
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Serve, Server

UNDERSTUDY = str(Path(sysconfig.get_path("scripts")) / "understudy")
NOTES = """\
openapi: 3.1.0
info: {title: Notes, version: "2"}
paths:
  /notes:
    get:
      operationId: listNotes
      responses:
        "200":
          description: Notes.
          content: {application/json: {schema: {type: array, items: {type: string}}, example: [milk]}}
    post:
      operationId: addNote
      requestBody: {required: true, content: {application/json: {schema: {type: string}}}}
      responses: {"201": {description: Added., content: {application/json: {schema: {type: string}}}}}
  /notes/{number}:
    get:
      operationId: readNote
      parameters:
        - {name: number, in: path, required: true, schema: {type: integer}}
        - {name: loud, in: query, schema: {type: boolean, default: false}}
      responses:
        "200": {description: A note., content: {application/json: {schema: {type: string, minLength: 2}}}}
        "404": {description: No such note.}
  /secret:
    get:
      operationId: secret
      security: [{token: []}]
      responses: {"204": {description: Passed.}}
components: {securitySchemes: {token: {type: http, scheme: bearer}}}
"""


def ask(server: Server, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    """Ask with GET, or POST where there is a body; gives status and JSON."""
    content = None if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(server.url + path, content, sent)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or b"null")


def understudy(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command that is expected to end by itself."""
    return subprocess.run([UNDERSTUDY, *words], cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def notes(tmp_path: Path) -> str:
    (tmp_path / "notes.yaml").write_text(NOTES, "utf-8")
    return "notes.yaml"


def test_the_start_screen_tells_what_is_served_and_where(serve: Serve) -> None:
    server = serve("talkover", "talkturo")
    screen = server.said()
    assert screen.startswith(f"The mock is up at {server.url}. Ctrl-C stops it.\n")
    assert f"talkover  Talkover API 0.1.0, 9 operations at {server.url}/api/v1\n" in screen
    assert f"talkturo  Talkturo API 0.1.0, 3 operations at {server.url}/api\n" in screen
    assert "  PUT    /agents/{agent_id}/calling\n" in screen
    assert "  POST   /phone-numbers/search\n" in screen


@pytest.mark.parametrize("words", [("talkover",), ("talkturo",), ("talkover", "--auth", "strict")])
def test_the_request_on_the_screen_works_as_it_stands(serve: Serve, words: tuple[str, ...]) -> None:
    server = serve(*words)
    found = re.search(r"^  (curl .*)$", server.said(), re.MULTILINE)
    assert found is not None
    command = [*shlex.split(found[1]), "--silent", "--show-error", "--write-out", "\n%{http_code}"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    body, _, status = told.stdout.rpartition("\n")
    assert status == "200"
    assert json.loads(body)["success"] is True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_peace(serve: Serve, number: int) -> None:
    server = serve("talkturo")
    assert server.stop(number) == 0
    assert server.said().endswith("\nStopped.\n")
    assert "Traceback" not in server.said()


def test_a_signal_ends_it_while_a_client_keeps_its_connection(serve: Serve) -> None:
    server = serve("talkturo")
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(b"GET /x HTTP/1.1\r\nHost: mock\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 404 ")
        assert server.stop() == 0


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        told = understudy("serve", "talkturo", "--port", str(port), cwd=tmp_path)
    assert told.returncode == 3
    assert f"Port {port} is in use." in told.stderr
    assert f"--port {port + 1}" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_host_that_is_not_ours_is_told(tmp_path: Path) -> None:
    told = understudy("serve", "talkturo", "--host", "192.0.2.1", "--port", "0", cwd=tmp_path)
    assert told.returncode == 3
    assert "192.0.2.1:0 can't be listened on" in told.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nobody",), "nobody"),
        (("missing.yaml",), "missing.yaml"),
        ((), "CONTRACT"),
        (("talkturo", "--port", "70000"), "70000"),
        (("talkturo", "--auth", "maybe"), "maybe"),
        (("talkturo", "--handlers", "no_such_module"), "no_such_module"),
        (("talkturo", "--colour"), "--colour"),
    ],
)
def test_what_can_not_be_served_is_told(tmp_path: Path, words: tuple[str, ...], sentence: str) -> None:
    told = understudy("serve", *words, cwd=tmp_path)
    assert told.returncode == 2
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("openapi: [", "not YAML"),
        ("swagger: '1.2'\npaths: {}\n", "not an OpenAPI 3 document"),
        ("just text\n", "broken.yaml"),
        ("openapi: 3.1.0\npaths: {/a: {$ref: nowhere.yaml}}\n", "nowhere.yaml"),
    ],
)
def test_a_contract_that_can_not_be_read_is_told(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "broken.yaml").write_text(text, "utf-8")
    told = understudy("serve", "broken.yaml", "--port", "0", cwd=tmp_path)
    assert told.returncode == 2
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr


def test_two_contracts_share_a_process(serve: Serve, notes: str) -> None:
    server = serve("talkturo", notes)
    assert ask(server, "/notes") == (200, ["milk"])
    assert ask(server, "/api/phone-numbers/purchase?teamId=t", Authorization="Bearer x")[0] == 200


def test_contracts_that_clash_stand_under_their_names(serve: Serve, notes: str, tmp_path: Path) -> None:
    (tmp_path / "memos.yaml").write_text(NOTES.replace("milk", "bread"), "utf-8")
    server = serve(notes, "memos.yaml")
    assert f"notes  Notes 2, 4 operations at {server.url}/notes\n" in server.said()
    assert ask(server, "/notes/notes") == (200, ["milk"])
    assert ask(server, "/memos/notes") == (200, ["bread"])


def test_the_same_contract_twice_is_told_apart(serve: Serve) -> None:
    server = serve("talkturo", "talkturo")
    assert f"talkturo-2  Talkturo API 0.1.0, 3 operations at {server.url}/talkturo-2/api\n" in server.said()
    purchase, token = {"phoneNumber": "+14155550101", "teamId": "t"}, {"Authorization": "Bearer x"}
    for name, statuses in (("talkturo", [200, 409]), ("talkturo-2", [200, 409])):
        path = f"/{name}/api/phone-numbers/purchase"
        assert [ask(server, path, purchase, **token)[0] for _ in range(2)] == statuses


@pytest.mark.parametrize(("mode", "statuses"), [("off", [204, 204]), ("lenient", [401, 204]), ("strict", [401, 401])])
def test_who_may_pass(serve: Serve, notes: str, mode: str, statuses: list[int]) -> None:
    server = serve(notes, "--auth", mode)
    assert [ask(server, "/secret")[0], ask(server, "/secret", Authorization="Bearer any")[0]] == statuses


def test_without_a_memory_nothing_is_kept(serve: Serve) -> None:
    token = {"Authorization": "Bearer x"}
    purchase = {"phoneNumber": "+14155550101", "teamId": "t"}
    keeping, forgetting = serve("talkturo"), serve("talkturo", "--state", "off")
    for server, expected in ((keeping, [200, 409]), (forgetting, [200, 200])):
        assert [ask(server, "/phone-numbers/purchase", purchase, **token)[0] for _ in range(2)] == expected
    assert ask(forgetting, "/phone-numbers/purchase?teamId=t", **token)[1]["count"] == 1


def test_the_clock_stands_still_unless_the_real_one_is_wanted(serve: Serve) -> None:
    token = {"Authorization": "Bearer talq_x"}
    body = {"country_code": "US", "number": "+12025550143"}
    made = []
    for words in (("--clock", "frozen"), ("--clock", "real")):
        server = serve("talkover", *words)
        assert ask(server, "/sip-trunks/trunk-uuid-1/dids", body, **token)[0] == 201
        made.append(ask(server, "/phone-numbers?search=0143", **token)[1]["data"][0]["created_at"])
    assert made[0] == "2024-01-15T12:00:00Z"
    assert made[1] > "2026"


HANDLERS = """\
def readNote(number, loud):
    if number == 1:
        return "MILK" if loud else "milk"
    if number == 2:
        return "x"
    if number == 3:
        return {"not": "a text"}, 200
    if number == 4:
        raise LookupError("the shelf is empty")
    if number == 5:
        return "teapot", 418
    return None, 404


async def addNote(body):
    return body.upper(), 201
"""


@pytest.fixture
def handled(serve: Serve, notes: str, tmp_path: Path) -> Server:
    (tmp_path / "my_handlers.py").write_text(HANDLERS, "utf-8")
    return serve(notes, "--handlers", "my_handlers")


def test_a_function_answers_for_its_operation_and_the_mock_for_the_others(handled: Server) -> None:
    assert ask(handled, "/notes/1") == (200, "milk")
    assert ask(handled, "/notes/1?loud=true") == (200, "MILK")
    assert ask(handled, "/notes", "tea") == (201, "TEA")
    assert ask(handled, "/notes/9")[0] == 404
    assert ask(handled, "/notes") == (200, ["milk"])


def test_a_request_is_validated_before_a_function_sees_it(handled: Server) -> None:
    assert ask(handled, "/notes/one")[0] == 422
    assert ask(handled, "/notes", 7)[0] == 422


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(2, "shorter than 2"), (3, "is not of type"), (5, "answered 418, which the contract does not declare")],
)
def test_an_answer_that_breaks_the_contract_is_a_500_that_names_the_fault(
    handled: Server, number: int, sentence: str
) -> None:
    status, told = ask(handled, f"/notes/{number}")
    assert (status, told["title"]) == (500, "Internal Server Error")
    assert told["detail"].startswith("readNote: ")
    assert sentence in told["detail"]


def test_a_function_that_raises_is_told_to_client_and_log(serve: Serve, notes: str, tmp_path: Path) -> None:
    raising = 'def listNotes():\n    raise LookupError("the shelf is empty")\n'
    (tmp_path / "raising.py").write_text(raising, "utf-8")
    server = serve(notes, "--handlers", "raising")
    status, told = ask(server, "/notes")
    assert status == 500
    assert told["detail"] == "listNotes: the handler raised LookupError: the shelf is empty"
    assert ask(server, "/notes", "tea")[0] == 201
    assert "LookupError: the shelf is empty" in server.said()
    server.log.write_text(server.said().replace("Traceback", "traceback"), "utf-8")  # this one was wanted


OWN = """\
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /__understudy__/health:
    get: {responses: {"204": {description: x}}}
  /__understudy__x:
    get: {responses: {"204": {description: x}}}
"""


def test_a_path_that_the_control_api_has_is_told_and_can_be_freed(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, "utf-8")
    server = serve("own.yaml")
    line = "own.yaml:5:5: GET /__understudy__/health can't be reached, for the control API has its path; --control off"
    assert line in server.said()
    assert server.said().count("can't be reached") == 1
    assert ask(server, "/__understudy__/health") == (200, {"status": "ok"})
    assert ask(server, "/__understudy__x")[0] == 204
    server = serve("own.yaml", "--control", "off")
    assert "can't be reached" not in server.said()
    assert ask(server, "/__understudy__/health")[0] == 204
