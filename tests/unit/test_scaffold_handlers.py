"""How a person's own function is called, and what becomes of what it returns."""

from __future__ import annotations

import asyncio
import json
import textwrap
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from understudy.errors import UsageError
from understudy_mock.project import Application, application

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = """
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: get-pet.v2
      parameters:
        - {name: from, in: query, schema: {type: [string, "null"]}}
        - {name: tags, in: query, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: filter, in: query, style: deepObject, schema: {type: object, properties: {min: {type: number}}}}
        - {name: any, in: query, schema: {}}
        - {name: limit, in: query, schema: {type: integer, default: 20}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: object}}}}
        "404":
          {description: no, content: {application/problem+json: {schema: {type: object, required: [title]}}}}
    put:
      operationId: put
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, properties: {price: {type: number}}}}}
      responses:
        "201": {description: ok, content: {application/json: {schema: {type: object, required: [name]}}}}
    patch:
      operationId: mocked
      responses: {"200": {description: ok, content: {application/json: {example: {by: the mock}}}}}
  /text:
    get:
      operationId: text
      responses: {"200": {description: ok, content: {text/plain: {schema: {type: string}}}}}
    delete:
      operationId: remove
      responses: {"204": {description: ok, headers: {X-Left: {required: true, schema: {type: integer}}}}}
    post:
      operationId: upload
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {file: {type: string, format: binary}, size: {type: integer}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object}}}}}
"""

MODEL = """
from datetime import datetime, UTC
from pydantic import BaseModel, Field
class Toy(BaseModel):
    size: int | None = None
class Pet(BaseModel):
    price: float
    kind: str = "cat"
    note: str | None = None
    owner: str | None = None
    name_: str = Field("Tom", alias="name")
    toys: list[Toy] = []
"""


def app_with(folder: Path, code: str) -> Application:
    """Write a contract and handlers in a module of a name that no other test uses, and build their application."""
    (folder / "openapi.yaml").write_text(CONTRACT)
    name = f"handlers_{folder.name}"
    (folder / f"{name}.py").write_text(textwrap.dedent(code))
    return application(folder / "openapi.yaml", handlers=name)


def ask(app: Application, method: str, path: str, **request: Any) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://project") as client:
            return await client.request(method, path, **request)

    return asyncio.run(asked())


def test_parameters_come_by_connexions_names_with_the_contracts_types(tmp_path: Path) -> None:
    app = app_with(
        tmp_path,
        """
        from understudy_mock.handlers import answers
        @answers("get-pet.v2")
        def get_pet(pet_id, from_=None, tags=None, filter_=None, any_=None, limit=1):
            return {"got": [pet_id, from_, tags, filter_, any_, limit]}
        """,
    )
    response = ask(app, "GET", "/pets/3?from=a&tags=1,2&filter[min]=1.5&any=x")
    assert response.json() == {"got": [3, "a", [1, 2], {"min": 1.5}, "x", 20]}
    assert response.headers["understudy-explain"] == "the handler get-pet.v2"
    assert ask(app, "GET", "/pets/3").json() == {"got": [3, None, None, None, None, 20]}


def test_function_takes_what_it_names_or_everything(tmp_path: Path) -> None:
    app = app_with(
        tmp_path,
        """
        from understudy_mock.handlers import answers
        @answers("get-pet.v2")
        def get_pet(**everything): return everything
        def put(): return {"name": "Tom"}
        """,
    )
    assert ask(app, "GET", "/pets/3?from=a").json() == {"pet_id": 3, "from_": "a", "limit": 20}
    assert ask(app, "PUT", "/pets/3", json={"price": 1}).status_code == 201


@pytest.mark.parametrize("start", ["def", "async def"])
def test_body_is_made_the_model_and_a_returned_model_an_answer(tmp_path: Path, start: str) -> None:
    code = f"\n{start} put(body: 'Pet | None'):\n    return body.model_copy(update={{'note': None, 'toys': [Toy()]}})\n"
    response = ask(app_with(tmp_path, MODEL + code), "PUT", "/pets/3", json={"price": 1.5, "owner": None, "extra": 1})
    assert response.status_code == 201
    assert response.json() == {"price": 1.5, "kind": "cat", "note": None, "owner": None, "name": "Tom", "toys": [{}]}


def test_body_without_a_model_is_what_json_says(tmp_path: Path) -> None:
    app = app_with(tmp_path, "def put(body): return {'name': repr(body)}, 201, {'X-Seen': 'yes'}")
    response = ask(app, "PUT", "/pets/3", json={"price": 1.5})
    assert (response.json(), response.headers["x-seen"]) == ({"name": "{'price': 1.5}"}, "yes")


