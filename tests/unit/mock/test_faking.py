"""Values by the names of faker.js, and the settings of json-schema-faker: always what the schema takes."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

import pytest

from understudy.contract import faker_extension as extension
from understudy_mock.compiling import compile_contract
from understudy_mock.faking.methods import METHODS, make

if TYPE_CHECKING:
    from conftest import Read

SCHEMA = ("components", "schemas", "S")


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - not a secret


def made(read: Read, schema: str, settings: str = "{}", seed: str = "1") -> Any:
    text = f"x-json-schema-faker: {settings}\npaths: {{}}\ncomponents: {{schemas: {{S: {schema}}}}}"
    return compile_contract(read(text)).synthesis.make(SCHEMA, seed)


def test_every_method_that_is_known_is_made() -> None:
    assert METHODS.keys() == extension.METHODS
    arguments = {"fake.template": ("{{name.lastName}}",), "helpers.arrayElement": ("a",), "helpers.slugify": ("A b",)}
    for name in METHODS:
        wanted = extension.Wanted(name, arguments.get(name, ()))
        assert make(wanted, chance(1)) not in (None, ""), name
        assert make(wanted, chance(1)) == make(wanted, chance(1))


@pytest.mark.parametrize(
    ("declared", "pattern"),
    [
        ("internet.email", r"[a-z.]+@mail\.(example|test)"),
        ("person.fullName", r"\w+ \w+"),
        ("location.zipCode", r"\d{5}"),
        ("phone.phoneNumber", r"\+1[2-9]{3}55501\d\d"),
        ({"phone.phoneNumber": "##-??"}, r"\d\d-[A-Z]{2}"),
        ({"commerce.price": {"min": 2, "max": 3, "dec": 1, "symbol": "€"}}, r"€[23]\.\d"),
        ({"finance.amount": [5, 5, 3]}, r"5\.000"),
        ({"lorem.words": 2}, r"\w+ \w+"),
        ({"helpers.arrayElement": [["x"]]}, "x"),
        ({"random.alphaNumeric": 6}, r"[a-z0-9]{6}"),
        ({"date.between": ["2020-01-01", "2020-01-02"]}, r"2020-01-0[12]T[\d:]{8}Z"),
        (
            {"fake": "{{name.lastName}}-{{no.such}}-{{helpers.slugify}}"},
            r"\w+-\{\{no\.such\}\}-\{\{helpers\.slugify\}\}",
        ),
        ("date.past", r"202[34]-.*Z"),
        ("finance.iban", r"DE\d{20}"),
    ],
)
def test_a_method_makes_what_its_name_says(declared: Any, pattern: str) -> None:
    wanted = extension.wanted(declared)
    assert wanted is not None
    for seed in range(20):
        assert re.fullmatch(pattern, make(wanted, chance(seed)))


def test_check_digits_are_right() -> None:
    for seed in range(20):
        iban = make(extension.Wanted("finance.iban"), chance(seed))
        assert int(iban[4:] + "1314" + iban[2:4]) % 97 == 1
        card = [int(digit) for digit in make(extension.Wanted("finance.creditCardNumber"), chance(seed))]
        doubled = [sum(divmod(digit * 2, 10)) for digit in card[-2::-2]]
        assert (sum(card[-1::-2]) + sum(doubled)) % 10 == 0


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{type: integer, x-faker: {datatype.number: {min: 3, max: 3}}}", 3),
        ("{type: integer, x-faker: {number.int: 0}}", 0),
        ("{type: string, x-faker: {helpers.arrayElement: [only]}, example: other}", "only"),
        ("{type: string, x-faker: {helpers.arrayElement: [only]}, enum: [a]}", "a"),
        ("{type: string, x-faker: no.such, example: other}", "other"),
        ("{type: string, x-faker: {datatype.number: [a]}, example: other}", "other"),
        ("{allOf: [{type: string}, {x-faker: {helpers.slugify: A B}}]}", "a-b"),
    ],
)
def test_a_value_is_faked_where_its_schema_takes_it(contract: Read, schema: str, expected: Any) -> None:
    assert made(contract, schema) == expected


def test_faked_values_are_the_same_under_one_seed_only(contract: Read) -> None:
    schema = "{type: string, x-faker: internet.email}"
    assert made(contract, schema) == made(contract, schema)
    assert len({made(contract, schema, seed=str(seed)) for seed in range(9)}) > 1


OPEN = "{type: object, required: [a], properties: {a: {const: 1}, b: {const: 2}}, additionalProperties: {const: 3}}"
TEXTS = "{type: array, items: {const: 1}}"


@pytest.mark.parametrize(
    ("schema", "settings", "expected"),
    [
        (TEXTS, "{minItems: 3}", [1, 1, 1]),
        (TEXTS, "{min-items: 3, max-items: 3}", [1, 1, 1]),
        (TEXTS, "{maxItems: 0}", []),
        (f"{TEXTS[:-1]}, maxItems: 2}}", "{minItems: 9}", [1, 1]),
        (f"{TEXTS[:-1]}, minItems: 2}}", "{maxItems: 0}", [1, 1]),
        ("{type: string}", "{minLength: 8}", "stringxx"),
        ("{type: string}", "{maxLength: 3}", "ing"),
        ("{type: string, maxLength: 2}", "{minLength: 8}", "ng"),
        ("{type: string, default: d, example: e}", "{useDefaultValue: false}", "e"),
        ("{type: string, default: d, example: e}", "{useDefaultValue: false, useExamplesValue: false}", "string"),
        (OPEN, "{}", {"a": 1, "b": 2}),
        (OPEN, "{requiredOnly: true}", {"a": 1}),
        (OPEN, "{optionalsProbability: 0}", {"a": 1, "b": 2}),
        (OPEN, "{alwaysFakeOptionals: false, optionalsProbability: 0}", {"a": 1}),
        (OPEN, "{fillProperties: true}", {"a": 1, "b": 2, "property1": 3, "property2": 3}),
        (f"{OPEN[:-1]}, maxProperties: 3}}", "{fillProperties: true}", {"a": 1, "b": 2, "property1": 3}),
        (
            "{type: object, minProperties: 1, properties: {b: {const: 2}}, additionalProperties: false}",
            "{requiredOnly: true}",
            {"b": 2},
        ),
    ],
)
def test_a_setting_says_what_a_schema_leaves_open(contract: Read, schema: str, settings: str, expected: Any) -> None:
    assert made(contract, schema, settings) == expected


@pytest.mark.parametrize("settings", ["{minItems: many}", "{minItems: -1}", "{minItems: true}", "nonsense"])
def test_a_setting_that_is_none_changes_nothing(contract: Read, settings: str) -> None:
    assert made(contract, TEXTS, settings) == made(contract, TEXTS) != made(contract, TEXTS, "{minItems: 9}")


def test_lists_in_lists_stay_small(contract: Read) -> None:
    nested = "{type: integer}"
    for _ in range(6):
        nested = f"{{type: array, items: {nested}}}"
    assert len(str(made(contract, nested, "{minItems: 1000000}"))) < 100_000
    assert len(made(contract, "{type: string}", "{minLength: 1000000000}")) == 10_000


@pytest.mark.parametrize(
    "schema", ["{type: integer, multipleOf: 3, minimum: 4}", "{type: number, multipleOf: 5, minimum: 7}"]
)
def test_a_multiple_is_found_above_a_bound(contract: Read, schema: str) -> None:
    assert made(contract, schema) % (3 if "integer" in schema else 5) == 0
