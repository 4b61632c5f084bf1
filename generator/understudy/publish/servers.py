"""An operation goes in; the servers its requests may be sent to come out, the mock first, as a part that lists them."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from understudy.contract import pointer as pointers
from understudy.publish import linking, prose
from understudy.publish.edition import Told
from understudy.publish.page import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from understudy.contract.model import Operation, Tokens
    from understudy.publish.edition import Edition
    from understudy.publish.pieces import Piece

_VARIABLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Server:
    """A server of the API itself. `url` may have variables, each with its values, the default first."""

    name: Told
    url: str
    variables: dict[str, tuple[str, ...]] = field(default_factory=dict)
    about: tuple[str, ...] = ()
    """A line of Markdown on each variable."""

    @property
    def address(self) -> str:
        """Its address with the defaults of its variables, without a slash at the end."""
        return _VARIABLE.sub(lambda found: self.variables.get(found[1], (found[0],))[0], self.url).rstrip("/")


def declared(edition: Edition, operation: Operation) -> tuple[Tokens, list[Any]]:
    """Find the servers of an operation, else of its path, else of all (OpenAPI, Server Object), with their place."""
    document = edition.contract.document
    for length in (*range(len(operation.tokens), 1, -1), 0):
        tokens = operation.tokens[:length]
        above = pointers.resolve(document, tokens)
        listed = above.get("servers") if isinstance(above, dict) else None
        if isinstance(listed, list) and listed:
            return (*tokens, "servers"), listed
    return ("servers",), []


def servers(edition: Edition, operation: Operation) -> list[Server]:
    """List those whose address means something on a page that lies anywhere, but for the mock's own."""
    mock = f"{edition.stand_in.shown_address}{edition.stand_in.prefix}"
    tokens, listed = declared(edition, operation)
    found: dict[str, Server] = {}
    for index, value in enumerate(listed):
        if isinstance(value, dict) and isinstance(value.get("url"), str):
            name = _name(edition, (*tokens, index), value)
            about = tuple(variable_lines(edition, (*tokens, index), value))
            url = prose.one_line(value["url"])
            one = Server(name, url, dict(_variables(value, _VARIABLE.findall(url))), about)
            found.setdefault(one.address, one)
    return [one for address, one in found.items() if _is_usable(address) and address != mock]


def _name(edition: Edition, tokens: Tokens, value: dict[str, Any]) -> Told:
    """Read what a server is called: the first sentence of its description, or its `name` (3.2)."""
    told = edition.told(tokens, "description", value)
    text = prose.opening(told.text).rstrip(" .:") if told else ""
    return Told(text, told.language) if text else Told(prose.one_line(str(value.get("name") or "")))


def _variables(server: dict[str, Any], wanted: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the values of each variable of the address, if it has some (OpenAPI, Server Variable Object)."""
    listed = server.get("variables")
    for name, value in listed.items() if isinstance(listed, dict) else ():
        if name in wanted and isinstance(value, dict):
            given = value.get("enum")
            values = [value.get("default"), *(given if isinstance(given, list) else ())]
            texts = dict.fromkeys(prose.one_line(str(one)) for one in values if one is not None)
            if texts:
                yield str(name), tuple(texts)


def variable_lines(edition: Edition, tokens: Tokens, server: dict[str, Any]) -> Iterator[str]:
    """Yield a line on each variable of a server: what it is, and its values."""
    listed = server.get("variables")
    for name, variable in listed.items() if isinstance(listed, dict) else ():
        if isinstance(variable, dict):
            told = edition.told((*tokens, "variables", name), "description", variable)
            values = variable.get("enum")
            shown = ", ".join(prose.code(str(value)) for value in values) if isinstance(values, list) else ""
            default = edition.words("limit_default", value=prose.code(str(variable.get("default", ""))))
            parts = [prose.in_line(told.text), edition.words("limit_enum", values=shown) if shown else "", default]
            yield f"{prose.code(name)}: {' · '.join(part for part in parts if part)}"


def _is_usable(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_whole = parts.scheme.lower() in ("http", "https") and parts.netloc and not (parts.query or parts.fragment)
    return bool(is_whole) and not re.search(r"[\s{}]", address)


def server_list(edition: Edition, operation: Operation, pieces: Sequence[Piece]) -> Part | None:
    """List the mock and the API's own servers, each with the credential it wants; nothing if the mock is alone."""
    found = servers(edition, operation)
    if not found:
        return None
    names = Counter(one.name.text for one in found)
    listed = [_line(edition, one, names[one.name.text] > 1, pieces) for one in found]
    return Part("servers", parts=(_mock(edition, pieces), *listed))


def _mock(edition: Edition, pieces: Sequence[Piece]) -> Part:
    words, mock = edition.words, edition.stand_in
    address = prose.code(f"{mock.shown_address}{mock.prefix}")
    credential = words("server_mock_with") if any(piece.kind for piece in pieces) else ""
    return Part("server", title=words("server_the_mock"), text=", ".join(filter(None, (address, credential))))


def _line(edition: Edition, server: Server, is_shared: bool, pieces: Sequence[Piece]) -> Part:
    """Tell of a server; a name that several have is told apart by the address."""
    name, address = server.name, prose.code(server.address)
    title = prose.plain(f"{name.text} ({server.address})" if is_shared else name.text) if name else address
    facts = {"url": server.url}
    if server.variables:
        facts["variables"] = json.dumps(server.variables, ensure_ascii=False, separators=(",", ":"))
    text = ", ".join(filter(None, (address if name else "", _credential(edition, pieces))))
    below = (Part("links", text="\n".join(f"- {line}" for line in server.about)),) if server.about else ()
    if name.language:
        below = (Part("prose", text=text), *below)
        return Part("server", title=title, parts=below, language=name.language, facts=facts)
    return Part("server", title=title, text=text, parts=below, facts=facts)


def _credential(edition: Edition, pieces: Sequence[Piece]) -> str:
    """Tell whose credential a server wants, and which page says more."""
    words = edition.words
    kinds = dict.fromkeys(piece.kind for piece in pieces if piece.kind)
    if not kinds:
        return ""
    page = linking.link(words("authentication"), linking.page(edition.page("authentication")))
    return words("server_with", what=words("auth_and").join(words(f"own_{kind}") for kind in kinds), page=page)
