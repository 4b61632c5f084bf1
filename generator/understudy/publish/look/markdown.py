"""Markdown of a part goes in; HTML comes out: CommonMark and tables, no raw HTML. The one door to markdown-it.

What a contract says is not trusted: HTML in it is shown, not meant, and a link leads to the web, to mail or into the
site, or nowhere.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markupsafe import Markup, escape

from understudy.publish.look.colouring import coloured

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.token import Token

_SPECIAL = re.compile(r"[\\`*_\[\]<>&!|#~\n\r]|^\s|^[-+=]|^\d+[.)]|\s$")
"""What a line has that Markdown could mean something by; a line without is the same as HTML, once it is escaped."""

_ALLOWED = re.compile(r"(?:https?://|mailto:|page:|site:|#|/__understudy__/)", re.IGNORECASE)
_DEEPEST = 6
_ANSWER = re.compile(r"/__understudy__/operations/(?P<operation>[^/]+)/answer\?(?P<query>.*)")
_ALERT = re.compile(r"\[!(?P<kind>NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*", re.IGNORECASE)
_BREAKS = {"softbreak", "hardbreak"}
_BREAKABLE = re.compile(r"(?<=\w_)(?=\w)|(?<=\w)(?=/\w)")
_LONG_NAME = 16
"""Names in code that have more letters may be broken."""
_TONES = {"note": "hint", "tip": "hint", "important": "hint", "warning": "warning", "caution": "deprecated"}


class _Renderer(RendererHTML):
    """HTML of tokens as the look wants it: code in colours, tables that scroll, images as links."""

    def fence(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Write a block of code, its language from the fence's info string (CommonMark 0.31, 4.5)."""
        del options, env
        language, _, _ = tokens[index].info.strip().partition(" ")
        return str(code_block(tokens[index].content, language))

    def code_block(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Write an indented block of code."""
        del options, env
        return str(code_block(tokens[index].content, ""))

    def code_inline(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Write code in a line; a long name may break behind its underscores, a path before its slashes."""
        del options, env
        text = str(escape(tokens[index].content))
        return f"<code>{_BREAKABLE.sub('<wbr>', text) if len(text) > _LONG_NAME else text}</code>"

    def table_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Open a table inside a region that scrolls by itself and takes the focus."""
        del tokens, index, options, env
        return '<div class="scroll" tabindex="0"><table>'

    def table_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Close what `table_open` opened."""
        del tokens, index, options, env
        return "</table></div>"

    def th_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Say that a heading cell is its column's."""
        tokens[index].attrSet("scope", "col")
        return self.td_open(tokens, index, options, env)

    def td_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Open a cell, its side told by a class: a page has no style inside (CSP)."""
        if style := tokens[index].attrs.pop("style", ""):
            tokens[index].attrSet("class", str(style).replace("text-align:", "side-"))
        return self.renderToken(tokens, index, options, env)

    def image(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Write a link in place of an image: loading it would tell another host who reads."""
        address = str(tokens[index].attrGet("src") or "")
        words = self.renderInlineAsText(tokens[index].children or [], options, env) or address
        return f'<a href="{escape(address)}" rel="noreferrer">{escape(words)}</a>' if address else str(escape(words))

    def link_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Open a link; one that leads out of the site does not tell where from, one to an answer says to which."""
        address = str(tokens[index].attrGet("href") or "")
        if not address.startswith(("page:", "site:", "#")):
            tokens[index].attrSet("rel", "noreferrer")
        if name := _answer_name(address):
            words = self.renderInlineAsText(tokens[index + 1 : index + 2], options, env)
            tokens[index].attrSet("class", "get-answer")
            tokens[index].attrSet("aria-label", f"{words}: {name}")
        return self.renderToken(tokens, index, options, env)

    def blockquote_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Open a quotation, or a callout: a quotation that begins with `[!NOTE]` or the like, as on GitHub."""
        kind = _alert_kind(tokens, index)
        if not kind:
            return self.renderToken(tokens, index, options, env)
        tokens[_end(tokens, index)].meta["alert"] = kind
        title = Markup('<p class="note-title" data-ui>{}</p>').format(env["say"](f"alert-{kind}"))
        return f'<div class="note note-{_TONES[kind]} alert-{kind}" role="note">{title}<div class="text">'

    def blockquote_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Close what `blockquote_open` opened."""
        return "</div></div>" if tokens[index].meta else self.renderToken(tokens, index, options, env)


def _answer_name(address: str) -> str:
    """Name the answer that a link has the mock give: operation, status and example; empty for any other link."""
    found = _ANSWER.search(address)
    if found is None:
        return ""
    asked = dict(parse_qsl(found["query"]))
    named = (unquote(found["operation"]), asked.get("status", ""), asked.get("example", ""))
    return " ".join(one for one in named if one)


def _alert_kind(tokens: Sequence[Token], index: int) -> str:
    """Tell which callout a quotation is, and take the mark that says so out of it; empty for a mere quotation."""
    if index + 2 >= len(tokens) or tokens[index + 1].type != "paragraph_open":
        return ""
    line = tokens[index + 2].children or []
    found = _ALERT.fullmatch(line[0].content) if line and line[0].type == "text" else None
    if found is None or (len(line) > 1 and line[1].type not in _BREAKS):
        return ""
    tokens[index + 2].children = line[2:]
    for token in tokens[index + 1 : index + 4] if len(line) == 1 else ():
        token.hidden = True
    return found["kind"].lower()


def _end(tokens: Sequence[Token], index: int) -> int:
    level = tokens[index].level
    return next(at for at in range(index + 1, len(tokens)) if tokens[at].level == level and tokens[at].nesting == -1)


def code_block(code: str, language: str) -> Markup:
    """Write a block of code in colours."""
    name = Markup(' data-language="{}"').format(language) if language else ""
    text = coloured(code.removesuffix("\n"), language)
    return Markup('<pre class="code" tabindex="0"{}><code>{}</code></pre>\n').format(name, text)


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False}, renderer_cls=_Renderer).enable(
        ["table", "strikethrough"]
    )
    reader.validateLink = lambda url: bool(_ALLOWED.match(url.strip()))  # type: ignore[method-assign] # as documented
    return reader


@lru_cache(maxsize=1 << 16)
def inline(text: str) -> Markup:
    """Write a line of Markdown, such as a title."""
    if not _SPECIAL.search(text):
        return escape(text)
    return Markup(_reader().renderInline(text.replace("\n", " ")).strip())  # noqa: S704 - raw HTML is off


@lru_cache(maxsize=1 << 15)
def block(text: str, level: int = 2, say: Callable[[str], str] = str) -> Markup:
    """Write Markdown; its own headings, if any, begin at `level` and leave none out, and `say` names its callouts."""
    if not text:
        return Markup("")
    if not _SPECIAL.search(text):
        return Markup("<p>{}</p>\n").format(text)
    reader = _reader()
    tokens = reader.parse(text)
    _shift(tokens, level)
    return Markup(reader.renderer.render(tokens, reader.options, {"say": say}))  # noqa: S704 - raw HTML is off


def _shift(tokens: list[Token], level: int) -> None:
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    open_ones: list[int] = []
    for token in headings:
        if token.type == "heading_open":
            own = int(token.tag[1])
            while open_ones and open_ones[-1] >= own:
                open_ones.pop()
            open_ones.append(own)
        token.tag = f"h{min(level + len(open_ones) - 1, _DEEPEST)}"
