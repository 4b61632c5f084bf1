"""Parsed Markdown goes in; Markdown of the plainest kind comes out, with nothing left in it that could do harm."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from itertools import groupby
from typing import TYPE_CHECKING

from understudy.publish import html_reading
from understudy.publish.spans import Marked, escape, joined, link, span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.tree import SyntaxTreeNode

_ALERT = re.compile(r"\A\\\[(!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION))\\\](?=\s*?(?:\n|\Z))", re.IGNORECASE)
"""The mark of a callout, as GitHub has them, which is no text."""
_URL = re.compile(r"https?://[^\s<>\[\]\"'`|\\]+")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|<!--.*?-->|<[!?][^>]*>", re.DOTALL)
_EDGES = re.compile(r"\A(?:\s|\\\n)+|(?<!\\)(?:\\\n\s*)+\Z")
"""Breaks of a line before its first word and after its last, which would be shown."""
_BREAKS = {"br": "\\\n", "p": "\\\n", "div": "\\\n", "tr": "\\\n", "li": "\\\n• "}
"""What a tag that begins a line is, where it stands in one."""
_HREF = re.compile(r"\shref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)


def blocks(nodes: Sequence[SyntaxTreeNode], *, tight: bool = False) -> str:
    """Write blocks one below the other."""
    written: list[str] = []
    for is_html, found in groupby(nodes, key=lambda node: node.type == "html_block"):
        run = list(found)
        written += [html_reading.to_markdown("".join(node.content for node in run))] if is_html else map(_block, run)
    return ("\n" if tight else "\n\n").join(text for text in written if text)


def inline_text(node: SyntaxTreeNode, *, in_table: bool = False) -> str:
    """Write what stands inside a paragraph, a heading or a cell."""
    children = [child for part in node.children for child in (part.children if part.type == "inline" else [part])]
    return _EDGES.sub("", joined(_inlines(children, in_table=in_table))).strip()


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "paragraph":
            return inline_text(node)
        case "heading":
            text = inline_text(node).replace("**", "")
            return f"**{text}**" if text else ""
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "blockquote":
            text = _ALERT.sub(r"[\1]", blocks(node.children))
            return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
        case "fence" | "code_block":
            return _fence(node)
        case "table":
            return "\n".join(_table(node))
        case "hr":
            return "***"
    return blocks(node.children)


def _list(node: SyntaxTreeNode) -> str:
    tight = all(part.hidden for item in node.children for part in item.children if part.type == "paragraph")
    number = int(node.attrs.get("start", 1))
    items = []
    for index, item in enumerate(node.children):
        mark = "- " if node.type == "bullet_list" else f"{number + index}. "
        lines = blocks(item.children, tight=tight).split("\n")
        indent = " " * len(mark)
        items.append("\n".join([mark + lines[0], *(indent + line if line else "" for line in lines[1:])]).rstrip())
    return ("\n" if tight else "\n\n").join(items)


def _fence(node: SyntaxTreeNode) -> str:
    longest = max((len(run) for run in re.findall(r"^ *(`{3,})", node.content, re.MULTILINE)), default=2)
    ticks = "`" * (longest + 1)
    syntax = re.sub(r"[^\w+#.-]", "", (node.info or "").split(" ")[0]) if node.type == "fence" else ""
    content = node.content if node.content.endswith("\n") or not node.content else f"{node.content}\n"
    return f"{ticks}{syntax}\n{content}{ticks}"


def _table(node: SyntaxTreeNode) -> Iterator[str]:
    """Write rows (GitHub Flavored Markdown, 4.10)."""
    for part in node.children:
        for row in part.children:
            cells = [inline_text(cell, in_table=True).replace("\\\n", " ").replace("\n", " ") for cell in row.children]
            yield f"| {' | '.join(cells)} |"
            if part.type == "thead":
                yield f"| {' | '.join(_aligned(cell) for cell in row.children)} |"


def _aligned(cell: SyntaxTreeNode) -> str:
    style = str(cell.attrs.get("style", ""))
    return {"text-align:center": ":-:", "text-align:right": "--:"}.get(style, "---")


def _inlines(nodes: Sequence[SyntaxTreeNode], *, in_table: bool) -> list[str | Marked]:
    """Write what stands in a line; HTML that opens and closes in it is a link or a mark, as it is in Markdown."""
    made: list[str | Marked] = []
    ends = _ends(nodes)
    position = 0
    while position < len(nodes):
        node = nodes[position]
        position += 1
        tag = _opened(node)
        later = ends.get(tag, [])[bisect_left(ends.get(tag, []), position) :][:1]
        if tag == "a" or later:
            end = later[0] if later else len(nodes)
            made += _between(node, tag, nodes[position:end], in_table=in_table)
            position = end + (end < len(nodes) and not _opened(nodes[end]))
        else:
            made.append(_inline(node, in_table=in_table))
    return made


def _ends(nodes: Sequence[SyntaxTreeNode]) -> dict[str, list[int]]:
    """List where each mark ends; a link ends where the next begins, too, since links hold no links."""
    found: dict[str, list[int]] = {}
    for index, node in enumerate(nodes):
        tag = _TAG.fullmatch(node.content) if node.type == "html_inline" else None
        if tag and tag[2] and (tag[1] or tag[2].lower() == "a"):
            found.setdefault(tag[2].lower(), []).append(index)
    return found


def _opened(node: SyntaxTreeNode) -> str:
    """Name the link or mark that a tag opens; empty for any other tag, and what is none."""
    found = _TAG.fullmatch(node.content) if node.type == "html_inline" else None
    name = found[2].lower() if found and found[2] and not found[1] else ""
    return name if name == "a" or name in html_reading.MARKS else ""


def _between(
    opening: SyntaxTreeNode, tag: str, nodes: Sequence[SyntaxTreeNode], *, in_table: bool
) -> list[str | Marked]:
    if tag == "a":
        inner = joined(_inlines(nodes, in_table=in_table))
        return [link(inner, _href(opening.content))]
    mark = html_reading.MARKS[tag]
    is_plain = all(node.type in ("text", "softbreak", "code_inline", "html_inline") for node in nodes)
    if mark != "`":
        return [Marked(mark, joined(_inlines(nodes, in_table=in_table)))]
    words = "".join(_spelt(node) for node in nodes).strip()
    return [span(words, in_table=in_table)] if words and is_plain else _inlines(nodes, in_table=in_table)


def _spelt(node: SyntaxTreeNode) -> str:
    """Take what a node says as code: tags that are HTML say nothing."""
    if node.type == "softbreak":
        return " "
    return node.content if node.type != "html_inline" or _tag(node.content).strip("\\\n") else ""


def _inline(node: SyntaxTreeNode, *, in_table: bool) -> str:
    match node.type:
        case "text":
            return _linked(node.content, in_table=in_table)
        case "code_inline":
            return span(node.content, in_table=in_table)
        case "softbreak":
            return "\n"
        case "hardbreak":
            return "\\\n"
        case "html_inline":
            return _tag(node.content)
        case "link":
            return link(joined(_inlines(_unlinked(node), in_table=in_table)), str(node.attrs.get("href", "")))
        case "image":
            alt = joined(_inlines(node.children, in_table=in_table)) or escape(str(node.attrs.get("src", "")))
            return link(alt, str(node.attrs.get("src", "")))
    marks = {"strong": "**", "em": "*", "s": "~~"}.get(node.type, "")
    inner = joined(_inlines(node.children, in_table=in_table))
    return f"{marks}{inner}{marks}" if inner.strip() == inner and inner else inner


def _unlinked(node: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    """Take what a link holds; an image in it is only its words there, since links hold no links."""
    return [inner for child in node.children for inner in (child.children if child.type == "image" else [child])]


def _linked(text: str, *, in_table: bool) -> str:
    """Write plain text, the addresses in it as links."""
    written, end = [], 0
    for found in _URL.finditer(text):
        address = found[0].rstrip(".,;:!?*_'")
        if address.count(")") > address.count("("):
            address = address.rstrip(")")
        written += [escape(text[end : found.start()], in_table=in_table), link(escape(address), address)]
        end = found.start() + len(address)
    return "".join([*written, escape(text[end:], in_table=in_table)])


def _tag(tag: str) -> str:
    """Write a tag that stands in a line: of HTML not at all, of anything else as the text it was meant for."""
    found = _TAG.fullmatch(tag)
    if found is None or (found[2] and found[2].lower() not in html_reading.BREAKING | html_reading.INLINE):
        return escape(tag)
    return _BREAKS.get((found[2] or "").lower(), "") if not found[1] else ""


def _href(tag: str) -> str:
    found = _HREF.search(tag)
    return html.unescape(found[1] or found[2] or found[3] or "") if found else ""
