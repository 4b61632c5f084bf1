"""A page of items and its request go in; what stands around the items in the answer comes out, telling the truth.

Counts and totals, page numbers, `has_more`, cursors and links to the next and the previous page are found by name and
type when the mock starts; the header `Link` is written where it is declared (RFC 8288).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode

from understudy.contract.path_words import plain
from understudy_mock.exchange import MISSING
from understudy_mock.state import shapes
from understudy_mock.state.meaning import NUMBERS
from understudy_mock.state.members import member, read_member
from understudy_mock.state.querying import cursor_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy.contract.model import Tokens
    from understudy_mock.exchange import Answer, Exchange
    from understudy_mock.state.querying import Page, Plan
    from understudy_mock.state.shapes import Slot, Template

_TOTALS = frozenset(("total", "totalcount", "totalelements", "totalresults", "totalitems", "totalsize", "totalrecords"))
_TOTALS |= frozenset(("odatacount", "itemstotal", "totalhits", "hits", "found", "matches"))
_COUNTS = frozenset(("count", "size", "length", "numberofelements", "itemcount", "returned", "resultcount"))
_PAGES = frozenset(("page", "currentpage", "pagenumber", "number", "pageindex"))
_SIZES = frozenset(("perpage", "pagesize", "limit", "itemsperpage"))
_PAGE_COUNTS = frozenset(("totalpages", "pages", "lastpage", "pagecount", "pagestotal", "numpages"))
_OFFSETS = frozenset(("offset", "skip", "startindex"))
_MORE = frozenset(("hasmore", "hasnext", "hasnextpage", "more", "moreavailable", "istruncated"))
_LESS = frozenset(("hasprevious", "hasprev", "haspreviouspage", "hasprevpage"))
_NEXT_CURSORS = frozenset(("nextcursor", "nextpagetoken", "nexttoken", "continuationtoken", "continue", "endcursor"))
_NEXT_CURSORS |= frozenset(("nextpagecursor", "nextmarker", "cursornext", "continuation", "cursor"))
_NEXT_LINKS = frozenset(("next", "nexturl", "nextpageurl", "nextlink", "odatanextlink", "nextpage", "nexthref"))
_PREVIOUS_LINKS = frozenset(("prev", "previous", "prevurl", "previousurl", "prevpageurl", "prevlink", "previouspage"))
_REMAINING = frozenset(("remainingitemcount", "remaining"))
_MOST_DEEP = 3
_ROLES = (
    (NUMBERS, _TOTALS, "total"),
    (NUMBERS, _COUNTS, "count"),
    (NUMBERS, _PAGES, "page"),
    (NUMBERS, _SIZES, "size"),
    (NUMBERS, _PAGE_COUNTS, "pages"),
    (NUMBERS, _OFFSETS, "offset"),
    (NUMBERS, _REMAINING, "remaining"),
    (frozenset(("boolean",)), _MORE, "more"),
    (frozenset(("boolean",)), _LESS, "less"),
    (frozenset(("boolean",)), frozenset(("last", "islast", "lastpage")), "last"),
    (frozenset(("boolean",)), frozenset(("first", "isfirst")), "first"),
    (frozenset(("string",)), _NEXT_CURSORS, "cursor"),
    (frozenset(("string", "integer")), _NEXT_LINKS, "next"),
    (frozenset(("string", "integer")), _PREVIOUS_LINKS, "previous"),
)


@dataclass(frozen=True, slots=True)
class Telling:
    """A member of the envelope and what it tells; `bare` says what to do where that is nothing: drop, null, empty."""

    tokens: tuple[str, ...]
    role: str
    types: frozenset[str]
    bare: str
    is_absolute: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All that stands around the items of a listing."""

    tellings: tuple[Telling, ...]
    plan: Plan


