"""`Understudy-Explain` names the step that really decided, for every kind of answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Serve

CONTRACT = """\
paths:
  /pets:
    get:
      operationId: listPets
      security: [{key: []}]
      parameters: [{name: n, in: query, schema: {type: integer}}]
      responses:
        "200":
          description: x
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}
              examples: {some: {value: [{id: 1, name: Rex}]}, none: {value: []}}
        "202": {description: x, content: {application/json: {schema: {type: integer, enum: [5]}}}}
        "204": {description: x}
        "400": {description: x, content: {application/json: {example: {error: bad}}}}
        "500": {description: x, content: {application/json: {examples: {wrong: {value: x}}, schema: {type: integer}}}}
    post:
      operationId: addPet
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {"201": {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /pets/{id}:
    get:
      operationId: getPet
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        "200": {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        "404": {description: x, content: {application/json: {example: {error: gone}}}}
  /echo/{word}:
    get:
      operationId: echo
      parameters: [{name: word, in: path, required: true, schema: {type: string}, examples: {hi: {value: hi}}}]
      responses:
        "200":
          description: x
          content: {application/json: {examples: {other: {value: {word: x}}, hi: {value: {word: HI}}}}}
  /blank: {get: {operationId: blank, responses: {"200": {description: x, content: {text/plain: {}}}}}}
  /nothing: {get: {operationId: nothing, responses: {"200": {description: x}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: key}}
  schemas: {Pet: {type: object, required: [id], properties: {id: {type: integer}, name: {type: string}}}}
"""


@pytest.mark.parametrize(
    ("line", "headers", "status", "reason"),
    [
        ("GET /pets", {}, 401, "security: key: no credential was sent"),
        ("GET /pets?n=x", {"key": "k"}, 400, "invalid: n must be of type integer"),
        ("GET /pets", {"key": "k"}, 200, "the memory: 1 of 1 in pets"),
        ("GET /pets", {"key": "k", "prefer": "example=none"}, 200, "forced: example none of 200"),
        ("GET /pets", {"key": "k", "prefer": "code=200"}, 200, "forced: example some of 200"),
        ("GET /pets", {"key": "k", "prefer": "code=202"}, 202, "forced: 202; generated from the schema"),
        ("GET /pets", {"key": "k", "prefer": "code=202, dynamic=true"}, 202, "generated from the schema"),
        ("GET /pets", {"key": "k", "prefer": "code=204"}, 204, "forced: 204; 204 has no body"),
        (
            "GET /pets",
            {"key": "k", "prefer": "code=418"},
            404,
            "unknown-code: code: the operation declares no response",
        ),
        ("GET /pets", {"key": "k", "prefer": "example=x"}, 404, "unknown-example: example: 200 has no example `x`"),
        ("GET /pets", {"key": "k", "prefer": "code=500, example=wrong"}, 501, "broken-example: contract: the example"),
        ("GET /pets", {"key": "k", "prefer": "code=x"}, 422, "unknown-wish: preference: code='x'"),
        ("GET /pets", {"key": "k", "accept": "text/csv"}, 406, "not-acceptable: Accept: can be answered with"),
        ("DELETE /pets", {}, 405, "no-method: method: the path knows"),
        ("GET /cats", {}, 404, "no-route: path: no contract has the path /cats"),
        ("OPTIONS /pets", {}, 204, "the methods the path knows"),
        ("OPTIONS /pets", {"access_control_request_method": "GET"}, 204, "preflight"),
        ("GET /pets/1", {}, 200, "the memory: an item of pets"),
        ("GET /pets/9", {}, 404, "pets has no item '9': example default of 404"),
        ("GET /echo/hi", {}, 200, "the request is that of the same name: example hi of 200"),
        ("GET /echo/ho", {}, 200, "the first example: example other of 200, with the request's word"),
        ("GET /echo/x", {}, 200, "the first example: example other of 200"),
        ("GET /blank", {}, 200, "no schema and no example"),
        ("GET /nothing", {}, 200, "the contract declares no content"),
    ],
)
def test_the_step_that_decided_is_named(
    mocked: Serve, line: str, headers: dict[str, str], status: int, reason: str
) -> None:
    told = mocked(CONTRACT).ask(line, **headers)
    assert told.status == status
    assert told.headers["understudy-explain"].startswith(reason)


def test_without_memory_the_example_is_what_decided(mocked: Serve) -> None:
    told = mocked(CONTRACT, remember=False).ask("GET /pets", key="k")
    assert told.headers["understudy-explain"] == "the first example: example some of 200"


@pytest.mark.parametrize(
    ("prefer", "applied"),
    [
        ("code=202, seed=1", "code=202, seed=1"),
        ("code=200, seed=1, dynamic=true", "code=200, dynamic=true, seed=1"),
        ("code=200, seed=1", "code=200"),
        ("code=204, seed=1, dynamic=true", "code=204"),
        ("code=202, dynamic=false", "code=202"),
        ("code=200, dynamic=false, seed=1", "code=200, dynamic=false"),
        ("seed=1, session=a", "session=a"),
        ('example="none", seed=1', "example=none"),
        ("code=418, session=a", "session=a"),
    ],
)
def test_only_what_was_granted_is_applied(mocked: Serve, prefer: str, applied: Any) -> None:
    assert mocked(CONTRACT).ask("GET /pets", key="k", prefer=prefer).headers["preference-applied"] == applied
