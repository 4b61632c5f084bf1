"""An operation goes in; everything its page says comes out, as parts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy.publish import linking, prose
from understudy.publish.answers import answers, body, example, header_field
from understudy.publish.credentials import is_guarded, scheme_anchor
from understudy.publish.edition import listed, note_of
from understudy.publish.examples import as_text, examples
from understudy.publish.failures import cases, table
from understudy.publish.fields import said, says_limits
from understudy.publish.page import Part
from understudy.publish.requests import request
from understudy.publish.rules import rules
from understudy.publish.samples import samples
from understudy.publish.servers import declared, server_list
from understudy.publish.spans import web_address
from understudy.publish.webhooks import callbacks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Operation, Placed
    from understudy.publish.edition import Edition
    from understudy.publish.requests import Request

_PLACES = ("path", "query", "querystring", "header", "cookie")


def operation_parts(edition: Edition, operation: Operation) -> Iterator[Part]:
    """Yield all of an operation's page."""
    made = request(edition, operation)
    yield endpoint(edition, operation, made)
    yield from notes(edition, operation)
    yield from prose_parts(edition, operation)
    yield samples(made, edition.words("request_sample"), server_list(edition, operation, made.pieces))
    yield from _authentication(edition, operation)
    yield from parameters(edition, operation)
    yield from request_body(edition, operation)
    if found := answers(edition, operation, made):
        yield found
    if found := rules(edition, operation, made):
        yield found
    yield from _failures(edition, operation, made)
    yield from _next(edition, operation)
    yield from _callbacks(edition, operation)
    yield from _source(edition, operation)


def endpoint(edition: Edition, operation: Operation, made: Request | None = None) -> Part:
    """Show method and path."""
    facts = {"method": operation.method, "path": operation.path}
    if made is not None:
        facts["url"] = f"{edition.stand_in.address}{made.target}"
    return Part("endpoint", text=prose.code(f"{operation.method} {operation.path}"), facts=facts)


def notes(edition: Edition, operation: Operation) -> Iterator[Part]:
    """Mark an operation that is deprecated, a draft, or that rests on assumptions."""
    words, value = edition.words, operation.value
    if value.get("deprecated") is True:
        yield edition.note("deprecated", words("deprecated_operation"))
    if draft := value.get("x-understudy-draft"):
        told = edition.told(operation.tokens, "x-understudy-draft", value)
        text = prose.clean(told.text) if draft is not True and told else words("draft_operation")
        yield edition.note("draft", text, told.language)
    if assumed := edition.told(operation.tokens, "x-understudy-assumed", value):
        yield note_of(edition, assumed, "assumed")
    elif count := assumptions(edition, operation):
        yield edition.note("assumed", words.counted("assumed", count))


def assumptions(edition: Edition, operation: Operation) -> int:
    """Count what of an operation no source states."""
    if not _assumes(edition):
        return 0
    places = [tokens for tokens, value in _own_objects(edition, operation) if "x-understudy-assumed" in value]
    return len(set(places))


def _assumes(edition: Edition) -> bool:
    """Tell whether anything in the contract is assumed; where nothing is, no operation has to be gone through."""
    if "assumes" not in edition.known:
        waiting: list[Any] = [edition.contract.document]
        found = False
        while waiting and not found:
            value = waiting.pop()
            found = isinstance(value, dict) and "x-understudy-assumed" in value
            below = value.values() if isinstance(value, dict) else value
            waiting += [one for one in below if isinstance(one, dict | list)]
        edition.known["assumes"] = found
    return bool(edition.known["assumes"])


def _own_objects(edition: Edition, operation: Operation) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield the objects an operation is made of, what it refers to included, each once."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [(operation.tokens, operation.value)]
    waiting += [(placed.tokens, placed.value) for placed in operation.parameters]
    seen = set()
    while waiting:
        tokens, value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, dict):
            yield tokens, value
            if (reference := value.get("$ref")) and isinstance(reference, str) and reference.startswith("#"):
                target = tuple(pointers.split_fragment(reference[1:]))
                waiting.append((target, _resolved(edition, target)))
            below = (((*tokens, key), one) for key, one in value.items() if key not in ("example", "value", "links"))
            waiting += [pair for pair in below if isinstance(pair[1], dict | list)]
        elif isinstance(value, list):
            waiting += [((*tokens, index), one) for index, one in enumerate(value) if isinstance(one, dict | list)]


