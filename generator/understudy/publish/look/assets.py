"""A site goes in; the files come out that its pages share, and those at its root."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from understudy.publish.look.chooser import chooser, not_found
from understudy.publish.look.search_index import index_paths, indexes
from understudy.publish.look.templating import LOOK
from understudy.publish.page import File
from understudy.publish.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.publish.page import Site

_STATIC = ("site.css", "icon.svg", "theme.js", "page.js", "tabs.js", "servers.js", "search.js", "ask.js")


def assets(site: Site) -> Iterator[File]:
    """Give all files of the look: styles, scripts, words, indexes, the chooser of languages and the page of errors."""
    for name in _STATIC:
        yield File(f"assets/{name}", _static(name))
    for language in site.languages:
        yield _words(site, language)
    yield from indexes(site)
    yield chooser(site)
    yield not_found(site)


@cache
def _static(name: str) -> bytes:
    return resources.files("understudy.publish.look").joinpath("static", name).read_bytes()


def _words(site: Site, language: str) -> File:
    """Write the words that scripts need, and the names of the indexes they search."""
    told = {**words(language, LOOK).texts, "indexes": index_paths(site, language), "fullText": site.has_full_text}
    text = json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return File(f"assets/words-{language}.js", f"window.understudyWords = {text};\n".encode())
