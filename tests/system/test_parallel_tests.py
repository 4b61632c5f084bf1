"""Eight pytest-xdist workers share one mock, each test in a session of its own: none sees what another does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Serve

CONTRACT = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      responses: {"200": {description: Pets., content: {application/json: {example: [{id: 1, name: rex}]}}}}
    post:
      operationId: addPet
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        "201": {description: Added., content: {application/json: {example: {id: 2, name: tom}}}}
        "422": {description: Not good.}
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    delete:
      operationId: deletePet
      responses: {"204": {description: Gone.}, "404": {description: Unknown.}}
"""

SUITE = '''\
"""A user's tests: each has a session of its own, named after itself, and does what would disturb the others."""

import json
import os
import urllib.error
import urllib.request

import pytest

URL = os.environ["MOCK_URL"]


@pytest.fixture
def ask(request):
    session = "test-" + "".join(letter if letter.isalnum() else "-" for letter in request.node.name)

    def send(line, body=None):
        method, path = line.split()
        content = None if body is None else json.dumps(body).encode()
        headers = {"Understudy-Session": session, "Content-Type": "application/json"}
        asked = urllib.request.Request(URL + path, content, headers, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, None

    send.session = session
    return send


@pytest.mark.parametrize("number", range(40))
def test_only_my_own(ask, number):
    mine = [f"{number}-{index}" for index in range(4)]
    made = [ask("POST /pets", {"name": name})[1] for name in mine]
    assert [pet["name"] for pet in ask("GET /pets")[1]] == ["rex", *mine]
    assert ask(f"DELETE /pets/{made[0]['id']}")[0] == 204
    assert [pet["name"] for pet in ask("GET /pets")[1]] == ["rex", *mine[1:]]
    session = f"session={ask.session}"
    if number % 4 == 0:
        faults = {"faults": [{"operation": "listPets", "fault": "status=503"}]}
        assert ask(f"PUT /__understudy__/faults?{session}", faults)[0] == 200
        assert ask("GET /pets")[0] == 503
    if number % 4 == 1:
        assert ask(f"POST /__understudy__/state/reset?{session}")[0] == 204
        assert [pet["name"] for pet in ask("GET /pets")[1]] == ["rex"]
    counted = {"operationId": "addPet", "session": ask.session, "count": {"exactly": 4}}
    assert ask("POST /__understudy__/verifications", counted)[1]["verified"] is True
'''


@pytest.mark.parametrize("workers", [1, 2])
def test_eight_at_once_do_not_see_each_other(workers: int, serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "pets.yaml").write_text(CONTRACT, "utf-8")
    (tmp_path / "test_pets.py").write_text(SUITE, "utf-8")
    server = serve("pets.yaml", "--workers", str(workers))
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "xdist", "-n", "8", "-q", "-p", "no:cacheprovider", "test_pets.py"],
        cwd=tmp_path,
        env={**os.environ, "MOCK_URL": server.url, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout
    assert re.search(r"\b40 passed in ", found.stdout)
    assert "bringing up nodes" in found.stdout
