"""A contract in one language goes in; its console comes out: a page with Scalar, where requests are typed and sent.

The one door to `offapi`, whose copy of Scalar is put into the site as it was installed. The page works without a
server: what it shows lies in a classic script beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from understudy.publish import linking
from understudy.publish.look.rendering import Frame, framed
from understudy.publish.mock_facts import script_value
from understudy.publish.page import File
from understudy.publish.requests import parameter_value
from understudy.publish.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from understudy.contract.model import Tokens
    from understudy.publish.edition import Edition
    from understudy.publish.page import Book, Site
    from understudy.publish.standin import StandIn

SCALAR = "assets/scalar.js"
STARTER = "assets/console.js"
STYLE = "assets/console.css"
WORDS = "console.yaml"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src http: https:; base-uri 'none'; form-action 'none'"
)
"""Scalar writes its own styles into the page, and asks whichever server the reader chose; nothing else is let out."""

_PACKAGE = "offapi"
_MIDDLE = Markup(
    '<div id="content" tabindex="-1" class="console">\n<main class="unscripted"><p>{without}</p>'
    '<p><a href="{home}">{back}</a></p></main>\n<div id="console"></div>\n</div>'
)


@dataclass(frozen=True)
class Console:
    """The console of one book; `edition` is the contract in the book's language."""

    book: Book
    edition: Edition = field(repr=False)

    @property
    def standin(self) -> StandIn:
        """The mock that it may ask."""
        return self.edition.stand_in

    @cached_property
    def document(self) -> dict[str, Any]:
        """What it shows: the contract, with a value for each parameter that has to be sent."""
        copy = _Copy(self.edition.contract.document)
        for operation in self.edition.operations.values():
            for placed in operation.parameters:
                value = parameter_value(self.edition, placed) if placed.value.get("required") else None
                if isinstance(value, str | int | float | Decimal):
                    copy.at(placed.tokens)["example"] = value
                    copy.at(placed.tokens).pop("examples", None)  # these Scalar takes with a body of their name only
        return copy.root

    @property
    def data_path(self) -> str:
        """Where the script lies that says what the console shows."""
        return f"{self.book.console}-data.js"

    @property
    def data(self) -> File:
        """The script that says what the console shows."""
        servers = self._servers()
        is_mock_first = servers[:1] == [self._mock()]
        told = {
            "contract": self.book.name,
            "language": self.book.language,
            "document": self.document,
            "servers": servers,
            "authentication": authentication(self.document, self.standin) if is_mock_first else {},
        }
        return File(self.data_path, f"window.understudyConsole = {script_value(told)};\n".encode())

    def _mock(self) -> dict[str, Any]:
        """Describe the mock as a server; an address that is empty is completed where the page is shown."""
        say = words(self.book.language, WORDS)
        started = say("mock-started-by", command=self.standin.command)
        text = started if self.standin.address else say("mock")
        return {"url": self.standin.address + (self.standin.prefix or "/"), "description": text}

    def _servers(self) -> list[dict[str, Any]]:
        """List the vendor's servers and the mock: the mock first where it serves the page itself."""
        declared = self.document.get("servers")
        listed = declared if isinstance(declared, list) else []
        vendors = [server for server in listed if isinstance(server, dict) and _is_absolute(server.get("url"))]
        return [*vendors, self._mock()] if self.standin.address else [self._mock(), *vendors]


class _Copy:
    """A document to be changed in some places; all else is that of the original."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.root = dict(document)
        self._own: dict[Tokens, Any] = {(): self.root}

    def at(self, tokens: Tokens) -> Any:
        """Give a place that may be changed."""
        if tokens not in self._own:
            within = self.at(tokens[:-1])
            within[tokens[-1]] = self._own[tokens] = within[tokens[-1]].copy()
        return self._own[tokens]


def console_files(consoles: Sequence[Console], site: Site) -> Iterator[File]:
    """Write the consoles of a site, one for each contract and language, and what they have in common."""
    if consoles:
        yield File(SCALAR, scalar())
        for path in (STARTER, STYLE):
            yield File(path, _own(path.rpartition("/")[2]))
    for console in consoles:
        same = {one.book.language: one.book.console for one in consoles if one.book.name == console.book.name}
        yield File(f"{console.book.console}.html", page(console, same, site))
        yield console.data


def page(console: Console, translations: Mapping[str, str], site: Site) -> bytes:
    """Write the page of a console: our frame, and a place for Scalar in it."""
    say = words(console.book.language, WORDS)
    frame = Frame(
        console.book.console,
        console.book.language,
        say("title"),
        book=console.book,
        translations=translations,
        policy=POLICY,
        style=STYLE,
        scripts=(console.data_path, SCALAR, STARTER),
        kind="console",
    )
    middle = _MIDDLE.format(without=say("without"), back=say("back"), home=linking.page(console.book.home))
    return framed(frame, site, middle)


def authentication(document: Mapping[str, Any], standin: StandIn) -> dict[str, Any]:
    """Fill in the credentials that the mock takes, in the form in which Scalar takes them."""
    components = document.get("components")
    declared = components.get("securitySchemes") if isinstance(components, dict) else None
    filled = {
        name: _filled(declared[name], credential)
        for name, credential in standin.credentials.items()
        if isinstance(declared, dict) and isinstance(declared.get(name), dict)
    }
    return {"securitySchemes": filled} if filled else {}


def _filled(scheme: Mapping[str, Any], credential: str) -> dict[str, Any]:
    kind = str(scheme.get("type"))
    if kind == "apiKey":
        return {"value": credential}
    if kind == "oauth2":
        flows = scheme.get("flows")
        return {"flows": {name: {"token": credential} for name in (flows if isinstance(flows, dict) else ())}}
    if kind == "http" and str(scheme.get("scheme")).lower() in ("basic", "digest"):
        user, _, password = credential.rpartition(":")
        return {"username": user or "user", "password": password}
    return {"token": credential}


def _is_absolute(url: object) -> bool:
    """Tell whether an address means something on a page that lies anywhere (OpenAPI, Server Object)."""
    return isinstance(url, str) and "://" in url


@cache
def scalar() -> bytes:
    """Read the bundle, some five megabytes, once."""
    return resources.files(_PACKAGE).joinpath("scalar.js").read_bytes()


def _own(name: str) -> bytes:
    return resources.files("understudy.publish").joinpath("console_page", name).read_bytes()
