"""An operation on what is not there: refused where the contract says so or it was deleted, else made or played."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Serve

NO_REFUSALS = """\
    paths:
      /notes:
        post:
          operationId: add
          requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
          responses: {'201': {$ref: '#/components/responses/Note'}}
      /notes/{id}:
        parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
        get:
          operationId: read
          responses: {'200': {$ref: '#/components/responses/Note'}}
        put:
          operationId: put
          requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
          responses: {'200': {$ref: '#/components/responses/Note'}}
        delete: {operationId: drop, responses: {'204': {description: gone}}}
    components:
      responses:
        Note: {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      schemas: {Note: {type: object, required: [id, text], properties: {id: {type: integer}, text: {type: string}}}}
"""


def test_what_was_deleted_is_gone_even_where_no_404_is_declared(mocked: Serve) -> None:
    mock = mocked(NO_REFUSALS)
    made = mock.ask("POST /notes", {"id": 4, "text": "one"}).json
    assert mock.ask(f"GET /notes/{made['id']}").json == made
    assert mock.ask(f"DELETE /notes/{made['id']}").status == 204
    assert mock.ask(f"GET /notes/{made['id']}").status == 404
    assert mock.ask("GET /notes/77").status == 200


def test_put_makes_what_is_missing_where_no_404_is_declared(mocked: Serve) -> None:
    mock = mocked(NO_REFUSALS)
    assert mock.ask("PUT /notes/9", {"id": 9, "text": "new"}).json == {"id": 9, "text": "new"}
    assert mock.ask("GET /notes/9").json == {"id": 9, "text": "new"}
    mock.ask("DELETE /notes/9")
    assert mock.ask("PUT /notes/9", {"id": 9, "text": "again"}).status == 200
    assert mock.ask("GET /notes/9").json == {"id": 9, "text": "again"}
