"""What a client asks the mock for besides the API's own request: RFC 7240 `Prefer`, or `__…` in the query.

`code=404`, `example=name`, `dynamic=true` and `seed=7` mean what they mean in Prism, so clients move over unchanged;
`session=name`, `variant=id`, `delay=300`, `fault=reset` and `scenario=name` are ours.
The query forms are looked at only when there is no `Prefer` header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from understudy.contract.fault_grammar import Delay, FaultAction, FaultGrammarError, parse_action, parse_delay

KNOWN = ("code", "example", "dynamic", "seed", "session", "variant", "delay", "fault", "scenario")
OF_ANSWERS = ("code", "example", "dynamic", "seed", "variant", "scenario")
"""Those a request that is refused before does not get."""

_PREFERENCE = re.compile(r'\s*([A-Za-z0-9_!#$%&\'*+.^`|~-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s,;"]*))?\s*(?:;[^,]*)?')
SESSION = re.compile(r"[A-Za-z0-9._-]{1,100}")
_VARIANT = re.compile(r"[0-9A-Za-z]{3,7}-[a-z]{2,8}(-[0-9a-f]{10})?")
_CODE = re.compile(r"[1-5][0-9]{2}")
_TOKEN = re.compile(r"[A-Za-z0-9_!#$%&'*+.^`|~-]+")


class MalformedWishError(ValueError):
    """A wish that can't be read; the message names it and its permitted values."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The wishes of one request; None means not expressed."""

    code: int | None = None
    example: str | None = None
    dynamic: bool = False
    seed: int | None = None
    session: str | None = None
    variant: str | None = None
    delay: Delay | None = None
    fault: FaultAction | None = None
    scenario: str | None = None
    given: tuple[tuple[str, str], ...] = ()

    def made_up(self) -> Wish:
        """Wish for a made-up answer as well, unless it is said whether one is wanted."""
        told = any(name == "dynamic" for name, _ in self.given)
        return self if told else replace(self, dynamic=True)


NO_WISH = Wish()


def read(prefer: str | None, query: bytes) -> Wish:
    """Read the wishes of a request. Raises MalformedWishError."""
    if prefer is not None:
        wishes = _parse(prefer)
    elif b"__" in query:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        wishes = {name[2:]: value for name, value in pairs if name.startswith("__") and name[2:] in KNOWN}
    else:
        return NO_WISH
    if not wishes:
        return NO_WISH
    return Wish(
        code=_code(wishes.get("code")),
        example=_named(wishes.get("example"), "example", "an example"),
        dynamic=_dynamic(wishes.get("dynamic")),
        seed=_seed(wishes.get("seed")),
        session=_session(wishes.get("session")),
        delay=_delay(wishes.get("delay")),
        fault=_fault(wishes.get("fault")),
        scenario=_named(wishes.get("scenario"), "scenario", "a scenario"),
        variant=_variant(wishes.get("variant")),
        given=tuple((name, wishes[name]) for name in KNOWN if name in wishes),
    )


def applied(wish: Wish, unmet: tuple[str, ...]) -> str:
    """Write the wishes that were granted for `Preference-Applied` (RFC 7240, 3); those `unmet` are left out."""
    return ", ".join(f"{name}={_word(value)}" for name, value in wish.given if name not in unmet)


def _word(value: str) -> str:
    """Write a value as a token, else as a quoted string (RFC 9110, 5.6.4)."""
    return value if _TOKEN.fullmatch(value) else '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


def _parse(prefer: str) -> dict[str, str]:
    """Read the preferences we know; others are ignored, and of equal ones the first counts (RFC 7240, section 2)."""
    wishes: dict[str, str] = {}
    for match in _PREFERENCE.finditer(prefer):
        name, value = match.group(1).lower(), match.group(2) or ""
        if name in KNOWN:
            wishes.setdefault(name, re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value)
    return wishes


def _code(value: str | None) -> int | None:
    if value is None:
        return None
    if not _CODE.fullmatch(value):
        raise MalformedWishError(f"code={value!r}: a status from 100 to 599 is wanted")
    return int(value)


def _named(value: str | None, kind: str, what: str) -> str | None:
    if value == "" or (value and not value.isprintable()):
        raise MalformedWishError(f"{kind}: the name of {what} is wanted")
    return value


def _delay(value: str | None) -> Delay | None:
    try:
        return None if value is None else parse_delay(value)
    except FaultGrammarError as error:
        raise MalformedWishError(str(error)) from None


def _fault(value: str | None) -> FaultAction | None:
    try:
        action = None if value is None else parse_action(value)
    except FaultGrammarError as error:
        raise MalformedWishError(str(error)) from None
    if action is not None and action.kind == "limit":
        raise MalformedWishError("fault: a limit is about more than one request; `--fault` sets it")
    return action


def _session(value: str | None) -> str | None:
    if value is not None and not SESSION.fullmatch(value):
        raise MalformedWishError("session: up to 100 letters, digits, points, hyphens and underscores are wanted")
    return value


def _variant(value: str | None) -> str | None:
    if value is not None and not _VARIANT.fullmatch(value):
        raise MalformedWishError("variant: an id of the operation's list of variants is wanted")
    return value


def _dynamic(value: str | None) -> bool:
    if value not in (None, "true", "false"):
        raise MalformedWishError(f"dynamic={value!r}: true or false is wanted")
    return value == "true"


def _seed(value: str | None) -> int | None:
    if value is None:
        return None
    if not re.fullmatch(r"-?[0-9]{1,18}", value):
        raise MalformedWishError(f"seed={value!r}: a whole number is wanted")
    return int(value)
