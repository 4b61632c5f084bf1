"""HTML of a description goes in; Markdown that says the same comes out: paragraphs, lists, tables, code, marks, links.

Who writes contracts by generators writes HTML in descriptions, which CommonMark allows. What is no text, scripts above
all, is left out, images become links, and a tag that is no HTML stays as the text it was meant for, such as `<token>`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import zip_longest

from understudy.publish.spans import Marked, escape, joined, link, span

BREAKING = {"br", "p", "div", "li", "ul", "ol", "tr", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "dt"}
INLINE = {
    *("a", "abbr", "b", "big", "center", "cite", "code", "del", "details", "em", "font", "i", "img", "ins", "kbd"),
    *("mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "summary", "sup", "tbody", "td", "tfoot"),
    *("th", "thead", "tt", "u", "var", "blockquote", "dd", "dl", "section", "article", "script", "style", "iframe"),
    *("object", "embed", "svg", "math", "form", "input", "button", "video", "audio", "link", "meta", "base", "head"),
    *("body", "html", "title", "template", "noscript", "textarea", "select", "option", "frame", "frameset", "marquee"),
    *("nav", "main", "header", "footer", "aside", "figure", "figcaption", "caption", "col", "colgroup", "label"),
    *("nobr", "wbr", "acronym", "dfn", "bdo", "bdi", "ruby", "rt", "rp", "fieldset", "legend", "picture"),
}
MARKS = {
    **dict.fromkeys(("b", "strong"), "**"),
    **dict.fromkeys(("i", "em"), "*"),
    **dict.fromkeys(("del", "s", "strike"), "~~"),
    **dict.fromkeys(("code", "tt", "kbd", "samp"), "`"),
}
"""What is marked in Markdown, too, and how."""

_SILENT = {"script", "style", "template", "iframe", "object", "svg", "math", "textarea", "select", "title"}
_PARAGRAPHS = {"p", "div", "section", "article", "header", "footer", "main", "nav", "aside", "center", "details", "dl"}
_PARAGRAPHS |= {"summary", "figure", "figcaption", "form", "fieldset", "legend", "caption", "dt", "dd"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LISTS, _CELLS = {"ul", "ol"}, {"td", "th"}
_FRAMED = {*_LISTS, *_CELLS, *_HEADINGS, "li", "table", "blockquote"}
_DEEPEST = 24
"""So many elements stand in each other; what is deeper stands beside."""


@dataclass
class _Frame:
    """What is open: an element that holds blocks, or a mark in a line."""

    tag: str
    pieces: list[str | Marked] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    address: str = ""


def to_markdown(content: str) -> str:
    """Write what HTML says as Markdown; tags may be missing."""
    reader = _Reader()
    end = content.rfind(">") + 1  # a tag that nothing closes would be looked at anew from each character
    reader.feed(content[:end])
    reader.close()
    reader.handle_data(html.unescape(content[end:]))
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.frames = [_Frame("")]
        self.silent: list[str] = []
        self.pre: list[str] | None = None

    def text(self) -> str:
        """Close what is still open, and give the whole."""
        self._end_pre()
        while len(self.frames) > 1:
            self._pop()
        self._end_line()
        return "\n\n".join(self.frames[0].blocks)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        told = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self.silent.append(tag)
        elif self.silent or self.pre is not None:
            return
        elif tag in MARKS or tag == "a":
            if len(self.frames) < _DEEPEST:
                self.frames.append(_Frame(tag, address=told.get("href", "")))
        elif tag == "img":
            words = " ".join((told.get("alt") or told.get("src", "")).split())
            if (linked := link(escape(words), told.get("src", ""))).startswith("["):
                self.frames[-1].pieces.append(linked)
        elif tag == "br":
            self.frames[-1].pieces.append("\n")
        elif tag not in BREAKING | INLINE:
            self.handle_data(self.get_starttag_text() or "")
        else:
            self._begin(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element without content; what is no HTML is a component of some renderer, such as `<Errors />`."""
        if tag in BREAKING | INLINE:
            self.handle_starttag(tag, attrs)
            self.handle_endtag(tag)

    def _begin(self, tag: str) -> None:
        """Open an element that begins a block, if it does."""
        if tag in _PARAGRAPHS or tag in _FRAMED or tag in ("hr", "pre", "tr"):
            self._end_line()
        if tag == "pre":
            self.pre = []
        elif tag == "hr":
            self.frames[-1].blocks.append("***")
        elif tag == "li":
            self._close({"li"}, _LISTS)
        elif tag in _CELLS or tag == "tr":
            self._close(_CELLS, {"table"})
        if tag == "tr" and self.frames[-1].tag == "table":
            self.frames[-1].rows.append([])
        if tag in _FRAMED and len(self.frames) < _DEEPEST:
            self.frames.append(_Frame(tag))

    def handle_endtag(self, tag: str) -> None:
        """Close an element; of those that are not open nothing is said."""
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.pop()
        elif tag == "pre":
            self._end_pre()
        elif self.pre is not None:
            return
        elif tag in MARKS or tag == "a":
            self._close_mark(tag)
        elif tag not in BREAKING | INLINE:
            self.handle_data(f"</{tag}>")
        elif tag in _FRAMED:
            self._end_line()
            self._close({tag}, set())
        elif tag in _PARAGRAPHS or tag == "tr":
            self._end_line()

    def handle_data(self, data: str) -> None:
        """Take text; a run of white space is one space."""
        if self.silent:
            return
        if self.pre is not None:
            self.pre.append(data)
        elif self.frames[-1].tag in MARKS and MARKS[self.frames[-1].tag] == "`":
            self.frames[-1].pieces.append(re.sub(r"\s+", " ", data))
        else:
            self.frames[-1].pieces.append(escape(re.sub(r"\s+", " ", data)))

    def _end_pre(self) -> None:
        """Write the block of code that is open (CommonMark 0.31, 4.5)."""
        code, self.pre = "".join(self.pre or ()).strip("\n"), None
        if code.strip():
            ticks = "`" * (max((len(run) for run in re.findall(r"`{3,}", code)), default=2) + 1)
            self.frames[-1].blocks.append(f"{ticks}\n{code}\n{ticks}")

    def _close_mark(self, tag: str) -> None:
        """Close a mark, and those that were opened inside it, if it was opened in this line."""
        for frame in reversed(self.frames):
            if frame.tag == tag:
                self._pop_to(frame)
                return
            if frame.tag not in MARKS and frame.tag != "a":
                return

    def _close(self, tags: set[str], outer: set[str]) -> None:
        """Close the innermost of some elements, unless one of the outer ones is nearer."""
        for frame in reversed(self.frames):
            if frame.tag in tags:
                self._pop_to(frame)
                return
            if frame.tag in outer:
                return

    def _pop_to(self, frame: _Frame) -> None:
        while self.frames[-1] is not frame:
            self._pop()
        self._pop()

    def _end_line(self) -> None:
        """Close the marks of the line, and make a paragraph of it."""
        while self.frames[-1].tag in MARKS or self.frames[-1].tag == "a":
            self._pop()
        frame = self.frames[-1]
        lines = [line.strip() for line in joined(frame.pieces).split("\n")]
        if text := "\\\n".join(line for line in lines if line):
            frame.blocks.append(text)
        frame.pieces = []

    def _pop(self) -> None:
        """Write the innermost element into the one around it."""
        frame = self.frames[-1]
        if frame.tag in MARKS or frame.tag == "a":
            self.frames.pop()
            self.frames[-1].pieces += _marked(frame)
            return
        self._end_line()
        self.frames.pop()
        outer = self.frames[-1]
        if frame.tag in _CELLS and outer.tag == "table":
            outer.rows = outer.rows or [[]]
            outer.rows[-1].append(_cell(frame.blocks))
        elif frame.tag == "li" and outer.tag in _LISTS:
            outer.blocks.append("\n\n".join(frame.blocks))
        elif text := _written(frame):
            outer.blocks.append(text)


