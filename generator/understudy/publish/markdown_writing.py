"""Parsed Markdown goes in; Markdown of the plainest kind comes out, with nothing left in it that could do harm."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.tree import SyntaxTreeNode

_SPECIAL = re.compile(r"[\\`*\[\]<]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|~(?=~)")
_AT_START = re.compile(r"^( *)([#>+=~-]|\d{1,9}(?=[.)](?:\s|$)))", re.MULTILINE)
_ALERT = re.compile(r"\A\\\[(!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION))\\\](?=\s*?(?:\n|\Z))", re.IGNORECASE)
"""The mark of a callout, as GitHub has them, which is no text."""
_URL = re.compile(r"https?://[^\s<>\[\]\"'`|\\]+")
_SCHEMES = ("http", "https", "mailto")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|<!--.*?-->|<[!?][^>]*>", re.DOTALL)
_HREF = re.compile(r"\shref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_SILENT = re.compile(r"<(script|style|template|iframe|object|svg)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_ANCHOR = re.compile(r"<a\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>(.*?)</a\s*>", re.DOTALL | re.IGNORECASE)
_BREAKING = {"br", "p", "div", "li", "ul", "ol", "tr", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "dt"}
_INLINE = {
    *("a", "abbr", "b", "big", "center", "cite", "code", "del", "details", "em", "font", "i", "img", "ins", "kbd"),
    *("mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "summary", "sup", "tbody", "td", "tfoot"),
    *("th", "thead", "tt", "u", "var", "blockquote", "dd", "dl", "section", "article", "script", "style", "iframe"),
    *("object", "embed", "svg", "math", "form", "input", "button", "video", "audio", "link", "meta", "base", "head"),
    *("body", "html", "title", "template", "noscript", "textarea", "select", "option", "frame", "frameset", "marquee"),
    *("nav", "main", "header", "footer", "aside", "figure", "figcaption", "caption", "col", "colgroup", "label"),
}


def escape(text: str, *, in_table: bool = False) -> str:
    """Write plain text so that Markdown reads it as just that."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = _AT_START.sub(_escaped_start, text)
    return text.replace("|", "\\|") if in_table else text


def _escaped_start(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}\\" if found[2].isdigit() else f"{found[1]}\\{found[2]}"


def blocks(nodes: Sequence[SyntaxTreeNode], *, tight: bool = False) -> str:
    """Write blocks one below the other."""
    written = [text for node in nodes if (text := _block(node))]
    return ("\n" if tight else "\n\n").join(written)


def inline_text(node: SyntaxTreeNode, *, in_table: bool = False) -> str:
    """Write what stands inside a paragraph, a heading or a cell."""
    children = [child for part in node.children for child in (part.children if part.type == "inline" else [part])]
    return "".join(_inlines(children, in_table=in_table)).strip()


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
        case "html_block":
            return from_html(node.content)
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
            cells = [inline_text(cell, in_table=True).replace("\n", " ") for cell in row.children]
            yield f"| {' | '.join(cells)} |"
            if part.type == "thead":
                yield f"| {' | '.join(_aligned(cell) for cell in row.children)} |"


def _aligned(cell: SyntaxTreeNode) -> str:
    style = str(cell.attrs.get("style", ""))
    return {"text-align:center": ":-:", "text-align:right": "--:"}.get(style, "---")


def _inlines(nodes: Sequence[SyntaxTreeNode], *, in_table: bool) -> Iterator[str]:
    position = 0
    while position < len(nodes):
        node = nodes[position]
        position += 1
        if node.type == "html_inline" and (href := _href(node.content)) is not None:
            end = _closing(nodes, position)
            inner = "".join(_inlines(nodes[position:end], in_table=in_table))
            yield _link(inner, href)
            position = end + 1
        else:
            follows = nodes[position].type if position < len(nodes) else ""
            text = _inline(node, in_table=in_table)
            yield f"{text[:-1]}\\!" if text.endswith("!") and follows == "link" and node.type == "text" else text


