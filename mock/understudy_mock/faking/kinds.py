"""A field and a persona go in; values that would be natural there come out, the best first, none of them checked."""

from __future__ import annotations

import string
import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import phonenumbers

from understudy_mock.faking import words
from understudy_mock.faking.naming import Field, kind_of
from understudy_mock.faking.naming import words as parts_of
from understudy_mock.faking.persona import ascii_of

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

    from understudy_mock.faking.persona import Persona

    Maker = Callable[[Persona, random.Random], Any]

_NOT_YET = frozenset(
    ("deleted", "archived", "disabled", "blocked", "locked", "suspended", "cancelled", "canceled", "expired", "hidden")
)
"""What a switch says that is not so of most things."""

_CUT = ("text", "title", "label", "product", "company", "full_name", "job", "street", "city", "state", "slug")
"""Kinds that stay what they are when words are left off at the end."""

_ADJECTIVES = ("Northern", "Silver", "Quiet", "Bright", "Early", "Open", "Green", "Second", "Little", "Golden")
_NOUNS = ("Harbour", "Lantern", "Garden", "Signal", "River", "Summit", "Meadow", "Bridge", "Compass", "Atlas")
_GOODS = ("Lamp", "Kettle", "Backpack", "Notebook", "Headset", "Chair", "Bottle", "Keyboard", "Jacket", "Mug")
_SENTENCES = (
    "Confirmed with the customer on the phone.",
    "Please call before delivery.",
    "The second attempt went through.",
    "Moved to the next billing period at their request.",
    "Everything as agreed, nothing left to do.",
    "Waiting for an answer from the carrier.",
    "Replaced after inspection.",
    "Works well together with the previous version.",
)
_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
_TEST_IBANS = ("DE89370400440532013000", "GB82WEST12345698765432", "FR1420041010050500013M02606")
_INSTANTS = ("begun", "changed", "start", "end", "expiry", "born")


def candidates(at: Field, persona: Persona, chance: random.Random) -> Iterator[Any]:
    """Yield natural values for a text, a number or a truth value; nothing where the contract does not tell the kind."""
    kind = kind_of(at)
    if kind is None:
        return
    if kind in _INSTANTS:
        yield from _instants(getattr(persona, kind))
    elif kind == "phone":
        yield from _numbers(persona.phone)
    elif kind in ("country", "country_code"):
        both = (persona.locale.country, persona.locale.territory)
        yield from both if kind == "country" else reversed(both)
    elif kind == "price":
        yield from _prices(chance)
    elif kind == "id":
        yield from () if at.number is None else (at.number + 1,)
        yield _token(chance)[:16]
    else:
        made = _KINDS[kind](persona, chance)
        yield made
        if isinstance(made, str):
            longest = at.keywords.get("maxLength")
            yield from (_cut(made, longest),) if isinstance(longest, int) and kind in _CUT else ()
        elif isinstance(made, int | Decimal):
            yield from (_within(made, at.keywords), str(made))


def truth(name: str, chance: random.Random) -> bool:
    """Tell whether a switch of this name is usually on."""
    said = set(parts_of(name))
    return not (said & _NOT_YET) and (not said or chance.random() < 0.8)  # noqa: PLR2004 - most things are as they should


def _instants(instant: datetime) -> Iterator[Any]:
    """Write an instant as it may be wanted: RFC 3339, a date, or seconds or milliseconds since the epoch."""
    yield instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
    yield instant.date().isoformat()
    yield instant.time().isoformat() + "Z"
    yield int(instant.timestamp())
    yield int(instant.timestamp()) * 1000


def _numbers(number: phonenumbers.PhoneNumber) -> Iterator[Any]:
    for style in ("E164", "INTERNATIONAL", "NATIONAL"):
        yield phonenumbers.format_number(number, getattr(phonenumbers.PhoneNumberFormat, style))
    digits = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    yield digits.removeprefix("+")
    yield int(digits)


