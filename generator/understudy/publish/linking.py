"""How pages name each other: an address in a leaf goes in; a relative link for the page it stands on comes out.

Leaves link to pages as `page:en/ops/getPet#answer-404` and to other files as `site:openapi.json`; both count from the
site's root, and a page has no suffix. Whoever writes a page resolves them for what it writes: `.html` or `.md`.
"""

from __future__ import annotations

import re

_PAGE, _FILE = "page:", "site:"
_LINK = re.compile(
    r"(?P<fence>^ *(?P<ticks>`{3,}|~{3,})[^\n]*\n(?:.*?\n)?? *(?P=ticks)`*~*[ \t]*$)"
    r"|(?P<code>(?<![`\\])(?P<tick>`+)(?!`).*?(?<!`)(?P=tick)(?!`))"
    r"|\]\((?P<address>(?:page|site):[^)\s]*)\)",
    re.DOTALL | re.MULTILINE,
)


def page(path: str, anchor: str = "") -> str:
    """Write the address of a page, given without a suffix, or of a part of it."""
    return f"{_PAGE}{path}{'#' if anchor else ''}{anchor}"


def file(path: str) -> str:
    """Write the address of any other file of the site, such as `assets/mock.js`."""
    return f"{_FILE}{path}"


def is_internal(address: str) -> bool:
    """Tell our own addresses from the web's."""
    return address.startswith((_PAGE, _FILE))


def resolve(address: str, here: str, suffix: str = ".html") -> str:
    """Make an address relative (RFC 3986, 5.2) to the page at path `here`; what isn't ours stays as it is.

    Nothing but the fragment is left of an address of the very page.
    """
    if not is_internal(address):
        return address
    path, mark, anchor = address.partition(":")[2].partition("#")
    if address.startswith(_PAGE):
        if path == here and anchor:
            return f"#{anchor}"
        path += suffix
    return relative(path, here) + mark + anchor


def relative(path: str, here: str) -> str:
    """Write the path of a file as it is seen from the page at path `here`; both count from the site's root."""
    source, target = here.split("/")[:-1], path.split("/")
    shared = 0
    while shared < min(len(source), len(target) - 1) and source[shared] == target[shared]:
        shared += 1
    return "/".join([*[".."] * (len(source) - shared), *target[shared:]])


def resolve_all(markdown: str, here: str, suffix: str = ".md") -> str:
    """Resolve every link of a Markdown text; code is left alone."""
    if _PAGE not in markdown and _FILE not in markdown:
        return markdown

    def resolved(found: re.Match[str]) -> str:
        address = found["address"]
        return found[0] if address is None else f"]({resolve(address, here, suffix)})"

    return _LINK.sub(resolved, markdown)


def link(text: str, address: str) -> str:
    """Write an inline link; the text is Markdown."""
    return f"[{text}]({address})"
