"""Texts, addresses and marks go in; inline Markdown that says just that, and leads to the web alone, comes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

_SPECIAL = re.compile(r"[\\`*\[\]<]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|~(?=~)")
_AT_START = re.compile(r"^( *)([#>+=~-]|\d{1,9}(?=[.)](?:\s|$)))", re.MULTILINE)
_SCHEMES = ("http", "https", "mailto")


def escape(text: str, *, in_table: bool = False) -> str:
    """Write plain text so that Markdown reads it as just that."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = _AT_START.sub(_escaped_start, text)
    return text.replace("|", "\\|") if in_table else text


def _escaped_start(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}\\" if found[2].isdigit() else f"{found[1]}\\{found[2]}"


def span(content: str, *, in_table: bool = False) -> str:
    """Write a code span (CommonMark 0.31, 6.1)."""
    longest = max((len(run) for run in re.findall(r"`+", content)), default=0)
    ticks, pad = "`" * (longest + 1), " " if content[:1] == "`" or content[-1:] == "`" or not content.strip() else ""
    text = f"{ticks}{pad}{content}{pad}{ticks}"
    return text.replace("|", "\\|") if in_table else text


def link(text: str, address: str) -> str:
    """Write a link to the web, or to what a fragment names (`leading`); what leads elsewhere is only its text."""
    target = web_address(address) or _named(address)
    if not target or not text.strip() or "](" in text:
        return text
    return f"[{text}]({target})"


def web_address(address: str) -> str:
    """Write an address as a link's destination; empty if it is no address of the web or of a mailbox."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    if parts.scheme.lower() not in _SCHEMES or not (parts.netloc or parts.scheme.lower() == "mailto"):
        return ""
    return quote(address.strip(), safe="/:?#@!$&'*+,;=~%-._[]").replace("[", "%5B").replace("]", "%5D")


def _named(address: str) -> str:
    """Take the name by which an address may mean a place of the contract: its fragment, or what its own scheme has."""
    scheme, mark, name = address.strip().partition("://")
    if not (mark and scheme.isalpha() and scheme.lower() not in _SCHEMES):
        name = "" if ":" in address.partition("#")[0] else address.strip().partition("#")[2]
    return f"#{quote(unquote(name), safe='-_.~/')}" if name else ""


@dataclass(frozen=True)
class Marked:
    """Inline Markdown that is to stand between two marks, such as `**`."""

    mark: str
    text: str


def joined(pieces: Sequence[str | Marked]) -> str:
    """Write pieces one after the other, with marks where Markdown takes them for such (CommonMark 0.31, 6.2)."""
    texts = [piece.text if isinstance(piece, Marked) else piece for piece in pieces]
    written = ""
    for index, piece in enumerate(pieces):
        text = texts[index]
        if isinstance(piece, Marked):
            after = next((one for one in texts[index + 1 :] if one), "")
            text = _marked(piece, written[-1:], after[:1])
        elif text.startswith("[") and written.endswith("!"):
            written = f"{written[:-1]}\\!"
        written += text
    return written


def _marked(piece: Marked, before: str, after: str) -> str:
    """Put the marks around a text, the spaces at its ends outside; leave them out where they would be shown."""
    inner = piece.text.strip()
    opens = not inner[:1] or inner[0].isalnum() or not before.isalnum()
    closes = not inner[:1] or inner[-1].isalnum() or not after.isalnum()
    is_free = before not in ("*", "~", "\\") and "\n" not in inner
    if not inner or not (opens and closes and is_free):
        return piece.text
    start = piece.text[: len(piece.text) - len(piece.text.lstrip())]
    return f"{start}{piece.mark}{inner}{piece.mark}{piece.text[len(start) + len(inner) :]}"
