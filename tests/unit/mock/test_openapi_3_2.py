"""What OpenAPI 3.2 added to requests is served: methods of one's own, and the query as one value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Serve

HEAD = "openapi: 3.2.0\ninfo: {title: Probe, version: '1'}\n"
METHODS = (
    HEAD
    + """\
paths:
  /a/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {operationId: read, responses: {'200': {description: ok, content: {application/json: {example: read}}}}}
    query:
      operationId: ask
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [q]}}}}
      responses: {'200': {description: ok, content: {application/json: {example: asked}}}, '422': {description: no}}
    additionalOperations:
      COPY: {operationId: copy, responses: {'200': {description: ok, content: {application/json: {example: copied}}}}}
      DuPlicate:
        operationId: duplicate
        responses: {'200': {description: ok, content: {application/json: {example: twice}}}}
"""
)


def test_methods_of_3_2_are_routed(mocked: Serve) -> None:
    mock = mocked(METHODS)
    assert mock.ask("GET /a/1").json == "read"
    assert mock.ask("QUERY /a/1", {"q": 1}).json == "asked"
    assert mock.ask("QUERY /a/1", {}).status == 422
    assert mock.ask("COPY /a/1").json == "copied"
    assert mock.ask("DUPLICATE /a/1").json == "twice"
    assert mock.ask("COPY /a/x").status == 422


def test_they_are_listed_where_a_method_is_unknown(mocked: Serve) -> None:
    answer = mocked(METHODS).ask("MOVE /a/1")
    assert (answer.status, answer.headers["allow"]) == (405, "COPY, DUPLICATE, GET, HEAD, OPTIONS, QUERY")


QUERYSTRING = (
    HEAD
    + """\
paths:
  /form:
    get:
      parameters:
        - name: all
          in: querystring
          required: true
          content:
            application/x-www-form-urlencoded:
              schema:
                type: object
                required: [q]
                properties:
                  q: {type: string}
                  limit: {type: integer, minimum: 1}
                  tag: {type: array, items: {type: string}}
                additionalProperties: false
      responses: {'204': {description: ok}, '422': {description: no}}
  /json:
    get:
      parameters:
        - name: all
          in: querystring
          content: {application/json: {schema: {type: object, required: [n], properties: {n: {type: integer}}}}}
      responses: {'204': {description: ok}, '422': {description: no}}
"""
)


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/form?q=a+b&limit=2&tag=x&tag=y", 204),
        ("/form?q=a&limit=0", 422),
        ("/form?limit=2", 422),
        ("/form?q=a&other=1", 422),
        ("/form", 422),
        ("/json", 204),
        ("/json?%7B%22n%22%3A1%7D", 204),
        ("/json?%7B%22n%22%3A%22x%22%7D", 422),
        ("/json?%7B", 422),
    ],
)
def test_the_query_is_one_value(mocked: Serve, target: str, status: int) -> None:
    assert mocked(QUERYSTRING).ask(f"GET {target}").status == status


def test_a_form_s_list_may_be_one_text(mocked: Serve) -> None:
    mock = mocked("""\
        paths:
          /a:
            post:
              requestBody:
                content:
                  application/x-www-form-urlencoded:
                    schema: {type: object, properties: {ids: {type: array, maxItems: 2, items: {type: integer}}}}
                    encoding: {ids: {style: form, explode: false}}
              responses: {'204': {description: ok}, '422': {description: no}}
        """)
    form = "application/x-www-form-urlencoded"
    assert mock.ask("POST /a", b"ids=1,2", content_type=form).status == 204
    assert mock.ask("POST /a", b"ids=1,2,3", content_type=form).status == 422
    assert mock.ask("POST /a", b"ids=1,x", content_type=form).status == 422


def test_a_part_of_json_is_what_it_says(mocked: Serve) -> None:
    mock = mocked("""\
        paths:
          /a:
            post:
              requestBody:
                content: {multipart/form-data: {schema: {type: object, properties: {note: {type: string}}}}}
              responses: {'204': {description: ok}, '422': {description: no}}
        """)
    part = b'--b\r\nContent-Disposition: form-data; name="note"\r\n%s\r\n{"a": 1}\r\n--b--\r\n'
    form = "multipart/form-data; boundary=b"
    assert mock.ask("POST /a", part % b"", content_type=form).status == 204
    assert mock.ask("POST /a", part % b"Content-Type: application/json\r\n", content_type=form).status == 422
