"""A seed and a locale go in; somebody imagined comes out, whose name, address, number and dates fit each other."""

from __future__ import annotations

import hashlib
import random
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import phonenumbers

if TYPE_CHECKING:
    from understudy_mock.faking.locales import Locale

_HOSTS = ("example.com", "example.org", "example.net")
"""Hosts that belong to nobody (RFC 2606, section 3)."""

_MINUTES_A_DAY = 24 * 60
_MOST_TRIES = 50


def stream(text: str) -> random.Random:
    """Give the stream of chance that belongs to a text."""
    digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
    return random.Random(digest)  # noqa: S311 - not a secret


def ascii_of(text: str) -> str:
    """Write a text in lower-case ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@dataclass
class Persona:
    """Who an object is about. Everything is worked out when it is asked for; `now` is the mock's clock."""

    locale: Locale
    seed: str
    now: datetime

    def chance(self, about: str) -> random.Random:
        """Give the stream of chance for one of its traits."""
        return stream(f"{self.seed}\x1f{about}")

    def words(self, provider: str) -> str:
        """Ask the locale for a word of a kind, such as `city`; empty if the language has none."""
        generator = self.locale.words
        generator.random = self.chance(provider)
        found = getattr(generator, provider, None)
        return str(found()).replace("\n", ", ") if callable(found) else ""

    @cached_property
    def is_woman(self) -> bool:
        """Whether the first name is a woman's."""
        return self.chance("gender").random() < 0.5  # noqa: PLR2004 - one of two

    @cached_property
    def first_name(self) -> str:
        """A given name."""
        return self.words("first_name_female" if self.is_woman else "first_name_male") or self.words("first_name")

    @cached_property
    def last_name(self) -> str:
        """A family name."""
        return self.words("last_name")

    @cached_property
    def handle(self) -> str:
        """The name in ASCII, as it stands in an address."""
        made = ".".join(filter(None, (ascii_of(self.first_name), ascii_of(self.last_name))))
        return made or f"user{self.chance('handle').randrange(1000, 9999)}"

    @cached_property
    def email(self) -> str:
        """A mail address of the name, at a host that belongs to nobody."""
        return f"{self.handle}@{self.chance('host').choice(_HOSTS)}"

    @cached_property
    def company(self) -> str:
        """The name of a firm."""
        return self.words("company")

    @cached_property
    def domain(self) -> str:
        """A host name of the firm, under a domain that belongs to nobody."""
        return f"{ascii_of(self.company)[:40].strip('-') or 'www'}.{self.chance('domain').choice(_HOSTS)}"

    @cached_property
    def zone(self) -> str:
        """A time zone of the country."""
        return self.chance("zone").choice(self.locale.zones)

    @cached_property
    def phone(self) -> phonenumbers.PhoneNumber:
        """A valid number of the country, in its numbering plan's own example range."""
        code, chance = self.locale.territory, self.chance("phone")
        base = phonenumbers.example_number_for_type(code, phonenumbers.PhoneNumberType.MOBILE)
        base = base or phonenumbers.example_number(code) or phonenumbers.parse("+12015550123")
        digits = str(base.national_number)
        for _ in range(_MOST_TRIES):
            made = phonenumbers.PhoneNumber(
                country_code=base.country_code,
                national_number=int(digits[:-4] + f"{chance.randrange(10_000):04d}"),
                italian_leading_zero=base.italian_leading_zero,
            )
            if phonenumbers.is_valid_number(made):
                return made
        return base

    @cached_property
    def begun(self) -> datetime:
        """When it came into being: within the year before now."""
        return self._later(self.now, "begun", -360, -30)

    @cached_property
    def changed(self) -> datetime:
        """When it was changed last: after it came into being, before now."""
        days = (self.now - self.begun).days
        return self._later(self.begun, "changed", 0, max(days, 1))

    @cached_property
    def start(self) -> datetime:
        """When something begins: soon."""
        return self._later(self.now, "start", 1, 60).replace(minute=0, second=0)

    @cached_property
    def end(self) -> datetime:
        """When it ends: after it began, on the same day or some days later."""
        return self.start + timedelta(minutes=30 * self.chance("end").randrange(1, 240))

    @cached_property
    def expiry(self) -> datetime:
        """When it is good no longer: after everything else."""
        return self._later(self.end, "expiry", 30, 720)

    @cached_property
    def born(self) -> datetime:
        """When the person was born: a grown-up."""
        return self._later(self.now, "born", -70 * 365, -19 * 365)

    def _later(self, instant: datetime, about: str, least: int, most: int) -> datetime:
        """Give an instant so many days later, to the minute."""
        minutes = self.chance(about).randrange(least * _MINUTES_A_DAY, most * _MINUTES_A_DAY)
        return (instant + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
