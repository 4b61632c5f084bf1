"""Markdown goes in; the tokens of its blocks and inlines come out (CommonMark 0.31, with tables and strikethrough)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from markdown_it.token import Token


@cache
def _reader() -> MarkdownIt:
    """Recognise HTML, so that it can be told from text."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def parse(text: str) -> list[Token]:
    """Read foreign Markdown; a token of kind `inline` has children."""
    return _reader().parse(text)