def _marked(frame: _Frame) -> list[str | Marked]:
    """Write what stood between the tags of a mark or a link."""
    text = joined(frame.pieces).replace("\n", " ")
    if frame.tag == "a":
        return [link(text.strip(), frame.address)] if text.strip() else []
    mark = MARKS[frame.tag]
    if mark == "`":
        return [span(text.strip())] if text.strip() else []
    return [Marked(mark, text)]


def _written(frame: _Frame) -> str:
    """Write a block element."""
    text = "\n\n".join(frame.blocks)
    if frame.tag in _HEADINGS:
        return f"**{text.replace('**', '')}**" if text and "\n" not in text else text
    if frame.tag == "blockquote":
        return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""
    if frame.tag in _LISTS:
        return "\n".join(_item(block, index, frame.tag) for index, block in enumerate(filter(None, frame.blocks), 1))
    return "\n\n".join(one for one in (text, _table(frame.rows)) if one) if frame.tag == "table" else text


def _item(block: str, number: int, tag: str) -> str:
    mark = f"{number}. " if tag == "ol" else "- "
    first, *others = block.split("\n")
    return "\n".join([mark + first, *(" " * len(mark) + line if line else "" for line in others)])


def _cell(blocks: list[str]) -> str:
    """Write the blocks of a cell on one line."""
    lines = (line.strip() for line in "\n".join(blocks).replace("\\\n", "\n").split("\n"))
    text = " ".join(line for line in lines if line and not line.startswith("```"))
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def _table(rows: list[list[str]]) -> str:
    """Write rows (GitHub Flavored Markdown, 4.10); the first is the head."""
    rows = [row for row in rows if any(row)]
    if not rows:
        return ""
    columns = [list(column) for column in zip_longest(*rows, fillvalue="")]
    full = list(zip(*columns, strict=True))
    lines = [f"| {' | '.join(row)} |" for row in full]
    return "\n".join([lines[0], f"| {' | '.join(['---'] * len(columns))} |", *lines[1:]])
