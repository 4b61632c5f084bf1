"""A language tag goes in; the words of that language and the facts of its country come out. The one door to Faker."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from faker.config import AVAILABLE_LOCALES
from faker.factory import Factory
from faker.providers.date_time import Provider as DateTimes

from understudy.errors import UsageError

if TYPE_CHECKING:
    from faker.generator import Generator

USUAL = "en-US"
_TERRITORIES = {"en": "US", "pt": "BR", "es": "ES", "zh": "CN", "ar": "SA", "sv": "SE", "da": "DK", "cs": "CZ"}
_TERRITORIES |= {"ja": "JP", "ko": "KR", "el": "GR", "uk": "UA", "he": "IL", "hi": "IN", "fa": "IR", "vi": "VN"}
_EURO = "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK"
_CURRENCIES = {
    **dict.fromkeys(_EURO.split(), "EUR"),
    "US": "USD",
    "GB": "GBP",
    "BR": "BRL",
    "CH": "CHF",
    "SE": "SEK",
    "NO": "NOK",
    "DK": "DKK",
    "PL": "PLN",
    "CZ": "CZK",
    "HU": "HUF",
    "RO": "RON",
    "BG": "BGN",
    "TR": "TRY",
    "RU": "RUB",
    "UA": "UAH",
    "CA": "CAD",
    "AU": "AUD",
    "NZ": "NZD",
    "JP": "JPY",
    "CN": "CNY",
    "KR": "KRW",
    "IN": "INR",
    "ID": "IDR",
    "TH": "THB",
    "MX": "MXN",
    "AR": "ARS",
    "CL": "CLP",
    "CO": "COP",
    "IL": "ILS",
    "SA": "SAR",
    "ZA": "ZAR",
    "NG": "NGN",
}
"""ISO 4217 code by ISO 3166-1 code."""


@dataclass(frozen=True)
class Locale:
    """A language and a country. `territory` is ISO 3166-1 alpha-2, `currency` ISO 4217, `zones` names of time zones."""

    tag: str
    words: Generator = field(repr=False, compare=False)
    territory: str
    country: str
    currency: str
    zones: tuple[str, ...]


@cache
def locale(tag: str = USUAL) -> Locale:
    """Find the words of a BCP 47 tag such as `pt-BR`, or of a language. Raises UsageError for an unknown one."""
    name = _known(tag)
    language, _, territory = name.partition("_")
    code = territory or _TERRITORIES.get(language, language.upper())
    entry = next((one for one in DateTimes.countries if one.alpha_2_code == code), None)
    zones = tuple(entry.timezones) if entry else ("UTC",)
    country = str(entry.name) if entry else code
    return Locale(name.replace("_", "-"), Factory.create(name), code, country, _CURRENCIES.get(code, "USD"), zones)


def _known(tag: str) -> str:
    """Find Faker's name for a tag: exactly, else in the country where the language is most spoken, else anywhere."""
    language, _, territory = tag.replace("_", "-").partition("-")
    language, territory = language.lower(), territory.upper()
    usual = _TERRITORIES.get(language, language.upper())
    for name in (f"{language}_{territory}", f"{language}_{usual}" if not territory else "", language):
        if name in AVAILABLE_LOCALES:
            return str(name)
    same = sorted(name for name in AVAILABLE_LOCALES if name.partition("_")[0] == language)
    if same and not territory:
        return str(same[0])
    remedy = f"Take one of: {', '.join(sorted(name.replace('_', '-') for name in AVAILABLE_LOCALES))}."
    raise UsageError(f"There are no words for the locale `{tag}`.", remedy)
