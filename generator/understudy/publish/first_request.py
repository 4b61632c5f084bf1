"""An edition goes in; the request to begin with comes out, and the parts that show it with a documented answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.publish import prose
from understudy.publish.answers import Question, answer_anchor, ask, named_examples
from understudy.publish.examples import shown as as_sent
from understudy.publish.page import Part
from understudy.publish.requests import request
from understudy.publish.samples import curl, sample
from understudy.publish.servers import server_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from understudy.contract.model import Operation
    from understudy.publish.edition import Edition
    from understudy.publish.requests import Request

_LINES = 60
"""So long an answer is shown; of a longer one there is a link."""


def first_request(edition: Edition) -> Iterator[Part]:
    """Show the simplest request, and what it is answered with."""
    operation = simplest(edition, edition.operations.values())
    if operation is None:
        return
    words, made = edition.words, request(edition, operation)
    servers = server_list(edition, operation, made.pieces)
    shown = Part("prose", text=prose.fenced(curl(made), "bash"))
    if servers:
        shown = Part("samples", parts=(sample(made, "curl"), servers))
    below = [shown, *_answer(edition, operation, made)]
    about = "first_request_any" if servers else "first_request_about"
    text = words(about, operation=edition.operation_link(operation.id))
    yield Part("section", title=words("first_request"), text=text, parts=tuple(below), anchor="first-request")


def simplest(edition: Edition, operations: Iterable[Operation]) -> Operation | None:
    """Choose an operation to begin with: one that reads, has an example to show, and needs little."""
    return min(operations, key=lambda one: _effort(edition, one), default=None)


def _effort(edition: Edition, operation: Operation) -> tuple[bool, bool, bool, int, int]:
    needed = sum(bool(placed.value.get("required")) for placed in operation.parameters)
    size = next((len(text) for _, _, text in _shown(edition, operation)), 0)
    return operation.method != "GET", operation.value.get("deprecated") is True, not size, needed, size


def _shown(edition: Edition, operation: Operation) -> Iterator[tuple[str, str, str]]:
    """Yield the examples of good answers: status, name, and the text as a fenced block."""
    for key, placed in operation.responses.items():
        if key.startswith("2"):
            for media_type, one, _ in named_examples(edition, key, placed):
                yield key, one.name, prose.fenced(*as_sent(one.value, media_type))


def _answer(edition: Edition, operation: Operation, made: Request) -> Iterator[Part]:
    for key, name, text in _shown(edition, operation):
        is_long = text.count("\n") > _LINES
        yield Part("prose", text=edition.words("first_answer", status=prose.code(key)))
        yield Part("prose", text=edition.operation_link(operation.id, answer_anchor(key)) if is_long else text)
        yield ask(edition, Question(operation, made, key, name))
        return
