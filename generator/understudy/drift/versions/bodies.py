"""Two operations go in; their request bodies, and any content by media type, are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.drift.versions import media
from understudy.drift.versions.effects import Direction
from understudy.drift.versions.nodes import is_set, mapped
from understudy.drift.versions.scope import followed
from understudy.drift.versions.values import key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Operation, Placed
    from understudy.drift.versions.nodes import Tokens
    from understudy.drift.versions.scope import Scope


def compare(scope: Scope, old: Operation, new: Operation) -> None:
    """Compare what callers send."""
    before, after = old.request_body, new.request_body
    if before is None and after is not None:
        is_needed = is_set(after.value, "required")
        rule = "required-request-body-added" if is_needed else "request-body-added"
        said = f"{new.method} {new.path} takes a request body{', and it is required' if is_needed else ''}."
        scope.say(rule, said, old.tokens, after.tokens, of_key=True)
    elif after is None and before is not None:
        scope.say("request-body-removed", f"{new.method} {new.path} takes no request body.", before.tokens, new.tokens)
    elif before is not None and after is not None:
        _required(scope, before, after)
        scope.say_texts("the request body", before.tokens, after.tokens)
        compare_content(scope, before, after, "request")


def _required(scope: Scope, old: Placed, new: Placed) -> None:
    was, is_now = (is_set(one.value, "required") for one in (old, new))
    if was != is_now:
        rule = "request-body-became-required" if is_now else "request-body-became-optional"
        said = f"The request body is {'required' if is_now else 'optional'} now."
        scope.say(rule, said, (*old.tokens, "required"), (*new.tokens, "required"))


def compare_content(scope: Scope, old: Placed, new: Placed, kind: str, subject: str = "the request body") -> None:
    """Compare content by media type; `kind` is `request` or `response`."""
    before, after = mapped(old.value, "content"), mapped(new.value, "content")
    if bool(before) != bool(after):
        _presence(scope, old, new, kind, subject)
        return
    pairs = dict.fromkeys(_pairs(before, after))
    for one, other in pairs:
        if one is None:
            said = f"{_capital(subject)} may be of one more media type: {other}."
            place = (*new.tokens, "content", str(other))
            scope.say(f"{kind}-media-type-added", said, (*old.tokens, "content"), place, of_key=True)
        elif other is None:
            said = f"{_capital(subject)} may no longer be of media type {one}."
            scope.say(f"{kind}-media-type-removed", said, (*old.tokens, "content", one), (*new.tokens, "content"))
        else:
            is_alone = len(before) == len(after) == 1
            root = subject if is_alone else f"{subject} ({other})"
            compare_media(scope, (*old.tokens, "content", one), (*new.tokens, "content", other), kind, root)


def _presence(scope: Scope, old: Placed, new: Placed, kind: str, subject: str) -> None:
    """Content that is new or gone as a whole: an answer that had none may have some."""
    for name in mapped(new.value, "content"):
        said = f"{_capital(subject)} may be of media type {name}, where there was no content."
        scope.say(f"{kind}-media-type-added", said, old.tokens, (*new.tokens, "content", name), of_key=True)
    for name in mapped(old.value, "content"):
        said = f"{_capital(subject)} may no longer be of media type {name}, nor of any other."
        scope.say(f"{kind}-media-type-removed", said, (*old.tokens, "content", name), new.tokens)


def _pairs(old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[str | None, str | None]]:
    for name in new:
        yield media.find(name, old), name
    for name in old:
        if (found := media.find(name, new)) is None or media.find(found, old) != name:
            yield name, found


def compare_media(scope: Scope, old: Tokens, new: Tokens, kind: str, root: str) -> None:
    """Compare two Media Type Objects."""
    direction = Direction.REQUEST if kind == "request" else Direction.RESPONSE
    before, after = followed(scope.old, old), followed(scope.new, new)
    for name, subject in (("schema", root), ("itemSchema", f"an item of {root}")):
        scope.schemas((*before.tokens, name), (*after.tokens, name), direction, subject)
    if kind == "request" and key(mapped(before.value, "encoding")) != key(mapped(after.value, "encoding")):
        said = f"Parts of {root} are written in another way."
        scope.say("encoding-changed", said, (*before.tokens, "encoding"), (*after.tokens, "encoding"))
    compare_examples(scope, root, before, after)


def compare_examples(scope: Scope, root: str, old: Placed, new: Placed) -> None:
    """Tell of examples that are not what they were, if that is asked for."""
    if not scope.texts:
        return
    before, after = (_examples(contract, one) for contract, one in ((scope.old, old), (scope.new, new)))
    for name in dict.fromkeys((*after, *before)):
        if before.get(name) != after.get(name):
            word = "is new" if name not in before else "is gone" if name not in after else "changed"
            said = f"The example `{name}` of {root} {word}." if name else f"The example of {root} {word}."
            scope.say("example-changed", said, old.tokens, new.tokens)


def _examples(contract: Any, placed: Placed) -> dict[str, str]:
    found = {"": key(placed.value["example"])} if "example" in placed.value else {}
    for name in mapped(placed.value, "examples"):
        found[name] = key(contract.follow((*placed.tokens, "examples", name)).value)
    return found


def compare_sent(scope: Scope, old: Operation, new: Operation) -> None:
    """Compare what the API sends with a webhook or callback."""
    before, after = old.request_body, new.request_body
    if before is None or after is None:
        if before is not after:
            said = f"{_capital(scope.about)} sends {'a' if after else 'no'} body."
            scope.say("webhook-body-changed", said, old.tokens, new.tokens)
        return
    one, other = mapped(before.value, "content"), mapped(after.value, "content")
    for name in dict.fromkeys((*one, *other)):
        if name in one and name in other:
            subject = "the body" if len(other) == 1 else f"the body ({name})"
            places = (*before.tokens, "content", name), (*after.tokens, "content", name)
            compare_media(scope, *places, "request", subject)
        else:
            said = f"{_capital(scope.about)} {'sends' if name in other else 'no longer sends'} {name}."
            scope.say("webhook-body-changed", said, before.tokens, after.tokens)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
