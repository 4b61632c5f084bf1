"""Prism's own ways, where a conversation can't reach: budgets, scores, cuts, and what a reload brings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from understudy_mock.prism.errors import PrismError
from understudy_mock.prism.routing import PrismRouter, server_patterns
from understudy_mock.prism.sampling import Sampler
from understudy_mock.prism.violations import MOST_BYTES, header

if TYPE_CHECKING:
    from conftest import Read, Serve


def sample(read: Read, schema: str) -> Any:
    other = "{properties: {t: {$ref: '#/components/schemas/T'}}}"
    text = f"paths: {{}}\ncomponents: {{schemas: {{S: {schema}, T: {other}}}}}"
    return Sampler(read(text)).sample(("components", "schemas", "S"))


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{type: string}", "string"),
        ("{type: string, pattern: '^x$'}", "string"),
        ("{type: string, minLength: 14}", "stringstringst"),
        ("{type: string, maxLength: 2}", "st"),
        ("{type: string, format: date, minLength: 40}", "2019-08-24"),
        ("{type: string, default: d, example: e}", "d"),
        ("{enum: [p, q], example: q}", "p"),
        ("{const: 7}", 7),
        ("{examples: [1, 2]}", 1),
        ("{example: false}", False),
        ("{type: [string, 'null']}", "string"),
        ("{}", None),
        ("{type: integer, minimum: 4, exclusiveMinimum: true}", 5),
        ("{type: integer, exclusiveMinimum: 4}", 5),
        ("{type: integer, maximum: -2}", -2),
        ("{type: integer, maximum: 2, multipleOf: 3}", 0),
        ("{type: integer, format: int32}", -2147483648),
        ("{type: boolean}", True),
        ("{type: array, items: {type: integer}, minItems: 2}", [0, 0]),
        ("{items: {type: string}}", ["string"]),
        ("{type: array}", []),
        ("{type: object, additionalProperties: {type: integer}}", {"property1": 0, "property2": 0}),
        ("{type: object, additionalProperties: true}", {}),
        ("{properties: {a: {type: string, writeOnly: true}}}", {"a": "string"}),
        ("{oneOf: [{enum: [1]}, {enum: [2]}], properties: {b: {}}}", 1),
        ("{allOf: [{properties: {x: {enum: [1]}}}, {properties: {x: {enum: [2]}, y: {enum: [3]}}}]}", {"x": 2, "y": 3}),
        ("{$ref: '#/components/schemas/T'}", {"t": {"t": {}}}),
    ],
)
def test_a_static_sample(contract: Read, schema: str, expected: Any) -> None:
    assert sample(contract, schema) == expected


def nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "object", "properties": dict.fromkeys("abcd", schema)}
    return schema


def test_a_sample_has_a_budget(contract: Read) -> None:
    assert len(json.dumps(sample(contract, json.dumps(nested(5))))) > 10_000
    with pytest.raises(PrismError) as caught:
        sample(contract, json.dumps(nested(6)))
    assert (caught.value.kind, caught.value.status) == ("SCHEMA_TOO_COMPLEX", 500)


def test_a_schema_too_complex_is_a_500(mocked: Serve) -> None:
    response = f'{{"200": {{description: x, content: {{application/json: {{schema: {json.dumps(nested(6))}}}}}}}}}'
    told = mocked(f"paths: {{/a: {{get: {{responses: {response}}}}}}}", compat="prism").ask("GET /a")
    assert (told.status, told.json["type"]) == (500, "https://stoplight.io/prism/errors#SCHEMA_TOO_COMPLEX")


ROUTES = """\
paths:
  /a/{x}: {get: {operationId: ax, responses: {}}}
  /{y}/b: {get: {operationId: yb, responses: {}}}
  /a/{x}/c: {get: {operationId: axc, responses: {}}}
  /{z}/{w}/c: {get: {operationId: zwc, responses: {}}}
  /m/{x}: {get: {operationId: mx, responses: {}}}
  /m/fix: {post: {operationId: mfix, responses: {}}}
  /f/{n}.{e}: {get: {operationId: file, responses: {}}}
