"""The name of a method of faker.js and its arguments go in; a value of that kind comes out.

Which one is up to the stream of chance alone. Whether a schema takes it is for the caller to see.
"""

from __future__ import annotations

import re
import string
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from understudy.contract import faker_extension as extension
from understudy_mock.faking import words

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    Chance = random.Random
    Arguments = tuple[Any, ...]

_NOW = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
"""What past and future are told from, so that answers stay the same."""
_YEAR = 365
_UNTOLD_MAXIMUM = 99999


def make(wanted: extension.Wanted, chance: Chance) -> Any:
    """Make a value. Gives None where the arguments make no sense."""
    try:
        return METHODS[wanted.method](chance, wanted.arguments)
    except (ValueError, TypeError, IndexError, KeyError, ArithmeticError, AttributeError):
        return None


def _one_of(*values: Any) -> Callable[[Chance, Arguments], Any]:
    return lambda chance, _: chance.choice(values)


def _filled(template: str) -> Callable[[Chance, Arguments], Any]:
    """Make a text from a template whose `{{…}}` are methods."""
    return lambda chance, _: _template(chance, (template,))


def _template(chance: Chance, arguments: Arguments) -> str:
    def made(match: re.Match[str]) -> str:
        wanted = extension.wanted(match[1])
        value = make(wanted, chance) if wanted else None
        return match[0] if value is None else str(value)

    return extension.TEMPLATE.sub(made, str(arguments[0]))


def _digits(pattern: str) -> Callable[[Chance, Arguments], Any]:
    return lambda chance, _: _patterned(pattern, chance)


def _patterned(pattern: str, chance: Chance) -> str:
    """Put a digit for each `#`, one from 2 to 9 for `!`, a letter for `?`."""
    kinds = {"#": string.digits, "!": "23456789", "?": string.ascii_uppercase}
    return "".join(chance.choice(kinds[letter]) if letter in kinds else letter for letter in pattern)


def _option(arguments: Arguments, name: str, position: int, usual: Any) -> Any:
    """Read an argument that is told by name in a map, or by its position."""
    if arguments and isinstance(arguments[0], dict):
        return arguments[0].get(name, usual)
    return arguments[position] if len(arguments) > position and arguments[position] is not None else usual


def _number(chance: Chance, arguments: Arguments) -> Any:
    """Make a whole number; with a `precision` below 1, one with decimals."""
    alone = len(arguments) == 1 and not isinstance(arguments[0], dict)
    high = arguments[0] if alone else _option(arguments, "max", 1, _UNTOLD_MAXIMUM)
    step = Decimal(str(_option(arguments, "precision", 2, 1)))
    return _stepped(chance, 0 if alone else _option(arguments, "min", 0, 0), high, step)


def _float(chance: Chance, arguments: Arguments) -> Any:
    digits = _option(arguments, "fractionDigits", 2, 2)
    step = Decimal(str(_option(arguments, "precision", 2, Decimal(1).scaleb(-int(digits)))))
    return _stepped(chance, _option(arguments, "min", 0, 0), _option(arguments, "max", 1, _UNTOLD_MAXIMUM), step)


def _stepped(chance: Chance, low: Any, high: Any, step: Decimal) -> Any:
    least, most = Decimal(str(low)), Decimal(str(high))
    value = least + step * chance.randint(0, int((most - least) / step))
    return int(value) if value == value.to_integral_value() else value


def _price(chance: Chance, arguments: Arguments) -> str:
    low, high = _option(arguments, "min", 0, 1), _option(arguments, "max", 1, 1000)
    symbol = _option(arguments, "symbol", 3, "")
    digits = int(_option(arguments, "dec", 2, 2))
    return f"{symbol}{_stepped(chance, low, high, Decimal(1).scaleb(-digits)):.{digits}f}"


def _coordinate(limit: int) -> Callable[[Chance, Arguments], Any]:
    return lambda chance, _: Decimal(chance.randint(-limit * 10_000, limit * 10_000)).scaleb(-4)


def _lorem(least: int, most: int) -> Callable[[Chance, Arguments], str]:
    """Make some words; an argument says how many."""
    return lambda chance, arguments: " ".join(_some_words(chance, arguments, least, most))


def _some_words(chance: Chance, arguments: Arguments, least: int, most: int) -> list[str]:
    count = arguments[0] if arguments and isinstance(arguments[0], int) else chance.randint(least, most)
    return chance.choices(words.LOREM, k=min(max(count, 1), 1000))


def _sentence(chance: Chance, arguments: Arguments = ()) -> str:
    return _lorem(4, 9)(chance, arguments).capitalize() + "."


