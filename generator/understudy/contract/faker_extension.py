"""`x-faker` and `x-json-schema-faker` go in; what they ask for, and what can't be understood of them, come out.

`x-faker` on a schema names a method of faker.js, by its old name (`name.firstName`) or its present one
(`person.firstName`): alone, as `{method: arguments}`, or as `{fake: "{{name.lastName}}"}`. `x-json-schema-faker` at the
root has settings of json-schema-faker, in camelCase or with hyphens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY, SETTINGS_KEY = "x-faker", "x-json-schema-faker"
TEMPLATE = re.compile(r"\{\{\s*([A-Za-z.]+)\s*(?:\([^{}]*\))?\s*\}\}")

METHODS = frozenset(
    f"{module}.{method}"
    for module, methods in {
        "address": "buildingNumber city citySuffix country countryCode county direction latitude longitude "
        "secondaryAddress state stateAbbr streetAddress streetName timeZone zipCode",
        "animal": "bird cat dog type",
        "color": "human rgb",
        "commerce": "department price product productAdjective productDescription productMaterial productName",
        "company": "bs buzzPhrase catchPhrase companyName companySuffix",
        "database": "column engine mongodbObjectId type",
        "datatype": "boolean datetime float hexaDecimal number string uuid",
        "date": "anytime between birthdate future month past recent soon weekday",
        "fake": "template",
        "finance": "account accountName amount bic bitcoinAddress creditCardCVV creditCardNumber currencyCode "
        "currencyName currencySymbol iban mask pin routingNumber transactionDescription transactionType",
        "git": "branch commitMessage commitSha shortSha",
        "helpers": "arrayElement slugify",
        "image": "avatar imageUrl",
        "internet": "color domainName domainSuffix domainWord email emoji exampleEmail httpMethod httpStatusCode ip "
        "ipv6 mac password port protocol url userAgent userName",
        "lorem": "lines paragraph paragraphs sentence sentences slug text word words",
        "name": "firstName fullName gender jobArea jobDescriptor jobTitle jobType lastName middleName prefix suffix",
        "phone": "imei phoneNumber",
        "random": "alpha alphaNumeric locale numeric",
        "system": "commonFileExt commonFileName fileExt fileName filePath mimeType semver",
        "vehicle": "color fuel manufacturer model type vehicle vin",
    }.items()
    for method in methods.split()
)

_MODULES = {"location": "address", "person": "name", "word": "lorem", "string": "random", "number": "datatype"}
_RENAMED = {
    "address.cityName": "address.city",
    "address.cityPrefix": "address.city",
    "address.street": "address.streetName",
    "address.zip": "address.zipCode",
    "company.name": "company.companyName",
    "database.mongodbObjectID": "database.mongodbObjectId",
    "datatype.bigInt": "datatype.number",
    "datatype.int": "datatype.number",
    "fake": "fake.template",
    "finance.accountNumber": "finance.account",
    "helpers.fake": "fake.template",
    "helpers.randomize": "helpers.arrayElement",
    "image.image": "image.imageUrl",
    "image.url": "image.imageUrl",
    "internet.displayName": "internet.userName",
    "internet.ipv4": "internet.ip",
    "internet.username": "internet.userName",
    "lorem.noun": "lorem.word",
    "lorem.adjective": "lorem.word",
    "lorem.verb": "lorem.word",
    "name.findName": "name.fullName",
    "name.sex": "name.gender",
    "name.title": "name.jobTitle",
    "phone.number": "phone.phoneNumber",
    "phone.phoneNumberFormat": "phone.phoneNumber",
    "random.alphaNumeric": "random.alphaNumeric",
    "random.alphanumeric": "random.alphaNumeric",
    "random.arrayElement": "helpers.arrayElement",
    "random.boolean": "datatype.boolean",
    "random.float": "datatype.float",
    "random.hexaDecimal": "datatype.hexaDecimal",
    "random.hexadecimal": "datatype.hexaDecimal",
    "random.number": "datatype.number",
    "random.sample": "datatype.string",
    "random.uuid": "datatype.uuid",
    "random.word": "lorem.word",
    "random.words": "lorem.words",
}
"""Names of other versions of faker.js."""

HONOURED = {
    "minItems": int,
    "maxItems": int,
    "minLength": int,
    "maxLength": int,
    "requiredOnly": bool,
    "alwaysFakeOptionals": bool,
    "optionalsProbability": float,
    "useDefaultValue": bool,
    "useExamplesValue": bool,
    "fillProperties": bool,
}
"""Settings of json-schema-faker that make a difference, and the type of each."""


_KINDS = {int: "no whole number", float: "no number from 0 to 1", bool: "neither true nor false"}
_TAKEN_BY = {"default": "useDefaultValue", "example": "useExamplesValue", "examples": "useExamplesValue"}


@dataclass(frozen=True)
class Wanted:
    """A method by the name it has in `METHODS`, and its arguments."""

    method: str
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Making:
    """How values are to be made where a schema leaves it open; `optionals` is the share of optional properties."""

    min_items: int | None = None
    max_items: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    optionals: float = 1.0
    passed_over: frozenset[str] = frozenset()
    """Keywords whose values are not taken: `default`, `example`, `examples`."""
    fill_properties: bool = False


def wanted(declared: Any) -> Wanted | None:
    """Read an `x-faker`; None if it is none, or names a method that nobody knows."""
    name, arguments = _called(declared)
    method = _method(name)
    return Wanted(method, arguments) if method in METHODS else None


def _called(declared: Any) -> tuple[str, tuple[Any, ...]]:
    if isinstance(declared, str):
        return declared, ()
    if isinstance(declared, dict) and len(declared) == 1:
        name, given = next(iter(declared.items()))
        return str(name), tuple(given) if isinstance(given, list) else (given,)
    return "", ()


def _method(name: str) -> str:
    module, _, rest = name.partition(".")
    for candidate in (name, f"{_MODULES.get(module, module)}.{rest}"):
        if candidate in METHODS or candidate in _RENAMED:
            return _RENAMED.get(candidate, candidate)
    return name


def method_faults(declared: Any) -> Iterator[str]:
    """Yield what can't be understood of an `x-faker`."""
    name, arguments = _called(declared)
    if not name:
        yield f"`{KEY}` is neither the name of a method nor a map from one to its arguments."
    elif wanted(declared) is None:
        yield f"`{name}` is no method of faker.js that is known here."
    elif _method(name) == "fake.template":
        for method in TEMPLATE.findall(str(arguments[0]) if arguments else ""):
            yield from method_faults(method)


