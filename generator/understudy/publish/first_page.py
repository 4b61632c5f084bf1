"""A contract in one language goes in; the parts of its first page, and of the page of a group, come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.publish import linking, prose
from understudy.publish.edition import Told, listed
from understudy.publish.first_request import first_request
from understudy.publish.operation_page import further
from understudy.publish.page import Part
from understudy.publish.servers import variable_lines
from understudy.publish.spans import web_address
from understudy.publish.state_page import scenario_address, scenarios

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from understudy.publish.edition import Edition
    from understudy.publish.page import Group
    from understudy.publish.words import Words

_SHOWN = 8
"""So many operations of a group are listed on the first page."""


def contract_parts(edition: Edition, groups: Sequence[Group], guides: Mapping[str, str]) -> Iterator[Part]:
    """Yield the first page of a contract: what it says of itself, where it is, how to begin, and what it can do."""
    words, info = edition.words, edition.info
    text, language = edition.told(("info",), "description", info)
    yield from prose.parts(text, language)
    yield Part("section", title=words("servers"), parts=listed("links", server_lines(edition)), anchor="servers")
    yield from _mock(edition)
    yield from first_request(edition)
    if cards := tuple(_group_card(edition, group) for group in groups):
        yield Part("section", title=words("groups"), anchor="groups", parts=(Part("cards", parts=cards),))
    yield from _scenarios(edition)
    made = tuple(_guide_card(edition, path, title) for path, title in guides.items())
    if made:
        yield Part("section", title=words("guides"), anchor="guides", parts=(Part("cards", parts=made),))
    yield from _about(edition)


def _guide_card(edition: Edition, path: str, title: str) -> Part:
    kind = path.rpartition("/")[2]
    return Part("card", title=linking.link(title, linking.page(path)), text=edition.words(f"about_{kind}"))


def _group_card(edition: Edition, group: Group) -> Part:
    """Show a group with what is told of it, and its first operations."""
    tag = _tag(edition, group.title)
    told = edition.told(("tags", tag[0]), "description", tag[1]) if tag else Told("")
    below = [Part("prose", text=prose.plain(prose.opening(told.text)), language=told.language)] if told else []
    lines = [
        (entry.language, f"- {linking.link(prose.plain(entry.title), linking.page(entry.path))}")
        for entry in group.entries[:_SHOWN]
    ]
    below += listed("links", lines)
    if len(group.entries) > _SHOWN:
        text = linking.link(counted(edition.words, len(group.entries)), linking.page(group.path))
        below.append(Part("links", text=f"- {text}"))
    title = linking.link(prose.plain(group.title), linking.page(group.path))
    return Part("card", title=title, parts=tuple(below), language=group.language)


def counted(words: Words, count: int) -> str:
    """Say how many operations there are."""
    return words.counted("operations", count)


def _tag(edition: Edition, title: str) -> tuple[int, dict[str, Any]] | None:
    return next(((index, tag) for index, tag in tags(edition) if tag_title(edition, index, tag).text == title), None)


def tags(edition: Edition) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the declared tags with their places."""
    declared = edition.contract.document.get("tags")
    for index, tag in enumerate(declared if isinstance(declared, list) else ()):
        if isinstance(tag, dict) and isinstance(tag.get("name"), str):
            yield index, tag


def tag_title(edition: Edition, index: int, tag: dict[str, Any]) -> Told:
    """Name a tag for people: `x-displayName`, `summary` (3.2), else its name."""
    for key in ("x-displayName", "summary"):
        if told := edition.told(("tags", index), key, tag):
            return Told(prose.one_line(told.text), told.language)
    return Told(prose.one_line(tag["name"]))


def _scenarios(edition: Edition) -> Iterator[Part]:
    lines = []
    for name, told in scenarios(edition):
        link = linking.link(prose.code(name), scenario_address(edition, name))
        lines.append((told.language, f"- {link}{' — ' if told else ''}{prose.in_line(told.text)}"))
    if lines:
        text, below = edition.words("scenarios_about"), listed("links", lines)
        yield Part("section", title=edition.words("scenarios"), text=text, parts=below, anchor="scenarios")


def server_lines(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield the language and the line of each server, the mock last."""
    servers = edition.contract.document.get("servers")
    for index, server in enumerate(servers if isinstance(servers, list) else ()):
        if not isinstance(server, dict) or not str(server.get("url", "")).strip("/ "):
            continue
        told = edition.told(("servers", index), "description", server)
        text = f"- {prose.code(str(server['url']))}{' — ' if told else ''}{prose.in_line(told.text)}"
        below = (f"  - {line}" for line in variable_lines(edition, ("servers", index), server))
        yield told.language, "\n".join([text, *below])
    mock = f"{edition.stand_in.shown_address}{edition.stand_in.prefix}"
    yield "", f"- {prose.code(mock)} — {edition.words('server_mock')}"


def _mock(edition: Edition) -> Iterator[Part]:
    words, mock = edition.words, edition.stand_in
    below = [Part("prose", text=words("mock_about"))]
    if mock.command:
        below.append(Part("prose", text=prose.fenced(mock.command, "bash")))
    below.append(Part("prose", text=words("mock_then", address=prose.code(f"{mock.shown_address}{mock.prefix}"))))
    yield Part("section", title=words("mock"), parts=tuple(below), anchor="mock")


def _about(edition: Edition) -> Iterator[Part]:
    words, info = edition.words, edition.info
    lines = [f"- {words('version', version=prose.plain(str(info.get('version', ''))))}"]
    lines += [
        f"- {linking.link(words(f'description_{form}'), linking.file(f'{home}openapi.{form}'))}"
        for form in ("json", "yaml")
        for home in [document_home(edition)]
    ]
    for key, value in (
        ("terms", info.get("termsOfService")),
        ("licence", _url(info, "license")),
        ("contact", _url(info, "contact")),
    ):
        if address := web_address(str(value or "")):
            lines.append(f"- {linking.link(words(key), address)}")
    documentation = edition.contract.document.get("externalDocs")
    if found := further(edition, ("externalDocs",), documentation):
        lines.append(found.text)
    yield Part("section", title=words("about"), parts=(Part("links", text="\n".join(lines)),), anchor="about")


def _url(info: dict[str, Any], key: str) -> Any:
    value = info.get(key)
    if not isinstance(value, dict):
        return None
    return value.get("url") or (f"mailto:{value['email']}" if value.get("email") else None)


def document_home(edition: Edition) -> str:
    """Say in which folder of the site the contract's document is."""
    folder = edition.root.partition("/")[2]
    return f"{folder}/" if folder else ""


def group_parts(edition: Edition, group: Group, told: Told) -> Iterator[Part]:
    """Yield the page of a group of operations."""
    if told:
        yield from prose.parts(told.text, told.language)
    cards = []
    by_path = {path: name for name, path in edition.operation_paths.items()}
    for entry in group.entries:
        operation = edition.operations.get(by_path.get(entry.path, ""))
        if operation is None:
            continue
        title = edition.operation_title(operation.id)
        text, language = edition.told(operation.tokens, "description", operation.value)
        about = prose.plain(prose.opening(text)) if text else ""
        link = linking.link(prose.plain(title.text), linking.page(entry.path))
        route = prose.code(f"{operation.method} {operation.path}")
        facts = {"method": operation.method, "path": operation.path}
        below = (Part("prose", text=about, language=language),) if about else ()
        cards.append(Part("card", title=link, text=route, parts=below, language=title.language, facts=facts))
    if cards:
        yield Part("cards", parts=tuple(cards))