"""


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/a/1", ("ax", ("1",))),
        ("GET", "/a/b", ("yb", ("a",))),
        ("GET", "/a/b/c", ("axc", ("b",))),
        ("GET", "/m/fix", ("mx", ("fix",))),
        ("POST", "/m/fix", ("mfix", ())),
        ("GET", "/f/a.b.c", ("file", ("a", "b.c"))),
    ],
)
def test_a_route_is_scored(mocked: Serve, method: str, path: str, expected: Any) -> None:
    router = PrismRouter(mocked(ROUTES).app.mounts[0].compiled.operations.values())
    entry, values = router.find(method, path)
    assert (entry.operation.id, values) == expected


@pytest.mark.parametrize(
    ("url", "is_known"), [("http://a.test/v1", True), ("http://c.test/v1", False), ("http://any.test:1", True)]
)
def test_a_server_is_found_by_its_variables(url: str, is_known: bool) -> None:
    server = {"url": "http://{h}.test/v1", "variables": {"h": {"enum": ["a", "b"]}}}
    other = {"url": "http://any.test:{port}", "variables": {"port": {"default": "1"}}}
    assert server_patterns("none") == server_patterns(None) == []
    found = server_patterns([server, other, {"no": "url"}])
    assert any(pattern.fullmatch(url) for pattern in found) is is_known


def test_violations_are_cut() -> None:
    one = {"location": ["body"], "severity": "Error", "code": "type", "message": "m" * 1000}
    told = header([one] * 20, [])
    assert told.startswith(b"Too many violations! [{")
    assert len(told) == MOST_BYTES + len("Too many violations! ")
    assert json.loads(header([one], [one]))[1]["location"] == ["response", "body"]


ITEM = """\
paths:
  /a:
    get:
      parameters: [{name: c, in: cookie, required: true, schema: {type: string}}]
      security: [{k: []}]
      responses:
        "200":
          description: x
          headers: {N: {schema: {type: integer}, example: x}}
          content: {application/json: {schema: {type: object, properties: {b: {}, a: {writeOnly: true}}}}}
components: {securitySchemes: {k: {type: apiKey, in: header, name: k}}}
"""


def test_cookies_are_not_looked_at_and_keys_only_for_presence(mocked: Serve) -> None:
    served = mocked(ITEM, compat="prism")
    assert served.ask("GET /a").status == 401
    told = served.ask("GET /a", k="anything")
    assert told.status == 200
    assert json.loads(told.headers["sl-violations"])[0]["location"] == ["response", "header", "n"]


def test_a_dynamic_answer_is_without_what_is_write_only(mocked: Serve) -> None:
    told = mocked(ITEM, compat="prism").ask("GET /a", k="k", prefer="dynamic=true")
    assert "a" not in told.json


def test_errors_make_a_500_of_an_answer_that_breaks_the_contract(mocked: Serve) -> None:
    told = mocked(ITEM, compat="prism", violations_fail=True).ask("GET /a", k="k")
    assert (told.status, told.json["title"]) == (500, "Request/Response not valid")
    assert told.json["validation"][0]["location"] == ["response", "header", "n"]


def test_the_mock_stays_up_and_records(mocked: Serve) -> None:
    served = mocked(ITEM, compat="prism", max_body_bytes=10)
    told = served.ask("GET /a", b"x" * 100, k="k")
    assert (told.status, told.json["title"]) == (500, "is larger than 10 bytes")
    assert [entry.status for entry in served.app.runtime.journal] == [500]


def test_other_contracts_are_served_once_they_are_mounted(mocked: Serve) -> None:
    served = mocked(ITEM, compat="prism")
    assert served.ask("GET /m/1").status == 404
    served.app.runtime.mounts = mocked(ROUTES, compat="prism").app.mounts
    assert served.ask("GET /m/1").json["type"].endswith("#NO_RESPONSE_RESPONSE_DEFINED")


LIKE = """\
servers: [{url: /v1}]
paths:
  /a/{x}:
    servers: [{url: "http://own.test"}]
    get:
      operationId: get
      parameters:
        - {name: x, in: path, required: true, schema: {type: integer}}
        - {name: f, in: query, schema: {type: integer, minimum: 5}}
        - {name: must, in: query, schema: {type: string, minLength: 1}}
        - {name: j, in: query, content: {application/json: {schema: {type: integer}}}}
      responses: {"200": {description: x, headers: {N: {schema: {enum: [7]}}}}, default: {description: x}}
    put:
      operationId: put
      requestBody: {required: true, content: {application/json: {schema: {type: object}}, text/plain: {}}}
      parameters: [{name: x, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: x}, "400": {description: x}}
  /any: {get: {operationId: any, responses: {"200": {description: x, content: {"*/*": {example: text}}}}}}
  /octets: {get: {operationId: octets, responses: {"200": {description: x, content: {application/octet-stream: {}}}}}}
  /both:
    get:
      operationId: both
      security: [{}, {t: []}]
      responses: {"200": {description: x}}
