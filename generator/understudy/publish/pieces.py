"""Text with tokens for what each server wants otherwise goes in; it comes out filled, with where those pieces stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_TOKEN = re.compile(r"UnderstudyPiece(\d+)x*Y")


@dataclass(frozen=True)
class Piece:
    """The address of a request, or a credential in it."""

    number: int
    value: str
    """What the mock takes."""
    instead: str = ""
    """What stands for the reader's own where another server is asked; empty for the address."""
    kind: str = ""
    """Which credential it is of: token, key, login, other; empty for the address."""

    @property
    def token(self) -> str:
        """What stands for it while a request is written: no language escapes it, and it takes as much room."""
        token = f"UnderstudyPiece{self.number}Y"
        return f"{token[:-1]}{'x' * (len(self.value) - len(token))}Y"


@dataclass(frozen=True)
class Place:
    """Where a piece stands in a text, counted in characters."""

    start: int
    length: int
    instead: str


def filled(text: str, pieces: Sequence[Piece]) -> str:
    """Put the values for the tokens."""
    return settled(text, pieces, lambda piece: piece.value)[0]


def in_query(piece: Piece) -> str:
    """Write a piece as it stands in a query (RFC 3986, 3.4)."""
    return quote(piece.value, safe="")


def settled(text: str, pieces: Sequence[Piece], write: Callable[[Piece], str]) -> tuple[str, tuple[Place, ...]]:
    """Put the values for the tokens, each as `write` writes it, and tell where they came to stand."""
    made, end, size = list[str](), 0, 0
    places = list[Place]()
    for found in _TOKEN.finditer(text):
        if int(found[1]) >= len(pieces):
            continue
        piece = pieces[int(found[1])]
        value = write(piece)
        made += [text[end : found.start()], value]
        start = size + found.start() - end
        places.append(Place(start, len(value), piece.instead))
        end, size = found.end(), start + len(value)
    return "".join([*made, text[end:]]), tuple(places)


def told(places: Iterable[Place]) -> str:
    """Write places as a fact: a line each of start, length and what stands for the piece."""
    return "\n".join(f"{place.start} {place.length} {place.instead}" for place in places)


def read(fact: str) -> tuple[Place, ...]:
    """Read what `told` wrote."""
    lines = (line.split(" ", 2) for line in fact.split("\n") if line)
    return tuple(Place(int(start), int(length), instead) for start, length, instead in lines)
