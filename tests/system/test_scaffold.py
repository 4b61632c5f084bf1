"""A scaffolded project as its owner has it: tested, typed, started, one handler written by hand, started again."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import sysconfig
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from understudy.contract.loading import load
from understudy_mock.authentication import credential_headers

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = str(Path(sysconfig.get_path("scripts")) / "understudy")
_PATIENCE = 60
_WEIRD = """
openapi: 3.0.3
info: {title: 'Weird "API"', version: "1"}
paths:
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer, nullable: true}}]
    get:
      operationId: get-pet.v2
      tags: ["2FA / Öl"]
      summary: 'Say "hi" \\n \"\"\" now'
      parameters:
        - {name: from, in: query, schema: {type: string, enum: [a, 'b"c'], default: a}}
        - {name: X-Id, in: header, schema: {type: string}}
        - {name: body, in: query, schema: {type: boolean, default: true}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/class'}}}}
    put:
      operationId: class
      tags: [class]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/class'}}}}
      responses:
        "201": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/class'}}}}
    delete:
      responses: {"204": {description: gone}}
  /stub:
    get: {operationId: stub, responses: {"200": {description: ok, content: {text/plain: {schema: {type: string}}}}}}
    post: {operationId: get_pet_v2, responses: {default: {description: any}}}
components:
  schemas:
    class:
      type: object
      required: [id]
      properties: {id: {type: integer}, class: {type: string, nullable: true}}
"""


def run(project: Path, *words: str) -> str:
    done = subprocess.run(words, cwd=project, capture_output=True, text=True, timeout=_PATIENCE * 3, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def scaffold(contract: str, project: Path) -> str:
    return run(project.parent, COMMAND, "scaffold", contract, "-o", str(project))


@contextmanager
def running(project: Path) -> Iterator[httpx.Client]:
    """Start `python app.py` on a free port; it must leave in peace."""
    process = subprocess.Popen(
        [sys.executable, "app.py", "--port", "0"], cwd=project, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    try:
        first = process.stderr.readline()
        address = re.search(r"is up at (http://\S+)\. Ctrl-C", first)
        assert address, first + process.stderr.read()
        with httpx.Client(base_url=address[1], headers=credential_headers(load("talkover"))) as client:
            yield client
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(_PATIENCE)
        process.stderr.close()
    assert code == 0


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("scaffold") / "project"
    scaffold("talkover", made)
    return made


def test_its_own_test_passes_as_generated(project: Path) -> None:
    operations = len(load("talkover").operations)
    assert f"{operations + 1} passed" in run(project, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")


def test_its_handlers_are_formatted_and_typed(project: Path, tmp_path: Path) -> None:
    (project.parent / "weird.yaml").write_text(_WEIRD, "utf-8")
    scaffold("weird.yaml", project.parent / "weird")
    for one in (project, project.parent / "weird"):
        run(one, sys.executable, "-m", "ruff", "format", "--check", "--isolated", "app.py", "handlers", "tests")
        run(one, sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), ".")


def test_handler_written_by_hand_answers_for_its_operation_alone(project: Path) -> None:
    with running(project) as client:
        before = {path: client.get(path) for path in ("/phone-numbers", "/voice-templates")}
    assert all(response.status_code == 200 for response in before.values())
    handlers = project / "handlers" / "phone_numbers.py"
    text = handlers.read_text("utf-8")
    head, _, rest = text.partition("@stub\ndef listPhoneNumbers(")
    body = rest.replace("raise NotImplementedError", "return models.PhoneNumberList(success=True, data=[])", 1)
    handlers.write_text(f"{head}def listPhoneNumbers({body}", "utf-8")
    with running(project) as client:
        assert client.get("/phone-numbers").json() == {"success": True, "data": []}
        assert client.get("/phone-numbers").headers["understudy-explain"] == "the handler listPhoneNumbers"
        assert client.get("/phone-numbers?type=carrier-pigeon").status_code == 422
        assert client.get("/voice-templates").content == before["/voice-templates"].content
    written = handlers.read_bytes()
    assert "everything is up to date" in scaffold("talkover", project)
    assert handlers.read_bytes() == written


def test_taken_port_is_told_in_one_sentence(project: Path) -> None:
    with running(project) as client:
        done = subprocess.run(
            [sys.executable, "app.py"],
            cwd=project,
            env={"PORT": str(client.base_url.port)},
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    assert (done.returncode, done.stderr.splitlines()[0]) == (3, f"error: Port {client.base_url.port} is in use.")
    assert "Traceback" not in done.stderr
