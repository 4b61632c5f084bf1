"""`serve` is helpful: what can be served of an imperfect contract is, and the rest is told; `--strict` is not."""

from __future__ import annotations

import json
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Serve, Server

UNDERSTUDY = f"{sysconfig.get_path('scripts')}/understudy"
SPOILED = """\
openapi: 3.1.0
paths:
  /good:
    get:
      operationId: good
      responses: {"200": {description: Good., content: {application/json: {schema: {type: string}, example: yes}}}}
  /schema:
    get:
      operationId: schema
      responses: {"200": {description: X., content: {application/json: {schema: {$ref: "#/components/schemas/Deep"}}}}}
  /parameter:
    get:
      operationId: parameter
      parameters: [{$ref: "#/components/parameters/gone"}]
      responses: {"204": {description: X.}}
  /spared:
    get:
      operationId: spared
      callbacks: {told: {"{$url}": {post: {requestBody: {content: {application/json: {schema: {$ref: gone.yaml}}}}}}}}
      responses:
        "200":
          description: An answer can do without an example, a link or a callback.
          links: {next: {$ref: "#/components/links/gone"}}
          content:
            application/json:
              schema: {type: integer, const: 7}
              examples: {lost: {$ref: gone.json}}
  /item:
    $ref: gone.yaml
  /wrong:
    get:
      operationId: wrong
      responses: {"200": {description: X., content: {application/json: {schema: {type: string}, example: 3}}}}
components:
  schemas: {Deep: {type: object, properties: {deeper: {$ref: broken.yaml}}}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    (tmp_path / "spoiled.yaml").write_text(SPOILED, "utf-8")
    (tmp_path / "broken.yaml").write_text("type: [\n", "utf-8")
    return tmp_path


def ask(server: Server, path: str) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(server.url + path, timeout=60) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([UNDERSTUDY, *words], cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


def await_said(server: Server, text: str) -> str:
    limit = time.monotonic() + 60
    while text not in server.said():
        assert time.monotonic() < limit, server.said()
        time.sleep(0.02)
    return server.said()


def test_only_what_needs_the_broken_part_answers_501(serve: Serve) -> None:
    server = serve("spoiled.yaml")
    assert ask(server, "/good") == (200, "yes")
    assert ask(server, "/spared") == (200, 7)
    for path, place in (
        ("/schema", "broken.yaml:2:1"),
        ("/parameter", "spoiled.yaml:14:27"),
        ("/item", "spoiled.yaml:29:11"),
    ):
        status, told = ask(server, path)
        assert (status, place in told["detail"]) == (501, True), told


def test_the_screen_says_what_is_not_served(serve: Serve) -> None:
    server = serve("spoiled.yaml")
    said = await_said(server, "`understudy check spoiled.yaml` shows all.")
    assert "  GET    /parameter  answers 501: spoiled.yaml:14:27: The reference leads nowhere" in said
    assert "spoiled: 6 errors;" in said
    assert "  spoiled.yaml:29:11 error[reference-missing] There is no such file: gone.yaml.\n  … and 1 more\n" in said


def test_the_findings_of_a_whole_contract_are_counted_and_the_first_shown(serve: Serve, folder: Path) -> None:
    text = "openapi: 3.1.0\npaths:\n" + "".join(
        f"  /{number}:\n    get: {{responses: {{'200': {{description: 1}}}}}}\n" for number in range(9)
    )
    (folder / "many.yaml").write_text(text, "utf-8")
    said = await_said(serve("many.yaml"), "`understudy check many.yaml` shows all.")
    assert "many.yaml:4:44 error[specification]" in said
    assert "  … and " in said


def test_a_clean_contract_needs_no_word(serve: Serve) -> None:
    server = serve("talkturo")
    server.stop()
    assert "understudy check" not in server.said()


@pytest.mark.parametrize("text", [SPOILED, "openapi: 3.1.0\npaths: {/a: {get: {responses: {}}}}\n"])
def test_strict_does_not_start_on_errors(folder: Path, text: str) -> None:
    (folder / "spoiled.yaml").write_text(text, "utf-8")
    told = run("serve", "spoiled.yaml", "--port", "0", "--strict", cwd=folder)
    assert told.returncode == 1
    assert "error[" in told.stderr
    assert "The mock is up" not in told.stderr


def test_strict_starts_on_warnings(serve: Serve, folder: Path) -> None:
    text = (
        'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths: {/a: {get: {responses: {"204": {description: X.}}}}}\n'
    )
    (folder / "mild.yaml").write_text(text, "utf-8")
    assert run("check", "mild.yaml", cwd=folder).returncode == 1
    serve("mild.yaml", "--strict")


@pytest.mark.parametrize("text", ["openapi: 3.1.0\npaths: {/a: {$ref: gone.yaml}}\n", "openapi: [", "- 1\n"])
def test_what_leaves_nothing_to_serve_is_unreadable(folder: Path, text: str) -> None:
    (folder / "spoiled.yaml").write_text(text, "utf-8")
    told = run("serve", "spoiled.yaml", "--port", "0", cwd=folder)
    assert told.returncode == 2
    assert "Traceback" not in told.stderr


def test_check_lists_all_that_is_missing(folder: Path) -> None:
    told = run("check", "spoiled.yaml", cwd=folder)
    assert told.returncode == 2
    assert told.stdout.count("error[") == 6


MILD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths: {/a: {get: {responses: {"204": {description: X.}}}}}\n'


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        ("behaviour.yaml", "rules:\n  GET /a:\n    - when: a ==\n", "behaviour.yaml:3:13: This is not CEL"),
        ("behaviour.yaml", "rules: [\n", "behaviour.yaml:"),
        ("scenarios/one.yaml", "steps:\n  GET /a:\n    - {status: 418}\n", "scenarios/one.yaml:3:16: GET /a declares"),
    ],
)
def test_what_stands_beside_it_and_is_broken_is_left_out_and_told(
    serve: Serve, folder: Path, file: str, text: str, place: str
) -> None:
    (folder / "mild.yaml").write_text(MILD, "utf-8")
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text(text, "utf-8")
    server = serve("mild.yaml")
    said = await_said(server, "`understudy check mild.yaml` shows all.")
    assert place in next(line for line in said.splitlines() if line.startswith("  left out: "))
    with urllib.request.urlopen(server.url + "/a", timeout=60) as answer:
        assert answer.status == 204
    told = run("serve", "mild.yaml", "--port", "0", "--strict", cwd=folder)
    assert told.returncode == 1
    assert place.partition(":")[0] in told.stderr
    assert "The mock is up" not in told.stderr