def _inline(node: SyntaxTreeNode, *, in_table: bool) -> str:
    match node.type:
        case "text":
            return _linked(node.content, in_table=in_table)
        case "code_inline":
            return _span(node.content, in_table=in_table)
        case "softbreak":
            return "\n"
        case "hardbreak":
            return "\\\n"
        case "html_inline":
            return _tag(node.content)
        case "link":
            return _link("".join(_inlines(_unlinked(node), in_table=in_table)), str(node.attrs.get("href", "")))
        case "image":
            alt = "".join(_inlines(node.children, in_table=in_table)) or escape(str(node.attrs.get("src", "")))
            return _link(alt, str(node.attrs.get("src", "")))
    marks = {"strong": "**", "em": "*", "s": "~~"}.get(node.type, "")
    inner = "".join(_inlines(node.children, in_table=in_table))
    return f"{marks}{inner}{marks}" if inner.strip() == inner and inner else inner


def _unlinked(node: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    """Take what a link holds; an image in it is only its words there, since links hold no links."""
    return [inner for child in node.children for inner in (child.children if child.type == "image" else [child])]


def _span(content: str, *, in_table: bool) -> str:
    longest = max((len(run) for run in re.findall(r"`+", content)), default=0)
    ticks, pad = "`" * (longest + 1), " " if content[:1] == "`" or content[-1:] == "`" or not content.strip() else ""
    text = f"{ticks}{pad}{content}{pad}{ticks}"
    return text.replace("|", "\\|") if in_table else text


def _linked(text: str, *, in_table: bool) -> str:
    """Write plain text, the addresses in it as links."""
    written, end = [], 0
    for found in _URL.finditer(text):
        address = found[0].rstrip(".,;:!?*_'")
        if address.count(")") > address.count("("):
            address = address.rstrip(")")
        written += [escape(text[end : found.start()], in_table=in_table), _link(escape(address), address)]
        end = found.start() + len(address)
    return "".join([*written, escape(text[end:], in_table=in_table)])


def _link(text: str, address: str) -> str:
    """Write a link to the web; what leads elsewhere is only its text."""
    target = web_address(address)
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


def _tag(tag: str) -> str:
    """Write a tag that stands in a line: of HTML not at all, of anything else as the text it was meant for."""
    found = _TAG.fullmatch(tag)
    if found is None or (found[2] and found[2].lower() not in _BREAKING | _INLINE):
        return escape(tag)
    return "\\\n" if found[2] and found[2].lower() == "br" else ""


def _href(tag: str) -> str | None:
    if not re.match(r"<a\s", tag, re.IGNORECASE):
        return None
    found = _HREF.search(tag)
    return html.unescape(found[1] or found[2] or found[3] or "") if found else ""


def _closing(nodes: Sequence[SyntaxTreeNode], start: int) -> int:
    for index in range(start, len(nodes)):
        if nodes[index].type == "html_inline" and re.match(r"</a\s*>", nodes[index].content, re.IGNORECASE):
            return index
    return len(nodes)


def from_html(content: str) -> str:
    """Write the words of HTML as paragraphs; what is no text, scripts above all, is left out."""
    links: list[str] = []

    def kept(found: re.Match[str]) -> str:
        words = escape(html.unescape(_TAG.sub("", found[2])).strip())
        links.append(_link(words, _href(f"<a {found[1]}>") or ""))
        return f"\ue000{len(links) - 1}\ue001"

    text = _ANCHOR.sub(kept, _SILENT.sub("", content.replace("\ue000", "").replace("\ue001", "")))
    text = _TAG.sub(lambda tag: "\n" if tag[2] and tag[2].lower() in _BREAKING else "", text)
    lines = [" ".join(escape(html.unescape(line)).split()) for line in text.split("\n")]
    joined = "\n\n".join(line for line in lines if line)
    return re.sub("\ue000(\\d+)\ue001", lambda found: links[int(found[1])], joined)
