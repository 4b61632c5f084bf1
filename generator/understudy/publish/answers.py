"""An operation's responses go in; parts that show each, with its examples and what can go wrong, come out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from understudy.publish import linking, prose
from understudy.publish.edition import Told, note_of
from understudy.publish.examples import Example, examples, is_json, shown, written
from understudy.publish.fields import Tree
from understudy.publish.limits import type_words
from understudy.publish.naming import slug
from understudy.publish.page import Part
from understudy.publish.sampling import sample
from understudy.publish.shapes import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Operation, Placed
    from understudy.publish.edition import Edition, Tokens
    from understudy.publish.requests import Request

_LONGEST_TITLE = 160


def answers(edition: Edition, operation: Operation, request: Request) -> Part | None:
    """Show every documented response."""
    made = tuple(_answer(edition, operation, key, placed, request) for key, placed in operation.responses.items())
    return Part("answers", title=edition.words("responses"), parts=made, anchor="responses") if made else None


def answer_anchor(key: str) -> str:
    """Name the place of a response on its operation's page."""
    return f"answer-{slug(key)}"


def named_examples(edition: Edition, key: str, placed: Placed) -> Iterator[tuple[str, Example, str]]:
    """Yield the examples of a response: media type, example, and its place on its operation's page."""
    content = placed.value.get("content") if isinstance(placed.value, dict) else None
    for index, (media_type, value) in enumerate(content.items() if isinstance(content, dict) else ()):
        if isinstance(value, dict):
            mark = f"-{index + 1}" if index else ""
            for one in examples(edition, (*placed.tokens, "content", media_type), value):
                yield media_type, one, f"{answer_anchor(key)}-{slug(one.name)}{mark}"


def _answer(edition: Edition, operation: Operation, key: str, placed: Placed, request: Request) -> Part:
    value = placed.value if isinstance(placed.value, dict) else {}
    told = edition.told(placed.tokens, "description", value)
    is_short = len(told.text) <= _LONGEST_TITLE and "\n\n" not in told.text.strip()
    name = prose.in_line(told.text) if told and is_short else prose.plain(reason(key))
    below = [*_notes(edition, operation, key, placed), *_headers(edition, placed)]
    below += _bodies(edition, operation, key, placed, request)
    return Part(
        "answer",
        title=f"{prose.code(key)} {name}".strip(),
        text="" if is_short else prose.clean(told.text),
        parts=tuple(below),
        anchor=answer_anchor(key),
        language=told.language,
        facts={"status": key},
    )


def reason(key: str) -> str:
    """Name a status (RFC 9110, 15)."""
    try:
        return HTTPStatus(int(key)).phrase
    except ValueError:
        return ""


def _notes(edition: Edition, operation: Operation, key: str, placed: Placed) -> Iterator[Part]:
    own = operation.value["responses"][key]
    for tokens, value in (((*operation.tokens, "responses", key), own), (placed.tokens, placed.value)):
        if isinstance(value, dict) and (told := edition.told(tokens, "x-understudy-assumed", value)):
            yield note_of(edition, told, "assumed")
            return


def _headers(edition: Edition, placed: Placed) -> Iterator[Part]:
    declared = placed.value.get("headers") if isinstance(placed.value, dict) else None
    made = []
    for name in declared if isinstance(declared, dict) else ():
        header = edition.contract.follow((*placed.tokens, "headers", name))
        if isinstance(header.value, dict) and name.lower() != "content-type":
            made.append(header_field(edition, name, header))
    if made:
        yield Part("fields", title=edition.words("headers"), parts=tuple(made))


def header_field(edition: Edition, name: str, header: Placed) -> Part:
    """Show a header, or a parameter, which is described alike."""
    is_required = header.value.get("required") is True
    tokens: Tokens = (*header.tokens, "schema")
    content = header.value.get("content")
    if "schema" not in header.value and isinstance(content, dict) and content:
        tokens = (*header.tokens, "content", next(iter(content)), "schema")
    part = Tree(edition, "both").one(name, tokens, is_required=is_required)
    return _with_own_text(edition, part, header)


def _with_own_text(edition: Edition, part: Part, owner: Placed) -> Part:
    """Put what is said of a header or parameter before what its schema says."""
    told = edition.told(owner.tokens, "description", owner.value)
    marks = []
    if assumed := edition.told(owner.tokens, "x-understudy-assumed", owner.value):
        marks.append(note_of(edition, assumed, "assumed"))
    if owner.value.get("deprecated") is True:
        marks.append(edition.note("deprecated", ""))
    words = list(takewhile(lambda one: one.kind == "prose", part.parts))
    below = [*words, *marks, *part.parts[len(words) :]]
    text, cleaned = part.text, prose.clean(told.text) if told else ""
    if told.language:
        below.insert(0, Part("prose", text=cleaned, language=told.language))
    elif cleaned and not text.startswith(cleaned):
        text = "\n\n".join(one for one in (cleaned, text) if one)
    return Part(part.kind, title=part.title, text=text, parts=tuple(below), facts=part.facts)


def _bodies(edition: Edition, operation: Operation, key: str, placed: Placed, request: Request) -> Iterator[Part]:
    content = placed.value.get("content") if isinstance(placed.value, dict) else None
    if not isinstance(content, dict) or not content:
        yield Part("prose", text=edition.words("no_body"))
        if _ends(key):
            yield ask(edition, Question(operation, request, key, ""))
        return
    for media_type, value in content.items():
        if isinstance(value, dict):
            yield body(edition, (*placed.tokens, "content", media_type), value, "response")
    found = list(named_examples(edition, key, placed))
    for media_type, one, anchor in found:
        question = Question(operation, request, key, one.name)
        yield example(edition, one, media_type, anchor, tuple(_asked(edition, question)))
    if not found:
        below = (ask(edition, Question(operation, request, key, "")),) if _ends(key) else ()
        yield from made_up(edition, placed, answer_anchor(key), below) or below


