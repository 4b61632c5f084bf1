"""What the API sends by itself goes in, webhooks and callbacks; the parts of a page for each come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from understudy.contract import grammar
from understudy.publish import prose
from understudy.publish.answers import body, example, made_up
from understudy.publish.edition import Told, described
from understudy.publish.examples import examples
from understudy.publish.naming import file_names
from understudy.publish.page import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Placed, Tokens
    from understudy.publish.edition import Edition


class _Key(NamedTuple):
    owner: str
    name: str
    expression: str
    method: str


@dataclass(frozen=True)
class Sent:
    """A request that the API sends. `owner` is the operation of a callback; empty for a webhook."""

    name: str
    file: str
    method: str
    tokens: Tokens
    value: dict[str, Any]
    title: Told
    owner: str = ""
    expression: str = ""
    """Where a callback goes, as a runtime expression."""


def all_sent(edition: Edition) -> tuple[Sent, ...]:
    """List webhooks, then callbacks, in document order, each with a file name of its own."""
    kept: tuple[Sent, ...] | None = edition.known.get("sent")
    if kept is None:
        kept = tuple(_all_sent(edition))
        edition.known["sent"] = kept
    return kept


def callbacks_of(edition: Edition) -> list[Sent]:
    """List the callbacks."""
    return [one for one in all_sent(edition) if one.owner]


def _all_sent(edition: Edition) -> Iterator[Sent]:
    found = dict(_declared(edition))
    labels = {key: "-".join(_labels(key, found)) for key in found}
    files = file_names(labels.values())
    for key, (tokens, value) in found.items():
        file = files[labels[key]]
        told = edition.told(tokens, "summary", value)
        title = Told(prose.one_line(told.text), told.language) if told else Told(prose.one_line(key.name))
        yield Sent(key.name, file, key.method.upper(), tokens, value, title, key.owner, key.expression)


def _labels(key: _Key, found: dict[_Key, Any]) -> list[str]:
    """Tell requests apart by as few words as will do."""
    alike = [one for one in found if (one.owner, one.name) == (key.owner, key.name)]
    labels = [*([key.owner] if key.owner else []), key.name]
    if len(alike) > 1 or (not key.owner and any(one.owner and f"{one.owner}-{one.name}" == key.name for one in found)):
        labels += [key.expression, key.method] if key.owner else [key.method]
    return [label for label in labels if label]


def _declared(edition: Edition) -> Iterator[tuple[_Key, tuple[Tokens, dict[str, Any]]]]:
    contract = edition.contract
    webhooks = contract.document.get("webhooks")
    for name in webhooks if isinstance(webhooks, dict) else ():
        for method, tokens, value in _requests(edition, ("webhooks", name)):
            yield _Key("", name, "", method), (tokens, value)
    for operation in edition.operations.values():
        callbacks = operation.value.get("callbacks")
        for name in callbacks if isinstance(callbacks, dict) else ():
            placed = contract.follow((*operation.tokens, "callbacks", name))
            for expression in placed.value if isinstance(placed.value, dict) else ():
                if expression.startswith("x-"):
                    continue
                for method, tokens, value in _requests(edition, (*placed.tokens, expression)):
                    yield _Key(operation.id, name, expression, method), (tokens, value)


def _requests(edition: Edition, tokens: Tokens) -> Iterator[tuple[str, Tokens, dict[str, Any]]]:
    item = edition.contract.follow(tokens)
    for method in grammar.METHODS:
        value = item.value.get(method) if isinstance(item.value, dict) else None
        if isinstance(value, dict):
            yield method, (*item.tokens, method), value


def webhook_parts(edition: Edition, sent: Sent) -> Iterator[Part]:
    """Yield all of the page of a request that the API sends."""
    words = edition.words
    text = prose.code(f"{sent.method} {sent.expression}")
    if not sent.expression:
        text = f"{prose.code(sent.method)} {words('webhook_address')}"
    yield Part("endpoint", text=text, facts={"method": sent.method, "path": sent.expression or sent.name})
    if sent.value.get("deprecated") is True:
        yield edition.note("deprecated", words("deprecated_operation"))
    if sent.owner:
        yield Part("prose", text=words("callback_of", operation=edition.operation_link(sent.owner)))
    text, language = edition.told(sent.tokens, "description", sent.value)
    yield from prose.parts(text, language)
    yield from _body(edition, sent)
    yield from _answers(edition, sent)


def _body(edition: Edition, sent: Sent) -> Iterator[Part]:
    if not isinstance(sent.value.get("requestBody"), dict):
        return
    placed = edition.contract.follow((*sent.tokens, "requestBody"))
    bodies, shown = _bodies(edition, placed)
    below = (*bodies, *(shown or made_up(edition, placed, "body")))
    told = edition.told(placed.tokens, "description", placed.value)
    yield described("section", edition.words("webhook_body"), told, below, anchor="body")


def _bodies(edition: Edition, placed: Placed) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Show what is sent in each media type, and its examples."""
    content = placed.value.get("content") if isinstance(placed.value, dict) else None
    bodies: list[Part] = []
    shown: list[Part] = []
    for media_type, value in content.items() if isinstance(content, dict) else ():
        tokens = (*placed.tokens, "content", media_type)
        if isinstance(value, dict):
            bodies.append(body(edition, tokens, value, "response"))
            shown += [example(edition, one, media_type) for one in examples(edition, tokens, value)]
    return tuple(bodies), tuple(shown)


def _answers(edition: Edition, sent: Sent) -> Iterator[Part]:
    declared = sent.value.get("responses")
    made = []
    for key in declared if isinstance(declared, dict) else ():
        if not key.startswith("x-"):
            placed = edition.contract.follow((*sent.tokens, "responses", key))
            told = edition.told(placed.tokens, "description", placed.value)
            title = f"{prose.code(key)} {prose.in_line(told.text)}".strip()
            bodies, _ = _bodies(edition, placed)
            below = bodies or (Part("prose", text=edition.words("no_body")),)
            made.append(Part("answer", title=title, parts=below, language=told.language, facts={"status": key}))
    if made:
        yield Part("answers", title=edition.words("webhook_answers"), parts=tuple(made), anchor="responses")
