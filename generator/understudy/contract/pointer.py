"""JSON pointers (RFC 6901): tokens to text, text to tokens, text to the value it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable

Token = str | int


def escape(token: Token) -> str:
    """Write one reference token (RFC 6901, section 3)."""
    return str(token).replace("~", "~0").replace("/", "~1")


def join(tokens: Iterable[Token]) -> str:
    """Write tokens as a pointer; no token gives the empty pointer, which names the whole document."""
    return "".join(f"/{escape(token)}" for token in tokens)


def split(pointer: str) -> list[str]:
    """Read a pointer's tokens (RFC 6901, section 4). Raises ValueError if it does not start with `/`."""
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise ValueError(f"a JSON pointer starts with a slash: {pointer!r}")
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/")]


def split_fragment(fragment: str) -> list[str]:
    """Read the tokens of a pointer in URI fragment form (RFC 6901, section 6), without the leading `#`."""
    return split(unquote(fragment))


def resolve(document: Any, tokens: Iterable[Token]) -> Any:
    """Walk to the value the tokens name. Raises KeyError with the token that leads nowhere."""
    for token in tokens:
        document = _step(document, token)
    return document


def _step(value: Any, token: Token) -> Any:
    if isinstance(value, dict) and str(token) in value:
        return value[str(token)]
    if isinstance(value, list) and str(token).isdecimal() and int(token) < len(value):
        return value[int(token)]
    raise KeyError(token)