def _sentences(least: int, most: int, between: str = " ") -> Callable[[Chance, Arguments], str]:
    def made(chance: Chance, arguments: Arguments) -> str:
        count = arguments[0] if arguments and isinstance(arguments[0], int) else chance.randint(least, most)
        return between.join(_sentence(chance) for _ in range(min(max(count, 1), 100)))

    return made


def _letters(alphabet: str, usual: int, prefix: str = "") -> Callable[[Chance, Arguments], str]:
    """Make a text of so many letters; an argument, or its `length`, says how many."""

    def made(chance: Chance, arguments: Arguments) -> str:
        count = int(_option(arguments, "length", 0, _option(arguments, "count", 0, usual)))
        return prefix + "".join(chance.choices(alphabet, k=min(max(count, 0), 10_000)))

    return made


def _moment(earliest: float, latest: float) -> Callable[[Chance, Arguments], str]:
    """Make an instant between so many days from the frozen one; the first argument stretches that."""

    def made(chance: Chance, arguments: Arguments) -> str:
        factor = _option(arguments, "years", 0, _option(arguments, "days", 0, 1))
        days = (earliest * float(factor), latest * float(factor))
        return _instant(_NOW + timedelta(seconds=chance.randint(int(days[0] * 86400), int(days[1] * 86400))))

    return made


def _between(chance: Chance, arguments: Arguments) -> str:
    start = datetime.fromisoformat(str(_option(arguments, "from", 0, _NOW.isoformat())))
    end = datetime.fromisoformat(str(_option(arguments, "to", 1, _NOW.isoformat())))
    start, end = (one if one.tzinfo else one.replace(tzinfo=UTC) for one in (start, end))
    return _instant(start + timedelta(seconds=chance.randint(0, int((end - start).total_seconds()))))


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _handle(chance: Chance, arguments: Arguments) -> str:
    first, last = arguments[:2] if len(arguments) > 1 else (chance.choice(words.FIRST_NAMES), None)
    return _slug(f"{first}.{last or chance.choice(words.LAST_NAMES)}", ".")


def _slug(text: str, between: str = "-") -> str:
    return re.sub(r"[^a-z0-9]+", between, text.lower()).strip(between)


def _domain(chance: Chance, _: Arguments = ()) -> str:
    return f"{chance.choice(words.LOREM)}-{chance.choice(words.THINGS)}.{chance.choice(words.DOMAIN_SUFFIXES)}"


def _email(chance: Chance, arguments: Arguments) -> str:
    provider = arguments[2] if len(arguments) > 2 else f"mail.{chance.choice(words.DOMAIN_SUFFIXES)}"  # noqa: PLR2004 - first name, last name, provider
    return f"{_handle(chance, arguments)}@{provider}"


def _iban(chance: Chance, _: Arguments) -> str:
    """Make a German account number whose check digits are right (ISO 13616)."""
    number = "".join(chance.choices(string.digits, k=18))
    return f"DE{98 - int(number + '131400') % 97:02d}{number}"


def _card(chance: Chance, _: Arguments) -> str:
    """Make a number whose check digit is right (ISO/IEC 7812-1, annex B)."""
    digits = [4, *(chance.randrange(10) for _ in range(14))]
    total = sum(sum(divmod(digit * 2, 10)) if index % 2 == 0 else digit for index, digit in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)


def _member(chance: Chance, arguments: Arguments) -> Any:
    known = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else arguments
    return chance.choice(list(known))


def _phrase(chance: Chance, _: Arguments) -> str:
    return " ".join(map(chance.choice, (*words.PHRASES, words.THINGS)))


def _file(chance: Chance, _: Arguments) -> str:
    return f"{chance.choice(words.LOREM)}_{chance.choice(words.LOREM)}.{chance.choice(list(words.MIME_TYPES))}"


def _phone(chance: Chance, arguments: Arguments) -> str:
    """Make a number kept free for fiction (555-0100 to 555-0199); an argument is the pattern to fill."""
    if arguments and isinstance(arguments[0], str):
        return _patterned(arguments[0], chance)
    return _patterned("+1!!!55501##", chance)


def _vehicle(chance: Chance, _: Arguments) -> str:
    maker = chance.choice(list(words.MAKERS))
    return f"{maker} {chance.choice(words.MAKERS[maker])}"


