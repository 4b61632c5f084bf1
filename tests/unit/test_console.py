"""The console's page and its data: which servers it offers, with which credentials, and that a script can read it."""

from __future__ import annotations

import json
from dataclasses import replace
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from understudy.contract.loading import load
from understudy.publish import console, mock_facts
from understudy.publish.build import Builder
from understudy.publish.console import WORDS, Console, authentication
from understudy.publish.site import Plan, Publication, Subject
from understudy.publish.standin import StandIn
from understudy.publish.words import spoken, words

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = """\
    openapi: 3.1.0
    info: {title: Pets, version: "1"}
    servers: [{url: /v1}, {url: "https://{region}.example.com/v1"}]
    security: [{key: []}]
    paths:
      /pets/{id}:
        parameters:
          - {name: id, in: path, required: true, schema: {type: integer}, examples: {rex: {value: 7}}}
          - {name: tag, in: query, schema: {type: string}}
          - {name: age, in: query, required: true, schema: {type: number, const: 1.50}}
        get:
          operationId: getPet
          responses: {"200": {description: x}}
    components:
      securitySchemes:
        key: {type: apiKey, in: header, name: X-Key}
        basic: {type: http, scheme: Basic}
        bearer: {type: http, scheme: bearer}
        oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: "https://example.com/t", scopes: {}}}}
    """
STAND_IN = StandIn("http://127.0.0.1:4010", "/v1", "understudy serve pets", credentials={"key": "k-1"})


def read(content: bytes, name: str) -> Any:
    """Read what a script assigns, as a browser does."""
    text = content.decode()
    assert text.startswith(f"window.{name} = JSON.parse(")
    return json.loads(json.loads(text[text.index("(") + 1 : text.rindex(")")]))


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    (tmp_path / "pets.yaml").write_text(dedent(CONTRACT), "utf-8")
    return Builder(Publication(Plan((Subject(load(str(tmp_path / "pets.yaml")), STAND_IN),))))


def made(builder: Builder, stand_in: StandIn = STAND_IN) -> Console:
    volume = builder.publication.volumes[0]
    return Console(volume.outline.book, replace(volume.edition, stand_in=stand_in))


def test_a_published_console_offers_the_vendor_first_and_the_mock_last(builder: Builder) -> None:
    told = read(made(builder).data.content, "understudyConsole")
    assert [server["url"] for server in told["servers"]] == [
        "https://{region}.example.com/v1",
        "http://127.0.0.1:4010/v1",
    ]
    assert told["servers"][1]["description"] == "The mock, started by: understudy serve pets"
    assert told["authentication"] == {}


def test_a_console_that_the_mock_shows_offers_itself_first_with_its_credentials(builder: Builder) -> None:
    told = read(made(builder, replace(STAND_IN, address="")).data.content, "understudyConsole")
    assert [server["url"] for server in told["servers"]] == ["/v1", "https://{region}.example.com/v1"]
    assert told["authentication"] == {"securitySchemes": {"key": {"value": "k-1"}}}


def test_every_kind_of_credential_is_filled_in_as_scalar_takes_it(builder: Builder) -> None:
    credentials = {"key": "k", "basic": "ann:secret", "bearer": "b", "oauth": "o", "nobody": "n"}
    document = made(builder).document
    assert authentication(document, replace(STAND_IN, credentials=credentials)) == {
        "securitySchemes": {
            "key": {"value": "k"},
            "basic": {"username": "ann", "password": "secret"},
            "bearer": {"token": "b"},
            "oauth": {"flows": {"clientCredentials": {"token": "o"}}},
        }
    }
    assert authentication(document, replace(STAND_IN, credentials={"basic": "secret"})) == {
        "securitySchemes": {"basic": {"username": "user", "password": "secret"}}
    }
    assert authentication({}, STAND_IN) == {}


def test_what_has_to_be_sent_has_a_value_and_the_contract_stays_as_it_was(builder: Builder) -> None:
    pet = read(made(builder).data.content, "understudyConsole")["document"]["paths"]["/pets/{id}"]
    identifier, tag, age = pet["parameters"]
    assert (identifier["example"], "examples" in identifier) == (7, False)
    assert "example" not in tag
    assert age["example"] == 1.5
    original = builder.publication.volumes[0].edition.contract.document["paths"]["/pets/{id}"]["parameters"]
    assert ("example" in original[0], original[0]["examples"]) == (False, {"rex": {"value": 7}})


def test_nothing_in_a_contract_means_anything_to_the_script() -> None:
    hostile = {"__proto__": {"polluted": True}, "</script>": "\u2028`${1}`\\u0041\\", "n": float("1e300")}
    assert read(f"window.x = {mock_facts.script_value(hostile)};".encode(), "x") == hostile
    from decimal import Decimal

    assert read(f"window.x = {mock_facts.script_value(Decimal('1e999'))};".encode(), "x") == "1E+999"


def test_the_files_of_all_consoles_come_once_and_from_the_package(builder: Builder) -> None:
    files = {file.path: file.content for file in console.console_files([made(builder)], builder.site)}
    assert list(files) == [
        "assets/scalar.js",
        "assets/console.js",
        "assets/console.css",
        "en/console.html",
        "en/console-data.js",
    ]
    assert len(files["assets/scalar.js"]) > 1_000_000
    page = files["en/console.html"].decode()
    for path in ('src="console-data.js"', 'src="../assets/scalar.js"', 'src="../assets/console.js"'):
        assert path in page
    assert "unsafe-eval" not in page
    assert list(console.console_files([], builder.site)) == []


@pytest.mark.parametrize("language", spoken())
def test_every_language_says_all_of_it(language: str) -> None:
    ours = words(language, WORDS).texts
    assert ours.keys() == words("en", WORDS).texts.keys()
    assert language == "en" or ours["back"] != words("en", WORDS).texts["back"]


def test_scripts_learn_where_the_mocks_are() -> None:
    file = mock_facts.mock_facts({"pets": STAND_IN}, is_served=False)
    assert read(file.content, "understudy") == {
        "served": False,
        "mocks": {
            "pets": {
                "address": "http://127.0.0.1:4010",
                "prefix": "/v1",
                "headers": {},
                "command": "understudy serve pets",
            }
        },
    }
