"""Two operations go in; their request bodies, and any content by media type, are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.drift.versions import media
from understudy.drift.versions.effects import Direction
from understudy.drift.versions.nodes import is_set, mapped
from understudy.drift.versions.scope import followed
from understudy.drift.versions.sentences import named, phrase
from understudy.drift.versions.values import key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Operation, Placed
    from understudy.drift.versions.nodes import Tokens
    from understudy.drift.versions.scope import Scope
    from understudy.drift.versions.sentences import Value
    from understudy.sentence import Sentence


def compare(scope: Scope, old: Operation, new: Operation) -> None:
    """Compare what callers send."""
    before, after = old.request_body, new.request_body
    if before is None and after is not None:
        rule = "required-request-body-added" if is_set(after.value, "required") else "request-body-added"
        scope.say(rule, {"operation": named(new)}, old.tokens, after.tokens, of_key=True)
    elif after is None and before is not None:
        scope.say("request-body-removed", {"operation": named(new)}, before.tokens, new.tokens)
    elif before is not None and after is not None:
        _required(scope, before, after)
        scope.say_texts(phrase("request-body"), before.tokens, after.tokens)
        compare_content(scope, before, after, "request", phrase("request-body"))


def _required(scope: Scope, old: Placed, new: Placed) -> None:
    was, is_now = (is_set(one.value, "required") for one in (old, new))
    if was != is_now:
        rule = "request-body-became-required" if is_now else "request-body-became-optional"
        scope.say(rule, {}, (*old.tokens, "required"), (*new.tokens, "required"))


def compare_content(scope: Scope, old: Placed, new: Placed, kind: str, subject: Sentence) -> None:
    """Compare content by media type; `kind` is `request` or `response`."""
    before, after = mapped(old.value, "content"), mapped(new.value, "content")
    if bool(before) != bool(after):
        _presence(scope, old, new, kind, subject)
        return
    pairs = dict.fromkeys(_pairs(before, after))
    for one, other in pairs:
        if one is None:
            said: dict[str, Value] = {"content": subject, "media": str(other)}
            place = (*new.tokens, "content", str(other))
            scope.say(f"{kind}-media-type-added", said, (*old.tokens, "content"), place, of_key=True)
        elif other is None:
            said = {"content": subject, "media": one}
            scope.say(f"{kind}-media-type-removed", said, (*old.tokens, "content", one), (*new.tokens, "content"))
        else:
            is_alone = len(before) == len(after) == 1
            root = subject if is_alone else phrase("media", content=subject, media=other)
            compare_media(scope, (*old.tokens, "content", one), (*new.tokens, "content", other), kind, root)


def _presence(scope: Scope, old: Placed, new: Placed, kind: str, subject: Sentence) -> None:
    """Content that is new or gone as a whole: an answer that had none may have some."""
    for name in mapped(new.value, "content"):
        said: dict[str, Value] = {"content": subject, "media": name}
        scope.say(f"{kind}-media-type-added/first", said, old.tokens, (*new.tokens, "content", name), of_key=True)
    for name in mapped(old.value, "content"):
        said = {"content": subject, "media": name}
        scope.say(f"{kind}-media-type-removed/last", said, (*old.tokens, "content", name), new.tokens)


def _pairs(old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[str | None, str | None]]:
    for name in new:
        yield media.find(name, old), name
    for name in old:
        if (found := media.find(name, new)) is None or media.find(found, old) != name:
            yield name, found


def compare_media(scope: Scope, old: Tokens, new: Tokens, kind: str, root: Sentence) -> None:
    """Compare two Media Type Objects."""
    direction = Direction.REQUEST if kind == "request" else Direction.RESPONSE
    before, after = followed(scope.old, old), followed(scope.new, new)
    for name, subject in (("schema", root), ("itemSchema", phrase("item", content=root))):
        scope.schemas((*before.tokens, name), (*after.tokens, name), direction, subject)
    if kind == "request" and key(mapped(before.value, "encoding")) != key(mapped(after.value, "encoding")):
        places = (*before.tokens, "encoding"), (*after.tokens, "encoding")
        scope.say("encoding-changed", {"content": root}, *places)
    compare_examples(scope, root, before, after)


def compare_examples(scope: Scope, root: Sentence, old: Placed, new: Placed) -> None:
    """Tell of examples that are not what they were, if that is asked for."""
    if not scope.texts:
        return
    before, after = (_examples(contract, one) for contract, one in ((scope.old, old), (scope.new, new)))
    for name in dict.fromkeys((*after, *before)):
        if before.get(name) != after.get(name):
            case = "new" if name not in before else "gone" if name not in after else "other"
            said: dict[str, Value] = {"place": root, **({"name": name} if name else {})}
            scope.say(f"example-changed/{'named-' if name else ''}{case}", said, old.tokens, new.tokens)


def _examples(contract: Any, placed: Placed) -> dict[str, str]:
    found = {"": key(placed.value["example"])} if "example" in placed.value else {}
    for name in mapped(placed.value, "examples"):
        found[name] = key(contract.follow((*placed.tokens, "examples", name)).value)
    return found


def compare_sent(scope: Scope, old: Operation, new: Operation) -> None:
    """Compare what the API sends with a webhook or callback."""
    before, after, sender = old.request_body, new.request_body, scope.sender or ""
    if before is None or after is None:
        if before is not after:
            case = "new" if after else "gone"
            scope.say(f"webhook-body-changed/{case}", {"sender": sender}, old.tokens, new.tokens)
        return
    one, other = mapped(before.value, "content"), mapped(after.value, "content")
    for name in dict.fromkeys((*one, *other)):
        if name in one and name in other:
            body = phrase("body")
            subject = body if len(other) == 1 else phrase("media", content=body, media=name)
            places = (*before.tokens, "content", name), (*after.tokens, "content", name)
            compare_media(scope, *places, "request", subject)
        else:
            case = "media-new" if name in other else "media-gone"
            said = {"sender": sender, "media": name}
            scope.say(f"webhook-body-changed/{case}", said, before.tokens, after.tokens)