@dataclass(frozen=True, slots=True)
class Turning:
    """One page, and the request that it answers."""

    page: Page
    exchange: Exchange
    plan: Plan

    @property
    def number(self) -> int:
        """The number of the page, counted as the parameter counts."""
        first = 0 if self.plan.named("page0") else 1
        return first + (self.page.start // self.page.size if self.page.size else 0)

    def parameter(self, step: int) -> tuple[str, str] | None:
        """Say which parameter has to say what for the next page (1) or the previous one (-1); None if there is none."""
        page, plan = self.page, self.plan
        is_there = page.has_more and page.items if step > 0 else page.start > 0
        if not is_there or not page.size:
            return None
        for kind in ("page", "page0"):
            if name := plan.named(kind):
                return name, str(self.number + step)
        if name := plan.named("offset"):
            return name, str(max(page.start + step * page.size, 0))
        if (name := plan.named("after")) and step > 0:
            return name, self.cursor(name)
        return None

    def cursor(self, name: str) -> str:
        """Write what goes on after this page: the last identifier where that is what the parameter takes."""
        last = member(self.page.items[-1], self.plan.identifier) if self.page.items else MISSING
        if plain(name) in ("startingafter", "afterid") and isinstance(last, str | int):
            return str(last)
        return cursor_after(self.page, self.plan.identifier)

    def link(self, step: int, *, is_absolute: bool) -> str | None:
        """Write the address of the next or the previous page; None if there is none."""
        changed = self.parameter(step)
        if changed is None:
            return None
        pairs = [pair for pair in parse_qsl(self.exchange.query.decode("latin-1"), True) if pair[0] != changed[0]]
        query = urlencode([*pairs, changed], quote_via=quote, safe="[]$:,")
        host = self.exchange.header(b"host") or "localhost"
        start = f"{self.exchange.scheme}://{host}" if is_absolute else ""
        return f"{start}{self.exchange.path}?{query}"


def surroundings(model: Template, slot: Slot | None, plan: Plan) -> Surroundings | None:
    """Find what the answer tells about its items, or, without a slot, about their number. None if it is nothing."""
    if slot is not None and not slot.tokens:
        return None
    found = [telling for telling in _members(model, slot.tokens if slot else None) if telling]
    return Surroundings(tuple(found), plan) if found else None


def _members(model: Template, items: tuple[str, ...] | None) -> Iterator[Telling | None]:
    level: list[tuple[tuple[str, ...], Tokens | None]] = [((), model.schema)]
    for _ in range(_MOST_DEEP):
        below: list[tuple[tuple[str, ...], Tokens | None]] = []
        for tokens, schema in level:
            value = shapes.read(model.value, tokens)
            declared: dict[str, Tokens] = model.facts.properties(schema) if schema else {}
            required = model.facts.required(schema) if schema else frozenset()
            for name in dict.fromkeys([*declared, *(value if isinstance(value, dict) else ())]):
                inner: tuple[str, ...] = (*tokens, name)
                if inner == items:
                    continue
                place = declared.get(name)
                yield _telling(model, inner, place, is_required=name in required)
                if place is None or "object" in model.facts.types(place):
                    below.append((inner, place))
        level = below


def _telling(model: Template, tokens: tuple[str, ...], place: Tokens | None, *, is_required: bool) -> Telling | None:
    value = shapes.read(model.value, tokens)
    types = model.facts.types(place) if place else _shown(value)
    name = plain(tokens[-1])
    is_href = name in ("href", "url") and len(tokens) > 1
    if is_href:
        name = plain(tokens[-2])
    for allowed, names, role in _ROLES:
        if types & allowed and name in names and "object" not in types and "array" not in types:
            bare = "null" if "null" in types else "empty" if is_required and "string" in types else "drop"
            bare = "drop-outer" if is_href else bare
            is_absolute = _is_address(model, place) or (isinstance(value, str) and value.startswith("http"))
            return Telling(tokens, role, types, "keep" if is_required and bare == "drop" else bare, is_absolute)
    return None


def _shown(value: Any) -> frozenset[str]:
    if isinstance(value, bool):
        return frozenset(("boolean",))
    if isinstance(value, int):
        return frozenset(("integer",))
    return frozenset(("string",)) if isinstance(value, str) else frozenset(("null",))


def _is_address(model: Template, place: Tokens | None) -> bool:
    parts = (part.get("format") for _, part in model.facts.parts(place)) if place else ()
    return any(one in ("uri", "url", "iri") for one in parts)


def tell(around: Surroundings, body: Any, turning: Turning, *, is_search: bool) -> Any:
    """Let everything around the items tell what is so."""
    has_total = any(one.role == "total" for one in around.tellings)
    for telling in around.tellings:
        value = _value(telling, turning, is_counted=is_search or has_total)
        body = _without(body, telling) if value is MISSING else shapes.write(body, telling.tokens, value)
    return body


def _value(telling: Telling, turning: Turning, *, is_counted: bool) -> Any:
    if telling.role in _TOLD:
        return _TOLD[telling.role](turning)
    if telling.role == "count":
        return _count(telling, turning, is_counted=is_counted)
    return _link(telling, turning, 1 if telling.role == "next" else -1)


def _left(turning: Turning) -> Any:
    page = turning.page
    return page.total - page.start - len(page.items) if page.has_more else MISSING


def _page_count(turning: Turning) -> int:
    page = turning.page
    return -(-page.total // page.size) if page.size else 1


def _page_size(turning: Turning) -> int:
    page = turning.page
    return page.size if page.size is not None else max(len(page.items), 1)


def _count(telling: Telling, turning: Turning, *, is_counted: bool) -> int:
    page = turning.page
    if telling.tokens[-1] == "size" and turning.plan.named("size"):
        return page.size if page.size is not None else len(page.items)
    return len(page.items) if is_counted else page.total


def _cursor(turning: Turning) -> Any:
    page = turning.page
    name = turning.plan.named("after")
    return turning.cursor(name) if name and page.has_more and page.items and page.size else MISSING


_TOLD: dict[str, Callable[[Turning], Any]] = {
    "total": lambda turning: turning.page.total,
    "page": lambda turning: turning.number,
    "size": _page_size,
    "pages": _page_count,
    "offset": lambda turning: turning.page.start,
    "remaining": _left,
    "more": lambda turning: turning.page.has_more,
    "less": lambda turning: turning.page.start > 0,
    "last": lambda turning: not turning.page.has_more,
    "first": lambda turning: turning.page.start == 0,
    "cursor": _cursor,
}


def _link(telling: Telling, turning: Turning, step: int) -> Any:
    changed = turning.parameter(step)
    if changed is None:
        return MISSING
    if "string" not in telling.types:
        return int(changed[1]) if changed[1].isdecimal() else MISSING
    is_listed = telling.tokens[-2:-1] in (("links",), ("_links",))
    is_address = telling.is_absolute or telling.tokens[-1] == "href" or is_listed
    if turning.plan.named("after") == changed[0] and not is_address:
        return changed[1]
    return _address(telling, turning, step)


def _address(telling: Telling, turning: Turning, step: int) -> str:
    return turning.link(step, is_absolute=telling.is_absolute) or ""


def _without(body: Any, telling: Telling) -> Any:
    """Say that there is nothing to tell."""
    if telling.bare in ("null", "empty"):
        return shapes.write(body, telling.tokens, None if telling.bare == "null" else "")
    if telling.bare == "keep":
        return body
    tokens = telling.tokens[:-1] if telling.bare == "drop-outer" else telling.tokens
    around = read_member(body, tokens[:-1])
    if not isinstance(around, dict) or tokens[-1] not in around:
        return body
    kept = {name: value for name, value in around.items() if name != tokens[-1]}
    return shapes.write(body, tokens[:-1], kept)


def with_link(answer: Answer, turning: Turning) -> Answer:
    """Let the header `Link`, where it is declared, lead to the next and the previous page (RFC 8288, section 3)."""
    if all(name != b"link" for name, _ in answer.headers):
        return answer
    found = [(step, turning.link(step, is_absolute=True)) for step in (1, -1)]
    parts = [f'<{link}>; rel="{"next" if step > 0 else "prev"}"' for step, link in found if link]
    told = ((b"link", ", ".join(parts).encode("latin-1", "replace")),) if parts else ()
    return replace(answer, headers=(*(one for one in answer.headers if one[0] != b"link"), *told))