components: {securitySchemes: {t: {type: http, scheme: bearer}}}
"""


def codes(told: Any) -> list[tuple[Any, Any]]:
    return [(one["location"], one["code"]) for one in json.loads(told.headers.get("sl-violations", "[]"))]


@pytest.mark.parametrize(
    ("line", "status", "expected"),
    [
        ("GET /a/1?f=&must=", 200, []),
        ("GET /a/1?j=x", 200, []),
        ("GET /a/1?f=1.5", 422, [(["request", "query", "f"], "type")]),
        ("GET /a/", 422, [(["request", "path"], "required")]),
        ("GET /a/x?f=1", 422, [(["request", "query", "f"], "minimum"), (["request", "path", "x"], "type")]),
        ("GET //host/a/1", 200, []),
        ("GET /%61/1", 200, []),
    ],
)
def test_parameters_as_prism_sees_them(mocked: Serve, line: str, status: int, expected: Any) -> None:
    told = mocked(LIKE, compat="prism").ask(line)
    assert (told.status, codes(told)) == (status, expected)


@pytest.mark.parametrize(
    ("kind", "body", "status", "expected"),
    [
        ("application/json", b"{}", 200, []),
        ("application/vnd.other+json", b"{}", 200, []),
        ("application/json", b" null ", 400, [(["request"], "required")]),
        ("image/png", b"null", 400, [(["request"], 415)]),
        ("image/png", b"", 400, [(["request"], "required")]),
    ],
)
def test_bodies_as_prism_sees_them(mocked: Serve, kind: str, body: bytes, status: int, expected: Any) -> None:
    told = mocked(LIKE, compat="prism").ask("PUT /a/1", body, content_type=kind)
    assert (told.status, codes(told)) == (status, expected)
    if kind == "image/png" and body:
        assert "Supported content types: application/json,text/plain" in told.headers["sl-violations"]


def test_a_body_where_none_belongs_is_of_no_supported_type(mocked: Serve) -> None:
    told = mocked(LIKE, compat="prism").ask("GET /any", b"x", content_type="text/plain")
    assert (told.status, told.json["detail"]) == (
        415,
        "No supported content types, but request included a non-empty body",
    )


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("GET /a/1?__server=http://own.test", ""),
        ("GET /a/1?__server=/v1", "NO_SERVER_MATCHED_ERROR"),
        ("GET /any?__server=/v1", ""),
        ("GET /any?__server=http://own.test", "NO_SERVER_MATCHED_ERROR"),
        ("GET /no?__server=http://own.test", "NO_PATH_MATCHED_ERROR"),
    ],
)
def test_a_server_is_that_of_the_operation(mocked: Serve, line: str, kind: str) -> None:
    told = mocked(LIKE, compat="prism").ask(line)
    assert told.json["type"].endswith(f"#{kind}") if kind else told.status == 200


def test_without_servers_none_can_be_named(mocked: Serve) -> None:
    told = mocked(LIKE.partition("\n")[2].replace("servers: [{", "x: [{"), compat="prism").ask("GET /any?__server=/v1")
    assert told.json["type"].endswith("#NO_SERVER_CONFIGURATION_PROVIDED_ERROR")


def test_any_type_is_for_those_who_take_any(mocked: Serve) -> None:
    served = mocked(LIKE, compat="prism")
    found = [served.ask("GET /any", accept=accept).status for accept in ("*/*", "text/plain", "text/*, */*;q=0.1")]
    assert found == [200, 406, 200]


def test_what_has_no_serializer_is_a_500_even_without_a_value(mocked: Serve) -> None:
    told = mocked(LIKE, compat="prism").ask("GET /octets")
    assert (told.status, told.json["title"]) == (500, "Cannot find serializer for application/octet-stream")


@pytest.mark.parametrize(
    ("credential", "status", "challenge"),
    [(None, 200, None), ("Bearer t", 200, None), ("bearer t", 401, "None,Bearer"), ("Bearer", 401, "None,Bearer")],
)
def test_who_sends_a_credential_is_held_to_it(
    mocked: Serve, credential: str | None, status: int, challenge: str | None
) -> None:
    headers = {"authorization": credential} if credential else {}
    told = mocked(LIKE, compat="prism").ask("GET /both", **headers)
    assert (told.status, told.headers.get("www-authenticate")) == (status, challenge)


UNTOLD = """\
paths:
  /a:
    get:
      parameters: [{name: f, in: query, schema: {type: integer}}]
      responses:
        "200": {description: x, content: {application/json: {}}}
        "422": {description: x, content: {application/json: {}, text/plain: {}}}
  /b:
    get:
      parameters: [{name: f, in: query, schema: {type: integer}}]
      responses: {"204": {description: x, content: {application/json: {example: 1}}}, "422": {description: x}}
"""


def test_content_of_which_nothing_is_known_is_empty(mocked: Serve) -> None:
    told = mocked(UNTOLD, compat="prism").ask("GET /a")
    assert (told.status, told.body, told.headers["content-type"]) == (200, b"", "application/json")


def test_an_answer_without_the_content_it_should_have_is_told(mocked: Serve) -> None:
    served = mocked(UNTOLD, compat="prism")
    told = served.ask("GET /a?f=x")
    assert (told.status, told.body, told.headers.get("content-type")) == (422, b"", None)
    assert "the ones specified in the current response: application/json, text/plain" in told.headers["sl-violations"]
    told = served.ask("GET /b", accept="text/html")
    assert told.status == 204
    assert "the one specified in the current response: application/json" in told.headers["sl-violations"]
    assert "sl-violations" not in served.ask("GET /b").headers


def test_what_is_wrong_besides_the_credential_is_told(mocked: Serve) -> None:
    guarded = LIKE.replace("operationId: get\n", "operationId: get\n      security: [{t: []}]\n")
    told = mocked(guarded, compat="prism").ask("GET /a/x")
    assert (told.status, codes(told)) == (401, [(["request"], 401), (["request", "path", "x"], "type")])
