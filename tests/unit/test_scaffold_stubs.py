"""What stands in the stub of a handler."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from understudy.contract.loading import load
from understudy.generate.stubs import stubs

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.generate.stubs import Stub

JSON = {"application/json": {"schema": {"type": "object"}}}
OK = {"200": {"description": "Fine."}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def stub_of(folder: Path, operation: dict[str, Any], *, path: str = "/pets", version: str = "3.1.0") -> Stub:
    paths = {path: {"post": {"operationId": "act", "responses": OK, **operation}}}
    document = {"openapi": version, "info": {"title": "T", "version": "1"}, "paths": paths}
    (folder / "openapi.yaml").write_text(yaml.safe_dump(document))
    return stubs(load(str(folder)))[0]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "size: str | None = None"),
        ({"type": "string", "default": "m"}, 'size: str = "m"'),
        ({"type": "boolean", "default": True}, "size: bool = True"),
        ({"type": "number", "default": 1.5}, "size: float = 1.5"),
        ({"type": "integer", "default": None}, "size: int | None = None"),
        ({"type": ["integer", "null"]}, "size: int | None = None"),
        ({"type": "array", "items": {"type": "integer"}}, "size: list[int] | None = None"),
        ({"type": "object"}, "size: dict[str, Any] | None = None"),
        ({"enum": ["s", 'l"']}, 'size: Literal["s", \'l"\'] | None = None'),
        ({"const": 3}, "size: Literal[3] | None = None"),
        ({"enum": list(range(50))}, "size: Any = None"),
        ({}, "size: Any = None"),
        (True, "size: Any = None"),
        ({"oneOf": [{"type": "string"}]}, "size: Any = None"),
    ],
)
def test_parameter_is_typed_by_its_schema(folder: Path, schema: Any, expected: str) -> None:
    stub = stub_of(folder, {"parameters": [{"name": "size", "in": "query", "schema": schema}]})
    assert f"act({expected}) ->" in stub.head.replace("(\n    ", "(").replace(",\n)", ")")


def test_nullable_of_3_0_is_a_type_too(folder: Path) -> None:
    parameter = {"name": "size", "in": "query", "required": True, "schema": {"type": "string", "nullable": True}}
    assert "size: str | None)" in stub_of(folder, {"parameters": [parameter]}, version="3.0.3").head


def test_required_arguments_come_first_and_headers_do_not_come(folder: Path) -> None:
    parameters = [
        {"name": "from", "in": "query", "schema": {"type": "string"}},
        {"name": "X-Id", "in": "header", "schema": {"type": "string"}},
        {"name": "petId", "in": "path", "required": True, "schema": {"type": "integer"}},
        {"name": "pet-id", "in": "query", "schema": {"type": "integer"}},
    ]
    stub = stub_of(folder, {"parameters": parameters}, path="/pets/{petId}")
    assert "def act(pet_id: int, from_: str | None = None) -> Reply[None]:" in stub.head
    assert "Not passed, but in connexion.request: header X-Id, query pet-id." in stub.docstring


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
            "body: models.ActRequest",
        ),
        ({"content": JSON}, "body: models.ActRequest | None = None"),
        ({"required": True, "content": {"application/json": {}}}, "body: Any"),
        ({"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}, "body: str"),
        ({"required": True, "content": {"image/png": {}}}, "body: bytes"),
        ({"required": True, "content": {"multipart/form-data": {"schema": {}}}}, "body: dict[str, Any]"),
        ({"required": True, "content": {"image/png": {}, "text/csv": {}}}, "body: Any"),
    ],
)
def test_body_is_a_model_where_it_has_one(folder: Path, body: dict[str, Any], expected: str) -> None:
    head = stub_of(folder, {"requestBody": body}).head
    assert f"act({expected}) ->" in head.replace("(\n    ", "(").replace(",\n)", ")")


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        ({"201": {"description": "", "content": {"application/json": {"schema": {"type": "array"}}}}}, "201"),
        ({"default": {"description": "", "content": {"application/json": {"schema": {}}}}}, "Default"),
    ],
)
def test_reply_is_the_model_of_a_success(folder: Path, responses: dict[str, Any], expected: str) -> None:
    assert stub_of(folder, {"responses": responses}).head.endswith(f"Reply[models.ActResponse{expected}]:")


@pytest.mark.parametrize(
    ("content", "expected"), [({"text/plain": {}}, "str"), ({"image/png": {}, "text/plain": {}}, "bytes | str")]
)
def test_reply_may_be_text_or_bytes(folder: Path, content: dict[str, Any], expected: str) -> None:
    responses = {"200": {"description": "", "content": content}, "4XX": {"description": ""}}
    assert stub_of(folder, {"responses": responses}).head.endswith(f"Reply[{expected}]:")


def test_docstring_tells_statuses_and_examples(folder: Path) -> None:
    example = {"value": {}}
    content = {"application/json": {"schema": {}, "examples": {"first": example, "second": example}}}
    stub = stub_of(folder, {"summary": "Act.", "responses": {"200": {"description": "Done.", "content": content}}})
    assert '"""Act.\n\n    POST /pets\n\n    200: Done. Examples: first, second.\n    """' in stub.docstring


@pytest.mark.parametrize("text", ['"""', "\\N{x}", "\\d", "a\\", '"', "\x00\u202e", "{{ 7 * 7 }}", "\n\n", "'''"])
def test_no_text_of_the_contract_gets_out_of_the_docstring(folder: Path, text: str) -> None:
    responses = {"200": {"description": text}}
    stub = stub_of(folder, {"summary": text, "tags": [text], "responses": responses}, path=f"/{text}")
    (function,) = ast.parse(stub.text).body
    assert isinstance(function, ast.FunctionDef)
    assert [type(statement) for statement in function.body] == [ast.Expr, ast.Raise]


def test_operation_that_can_not_name_a_function_is_marked(folder: Path) -> None:
    stub = stub_of(folder, {"operationId": 'a"b'})
    assert stub.head == '@stub\n@answers("a\\"b")\ndef a_b() -> Reply[None]:'
    assert set(stub.imports) == {"stub", "answers", "Reply"}


def test_of_two_operations_with_one_id_the_first_has_the_stub(tmp_path: Path) -> None:
    item = {"operationId": "act", "responses": OK}
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": item, "put": item}}}
    (tmp_path / "openapi.yaml").write_text(yaml.safe_dump(document, default_flow_style=False))
    assert ["GET /a" in stub.docstring for stub in stubs(load(str(tmp_path)))] == [True]
