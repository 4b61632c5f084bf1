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
    found = server_patterns([{"servers": [server, other, {"no": "url"}]}, {"servers": "none"}, {}])
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
