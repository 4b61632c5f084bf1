"""What a rule or a scenario answers is said in a media type that the client reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Mocked, Serve

CONTRACT = """\
paths:
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getPet
      responses:
        "200": {description: x, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
        "404":
          description: None.
          content:
            application/problem+json: {schema: {type: object}, example: {title: none}}
            text/plain: {schema: {type: string}, example: none}
  /pets:
    get:
      operationId: listPets
      responses:
        "200":
          description: x
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}}}
    post:
      operationId: addPet
      parameters: [{name: when, in: query, schema: {type: string}}]
      responses:
        "201":
          description: Added.
          content:
            application/json: {schema: {type: object}, example: {id: 1}}
            application/xml: {schema: {type: object, xml: {name: pet}}}
            text/plain: {schema: {type: string}}
            text/csv: {schema: {type: string}}
        "409":
          description: There is one.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Error"}
              examples: {taken: {value: {error: taken}}, full: {value: {error: full}}}
            application/xml: {schema: {$ref: "#/components/schemas/Error"}}
            text/plain: {schema: {type: string}, examples: {plain: {value: no}}}
components:
  schemas:
    Pet: {type: object, required: [id], properties: {id: {type: integer}}, example: {id: 1}}
    Error: {type: object, xml: {name: problem}, required: [error], properties: {error: {type: string}}}
"""
RULES = """\
rules:
  addPet:
    - {when: 'request.query.when == "taken"', respond: {status: 409, example: taken}}
    - {when: 'request.query.when == "plain"', respond: {status: 409, example: plain}}
    - {when: 'request.query.when == "any"', respond: {status: 409}}
"""
XML = '<?xml version="1.0" encoding="UTF-8"?><problem><error>taken</error></problem>'


@pytest.fixture
def mock(mocked: Serve, tmp_path: Path) -> Mocked:
    (tmp_path / "scenarios").mkdir()
    for name in ("taken", "plain"):
        text = f"name: {name}\nsteps:\n  addPet:\n    - {{status: 409, example: {name}}}\n"
        (tmp_path / "scenarios" / f"{name}.yaml").write_text(text, "utf-8")
    return mocked(CONTRACT, behaviour=RULES)


ASKED = {
    "rule": ("?when={}", ""),
    "scenario": ("", "scenario={}"),
    "wish": ("", "code=409, example={}"),
}


def ask(mock: Mocked, form: str, name: str, accept: str) -> tuple[int, str, str]:
    query, prefer = (text.format(name) for text in ASKED[form])
    headers = {"accept": accept} if accept else {}
    headers |= {"prefer": prefer} if prefer else {}
    told = mock.ask(f"POST /pets{query}", **headers)
    return told.status, told.headers["content-type"], told.body.decode()


@pytest.mark.parametrize("form", ASKED)
@pytest.mark.parametrize(
    ("asked", "media_type", "body"),
    [
        (("taken", ""), "application/json", '{"error":"taken"}'),
        (("taken", "*/*"), "application/json", '{"error":"taken"}'),
        (("taken", "application/xml"), "application/xml", XML),
        (("taken", "application/xml, application/json;q=0.1"), "application/xml", XML),
        (("taken", "text/plain, application/json;q=0.1"), "application/json", '{"error":"taken"}'),
        (("plain", ""), "text/plain", "no"),
        (("plain", "text/*"), "text/plain", "no"),
    ],
)
def test_the_example_in_what_the_client_reads(
    mock: Mocked, form: str, asked: tuple[str, str], media_type: str, body: str
) -> None:
    status, told_type, told = ask(mock, form, *asked)
    assert (status, told_type) == (409, media_type)
    assert told.replace("\n", "") == body


@pytest.mark.parametrize("form", ASKED)
@pytest.mark.parametrize(
    ("name", "accept"), [("taken", "text/plain"), ("plain", "application/json"), ("taken", "text/csv")]
)
def test_what_the_client_can_not_read_is_406(mock: Mocked, form: str, name: str, accept: str) -> None:
    status, media_type, told = ask(mock, form, name, accept)
    assert (status, media_type) == (406, "application/problem+json")
    assert "can be answered with" in told


def test_a_rule_without_an_example(mock: Mocked) -> None:
    assert ask(mock, "rule", "any", "")[1:] == ("application/json", '{"error":"taken"}')
    assert ask(mock, "rule", "any", "text/plain") == (409, "text/plain", "no")
    assert ask(mock, "rule", "any", "application/xml")[:2] == (409, "application/xml")
    assert ask(mock, "rule", "any", "text/csv")[0] == 406


def test_an_unknown_example_is_still_told(mock: Mocked) -> None:
    told = mock.ask("POST /pets", prefer="code=409, example=nope")
    assert told.status == 404
    assert "it has taken, full, plain" in told.body.decode()


def test_what_the_state_brings_about_is_told_in_any_case(mock: Mocked) -> None:
    told = mock.ask("GET /pets/7", accept="application/json")
    assert (told.status, told.headers["content-type"]) == (404, "application/problem+json")
    told = mock.ask("GET /pets/7", accept="text/plain, application/json")
    assert (told.status, told.body) == (404, b"none")
