"""Foreign Markdown goes in; Markdown that is safe to put into a page comes out, as text or as parts by its headings.

A description (OpenAPI: CommonMark) may say anything. What comes out has no HTML, loads nothing (an image becomes a
link), and leads to the web or nowhere; its headings are bold lines or sections, so they don't compete with the page's.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from markdown_it.tree import SyntaxTreeNode

from understudy.publish import commonmark
from understudy.publish.markdown_writing import blocks, inline_text
from understudy.publish.naming import slug
from understudy.publish.page import Part
from understudy.publish.spans import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_RISKY = re.compile(r"[<\[&\\]|https?:|^ {0,3}(?:#|=+[ \t]*$|-+[ \t]*$|```|~~~)|\|", re.MULTILINE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_KEPT = 20_000
_SENTENCE = re.compile(r"(.{20,}?[.!?])(?:\s|$)", re.DOTALL)
_LONGEST_SUMMARY = 200


@lru_cache(_KEPT)
def clean(text: str) -> str:
    """Make a description safe; headings become bold lines."""
    text = printable(text).strip("\n").rstrip()
    if not _RISKY.search(text):
        return text
    return blocks(_tree(text))


@lru_cache(_KEPT)
def in_line(text: str) -> str:
    """Make the first paragraph of a description safe for one line, such as a cell of a table.

    A paragraph that announces a list has its items behind it.
    """
    nodes = _words(text)
    for node, after in zip_longest(nodes, nodes[1:]):
        if node.type in ("paragraph", "heading"):
            words = _flat(node)
            if words.endswith(":") and after is not None and after.type in ("bullet_list", "ordered_list"):
                return f"{words} {'; '.join(filter(None, map(_first, after.children)))}"
            return words
    return ""


def _first(item: SyntaxTreeNode) -> str:
    """Write the first paragraph of an item on one line."""
    return next((_flat(node).rstrip(".;,") for node in item.children if node.type == "paragraph"), "")


def _flat(node: SyntaxTreeNode) -> str:
    return inline_text(node, in_table=True).replace("\\\n", " ").replace("\n", " ")


def plain(text: str) -> str:
    """Write a text that is no Markdown, such as a summary, on one line of it."""
    return escape(one_line(text))


def one_line(text: str) -> str:
    """Put a text on one line, without what can't be shown."""
    return " ".join(printable(text).split())


def printable(text: str) -> str:
    """Replace what no document may hold: control characters and halves of surrogate pairs."""
    return _CONTROLS.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


@lru_cache(_KEPT)
def opening(text: str) -> str:
    """Take the first sentence of a description, as plain text."""
    for node in _words(text):
        if node.type == "paragraph":
            words = one_line(_spoken(node))
            found = _SENTENCE.match(words)
            sentence = found[1] if found else words
            if len(sentence) <= _LONGEST_SUMMARY:
                return sentence
            return sentence[:_LONGEST_SUMMARY].rsplit(" ", 1)[0] + " …"
    return ""


def code(text: str) -> str:
    """Write a code span (CommonMark, 6.1) that holds any text."""
    text = one_line(text)
    if not text:
        return "` `"
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fenced(text: str, syntax: str = "") -> str:
    """Write a fenced code block (CommonMark, 4.5) that holds any text."""
    longest = max((len(run) for run in re.findall(r"^ *(`{3,})", text, re.MULTILINE)), default=2)
    ticks = "`" * (longest + 1)
    body = printable(text)
    return f"{ticks}{syntax}\n{body}{'' if body.endswith(chr(10)) or not body else chr(10)}{ticks}"


def parts(text: str, language: str = "") -> tuple[Part, ...]:
    """Divide a description at its headings: a part without a title, then sections, nested by level."""
    nodes = _tree(printable(text))
    if not any(node.type == "heading" for node in nodes):
        body = clean(text)
        return (Part("prose", text=body, language=language),) if body else ()
    return tuple(_sections(nodes, language))


def _sections(nodes: Sequence[SyntaxTreeNode], language: str) -> Iterator[Part]:
    """Make a section of each heading of the highest level there is, and of all up to the next of that level."""
    levels = [_level(node) for node in nodes if node.type == "heading"]
    if not levels:
        if body := blocks(nodes):
            yield Part("prose", text=body, language=language)
        return
    top, starts = min(levels), []
    for index, node in enumerate(nodes):
        if node.type == "heading" and _level(node) == top:
            starts.append(index)
    yield from _sections(nodes[: starts[0]], language)
    for start, end in zip(starts, [*starts[1:], len(nodes)], strict=True):
        title = inline_text(nodes[start])
        below = tuple(_sections(nodes[start + 1 : end], language))
        yield Part("section", title=title, parts=below, anchor=slug(_spoken(nodes[start])), language=language)


def _tree(text: str) -> list[SyntaxTreeNode]:
    return list(SyntaxTreeNode(commonmark.parse(text)).children)


def _words(text: str) -> list[SyntaxTreeNode]:
    """Read a description whose HTML is Markdown already."""
    nodes = _tree(printable(text))
    return _tree(blocks(nodes)) if any(node.type == "html_block" for node in nodes) else nodes


def _level(node: SyntaxTreeNode) -> int:
    return int(node.tag[1:])


def _spoken(node: SyntaxTreeNode) -> str:
    """Take the words of a block without their marks."""
    said = []
    for part in node.walk():
        if part.type in ("text", "code_inline"):
            said.append(part.content)
        elif part.type in ("softbreak", "hardbreak"):
            said.append(" ")
    return "".join(said)
