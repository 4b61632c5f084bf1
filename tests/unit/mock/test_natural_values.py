"""What is made up reads like the real thing: by name, description, format and locale; what belongs together fits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import phonenumbers
import pytest

from understudy.contract.loading import load
from understudy.errors import UsageError
from understudy_mock.compiling import compile_contract
from understudy_mock.faking.locales import locale
from understudy_mock.faking.naming import Field, kind_of

if TYPE_CHECKING:
    from pathlib import Path

USER = """\
type: object
required: [name, email, phone, active, deleted, createdAt, updatedAt, address, orders, team, bio]
properties:
  name: {type: string}
  email: {type: string, format: email}
  phone: {type: string}
  mobile: {type: integer}
  active: {type: boolean}
  deleted: {type: boolean}
  createdAt: {type: string, format: date-time}
  updatedAt: {type: string, format: date-time}
  startDate: {type: string, format: date}
  endDate: {type: string, format: date}
  country_code: {type: string, minLength: 2, maxLength: 2}
  bio: {type: string, maxLength: 18}
  address: {type: object, properties: {city: {type: string}, country: {type: string}}}
  team: {type: object, properties: {company: {type: object, properties: {name: {type: string}}}}}
  orders:
    type: array
    minItems: 3
    items:
      type: object
      properties:
        id: {type: integer}
        email: {type: string, format: email}
        quantity: {type: integer, minimum: 1, maximum: 3}
        price: {type: number}
        currency: {type: string}
  plain: {type: string}
"""


def made(folder: Path, seed: str = "1", head: str = "", language: str | None = None, schema: str = USER) -> Any:
    indented = "".join(f"      {line}\n" for line in schema.splitlines())
    text = f"openapi: 3.1.0\n{head}info: {{title: x, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n    User:\n"
    file = folder / "openapi.yaml"
    file.write_text(text + indented, "utf-8")
    compiled = compile_contract(load(str(file), lenient=True), language=language)
    return compiled.synthesis.make(("components", "schemas", "User"), seed)


def test_what_belongs_together_fits(tmp_path: Path) -> None:
    for seed in map(str, range(20)):
        user = made(tmp_path, seed)
        last = user["name"].split()[-1].lower()
        assert last[:3] in user["email"]
        assert phonenumbers.is_valid_number(number := phonenumbers.parse(user["phone"]))
        assert phonenumbers.region_code_for_number(number) == user["country_code"] == "US"
        assert user["address"]["country"] == "United States"
        instants = [datetime.fromisoformat(user[name]) for name in ("createdAt", "updatedAt")]
        assert instants == sorted(instants)
        assert user["startDate"] <= user["endDate"]
        assert not user["deleted"]
        assert all(1 <= order["quantity"] <= 3 and order["currency"] == "USD" for order in user["orders"])


def test_items_are_about_different_people_and_numbered(tmp_path: Path) -> None:
    orders = made(tmp_path)["orders"]
    assert [order["id"] for order in orders] == [1, 2, 3]
    assert len({order["email"] for order in orders}) == 3


def test_a_name_is_that_of_what_has_it(tmp_path: Path) -> None:
    user = made(tmp_path)
    assert user["team"]["company"]["name"] != user["name"]
    assert len(user["bio"]) <= 18
    assert user["plain"] == "string"


def test_a_new_field_changes_no_other(tmp_path: Path) -> None:
    before = made(tmp_path)
    after = made(
        tmp_path,
        schema=USER.replace("properties:\n", "properties:\n  first: {type: string, pattern: '^[a-z]{9}$'}\n", 1),
    )
    assert {name: value for name, value in after.items() if name != "first"} == before


@pytest.mark.parametrize("where", ["told", "flag"])
def test_the_locale_chooses_country_and_words(tmp_path: Path, where: str) -> None:
    told = made(tmp_path, head="x-understudy-locale: pt-BR\n") if where == "told" else made(tmp_path, language="pt-BR")
    assert (told["country_code"], told["address"]["country"]) == ("BR", "Brazil")
    assert told["phone"].startswith("+55")
    assert {order["currency"] for order in told["orders"]} == {"BRL"}
    assert told["name"] != made(tmp_path)["name"]


def test_a_locale_that_nobody_knows(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no words for the locale `xx-YY`"):
        locale("xx-YY")
    file = tmp_path / "openapi.yaml"
    file.write_text("openapi: 3.1.0\nx-understudy-locale: xx\npaths: {}\n", "utf-8")
    (flaw,) = compile_contract(load(str(file), lenient=True)).flaws
    assert (flaw.rule, flaw.location.line if flaw.location else 0) == ("locale", 2)


@pytest.mark.parametrize(
    ("tag", "territory"), [("de", "DE"), ("pt_BR", "BR"), ("PT-br", "BR"), ("en", "US"), ("de-at", "AT")]
)
def test_tags(tag: str, territory: str) -> None:
    assert locale(tag).territory == territory


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (Field("emailAddress"), "email"),
        (Field("billing_email"), "email"),
        (Field("name", owner="Customer"), "full_name"),
        (Field("name", owner="products"), "product"),
        (Field("name", owner="companies"), "company"),
        (Field("name", beside=frozenset(("email",))), "full_name"),
        (Field("name", beside=frozenset(("price",))), "product"),
        (Field("name"), "label"),
        (Field("cityName"), "city"),
        (Field("last_login_at"), "changed"),
        (Field("answered_at"), "begun"),
        (Field("validUntil"), "expiry"),
        (Field("to", keywords={"description": "The number called, in E.164."}), "phone"),
        (Field("title", keywords={"description": "Where it was: an ISO 3166 country code."}), "country_code"),
        (Field("x", keywords={"format": "ipv4"}), "ip"),
        (Field("images"), "image"),
        (Field("whatever"), None),
    ],
)
def test_what_a_field_is(field: Field, kind: str | None) -> None:
    assert kind_of(field) == kind


FLEET = """\
openapi: 3.1.0
info: {title: x, version: '1'}
paths:
  /fleet:
    get: {responses: {'204': {description: x}}}
components:
  schemas:
    Any: {SCHEMA}
    Vehicle:
      type: object
      required: [kind, wheels]
      properties: {kind: {type: string}, wheels: {type: integer}}
      discriminator: {propertyName: kind, mapping: {automobile: '#/components/schemas/Car'}}
    Car:
      allOf:
        - {$ref: '#/components/schemas/Vehicle'}
        - {type: object, required: [doors], properties: {doors: {type: integer}}}
    Cat: {type: object, required: [kind], properties: {kind: {type: string}, purrs: {type: boolean}}}
"""


@pytest.mark.parametrize(
    ("schema", "kind", "more"),
    [
        ("{$ref: '#/components/schemas/Vehicle'}", "automobile", "doors"),
        ("{discriminator: {propertyName: kind}, oneOf: [{$ref: '#/components/schemas/Cat'}]}", "Cat", "purrs"),
        (
            "{discriminator: {propertyName: kind, mapping: {tom: Cat}}, anyOf: [{$ref: '#/components/schemas/Cat'}]}",
            "tom",
            "purrs",
        ),
    ],
)
def test_a_discriminator_tells_what_was_made(tmp_path: Path, schema: str, kind: str, more: str) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(FLEET.replace("{SCHEMA}", schema), "utf-8")
    made = compile_contract(load(str(file), lenient=True)).synthesis.make(("components", "schemas", "Any"), "1")
    assert made["kind"] == kind
    assert more in made
