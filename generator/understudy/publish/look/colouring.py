"""Code and the name of its language go in; HTML comes out, its words marked by what they are. The one door to Pygments.

JSON is coloured here by one expression, because examples are JSON and there may be megabytes of them; all else is
coloured by Pygments, whose short class names are used for both.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

if TYPE_CHECKING:
    from pygments.lexer import Lexer

MOST_COLOURED = 60_000
"""Characters of code beyond which it is shown as it is: nobody reads so much by its colours."""

_ALSO_JSON = re.compile(r"(?:json5?|jsonc|application/(?:[\w.+-]+\+)?json)\Z", re.IGNORECASE)
_JSON = re.compile(
    r'(?P<nt>"(?:[^"\\\n]|\\.)*")(?=\s*:)'
    r'|(?P<s2>"(?:[^"\\\n]|\\.)*")'
    r"|(?P<mi>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<kc>true|false|null)"
    r"|(?P<plain>[^\"\-\dtfn]+|.)",
    re.DOTALL,
)
_COLOURLESS = re.compile(r'<span class="(?:w|n|p|o|nx|pm)">([^<]*)</span>')
_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


@lru_cache(maxsize=4096)
def coloured(code: str, language: str) -> Markup:
    """Mark the words of code, in HTML that may stand inside `<code>`; plain if the language isn't known."""
    if len(code) > MOST_COLOURED:
        return escape(code)
    if _ALSO_JSON.match(language):
        return Markup("".join(map(_json_word, _JSON.finditer(code))))  # noqa: S704 - each word is escaped
    lexer = _lexer(language)
    if lexer is None:
        return escape(code)
    html = _COLOURLESS.sub(r"\1", highlight(code, lexer, _FORMATTER))
    return Markup(html if code.endswith("\n") else html.removesuffix("\n"))  # noqa: S704 - Pygments escapes


def _json_word(found: re.Match[str]) -> str:
    word = str(escape(found.group()))
    return word if found.lastgroup == "plain" else f'<span class="{found.lastgroup}">{word}</span>'


@cache
def _lexer(language: str) -> Lexer | None:
    if not language:
        return None
    try:
        return get_lexer_by_name(language.lower(), ensurenl=False, stripnl=False)
    except ClassNotFound:
        return None