def _resolved(edition: Edition, tokens: tuple[str | int, ...]) -> Any:
    try:
        return pointers.resolve(edition.contract.document, tokens)
    except KeyError:
        return None


def prose_parts(edition: Edition, operation: Operation) -> Iterator[Part]:
    """Show the description, and where the contract says there is more."""
    text, language = edition.told(operation.tokens, "description", operation.value)
    if text:
        yield from prose.parts(text, language)
    if servers := _own_servers(edition, operation):
        yield edition.note("hint", edition.words("own_servers", servers=servers))
    if found := further(edition, (*operation.tokens, "externalDocs"), operation.value.get("externalDocs")):
        yield found


def _own_servers(edition: Edition, operation: Operation) -> str:
    """List the servers of an operation that has some of its own, or whose path has (OpenAPI, Server Object)."""
    tokens, listed = declared(edition, operation)
    own = listed if len(tokens) > 1 else []
    return ", ".join(prose.code(str(one["url"])) for one in own if isinstance(one, dict) and one.get("url"))


def further(edition: Edition, tokens: tuple[str | int, ...], value: Any) -> Part | None:
    """Link to documentation elsewhere (OpenAPI, External Documentation Object)."""
    address = web_address(str(value.get("url", ""))) if isinstance(value, dict) else ""
    if not address:
        return None
    told = edition.told(tokens, "description", value)
    text = prose.in_line(told.text) if told else ""
    text = edition.words("read_more") if not text or "](" in text else text
    return Part("links", text=f"- {linking.link(text, address)}", language=told.language)


def _authentication(edition: Edition, operation: Operation) -> Iterator[Part]:
    words = edition.words
    if not operation.security:
        return
    if not is_guarded(operation):
        names = [name for one in operation.security for name in one]
        text = words("auth_optional", schemes=_schemes(edition, names)) if names else words("auth_none")
    else:
        ways = [
            words("auth_and").join(_scheme(edition, name, scopes) for name, scopes in one.items())
            for one in operation.security
        ]
        text = words("auth_needed", schemes=words("auth_or").join(ways))
    yield Part("section", title=words("authentication"), text=text, anchor="authentication")


def _schemes(edition: Edition, names: list[str]) -> str:
    return edition.words("auth_or").join(_scheme(edition, name, None) for name in dict.fromkeys(names))


def _scheme(edition: Edition, name: str, scopes: Any) -> str:
    """Name a scheme, with its scopes if there are some, as a link to the page that explains it."""
    text = linking.link(prose.plain(name), linking.page(edition.page("authentication"), scheme_anchor(name)))
    if isinstance(scopes, list) and scopes:
        text += f" ({', '.join(prose.code(str(scope)) for scope in scopes)})"
    return text


def parameters(edition: Edition, operation: Operation) -> Iterator[Part]:
    """Show parameters by place."""
    words = edition.words
    groups = []
    for place in _PLACES:
        made = [_parameter(edition, placed) for placed in operation.parameters if placed.value.get("in") == place]
        if made:
            groups.append(Part("fields", title=words(f"in_{place}"), parts=tuple(made), anchor=f"in-{place}"))
    if groups:
        yield Part("section", title=words("parameters"), parts=tuple(groups), anchor="parameters")


def _parameter(edition: Edition, placed: Placed) -> Part:
    part = header_field(edition, str(placed.value.get("name")), placed)
    extra = []
    value, words = placed.value, edition.words
    style, usual = value.get("style"), {"query": "form", "cookie": "form"}.get(str(value.get("in")), "simple")
    if style and style != usual:
        extra.append(words("parameter_style", style=prose.code(str(style))))
    if "explode" in value and value["explode"] is not ((style or usual) == "form"):
        extra.append(words("parameter_exploded" if value["explode"] else "parameter_joined"))
    if value.get("allowEmptyValue") is True:
        extra.append(words("parameter_empty"))
    for one in examples(edition, placed.tokens, value):
        extra.append(words("limit_example", value=prose.code(as_text(one.value))))
        break
    return _limited(part, extra)


def _limited(part: Part, further: list[str]) -> Part:
    """Say what else holds of a parameter in one line with what its schema says, each thing once."""
    own = " · ".join(one.text for one in part.parts if says_limits(one))
    about = " · ".join([*([own] if own else []), *(one for one in further if one not in own)])
    others = [one for one in part.parts if not says_limits(one)]
    first = sum(one.kind == "prose" and bool(one.language) for one in others[:1])
    limits = [said(about)] if about else []
    return replace(part, parts=(*others[:first], *limits, *others[first:]))