_HEX = "0123456789abcdef"
_ALNUM = string.ascii_lowercase + string.digits
METHODS: dict[str, Callable[[Chance, Arguments], Any]] = {
    **{f"animal.{name}": _one_of(*values) for name, values in words.ANIMALS.items()},
    "address.buildingNumber": lambda chance, _: str(chance.randint(1, 999)),
    "address.city": _one_of(*words.CITIES),
    "address.citySuffix": _one_of("burgh", "ford", "ham", "ton", "ville"),
    "address.country": _one_of(*words.COUNTRIES.values()),
    "address.countryCode": _one_of(*words.COUNTRIES),
    "address.county": _one_of(*words.COUNTIES),
    "address.direction": _one_of(*words.DIRECTIONS),
    "address.latitude": _coordinate(90),
    "address.longitude": _coordinate(180),
    "address.secondaryAddress": lambda chance, _: f"Apt. {chance.randint(1, 99)}",
    "address.state": _one_of(*words.STATES.values()),
    "address.stateAbbr": _one_of(*words.STATES),
    "address.streetAddress": _filled("{{address.buildingNumber}} {{address.streetName}}"),
    "address.streetName": lambda chance, _: f"{chance.choice(words.STREETS)} {chance.choice(words.STREET_SUFFIXES)}",
    "address.timeZone": _one_of(*words.TIME_ZONES),
    "address.zipCode": _digits("#####"),
    "color.human": _one_of(*words.COLOURS),
    "color.rgb": _letters(_HEX, 6, "#"),
    "commerce.department": _one_of(*words.DEPARTMENTS),
    "commerce.price": _price,
    "commerce.product": _one_of(*words.PRODUCTS),
    "commerce.productAdjective": _one_of(*words.ADJECTIVES),
    "commerce.productDescription": lambda chance, _: _sentence(chance),
    "commerce.productMaterial": _one_of(*words.MATERIALS),
    "commerce.productName": _filled("{{commerce.productAdjective}} {{commerce.productMaterial}} {{commerce.product}}"),
    "company.bs": _phrase,
    "company.buzzPhrase": _phrase,
    "company.catchPhrase": lambda chance, arguments: _phrase(chance, arguments).capitalize(),
    "company.companyName": _filled("{{name.lastName}} {{company.companySuffix}}"),
    "company.companySuffix": _one_of(*words.COMPANY_SUFFIXES),
    "database.column": _one_of(*words.COLUMNS),
    "database.engine": _one_of(*words.ENGINES),
    "database.mongodbObjectId": lambda chance, _: "".join(chance.choices(_HEX, k=24)),
    "database.type": _one_of(*words.COLUMN_TYPES),
    "datatype.boolean": _one_of(True, False),
    "datatype.datetime": _moment(-_YEAR, _YEAR),
    "datatype.float": _float,
    "datatype.hexaDecimal": _letters(_HEX, 1, "0x"),
    "datatype.number": _number,
    "datatype.string": _letters(string.ascii_letters, 10),
    "datatype.uuid": lambda chance, _: str(uuid.UUID(int=chance.getrandbits(128), version=4)),
    "date.anytime": _moment(-_YEAR, _YEAR),
    "date.between": _between,
    "date.birthdate": _moment(-_YEAR * 70, -_YEAR * 18),
    "date.future": _moment(1, _YEAR),
    "date.month": _one_of(*words.MONTHS),
    "date.past": _moment(-_YEAR, -1),
    "date.recent": _moment(-1, 0),
    "date.soon": _moment(0, 1),
    "date.weekday": _one_of(*words.WEEKDAYS),
    "fake.template": _template,
    "finance.account": _letters(string.digits, 8),
    "finance.accountName": _one_of(*words.ACCOUNTS),
    "finance.amount": _price,
    "finance.bic": _digits("????DE??"),
    "finance.bitcoinAddress": lambda chance, _: "1" + "".join(chance.choices("23456789abcdefghjkmnpqrstuvwxyz", k=32)),
    "finance.creditCardCVV": _digits("###"),
    "finance.creditCardNumber": _card,
    "finance.currencyCode": _one_of(*words.CURRENCIES),
    "finance.currencyName": _one_of(*(name for name, _ in words.CURRENCIES.values())),
    "finance.currencySymbol": _one_of(*(symbol for _, symbol in words.CURRENCIES.values())),
    "finance.iban": _iban,
    "finance.mask": _letters(string.digits, 4),
    "finance.pin": _letters(string.digits, 4),
    "finance.routingNumber": _digits("#########"),
    "finance.transactionDescription": _filled("{{finance.transactionType}} at {{company.companyName}}"),
    "finance.transactionType": _one_of(*words.TRANSACTIONS),
    "git.branch": lambda chance, _: f"{chance.choice(words.PHRASES[0])}-{chance.choice(words.THINGS)}",
    "git.commitMessage": lambda chance, _: _lorem(2, 5)(chance, ()).capitalize(),
    "git.commitSha": lambda chance, _: "".join(chance.choices(_HEX, k=40)),
    "git.shortSha": lambda chance, _: "".join(chance.choices(_HEX, k=7)),
    "helpers.arrayElement": _member,
    "helpers.slugify": lambda _, arguments: _slug(str(arguments[0])),
    "image.avatar": lambda chance, _: f"https://images.example/avatar/{chance.randint(1, 999)}.jpg",
    "image.imageUrl": lambda chance, _: f"https://images.example/640x480/{chance.randint(1, 999)}.jpg",
    "internet.color": _letters(_HEX, 6, "#"),
    "internet.domainName": _domain,
    "internet.domainSuffix": _one_of(*words.DOMAIN_SUFFIXES),
    "internet.domainWord": lambda chance, _: _domain(chance).partition(".")[0],
    "internet.email": _email,
    "internet.emoji": _one_of(*words.EMOJI),
    "internet.exampleEmail": lambda chance, arguments: f"{_handle(chance, arguments)}@example.com",
    "internet.httpMethod": _one_of(*words.VERBS),
    "internet.httpStatusCode": _one_of(*words.STATUSES),
    "internet.ip": lambda chance, _: f"192.0.2.{chance.randint(1, 254)}",
    "internet.ipv6": lambda chance, _: f"2001:db8::{chance.randint(1, 0xFFFF):x}",
    "internet.mac": lambda chance, _: ":".join(f"{chance.randrange(256):02x}" for _ in range(6)),
    "internet.password": _letters(string.ascii_letters + string.digits, 15),
    "internet.port": lambda chance, _: chance.randint(1024, 65535),
    "internet.protocol": _one_of("http", "https"),
    "internet.url": lambda chance, _: f"https://{_domain(chance)}",
    "internet.userAgent": _one_of(*words.AGENTS),
    "internet.userName": _handle,
    "lorem.lines": _sentences(1, 5, "\n"),
    "lorem.paragraph": _sentences(3, 5),
    "lorem.paragraphs": _sentences(6, 9),
    "lorem.sentence": _sentence,
    "lorem.sentences": _sentences(2, 6),
    "lorem.slug": lambda chance, arguments: "-".join(_some_words(chance, arguments, 3, 3)),
    "lorem.text": _sentences(2, 5),
    "lorem.word": _one_of(*words.LOREM),
    "lorem.words": _lorem(3, 3),
    "name.firstName": _one_of(*words.FIRST_NAMES),
    "name.fullName": _filled("{{name.firstName}} {{name.lastName}}"),
    "name.gender": _one_of(*words.GENDERS),
    "name.jobArea": _one_of(*words.JOB_AREAS),
    "name.jobDescriptor": _one_of(*words.JOB_DESCRIPTORS),
    "name.jobTitle": _filled("{{name.jobDescriptor}} {{name.jobArea}} {{name.jobType}}"),
    "name.jobType": _one_of(*words.JOB_TYPES),
    "name.lastName": _one_of(*words.LAST_NAMES),
    "name.middleName": _one_of(*words.FIRST_NAMES),
    "name.prefix": _one_of(*words.PREFIXES),
    "name.suffix": _one_of(*words.SUFFIXES),
    "phone.imei": _digits("##-######-######-#"),
    "phone.phoneNumber": _phone,
    "random.alpha": _letters(string.ascii_lowercase, 1),
    "random.alphaNumeric": _letters(_ALNUM, 1),
    "random.locale": _one_of("de", "en", "es", "fr", "it", "tr"),
    "random.numeric": _letters(string.digits, 1),
    "system.commonFileExt": _one_of(*words.MIME_TYPES),
    "system.commonFileName": _file,
    "system.fileExt": _one_of(*words.MIME_TYPES),
    "system.fileName": _file,
    "system.filePath": lambda chance, arguments: f"/srv/{chance.choice(words.LOREM)}/{_file(chance, arguments)}",
    "system.mimeType": _one_of(*words.MIME_TYPES.values()),
    "system.semver": lambda chance, _: ".".join(str(chance.randint(0, 9)) for _ in range(3)),
    "vehicle.color": _one_of(*words.COLOURS),
    "vehicle.fuel": _one_of(*words.FUELS),
    "vehicle.manufacturer": _one_of(*words.MAKERS),
    "vehicle.model": _one_of(*(model for models in words.MAKERS.values() for model in models)),
    "vehicle.type": _one_of(*words.VEHICLE_TYPES),
    "vehicle.vehicle": _vehicle,
    "vehicle.vin": _letters("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", 17),
}
"""Method → maker, for each of `faker_extension.METHODS`."""