def test_file_comes_by_its_fields_name(tmp_path: Path) -> None:
    code = "async def upload(body, file=None): return {'body': body, 'file': file and (await file.read()).decode()}"
    app = app_with(tmp_path, code)
    response = ask(app, "POST", "/text", files={"file": ("a.txt", b"abc")}, data={"size": "3"})
    assert response.json() == {"body": {"size": 3}, "file": "abc"}
    assert ask(app, "POST", "/text").json() == {"body": None, "file": None}


def test_text_and_nothing_are_answers(tmp_path: Path) -> None:
    app = app_with(tmp_path, "def text(): return 'Öl'\ndef remove(): return None, 204, {'x-left': '1'}")
    response = ask(app, "GET", "/text")
    assert (response.status_code, response.headers["content-type"], response.text) == (200, "text/plain", "Öl")
    assert ask(app, "DELETE", "/text").status_code == 204


def test_media_type_is_the_one_declared_for_the_status(tmp_path: Path) -> None:
    code = """
    from understudy_mock.handlers import answers
    @answers("get-pet.v2")
    def get_pet(): return {"title": "No."}, 404
    """
    response = ask(app_with(tmp_path, code), "GET", "/pets/3")
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("returned", "fault"),
    [
        ("{}", "name: is required"),
        ("{'name': 1}, 418", "the handler answered 418, which the contract does not declare"),
        ("{'name': 1}, 201, {'Content-Type': 'text/csv'}", "answered with text/csv, which 201 does not declare"),
        ("1 / 0", "the handler raised ZeroDivisionError"),
        ("object()", "the handler raised TypeError"),
        ("(1, 2, 3, 4)", "the handler raised TypeError"),
    ],
)
def test_answer_that_breaks_the_contract_is_a_problem_that_names_the_fault(
    tmp_path: Path, returned: str, fault: str
) -> None:
    response = ask(app_with(tmp_path, f"def put(): return {returned}"), "PUT", "/pets/3", json={})
    assert (response.status_code, response.headers["content-type"]) == (500, "application/problem+json")
    assert fault in response.json()["detail"]


def test_header_that_is_required_must_be_there(tmp_path: Path) -> None:
    response = ask(app_with(tmp_path, "def remove(): return None"), "DELETE", "/text")
    assert response.status_code == 500
    assert "lacks the required header X-Left" in response.json()["detail"]


def test_bad_request_never_reaches_the_handler(tmp_path: Path) -> None:
    response = ask(app_with(tmp_path, "def put(): raise SystemExit"), "PUT", "/pets/x", json={"price": "free"})
    assert response.status_code == 422


def test_what_is_a_stub_or_not_there_is_mocked(tmp_path: Path) -> None:
    code = """
    from connexion import request
    from understudy_mock.handlers import answers, stub
    @stub
    def mocked(): raise NotImplementedError
    @stub
    @answers("text")
    def put(): raise NotImplementedError
    class remove: ...
    """
    app = app_with(tmp_path, code)
    assert ask(app, "PATCH", "/pets/3").json() == {"by": "the mock"}
    assert app.handled == set()
    assert "Your handlers answer 0 of 6 operations; the mock answers the others." in app.screen("http://x")


def test_mark_goes_before_the_name(tmp_path: Path) -> None:
    code = """
    from understudy_mock.handlers import answers
    def text(): return 'named'
    @answers('text')
    def remove(): return 'marked'
    """
    app = app_with(tmp_path, code)
    assert ask(app, "GET", "/text").text == "marked"
    assert "the handler" not in ask(app, "DELETE", "/text").headers["understudy-explain"]


def test_connexions_request_is_there(tmp_path: Path) -> None:
    code = "from connexion import request\ndef put(): return {'name': request.headers['X-Id']}"
    assert ask(app_with(tmp_path, code), "PUT", "/pets/3", json={}, headers={"X-Id": "a"}).json() == {"name": "a"}


def test_body_type_that_is_not_there_at_run_time_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="type of `body` of the handler `put` can't be found"):
        start(app_with(tmp_path, "def put(body: 'Pet'): ..."))


def test_handlers_that_can_not_be_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        app_with(tmp_path, "import nowhere_at_all")
    assert left.value.code == 2
    assert "No module named 'nowhere_at_all'" in capsys.readouterr().err


def start(app: Application) -> None:
    ask(app, "GET", "/text")


def test_port_is_a_port(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = app_with(tmp_path, "")
    with pytest.raises(SystemExit):
        app.run(["--port", "65536"])
    assert "65536 is no port" in capsys.readouterr().err
    assert json.dumps(app.screen("http://x")).startswith('"Pets is up at http://x. Ctrl-C stops it.')
