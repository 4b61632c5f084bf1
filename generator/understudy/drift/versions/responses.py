"""Two operations go in; their answers are compared: statuses, content, headers, links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.drift.versions import bodies
from understudy.drift.versions.effects import Direction
from understudy.drift.versions.nodes import is_set, mapped
from understudy.drift.versions.scope import followed
from understudy.drift.versions.sentences import named, phrase
from understudy.drift.versions.values import key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Operation, Placed
    from understudy.drift.versions.scope import Scope
    from understudy.drift.versions.sentences import Value
    from understudy.sentence import Sentence

Pair = tuple[str | None, str | None]


def compare(scope: Scope, old: Operation, new: Operation) -> None:
    """Compare what callers are answered."""
    for before, after in dict.fromkeys(_pairs(old.responses, new.responses)):
        if before is None and after is not None:
            said = {"operation": named(new), "status": after}
            place = new.responses[after].tokens
            scope.say(f"{_kind(after)}-status-added", said, (*old.tokens, "responses"), place, of_key=True)
        elif after is None and before is not None:
            said = {"operation": named(new), "status": before}
            place = old.responses[before].tokens
            scope.say(f"{_kind(before)}-status-removed", said, place, (*new.tokens, "responses"))
        elif before is not None and after is not None:
            _response(scope, old.responses[before], new.responses[after], phrase("response", status=after))


def _pairs(old: dict[str, Placed], new: dict[str, Placed]) -> Iterator[Pair]:
    for status in new:
        yield _covering(status, old), status
    for status in old:
        if status not in new:
            found = _covering(status, new)
            is_narrowed = found is None and any(_covering(name, old) == status for name in new)
            if not is_narrowed and (found is None or _covering(found, old) != status):
                yield status, found


def _covering(status: str, responses: dict[str, Placed]) -> str | None:
    """Find the response that speaks of a status: its own, that of its range, or the default."""
    if status in responses:
        return status
    ranges = {name.upper(): name for name in responses}
    if (range_of := f"{status[:1]}XX") in ranges:
        return ranges[range_of]
    has_success = any(_kind(name) == "success" for name in responses)
    is_left_to_default = _kind(status) == "error" or not has_success
    return "default" if "default" in responses and is_left_to_default else None


def _kind(status: str) -> str:
    return "success" if status[:1] in ("1", "2", "3") else "error"


def _response(scope: Scope, old: Placed, new: Placed, subject: Sentence) -> None:
    scope.say_texts(subject, old.tokens, new.tokens)
    bodies.compare_content(scope, old, new, "response", subject)
    _headers(scope, old, new, subject)
    _links(scope, old, new, subject)


def _header_names(placed: Placed) -> dict[str, str]:
    names = mapped(placed.value, "headers")
    return {name.lower(): name for name in names if name.lower() != "content-type"}


def _headers(scope: Scope, old: Placed, new: Placed, subject: Sentence) -> None:
    before, after = _header_names(old), _header_names(new)
    for lowered, name in after.items():
        place = (*new.tokens, "headers", name)
        if lowered not in before:
            said: dict[str, Value] = {"response": subject, "name": name}
            scope.say("response-header-added", said, old.tokens, place, of_key=True)
        else:
            one = followed(scope.old, (*old.tokens, "headers", before[lowered]))
            _header(scope, one, followed(scope.new, place), phrase("header", name=name, response=subject))
    for lowered, name in before.items():
        if lowered not in after:
            gone = followed(scope.old, (*old.tokens, "headers", name))
            is_missed = is_set(gone.value, "required")
            rule = "required-response-header-removed" if is_missed else "response-header-removed"
            scope.say(rule, {"header": phrase("header", name=name, response=subject)}, gone.tokens, new.tokens)


def _header(scope: Scope, old: Placed, new: Placed, subject: Sentence) -> None:
    was, is_now = (is_set(one.value, "required") for one in (old, new))
    if was != is_now:
        rule = f"response-header-became-{'required' if is_now else 'optional'}"
        scope.say(rule, {"header": subject}, old.tokens, (*new.tokens, "required"))
    was, is_now = (is_set(one.value, "deprecated") for one in (old, new))
    if was != is_now:
        rule = f"response-header-{'deprecated' if is_now else 'restored'}"
        scope.say(rule, {"header": subject}, old.tokens, new.tokens)
    scope.say_texts(subject, old.tokens, new.tokens)
    scope.schemas((*old.tokens, "schema"), (*new.tokens, "schema"), Direction.RESPONSE, subject)


def _links(scope: Scope, old: Placed, new: Placed, subject: Sentence) -> None:
    before, after = _told_links(scope.old, old), _told_links(scope.new, new)
    for name in after:
        place = (*new.tokens, "links", name)
        if name not in before:
            said: dict[str, Value] = {"response": subject, "name": name}
            scope.say("link-added", said, old.tokens, place, of_key=True)
        elif before[name] != after[name]:
            said = {"response": subject, "name": name}
            scope.say("link-changed", said, (*old.tokens, "links", name), place)
    for name in before:
        if name not in after:
            said = {"response": subject, "name": name}
            scope.say("link-removed", said, (*old.tokens, "links", name), new.tokens)


def _told_links(contract: Contract, response: Placed) -> dict[str, str]:
    found = {}
    for name in mapped(response.value, "links"):
        value = followed(contract, (*response.tokens, "links", name)).value
        found[name] = key({part: item for part, item in value.items() if part != "description"})
    return found


def compare_sent(scope: Scope, old: Operation, new: Operation) -> None:
    """Compare the answers that the API takes to a webhook or callback."""
    for status in dict.fromkeys((*new.responses, *old.responses)):
        before, after = old.responses.get(status), new.responses.get(status)
        if before is None or after is None:
            said: dict[str, Value] = {"sender": scope.sender or "", "status": status}
            places = before.tokens if before else old.tokens, after.tokens if after else (*new.tokens, "responses")
            scope.say(f"webhook-answer-changed/{'new' if after else 'gone'}", said, *places)
            continue
        contents = mapped(before.value, "content"), mapped(after.value, "content")
        for name in contents[1]:
            if name in contents[0]:
                places = (*before.tokens, "content", name), (*after.tokens, "content", name)
                bodies.compare_media(scope, *places, "response", phrase("answer", status=status))
