"""A language goes in; templates come out that speak it, and escape what they are given. The look's door to Jinja."""

from __future__ import annotations

import itertools
import re
from functools import cache
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup, escape

from understudy.publish.look import markdown
from understudy.publish.look.piecing import pieced
from understudy.publish.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from understudy.publish.page import Part

LOOK = "look.yaml"

_TEMPLATE = re.compile(r"(\{[^{}]*\})")
_LINK = re.compile(r"</?a\b[^>]*>")
_SHORT = {"DELETE": "DEL", "OPTIONS": "OPT", "CONNECT": "CON"}
_SMALL = 10
"""Fields of an object that are shown at once; more are unfolded."""


@cache
def environment(language: str) -> jinja2.Environment:
    """Prepare the templates in a language."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("understudy.publish.look"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    say = made.globals["say"] = words(language, LOOK)

    def named(key: str) -> str:
        return say(key)

    def block(text: str, level: int) -> Markup:
        """Write Markdown; what has no callout is the same in all languages."""
        return markdown.block(text, level, named) if "[!" in text else markdown.block(text, level)

    made.filters |= {
        "inline": markdown.inline,
        "block": block,
        "pieced": pieced,
        "runs": _runs,
        "is_small": _is_small,
        "is_opening": _is_opening,
        "status_class": status_class,
        "unlinked": _unlinked,
        "braced": _braced,
        "is_plain_endpoint": _is_plain_endpoint,
        "short_method": lambda method: _SHORT.get(method, method),
    }
    return made


def _runs(parts: Iterable[Part]) -> list[list[Part]]:
    return [list(run) for _, run in itertools.groupby(parts, lambda part: part.kind == "field")]


def _is_small(part: Part) -> bool:
    return _size(part) <= _SMALL


def _size(part: Part) -> int:
    return sum(1 + _size(one) for one in part.parts if one.facts.get("says") != "limits")


def _is_opening(part: Part) -> bool:
    """Tell an answer that is wanted from those that are not (RFC 9110, 15.3)."""
    return part.facts.get("status", "").startswith("2")


def status_class(part: Part) -> str:
    """Name the class of a status, such as `status-4`; `status-0` for `default`."""
    first = part.facts.get("status", "")[:1]
    return f"status-{first if first.isdigit() else 0}"


def _unlinked(title: Markup) -> Markup:
    """Take the links out of a title that is to be a link itself."""
    return Markup(_LINK.sub("", title))  # noqa: S704 - less of what was safe


def _is_plain_endpoint(part: Part) -> bool:
    """Tell whether an endpoint says its method and path and no more, so that they may be shown as such."""
    facts = part.facts
    return part.text.strip("` ") == f"{facts.get('method')} {facts.get('path')}"


def _braced(path: str) -> Markup:
    """Mark the templates of a path (OpenAPI, Path Templating) and its segments, between which a line may end."""
    segments = [Markup("")]
    for index, piece in enumerate(_TEMPLATE.split(path)):
        if index % 2:
            segments[-1] += Markup('<span class="brace">{}</span>').format(piece)
            continue
        first, *others = piece.split("/")
        segments[-1] += escape(first)
        segments += [escape(f"/{one}") for one in others]
    return Markup("").join(Markup('<span class="segment">{}</span>').format(one) for one in segments if one)