def making(declared: Any, *, fill_properties: bool | None = None) -> Making:
    """Read the settings; those without effect and those of a wrong type are passed over."""
    told = {_camel(name): value for name, value in declared.items()} if isinstance(declared, dict) else {}
    told = {name: value for name, value in told.items() if name in HONOURED and _is(value, HONOURED[name])}
    share = float(told.get("optionalsProbability", 1.0))
    is_whole = told.get("alwaysFakeOptionals", True)
    filled = bool(told.get("fillProperties", False)) if fill_properties is None else fill_properties
    return Making(
        min_items=told.get("minItems"),
        max_items=told.get("maxItems"),
        min_length=told.get("minLength"),
        max_length=told.get("maxLength"),
        optionals=0.0 if told.get("requiredOnly") else 1.0 if is_whole else share,
        passed_over=frozenset(name for name, setting in _TAKEN_BY.items() if told.get(setting) is False),
        fill_properties=filled,
    )


def setting_faults(declared: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield which settings have no effect: tokens inside the extension, and a sentence."""
    if not isinstance(declared, dict):
        yield (), f"`{SETTINGS_KEY}` is no map of settings."
        return
    for name, value in declared.items():
        kind = HONOURED.get(_camel(name))
        if kind is None:
            yield (name,), f"The setting `{name}` of json-schema-faker has no effect here."
        elif not _is(value, kind):
            yield (name,), f"`{name}` is {_KINDS[kind]}."


def _is(value: Any, kind: type) -> bool:
    if kind is bool:
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    return isinstance(value, int) and value >= 0 if kind is int else 0 <= value <= 1 if _is_number(value) else False


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) or type(value).__name__ == "Decimal"


def _camel(name: str) -> str:
    return re.sub(r"-(\w)", lambda match: match[1].upper(), str(name))
