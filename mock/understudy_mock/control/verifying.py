"""What a test expects of its requests goes in; whether the journal bears it out, and what came nearest, come out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from understudy_mock import entries
from understudy_mock.control.contracts import operation_of
from understudy_mock.control.journal_queries import Wanted
from understudy_mock.control.replies import Reply
from understudy_mock.exchange import MISSING
from understudy_mock.handlers import answers
from understudy_mock.media import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy_mock.journal import Entry
    from understudy_mock.runtime import Runtime

_SHOWN = 5
_PLACES = ("path", "query", "header", "cookie")
_WORDS = {"exactly": "exactly", "atLeast": "at least", "atMost": "at most"}
_TEXT = 200


class VerificationOperations:
    """What tests ask after they have acted."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @answers("verifyRequests")
    def verify(self, body: dict[str, Any]) -> Reply:
        """Count the requests that are as described and compare with what is expected."""
        named, journal = body.get("operationId"), self._runtime.journal
        if named is not None:
            operation_of(self._runtime, named, body.get("contract"))
        since = int(body.get("since", 0))
        near = Wanted(named, body.get("session"), contract=body.get("contract"), since=since).of(self._runtime)
        judged = [(list(differences(entry, body.get("where", {}))), entry) for entry in near]
        count, expected = sum(not found for found, _ in judged), body.get("count", {"atLeast": 1})
        is_complete = journal.has_all_since(since)
        hidden = self._runtime.redaction
        missed = sorted((pair for pair in judged if pair[0]), key=lambda pair: (len(pair[0]), -pair[1].number))
        return Reply(
            {
                "verified": _holds(count, expected, is_complete=is_complete),
                "count": count,
                "expected": " and ".join(f"{_WORDS[word]} {number}" for word, number in expected.items()),
                "complete": is_complete,
                "nearest": [{**entries.summary(entry, hidden), "differs": found} for found, entry in missed[:_SHOWN]],
            }
        )


def _holds(count: int, expected: dict[str, Any], *, is_complete: bool) -> bool:
    """Compare; what has been pushed out of the journal could be one more, so an upper bound can't be vouched for."""
    bounds = {"exactly": count == expected.get("exactly"), "atLeast": count >= expected.get("atLeast", 0)}
    bounds["atMost"] = count <= expected.get("atMost", count)
    if not is_complete and ("exactly" in expected or "atMost" in expected):
        return False
    return all(bounds[word] for word in expected)


def differences(entry: Entry, where: dict[str, Any]) -> Iterator[str]:
    """Yield each way in which an exchange is not as described."""
    for name, actual in (("status", entry.status), ("verdict", entry.verdict)):
        if name in where and where[name] != actual:
            yield f"{name} is {actual}, not {where[name]}"
    for place in _PLACES:
        sent = entry.values.get(place, {})
        for name, wanted in where.get(place, {}).items():
            yield from _compare(f"{place} {name}", wanted, sent.get(name, MISSING))
    if "body" in where:
        yield from _compare("body", where["body"], entry.body())


def _compare(at: str, wanted: Any, actual: Any) -> Iterator[str]:
    """Compare JSON values: of an object only the members that are wanted matter, lists must agree item by item."""
    if actual is MISSING:
        yield f"{at} is missing"
    elif isinstance(wanted, dict) and isinstance(actual, dict):
        for name, value in wanted.items():
            yield from _compare(f"{at}/{name}", value, actual.get(name, MISSING))
    elif isinstance(wanted, list) and isinstance(actual, list) and len(wanted) == len(actual):
        for index, (one, other) in enumerate(zip(wanted, actual, strict=True)):
            yield from _compare(f"{at}/{index}", one, other)
    elif not _is_same(wanted, actual):
        yield f"{at} is {_shown(actual)}, not {_shown(wanted)}"


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | Decimal) and isinstance(other, int | Decimal):
        return one == other
    return type(one) is type(other) and bool(one == other)


def _shown(value: Any) -> str:
    text = to_json(value).decode()
    return text if len(text) <= _TEXT else f"{text[:_TEXT]}…"
