"""Swagger 2.0 is read as OpenAPI 3.0, and every place still leads to the 2.0 text."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from understudy.check import check
from understudy.contract import pointer as pointers
from understudy.contract.loading import load
from understudy.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.contract.model import Contract

HEAD = "swagger: '2.0'\ninfo: {title: Old, version: '1'}\n"
OK = "responses: {'200': {description: ok}}"


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read_text(text: str, **files: str) -> Contract:
        for name, content in files.items():
            (tmp_path / f"{name}.yaml").write_text(dedent(content), "utf-8")
        (tmp_path / "swagger.yaml").write_text(HEAD + dedent(text), "utf-8")
        return load(str(tmp_path / "swagger.yaml"))

    return read_text


def operation(contract: Contract, pointer: str = "/paths/~1a/get") -> Any:
    return pointers.resolve(contract.document, pointers.split(pointer))


@pytest.mark.parametrize(
    ("text", "servers"),
    [
        ("host: a.b\nbasePath: /v1\nschemes: [http, https]", ["http://a.b/v1", "https://a.b/v1"]),
        ("host: a.b:80", ["https://a.b:80"]),
        ("basePath: /v1/", ["/v1"]),
        ("basePath: /", None),
        ("", None),
    ],
)
def test_host_base_path_and_schemes_become_servers(read: Any, text: str, servers: list[str] | None) -> None:
    made = read(f"{text}\npaths: {{}}\n").document.get("servers")
    assert (made and [one["url"] for one in made]) == servers


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        (
            "in: query, type: integer, format: int32, default: 3",
            {"schema": {"type": "integer", "format": "int32", "default": 3}},
        ),
        ("in: query, type: array, items: {type: string}", {"style": "form", "explode": False}),
        ("in: query, type: array, items: {type: string}, collectionFormat: multi", {"style": "form", "explode": True}),
        (
            "in: query, type: array, items: {type: string}, collectionFormat: ssv",
            {"style": "spaceDelimited", "explode": False},
        ),
        (
            "in: query, type: array, items: {type: string}, collectionFormat: pipes",
            {"style": "pipeDelimited", "explode": False},
        ),
        ("in: query, type: array, items: {type: string}, collectionFormat: tsv", {"schema": {"type": "string"}}),
        (
            "in: header, type: array, items: {type: integer}",
            {"schema": {"type": "array", "items": {"type": "integer"}}},
        ),
        (
            "in: header, type: array, items: {type: integer}, collectionFormat: pipes, default: [1, 2]",
            {"schema": {"type": "string", "default": "1|2"}},
        ),
        ("in: query, type: string, x-nullable: true", {"schema": {"type": "string", "nullable": True}}),
        ("in: query, type: string, x-example: abc", {"example": "abc"}),
        ("in: query, type: boolean, allowEmptyValue: true, x-mine: 1", {"allowEmptyValue": True, "x-mine": 1}),
    ],
)
def test_a_parameter_gets_a_schema_and_a_style(read: Any, parameter: str, expected: dict[str, Any]) -> None:
    contract = read(f"paths: {{/a: {{get: {{parameters: [{{name: p, {parameter}}}], {OK}}}}}}}\n")
    made = operation(contract)["parameters"][0]
    assert {name: made.get(name) for name in expected} == expected
    assert "type" not in made
    assert "collectionFormat" not in made


def test_a_body_takes_the_media_types_that_are_consumed(read: Any) -> None:
    contract = read("""\
        consumes: [application/json]
        parameters: {B: {name: b, in: body, required: true, description: It., schema: {$ref: '#/definitions/A'}}}
        paths:
          /a:
            get: {parameters: [{$ref: '#/parameters/B'}], responses: {'200': {description: ok}}}
            put: {consumes: [text/xml], parameters: [{$ref: '#/parameters/B'}], responses: {'200': {description: ok}}}
        definitions: {A: {type: object}}
        """)
    schema = {"$ref": "#/components/schemas/A"}
    assert operation(contract)["requestBody"] == {"$ref": "#/components/requestBodies/B"}
    shared = contract.document["components"]["requestBodies"]["B"]
    assert shared == {"description": "It.", "required": True, "content": {"application/json": {"schema": schema}}}
    assert operation(contract, "/paths/~1a/put")["requestBody"]["content"] == {"text/xml": {"schema": schema}}


@pytest.mark.parametrize(
    ("consumes", "kind", "media_type"),
    [
        ("", "string", "application/x-www-form-urlencoded"),
        ("consumes: [multipart/form-data]", "string", "multipart/form-data"),
        ("consumes: [application/json]", "string", "application/x-www-form-urlencoded"),
        ("", "file", "multipart/form-data"),
        ("consumes: [application/x-www-form-urlencoded]", "file", "multipart/form-data"),
    ],
)
def test_form_parameters_become_one_body(read: Any, consumes: str, kind: str, media_type: str) -> None:
    contract = read(f"""\
        paths:
          /a:
            parameters: [{{name: shared, in: formData, type: integer}}]
            get:
              {consumes}
              parameters:
                - {{name: one, in: formData, type: {kind}, required: true, description: First.}}
                - {{name: list, in: formData, type: array, items: {{type: string}}, collectionFormat: csv}}
              {OK}
        """)
    body = operation(contract)["requestBody"]
    one = {"type": "string", "description": "First.", **({"format": "binary"} if kind == "file" else {})}
    properties = {"shared": {"type": "integer"}, "one": one, "list": {"type": "array", "items": {"type": "string"}}}
    schema = {"type": "object", "properties": properties, "required": ["one"]}
    encoding = {"list": {"style": "form", "explode": False}}
    assert body == {"required": True, "content": {media_type: {"schema": schema, "encoding": encoding}}}


def test_a_response_takes_the_media_types_that_are_produced_and_its_examples(read: Any) -> None:
    contract = read("""\
        produces: [application/json, application/xml]
        responses: {No: {description: No., schema: {type: string}}}
        paths:
          /a:
            get:
              responses:
                '200':
                  description: ok
                  schema: {type: integer}
                  headers: {X-N: {type: integer, description: How many.}}
                  examples: {application/json: 7, text/plain: seven}
                '404': {$ref: '#/responses/No'}
            put:
              produces: [text/plain]
              responses: {'200': {description: ok}, '404': {$ref: '#/responses/No'}}
        """)
    answers = operation(contract)["responses"]
    schema = {"schema": {"type": "integer"}}
    assert answers["200"]["content"] == {
        "application/json": {**schema, "example": 7},
        "application/xml": schema,
        "text/plain": {**schema, "example": "seven"},
    }
    assert answers["200"]["headers"] == {"X-N": {"description": "How many.", "schema": {"type": "integer"}}}
    assert answers["404"] == {"$ref": "#/components/responses/No"}
    other = operation(contract, "/paths/~1a/put")["responses"]
    assert other["200"] == {"description": "ok"}
    assert list(other["404"]["content"]) == ["text/plain"]


def test_security_definitions_become_schemes(read: Any) -> None:
    contract = read("""\
        securityDefinitions:
          login: {type: basic, description: By name.}
          key: {type: apiKey, in: query, name: k}
          code:
            type: oauth2
            flow: accessCode
            authorizationUrl: 'https://a.b/a'
            tokenUrl: 'https://a.b/t'
            scopes: {r: Read.}
          own: {type: oauth2, flow: application, tokenUrl: 'https://a.b/t', scopes: {}}
        paths: {}
        """)
    made = contract.document["components"]["securitySchemes"]
    assert made["login"] == {"type": "http", "scheme": "basic", "description": "By name."}
    assert made["key"] == {"type": "apiKey", "in": "query", "name": "k"}
    urls = {"authorizationUrl": "https://a.b/a", "tokenUrl": "https://a.b/t"}
    assert made["code"] == {"type": "oauth2", "flows": {"authorizationCode": {"scopes": {"r": "Read."}, **urls}}}
    assert list(made["own"]["flows"]) == ["clientCredentials"]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{type: file}", {"type": "string", "format": "binary"}),
        ("{type: string, x-nullable: true}", {"type": "string", "nullable": True}),
        (
            "{$ref: '#/definitions/B', x-nullable: true}",
            {"allOf": [{"$ref": "#/components/schemas/B"}], "nullable": True},
        ),
        ("{type: object, discriminator: kind}", {"type": "object", "discriminator": {"propertyName": "kind"}}),
        ("{type: [string, 'null']}", {"type": "string", "nullable": True}),
        ("{type: [string, integer]}", {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        (
            "{type: array, items: {$ref: '#/definitions/Page«B»'}}",
            {"type": "array", "items": {"$ref": "#/components/schemas/Page_B"}},
        ),
    ],
)
def test_a_schema_is_said_in_3_0(read: Any, schema: str, expected: dict[str, Any]) -> None:
    contract = read(f"paths: {{}}\ndefinitions: {{A: {schema}, B: {{type: object}}, 'Page«B»': {{type: object}}}}\n")
    assert contract.document["components"]["schemas"]["A"] == expected


def test_a_contract_of_several_files_is_gathered_first(read: Any) -> None:
    contract = read(
        """\
        paths: {/a: {$ref: 'paths.yaml#/a'}}
        definitions: {A: {$ref: 'models.yaml#/A'}}
        """,
        paths="""\
        a:
          get:
            parameters: [{$ref: 'models.yaml#/limit'}]
            responses: {'200': {description: ok, schema: {$ref: 'models.yaml#/A'}}, '400': {$ref: 'models.yaml#/No'}}
        """,
        models="""\
        A: {type: object, properties: {b: {$ref: '#/B'}}}
        B: {type: string}
        limit: {name: limit, in: query, type: integer}
        No:
          description: No.
          schema: {type: string}
        """,
    )
    made = operation(contract)
    assert made["responses"]["200"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/A"}
    assert contract.document["components"]["schemas"] == {
        "A": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B"}}},
        "B": {"type": "string"},
    }
    assert made["parameters"] == [{"$ref": "#/components/parameters/limit"}]
    schema = contract.location(("components", "responses", "No", "content", "application/json", "schema", "type"))
    assert (schema.path.rpartition("/")[2], schema.line, schema.pointer) == ("models.yaml", 6, "/No/schema/type")


@pytest.mark.parametrize(
    ("place", "line", "pointer"),
    [
        ("/servers/0/url", 3, "/host"),
        ("/paths/~1a/get/parameters/0/schema/type", 8, "/paths/~1a/get/parameters/0/type"),
        ("/paths/~1a/get/requestBody/content/application~1json/schema", 9, "/paths/~1a/get/parameters/1/schema"),
        (
            "/paths/~1a/get/responses/200/content/application~1json/example/n",
            14,
            "/paths/~1a/get/responses/200/examples/application~1json/n",
        ),
        ("/components/schemas/P_Q/type", 16, "/definitions/P«Q»/type"),
    ],
)
def test_places_lead_to_the_text_of_2_0(read: Any, place: str, line: int, pointer: str) -> None:
    contract = read("""\
        host: a.b
        basePath: /v1
        paths:
          /a:
            get:
              parameters: [{name: p, in: query, type: integer},
                {name: b, in: body, schema: {type: object}}]
              responses:
                '200':
                  description: ok
                  examples:
                    application/json: {n: 1}
        definitions:
          P«Q»: {type: object}
        """)
    found = contract.location(tuple(0 if step == "0" else step for step in pointers.split(place)))
    assert (found.line, found.pointer) == (line, pointer)


def test_check_holds_the_text_to_the_schema_of_2_0_and_the_rest_to_3_0(read: Any) -> None:
    contract = read("""\
        host: 'https://a.b'
        paths:
          /a:
            get:
              parameters: [{name: p, in: query, type: integer, default: many}]
              responses: {'200': {schema: {type: string}, description: ok}}
        """)
    found = {(one.rule, one.location.line if one.location else 0, one.severity.value) for one in check(contract)}
    assert {("specification", 3, "error"), ("examples", 7, "error"), ("refusal-documented", 8, "warning")} <= found


def test_what_is_raised_is_a_valid_document_of_3_0(read: Any) -> None:
    contract = read("""\
        consumes: [application/json]
        parameters: {limit: {name: limit, in: query, type: integer, minimum: 1}}
        securityDefinitions: {o: {type: oauth2, flow: implicit, authorizationUrl: 'https://a.b/a', scopes: {}}}
        security: [{o: []}]
        paths:
          /a/{id}:
            parameters: [{name: id, in: path, required: true, type: string}, {$ref: '#/parameters/limit'}]
            post:
              parameters: [{name: f, in: formData, type: file}]
              responses: {default: {description: ok, schema: {$ref: '#/definitions/A'}}}
        definitions:
          A: {type: object, discriminator: k, required: [k], properties: {k: {type: string, x-nullable: true}}}
        """)
    assert list(OpenAPIV30SpecValidator(contract.document).iter_errors()) == []


def test_another_version_is_refused_with_a_remedy(tmp_path: Path) -> None:
    file = tmp_path / "old.yaml"
    file.write_text("swagger: '1.2'\npaths: {}\n", "utf-8")
    with pytest.raises(InputError, match=r"it declares 1\.2") as raised:
        load(str(file))
    assert "swagger: '2.0'" in raised.value.finding.remedy
