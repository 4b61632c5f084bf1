"""Every conversation beside this file, held with the installed command on a real port. README.md tells the format."""

from __future__ import annotations

import http.client
import itertools
import re
import shlex
from dataclasses import dataclass
from decimal import Decimal
from json import JSONDecoder
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Serve

HERE = Path(__file__).parent
FILES = sorted(path.relative_to(HERE).as_posix() for path in HERE.rglob("*.md") if path.name != "README.md")

_BLOCK = re.compile(r"^```([a-z]+)(?: +(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_KINDS = ("serve", "file", "http", "expect")
_ANY = "…"
_TYPES: dict[str, tuple[type, ...]] = {
    "<string>": (str,),
    "<integer>": (int,),
    "<number>": (int, Decimal),
    "<boolean>": (bool,),
    "<array>": (list,),
    "<object>": (dict,),
}
_read = JSONDecoder(parse_float=Decimal).decode


@dataclass(frozen=True)
class Block:
    """One fenced block: its kind, the word after it, its text, and the line where it starts."""

    kind: str
    name: str
    text: str
    line: int


@dataclass(frozen=True)
class Message:
    """A request or an expected answer: first line, headers, body; None means that there is no body section."""

    first: str
    headers: list[tuple[str, str]]
    body: str | None


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: str

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]


def blocks(text: str) -> list[Block]:
    """Find the blocks of a file that have a meaning here; all others are prose."""
    found = [
        Block(match[1], match[2] or "", match[3], text.count("\n", 0, match.start()) + 1)
        for match in _BLOCK.finditer(text)
    ]
    return [block for block in found if block.kind in _KINDS]


def message(text: str) -> Message:
    """Read a first line, headers up to a blank line, and a body."""
    head, separator, body = text.partition("\n\n")
    first, *lines = head.strip("\n").split("\n")
    pairs = [line.partition(":")[::2] for line in lines]
    headers = [(name.strip(), value.strip()) for name, value in pairs]
    return Message(first.strip(), headers, body.removesuffix("\n") if separator else None)


def send(url: str, request: Message) -> Answer:
    """Send a request as it is written: nothing but Host and Content-Length is added."""
    method, _, target = request.first.partition(" ")
    body = (request.body or "").encode()
    if any(name.lower() == "content-type" and value.startswith("multipart/") for name, value in request.headers):
        body = body.replace(b"\n", b"\r\n")
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in request.headers:
            connection.putheader(name, value.encode())
        if request.body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        return Answer(response.status, response.getheaders(), response.read().decode())
    finally:
        connection.close()


def differences(wanted: Any, got: Any, where: str = "") -> Iterator[str]:
    """Compare JSON values: keys in any order, numbers by how they are written, `…` for what may be anything."""
    if wanted == _ANY or _is_of_type(wanted, got):
        return
    if isinstance(wanted, dict) and isinstance(got, dict):
        yield from _object_differences(wanted, got, where)
    elif isinstance(wanted, list) and isinstance(got, list):
        yield from _list_differences(wanted, got, where)
    elif isinstance(wanted, str) and isinstance(got, str):
        if not fits(wanted, got):
            yield f"{where or 'body'}: wanted {wanted!r}, got {got!r}"
    elif type(wanted) is not type(got) or str(wanted) != str(got):
        yield f"{where or 'body'}: wanted {wanted!r}, got {got!r}"


def _is_of_type(wanted: Any, got: Any) -> bool:
    types = _TYPES.get(wanted) if isinstance(wanted, str) else None
    return types is not None and isinstance(got, types) and (not isinstance(got, bool) or bool in types)


def _object_differences(wanted: dict[str, Any], got: dict[str, Any], where: str) -> Iterator[str]:
    for name in wanted.keys() - got.keys() - {_ANY}:
        yield f"{where}/{name}: is missing"
    if _ANY not in wanted:
        for name in got.keys() - wanted.keys():
            yield f"{where}/{name}: was not expected, got {got[name]!r}"
    for name in wanted.keys() & got.keys():
        yield from differences(wanted[name], got[name], f"{where}/{name}")


def _list_differences(wanted: list[Any], got: list[Any], where: str) -> Iterator[str]:
    is_open = wanted[-1:] == [_ANY]
    items = wanted[:-1] if is_open else wanted
    if len(got) < len(items) or (len(got) > len(items) and not is_open):
        yield f"{where or 'body'}: wanted {len(items)}{' or more' if is_open else ''} items, got {len(got)}"
    for index, (one, other) in enumerate(zip(items, got, strict=False)):
        yield from differences(one, other, f"{where}/{index}")


def fits(wanted: str, got: str) -> bool:
    """Tell whether a text is as wanted; `…` stands for any text."""
    return re.fullmatch(".*".join(map(re.escape, wanted.split(_ANY))), got, re.DOTALL) is not None