def _asked(edition: Edition, question: Question) -> Iterator[Part]:
    """Link to the mock for an example; of one that the mock does not send it is said so."""
    is_fit = _is_fit(edition, question)
    if not is_fit:
        yield edition.note("warning", edition.words("example_unfit"))
    if _ends(question.key):
        yield ask(edition, question, "ask_mock" if is_fit else "ask_short")


def _ends(key: str) -> bool:
    """Tell whether a status ends a request (RFC 9110, 15.2): the mock sends no other by itself."""
    return not key.startswith("1")


def made_up(edition: Edition, placed: Placed, anchor: str, below: tuple[Part, ...] = ()) -> tuple[Part, ...]:
    """Show what a body looks like of which the contract has no example, if it is JSON."""
    content = placed.value.get("content") if isinstance(placed.value, dict) else None
    for media_type, value in content.items() if isinstance(content, dict) else ():
        tokens: Tokens = (*placed.tokens, "content", media_type, "schema")
        if isinstance(value, dict) and isinstance(value.get("schema"), dict) and is_json(media_type):
            text = prose.fenced(written(sample(edition, tokens, direction="response")), "json")
            title, facts = edition.words("example_made"), {"name": "", "media": media_type}
            made = Part("example", title=title, text=text, parts=below, anchor=f"{anchor}-made", facts=facts)
            return (replace(made, is_aside=True),)
    return ()


def body(edition: Edition, tokens: Tokens, value: dict[str, Any], direction: Any) -> Part:
    """Show what a body of a media type holds."""
    media_type = prose.code(str(tokens[-1]))
    keyword = next((one for one in ("schema", "itemSchema") if isinstance(value.get(one), dict)), "")
    if not keyword:
        return Part("fields", title=media_type)
    part = Tree(edition, direction).body((*tokens, keyword))
    shape = read(edition, (*tokens, keyword))
    told = edition.told(shape.place("description"), "description") if shape.layers else Told("")
    text = "\n\n".join(one for one in ("" if told.language else prose.clean(told.text), part.text) if one)
    below = part.parts
    if told.language:
        below = (Part("prose", text=prose.clean(told.text), language=told.language), *below)
    title = f"{media_type} {part.title}"
    if keyword == "itemSchema":
        title = f"{media_type} *{edition.words('type_list', items=type_words(edition, shape))}*"
    return Part("fields", title=title, text=text, parts=below)


def example(edition: Edition, one: Example, media_type: str, anchor: str = "", below: tuple[Part, ...] = ()) -> Part:
    """Show an example as it is sent."""
    text, syntax = shown(one.value, media_type)
    title = one.title(edition)
    named = prose.plain(title.text) if title else edition.words("example") if one.name == "default" else ""
    notes: list[Part] = []
    if about := edition.told(one.tokens, "description", one.owner):
        notes.append(Part("prose", text=prose.clean(about.text), language=about.language))
    if assumed := edition.told(one.tokens, "x-understudy-assumed", one.owner):
        notes.append(note_of(edition, assumed, "assumed"))
    return Part(
        "example",
        title=named or prose.code(one.name),
        text=prose.fenced(text, syntax),
        parts=(*notes, *below),
        anchor=anchor,
        language=title.language,
        facts={"name": one.name, "media": media_type},
        is_aside=True,
    )


@dataclass(frozen=True)
class Question:
    """One documented answer that the mock is asked for."""

    operation: Operation
    request: Request
    key: str
    example: str = ""


def ask(edition: Edition, question: Question, word: str = "ask_mock") -> Part:
    """Link to the mock for exactly one documented answer."""
    operation, request, mock = question.operation, question.request, edition.stand_in
    status = str(concrete_status(operation, question.key))
    name = question.example if _is_fit(edition, question) else ""
    prefer = f"code={status}" + (f", example={name}" if name else "")
    address = mock.answer_address(edition.name, operation.id, status, name)
    facts = {
        "method": request.method,
        "url": f"{mock.address}{request.target}",
        "prefer": prefer,
        "body": request_text(request),
        "media": request.media_type,
    }
    return Part("ask", text=linking.link(edition.words(word), _safe(address)), facts=facts)


def _is_fit(edition: Edition, question: Question) -> bool:
    return (question.operation.id, question.key, question.example) not in edition.stand_in.unfit


def _safe(address: str) -> str:
    return address.replace("(", "%28").replace(")", "%29").replace(" ", "%20")


def request_text(request: Request) -> str:
    """Write a body as a script may send it; empty where that takes more than text."""
    if request.form == "json":
        return written(request.body)
    return request.body if request.form == "text" and isinstance(request.body, str) else ""


def concrete_status(operation: Operation, key: str) -> int:
    """Choose a status that is answered with a response: `4XX` → 400, `default` → one that is not declared itself."""
    if key.isdecimal():
        return int(key)
    candidates = range(500, 600) if not key[:1].isdecimal() else range(int(key[0]) * 100, int(key[0]) * 100 + 100)
    ranges = {name.upper() for name in operation.responses if name != key}
    free = (one for one in candidates if str(one) not in ranges and f"{one // 100}XX" not in ranges)
    return next(free, candidates[0])
