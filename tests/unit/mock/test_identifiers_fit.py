"""The identifier of what is created is one that its own path takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy_mock.state.identifiers import Further, fresh, fresh_number

if TYPE_CHECKING:
    from conftest import Serve

THING = "{description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}"


def contract(key: str) -> str:
    return f"""\
        paths:
          /things:
            post:
              operationId: make
              requestBody: {{content: {{application/json: {{schema: {{type: object}}}}}}}}
              responses:
                '201': {THING}
          /things/{{id}}:
            get:
              operationId: read
              parameters: [{{name: id, in: path, required: true, schema: {key}}}]
              responses:
                '200': {THING}
                '404': {{description: none}}
        components: {{schemas: {{Thing: {{type: object, properties: {{id: {{}}, name: {{type: string}}}}}}}}}}
        """


@pytest.mark.parametrize(
    "key",
    [
        "{type: integer}",
        "{type: integer, minimum: 5, maximum: 7}",
        "{type: string}",
        "{type: string, format: uuid}",
        "{type: string, pattern: '^T-[A-Z]{4}$'}",
        "{type: string, minLength: 3, maxLength: 6, pattern: '^[a-z]+$'}",
    ],
)
def test_what_was_made_is_found_at_its_own_path(mocked: Serve, key: str) -> None:
    mock = mocked(contract(key))
    count = 3 if "maximum" in key else 120
    made = [mock.ask("POST /things", {"name": "x"}).json for _ in range(count)]
    assert len({thing["id"] for thing in made}) == count
    assert [mock.ask(f"GET /things/{thing['id']}").json for thing in made] == made


def test_an_identifier_that_no_path_takes_is_not_taken_over(mocked: Serve) -> None:
    mock = mocked(contract("{type: integer, maximum: 99}"))
    assert mock.ask("POST /things", {"id": 7}).json["id"] == 7
    assert mock.ask("POST /things", {"id": 1000}).json["id"] == 8
    assert mock.ask("POST /things", {"id": [1]}).json["id"] == 9


def test_numbers_beyond_the_bounds_come_round() -> None:
    assert fresh_number([1, 2, 9], lambda number: number <= 9) == 3
    assert fresh_number([1, 2]) == 3


def test_what_is_made_stands_in_where_the_style_does_not_fit() -> None:
    assert fresh(["a1"], lambda _: False, "s", lambda text: text.startswith("b"), Further(["x", "b1"])) == "b1"
    assert fresh(["a1"], lambda text: text == "a1", "s", lambda _: False, Further([])) == "a2"