def request_body(edition: Edition, operation: Operation) -> Iterator[Part]:
    """Show what is to be sent."""
    placed, words = operation.request_body, edition.words
    if placed is None or not isinstance(placed.value, dict):
        return
    told = edition.told(placed.tokens, "description", placed.value)
    content = placed.value.get("content")
    below: list[Part] = []
    if told:
        below.append(Part("prose", text=prose.clean(told.text), language=told.language))
    if assumed := edition.told(placed.tokens, "x-understudy-assumed", placed.value):
        below.append(note_of(edition, assumed, "assumed"))
    for media_type, value in content.items() if isinstance(content, dict) else ():
        if not isinstance(value, dict):
            continue
        tokens = (*placed.tokens, "content", media_type)
        below.append(body(edition, tokens, value, "request"))
        found = list(examples(edition, tokens, value))
        below += [example(edition, one, media_type, f"body-{one.name}") for one in found]
    is_required = placed.value.get("required") is True
    title = words("body_required" if is_required else "body_optional")
    yield Part("section", title=title, parts=tuple(below), anchor="body")


def _failures(edition: Edition, operation: Operation, made: Request) -> Iterator[Part]:
    if found := tuple(cases(edition, operation, made)):
        parts = table(edition, found, ("status", "code", "when", "see_it"))
        yield Part("section", title=edition.words("failures"), parts=parts, anchor="failures")


def _next(edition: Edition, operation: Operation) -> Iterator[Part]:
    """Tell what an answer leads to (OpenAPI, Link Object)."""
    lines: dict[str, tuple[str, str]] = {}
    for placed in operation.responses.values():
        declared = placed.value.get("links") if isinstance(placed.value, dict) else None
        for name in declared if isinstance(declared, dict) else ():
            found = edition.contract.follow((*placed.tokens, "links", name))
            if isinstance(found.value, dict) and (target := _target(edition, found.value)):
                lines.setdefault(target, _line(edition, target, found))
    if lines:
        parts = listed("links", lines.values())
        yield Part("section", title=edition.words("next"), anchor="next", parts=parts)


def _line(edition: Edition, target: str, placed: Placed) -> tuple[str, str]:
    told = edition.told(placed.tokens, "description", placed.value)
    given = placed.value.get("parameters")
    pairs = given.items() if isinstance(given, dict) else ()
    values = ", ".join(f"{prose.code(str(name))} = {prose.code(str(value))}" for name, value in pairs)
    text = f" — {prose.in_line(told.text)}" if told else ""
    return told.language, f"- {edition.operation_link(target)}{text} {values}".rstrip()


def _target(edition: Edition, value: dict[str, Any]) -> str:
    if value.get("operationId") in edition.operations:
        return str(value["operationId"])
    reference = value.get("operationRef")
    if isinstance(reference, str) and reference.startswith("#"):
        tokens = pointers.split_fragment(reference[1:])
        return next((name for name, one in edition.operations.items() if list(map(str, one.tokens)) == tokens), "")
    return ""


def _callbacks(edition: Edition, operation: Operation) -> Iterator[Part]:
    """Tell what the API may send back (OpenAPI, Callback Object)."""
    lines = [
        f"- {linking.link(prose.plain(one.title.text), linking.page(edition.page(f'webhooks/{one.file}')))}"
        for one in callbacks_of(edition)
        if one.owner == operation.id
    ]
    if lines:
        below = (Part("links", text="\n".join(lines)),)
        yield Part("section", title=edition.words("callbacks"), parts=below, anchor="callbacks")


def _source(edition: Edition, operation: Operation) -> Iterator[Part]:
    origin = edition.ledger.origins.get(operation.id)
    if origin is None:
        return
    words, below = edition.words, []
    if origin.address:
        languages = f" ({', '.join(origin.languages)})" if origin.languages else ""
        link = f"- {linking.link(prose.plain(origin.title or origin.address), origin.address)}{languages}"
        below.append(Part("links", text=link, language=edition.foreign(origin.language)))
    if evidence := edition.told(("x-understudy-ledger", operation.id), "evidence"):
        text = Part("prose", text=prose.plain(evidence.text), language=evidence.language)
        below.append(Part("prose", title=words("evidence"), parts=(text,)))
    if below:
        yield Part("section", title=words("source"), parts=tuple(below), anchor="source")
