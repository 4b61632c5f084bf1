"""Translations of a small contract: what they say, what they lack, and what they may not do."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from understudy.contract.loading import load
from understudy.contract.overlays import prose_subject, translations
from understudy.contract.overlays.prose import fingerprint, spots, without_prose
from understudy.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = """\
openapi: 3.1.0
info: {title: Shop, version: "1", description: Sells.}
servers: [{url: /v1, description: Public, variables: {a: {default: b, description: Which}}}]
tags: [{name: Orders, externalDocs: {url: /x, description: More}}]
paths:
  /orders: {$ref: paths.yaml}
components:
  securitySchemes:
    login:
      type: oauth2
      description: Log in.
      flows: {implicit: {authorizationUrl: /a, scopes: {read: Read it}}}
  schemas:
    Order:
      title: Order
      x-understudy-assumed: No page says so.
      properties:
        description: {type: string, title: Text, examples: [{description: data}]}
        title: {const: title}
"""
PATHS = """\
post:
  operationId: make
  tags: [Orders]
  summary: Make an order
  responses:
    "201":
      description: Made.
      content:
        application/json:
          schema: {$ref: 'openapi.yaml#/components/schemas/Order', description: The order}
          examples: {one: {summary: One, value: {summary: data}}}
"""
BEHAVIOUR = "rules: {make: [{when: 'true', description: Never fails.}, {set: {}}]}\n"
LEDGER = "operations: [{operationId: make, evidence: a page}, {operationId: [], evidence: b}, {operationId: old}]\n"
SCENARIO = "name: empty\ndescription: Nothing yet.\ngiven: {}\n"

PROSE = {
    "/info/title": "Shop",
    "/info/description": "Sells.",
    "/servers/0/description": "Public",
    "/servers/0/variables/a/description": "Which",
    "/tags/0/x-displayName": "Orders",
    "/tags/0/externalDocs/description": "More",
    "/paths/~1orders/post/summary": "Make an order",
    "/paths/~1orders/post/responses/201/description": "Made.",
    "/paths/~1orders/post/responses/201/content/application~1json/schema/description": "The order",
    "/paths/~1orders/post/responses/201/content/application~1json/examples/one/summary": "One",
    "/components/schemas/Order/title": "Order",
    "/components/schemas/Order/x-understudy-assumed": "No page says so.",
    "/components/schemas/Order/properties/description/title": "Text",
    "/components/securitySchemes/login/description": "Log in.",
    "/components/securitySchemes/login/flows/implicit/scopes/read": "Read it",
    "/x-understudy-behaviour/rules/make/0/description": "Never fails.",
    "/x-understudy-behaviour/scenarios/empty/description": "Nothing yet.",
    "/x-understudy-ledger/make/evidence": "a page",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "i18n").mkdir()
    (tmp_path / "openapi.yaml").write_text(CONTRACT)
    (tmp_path / "paths.yaml").write_text(PATHS)
    (tmp_path / "behaviour.yaml").write_text(BEHAVIOUR)
    (tmp_path / "ledger.yaml").write_text(LEDGER)
    (tmp_path / "scenarios" / "empty.yaml").write_text(SCENARIO)
    return tmp_path


def translate(folder: Path, actions: str, language: str = "de") -> None:
    head = "overlay: 1.1.0\ninfo: {title: x, version: '1'}\nactions:\n"
    (folder / "i18n" / f"{language}.yaml").write_text(head + dedent(actions))


def test_prose_is_what_people_read_and_no_data(folder: Path) -> None:
    from understudy.contract.pointer import join

    subject = prose_subject(load(str(folder)))
    found = {join((*spot.tokens, name)): text for spot in spots(subject) for name, text in spot.texts.items()}
    assert found == PROSE


def test_a_translation_is_the_contract_in_other_words(folder: Path) -> None:
    translate(
        folder,
        """\
        - {target: $.info, update: {title: Laden}}
        - {target: "$.paths['/orders'].post.responses['201']", update: {description: Angelegt.}}
        - {target: "$.tags[?@.name == 'Orders']", update: {x-displayName: Bestellungen}}
        - {target: "$['x-understudy-behaviour'].rules.make[0]", update: {description: Geht immer.}}
        """,
    )
    contract = load(str(folder))
    made = translations(contract)["de"]
    assert made.document["info"] == {"title": "Laden", "version": "1", "description": "Sells."}
    assert made.document["x-understudy-behaviour"]["rules"]["make"] == [{"description": "Geht immer."}, {}]
    assert made.translated == {
        ("info", "title"),
        ("paths", "/orders", "post", "responses", "201", "description"),
        ("tags", 0, "x-displayName"),
        ("x-understudy-behaviour", "rules", "make", 0, "description"),
    }
    assert without_prose(made.document) == without_prose(prose_subject(contract))
    assert contract.document["info"]["title"] == "Shop"
    assert str(folder / "i18n" / "de.yaml") in contract.files


def test_the_language_is_as_declared_or_as_the_file_is_named(folder: Path) -> None:
    translate(folder, "- {target: $.info, update: {title: Loja}}", "pt-BR")
    assert list(translations(load(str(folder)))) == ["pt-BR"]


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("{target: $.info, update: {version: '2'}}", "A translation changes prose only, and `info/version` is none."),
        (
            "{target: $.info, update: {contact: {name: x}}}",
            "A translation changes prose only, and `info/contact` is none.",
        ),
        ("{target: $.tags, update: {name: x}}", "A translation changes prose only, and `tags/1` is none."),
        ("{target: '$.tags[0]', update: {name: x}}", "A translation changes prose only, and `tags/0/name` is none."),
        (
            "{target: $.components.schemas.Order.properties, update: {description: {title: x, type: number}}}",
            "A translation changes prose only, and `properties/description/type` is none.",
        ),
        (
            "{target: $.components.schemas.Order.properties.title, update: {const: x}}",
            "A translation changes prose only, and `properties/title/const` is none.",
        ),
        ("{target: $.info.title, remove: true}", "A translation changes prose only, and `info/title` is none."),
        ("{target: $.info, update: {title: ''}}", "`info/title` is translated by no text."),
        (
            "{target: $.info, update: {title: {de: x}}}",
            "An object can't be merged into a primitive value at `info/title`.",
        ),
        ("{target: $.nowhere, update: {title: x}}", "`$.nowhere` selects nothing, so the action changes nothing."),
        (
            "{target: info, update: {title: x}}",
            "`info` is no JSONPath: a query starts with `$`, the root of the document.",
        ),
    ],
)
def test_what_is_more_than_a_translation_is_refused(folder: Path, action: str, message: str) -> None:
    translate(folder, f"- {action}")
    contract = load(str(folder))
    with pytest.raises(InputError) as error:
        translations(contract)
    finding = error.value.finding
    assert (finding.message, finding.rule, finding.location and finding.location.line) == (message, "translation", 4)
    assert list(translations(contract, lenient=True)) == ["de"]


def test_english_left_for_somebody_is_no_translation(folder: Path) -> None:
    hashes = f"title: '{fingerprint('Shop')}', description: '{fingerprint('Sells.')}'"
    translate(
        folder,
        f"""\
        - target: $.info
          update: {{title: Shop, description: Verkauft.}}
          x-understudy-source: {{{hashes}}}
          x-understudy-untranslated: [title, description]
        """,
    )
    assert translations(load(str(folder)))["de"].translated == {("info", "description")}


def test_the_same_word_can_be_its_translation(folder: Path) -> None:
    translate(folder, "- {target: $.info, update: {title: Shop}}")
    assert translations(load(str(folder)))["de"].translated == {("info", "title")}