def complaints(expected: Message, answer: Answer) -> Iterator[str]:
    """Yield every way in which an answer is not what was expected."""
    if expected.first != str(answer.status):
        yield f"status: wanted {expected.first}, got {answer.status}"
    for name, value in expected.headers:
        found = answer.values(name.removeprefix("!"))
        if name.startswith("!"):
            if found:
                yield f"{name[1:]}: was not expected, got {found}"
        elif not any(fits(value, one) for one in found):
            yield f"{name}: wanted {value!r}, got {found}"
    if expected.body is not None:
        yield from _body_complaints(expected.body, answer)


def _body_complaints(wanted: str, answer: Answer) -> Iterator[str]:
    if wanted == "(empty)":
        if answer.body:
            yield f"body: wanted none, got {answer.body!r}"
    elif "json" in "".join(answer.values("content-type")):
        yield from sorted(differences(_read(wanted), _read(answer.body)))
    elif not fits(wanted, answer.body):
        yield f"body: wanted {wanted!r}, got {answer.body!r}"


def hold(name: str, serve: Serve, folder: Path, ask: Callable[[str, Message], Answer] = send) -> Iterator[str]:
    """Hold one conversation; yields a paragraph for each step that went wrong."""
    url, answer, request = "", None, None
    for block in blocks((HERE / name).read_text("utf-8")):
        if block.kind == "file":
            (folder / block.name).write_text(block.text, "utf-8")
        elif block.kind == "serve":
            url = serve(*shlex.split(block.text), cwd=folder).url
        elif block.kind == "http":
            request = message(block.text)
            answer = ask(url, request)
        else:
            assert answer is not None, f"{name}:{block.line} expects an answer before anything was asked"
            assert request is not None
            found = list(complaints(message(block.text), answer))
            if found:
                yield _paragraph(f"{name}:{block.line}", request, found, answer)


def _paragraph(where: str, request: Message, found: list[str], answer: Answer) -> str:
    lines = [f"{where}  {request.first}", *(f"  {line}" for line in found)]
    return "\n".join([*lines, f"  explain: {answer.values('understudy-explain')}", f"  answered: {answer.body[:2000]}"])


@pytest.mark.parametrize("name", FILES)
def test_conversation_goes_as_written(name: str, serve: Serve, tmp_path: Path) -> None:
    wrong = list(hold(name, serve, tmp_path))
    assert not wrong, "\n\n".join(["", *wrong])


@pytest.mark.parametrize("name", FILES)
def test_every_request_is_followed_by_an_expectation(name: str) -> None:
    kinds = [block.kind for block in blocks((HERE / name).read_text("utf-8"))]
    assert kinds.count("http") == kinds.count("expect") > 0
    assert all(after == "expect" for before, after in itertools.pairwise(kinds) if before == "http")


ANSWER = Answer(200, [("Content-Type", "application/json"), ("X-A", "1"), ("X-A", "2")], '{"price": 1.00, "n": [1, 2]}')


@pytest.mark.parametrize(
    "expected",
    [
        '200\n\n{"price": 1.00, "n": [1, 2]}',
        '200\nx-a: 2\n!x-b:\n\n{"n": [1, "…"], "…": "…"}',
        '200\ncontent-type: …json\n\n{"price": "<number>", "n": ["<integer>", "…"]}',
    ],
)
def test_what_fits_is_let_through(expected: str) -> None:
    assert list(complaints(message(expected), ANSWER)) == []


@pytest.mark.parametrize(
    ("expected", "complaint"),
    [
        ("404", "status: wanted 404, got 200"),
        ("200\nx-a: 3", "x-a: wanted '3', got ['1', '2']"),
        ("200\n!x-a:", "x-a: was not expected, got ['1', '2']"),
        ('200\n\n{"price": 1.0, "n": "…"}', "/price: wanted Decimal('1.0'), got Decimal('1.00')"),
        ('200\n\n{"price": 1, "n": "…"}', "/price: wanted 1, got Decimal('1.00')"),
        ('200\n\n{"price": "…"}', "/n: was not expected, got [1, 2]"),
        ('200\n\n{"more": 1, "…": "…"}', "/more: is missing"),
        ('200\n\n{"price": "<integer>", "n": "…"}', "/price: wanted '<integer>', got Decimal('1.00')"),
        ('200\n\n{"price": "…", "n": [1]}', "/n: wanted 1 items, got 2"),
        ('200\n\n{"price": "…", "n": [1, 2, 3, "…"]}', "/n: wanted 3 or more items, got 2"),
        ("200\n\n(empty)", """body: wanted none, got '{"price": 1.00, "n": [1, 2]}'"""),
    ],
)
def test_what_does_not_fit_is_told(expected: str, complaint: str) -> None:
    assert list(complaints(message(expected), ANSWER)) == [complaint]