def _prices(chance: random.Random) -> Iterator[Any]:
    cents = chance.randrange(199, 49_900)
    yield Decimal(cents) / 100
    yield cents
    yield f"{Decimal(cents) / 100:.2f}"
    yield Decimal(cents // 100)


def _cut(text: str, longest: int) -> str:
    """Leave off whole words at the end, as far as there are any."""
    return text if len(text) <= longest else text[: longest + 1].rpartition(" ")[0] or text[:longest]


def _within(made: int | Decimal, keywords: dict[str, Any]) -> Any:
    """Bring a number between the bounds that the schema sets, if it sets both."""
    low, high = keywords.get("minimum"), keywords.get("maximum")
    if not isinstance(low, int) or not isinstance(high, int) or high <= low:
        return made
    return low + int(made) % (high - low + 1)


def _whole(low: int, high: int) -> Maker:
    return lambda _, chance: chance.randint(low, high)


def _part(low: int, high: int, digits: int) -> Maker:
    """Make a number with so many decimals, between two whole ones."""
    scale = 10**digits
    return lambda _, chance: Decimal(chance.randint(low * scale, high * scale)) / scale


def _of(*values: Any) -> Maker:
    return lambda _, chance: chance.choice(values)


def _said(provider: str) -> Maker:
    return lambda persona, _: persona.words(provider)


def _token(chance: random.Random) -> str:
    return "".join(chance.choice(string.ascii_lowercase + string.digits) for _ in range(32))


def _title(_: Persona, chance: random.Random) -> str:
    return f"{chance.choice(_ADJECTIVES)} {chance.choice(_NOUNS)}"


def _product(_: Persona, chance: random.Random) -> str:
    return f"{chance.choice(_ADJECTIVES)} {chance.choice(_GOODS)}"


def _media(persona: Persona, chance: random.Random, name: str) -> str:
    return f"https://{persona.domain}/images/{name}-{chance.randrange(100, 999)}.png"


_KINDS: dict[str, Maker] = {
    "email": lambda persona, _: persona.email,
    "first_name": lambda persona, _: persona.first_name,
    "last_name": lambda persona, _: persona.last_name,
    "full_name": lambda persona, _: f"{persona.first_name} {persona.last_name}",
    "handle": lambda persona, _: persona.handle,
    "password": lambda _, chance: f"{chance.choice(_NOUNS).lower()}-{chance.randrange(1000, 9999)}-Qx!",
    "company": lambda persona, _: persona.company,
    "job": _said("job"),
    "department": _of(*words.JOB_AREAS),
    "street": _said("street_address"),
    "street_more": lambda _, chance: f"Floor {chance.randint(1, 12)}",
    "city": _said("city"),
    "state": lambda persona, _: persona.words("state") or persona.words("administrative_unit") or persona.words("city"),
    "postcode": _said("postcode"),
    "latitude": _part(-60, 70, 5),
    "longitude": _part(-179, 179, 5),
    "zone": lambda persona, _: persona.zone,
    "currency": lambda persona, _: persona.locale.currency,
    "language": lambda persona, _: persona.locale.tag,
    "url": lambda persona, chance: f"https://{persona.domain}/{chance.choice(_NOUNS).lower()}",
    "callback": lambda persona, _: f"https://{persona.domain}/callbacks",
    "image": lambda persona, chance: _media(persona, chance, chance.choice(_NOUNS).lower()),
    "domain": lambda persona, _: persona.domain,
    "ip": lambda _, chance: f"192.0.2.{chance.randint(1, 254)}",
    "mac": lambda _, chance: "02:" + ":".join(f"{chance.randrange(256):02x}" for _ in range(5)),
    "user_agent": _of(_AGENT),
    "color": lambda _, chance: f"#{chance.randrange(16**6):06x}",
    "slug": lambda persona, chance: ascii_of(_title(persona, chance)),
    "title": _title,
    "label": _title,
    "text": _of(*_SENTENCES),
    "product": _product,
    "sku": lambda _, chance: f"{chance.choice(_GOODS)[:3].upper()}-{chance.randrange(10_000, 99_999)}",
    "token": lambda _, chance: _token(chance),
    "version": lambda _, chance: f"{chance.randint(1, 4)}.{chance.randint(0, 12)}.{chance.randint(0, 9)}",
    "uuid": lambda _, chance: str(uuid.UUID(int=chance.getrandbits(128), version=4)),
    "reference": lambda _, chance: f"{chance.choice(_NOUNS)[:2].upper()}-{chance.randrange(10_000, 99_999)}",
    "iban": _of(*_TEST_IBANS),
    "bic": _of("DEUTDEFF", "BARCGB22", "BNPAFRPP"),
    "last4": lambda _, chance: f"{chance.randrange(10_000):04d}",
    "card_brand": _of("visa", "mastercard", "amex"),
    "gender": lambda persona, _: "female" if persona.is_woman else "male",
    "file_name": lambda persona, chance: f"{ascii_of(_title(persona, chance))}.pdf",
    "media_type": _of("application/pdf", "image/png", "text/plain"),
    "path": lambda persona, chance: f"/files/{ascii_of(_title(persona, chance))}.pdf",
    "duration": _whole(10, 3600),
    "age": lambda persona, _: (persona.now - persona.born).days // 365,
    "year": lambda persona, _: persona.begun.year,
    "month": lambda persona, _: persona.begun.month,
    "day": lambda persona, _: persona.begun.day,
    "hour": _whole(8, 18),
    "minute": _of(0, 15, 30, 45),
    "port": _of(443, 5060, 8080, 8443),
    "count": _whole(1, 40),
    "page": _of(1),
    "size": _whole(1024, 4_000_000),
    "percent": _whole(1, 99),
    "rating": _part(3, 5, 1),
    "rate": _part(0, 1, 2),
    "weight": _part(1, 30, 1),
    "extent": _whole(10, 200),
    "priority": _whole(1, 5),
    "isbn": _of("9783161484100", "9780306406157"),
}
