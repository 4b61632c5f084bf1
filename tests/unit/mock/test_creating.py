"""What is created without an example to start from: made of the request, the schema's defaults and what it requires."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Serve


def contract(identifier: str, more: str = "", example: str = "") -> str:
    told = f", example: {example or '[]'}"
    thing = '{$ref: "#/components/schemas/Thing"}'
    return f"""\
        paths:
          /things:
            get:
              responses:
                "200":
                  description: x
                  content: {{application/json: {{schema: {{type: array, items: {thing}}}{told}}}}}
            post:
              requestBody: {{content: {{application/json: {{schema: {{type: object}}}}}}}}
              responses: {{"201": {{$ref: "#/components/responses/Thing"}}}}
          /things/{{id}}:
            parameters: [{{name: id, in: path, required: true, schema: {identifier}}}]
            get: {{responses: {{"200": {{$ref: "#/components/responses/Thing"}}, "404": {{description: x}}}}}}
            delete: {{responses: {{"204": {{description: x}}, "404": {{description: x}}}}}}
        components:
          responses:
            Thing: {{description: x, content: {{application/json: {{schema: {thing}}}}}}}
          schemas:
            Thing:
              type: object
              required: [id, name, created_at]
              properties:
                id: {identifier}
                name: {{type: string}}
                created_at: {{type: string, format: date-time, readOnly: true}}
                size: {{enum: [small, large], default: small}}
                note: {{type: string}}
                {more}
        """


@pytest.mark.parametrize(
    ("identifier", "first", "second"),
    [
        ("{type: integer}", 1, 2),
        ("{type: integer, minimum: 1000}", 1000, 1001),
        ("{type: string, pattern: '^T-[0-9]{3}$'}", "T-", "T-"),
        ("{type: string, format: uuid}", "", ""),
        ("{type: string}", "", ""),
    ],
)
def test_a_fresh_identifier_fits_its_schema(
    mocked: Serve, identifier: str, first: int | str, second: int | str
) -> None:
    served = mocked(contract(identifier))
    made = [served.ask("POST /things", {"name": "a"}).json for _ in range(2)]
    for thing, expected in zip(made, (first, second), strict=True):
        assert thing["id"] == expected if isinstance(expected, int) else thing["id"].startswith(expected)
        assert served.ask(f"GET /things/{thing['id']}").json == thing
    assert made[0]["id"] != made[1]["id"]
    listed = served.ask("GET /things")
    assert (listed.json, listed.headers["understudy-explain"]) == (made, "the memory: 2 of 2 in things")


def test_what_is_required_is_made_and_defaults_are_filled_in(mocked: Serve) -> None:
    told = mocked(contract("{type: integer}")).ask("POST /things", {"name": "a"})
    assert told.json == {"id": 1, "name": "a", "created_at": "2024-01-15T12:00:00Z", "size": "small"}


def test_an_identifier_is_never_given_twice(mocked: Serve) -> None:
    served = mocked(contract("{type: integer}", example="[{id: 4, name: a, created_at: 2024-01-01T00:00:00Z}]"))
    assert served.ask("POST /things", {"name": "b"}).json["id"] == 5
    assert [served.ask(f"DELETE /things/{one}").status for one in (5, 4, 5)] == [204, 204, 404]
    assert served.ask("POST /things", {"name": "c"}).json["id"] == 6
    assert served.ask("GET /things/5").status == 404


def test_a_write_only_property_is_kept_to_itself(mocked: Serve) -> None:
    served = mocked(contract("{type: integer}", more="secret: {type: string, writeOnly: true}"))
    made = served.ask("POST /things", {"name": "a", "secret": "hush"})
    assert b"hush" not in made.body
    assert b"secret" not in served.ask("GET /things").body
    assert b"secret" not in served.ask("GET /things/1", prefer="dynamic=true").body


def test_the_callers_objects_are_not_shared(mocked: Serve) -> None:
    served = mocked(contract("{type: integer}", more="parts: {type: array, items: {type: object}}"))
    one = served.ask("POST /things", {"name": "a", "parts": [{"x": 1}]}).json
    other = served.ask("POST /things", {"name": "b"}).json
    assert one["parts"] == [{"x": 1}]
    assert "parts" not in other


def test_two_mocks_remember_apart(mocked: Serve) -> None:
    one, other = mocked(contract("{type: integer}")), mocked(contract("{type: integer}"))
    one.ask("POST /things", {"name": "a"})
    assert other.ask("GET /things/1").status == 404


@pytest.mark.parametrize("behaviour", [None, "resources: {things: {path: /things, seed: []}}"])
def test_a_collection_of_which_nothing_is_shown_begins_with_made_up_items(mocked: Serve, behaviour: str | None) -> None:
    text = contract("{type: integer}").replace(", example: []", "")
    mock = mocked(text, behaviour=behaviour) if behaviour else mocked(text)
    listed = mock.ask("GET /things").json
    assert [thing["id"] for thing in listed] == ([] if behaviour else [1, 2, 3])
    assert [mock.ask(f"GET /things/{thing['id']}").json for thing in listed] == listed
    assert mock.ask("POST /things", {"name": "a"}).json["id"] == len(listed) + 1
