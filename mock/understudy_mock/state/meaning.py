"""A parameter of a listing and the properties of its items go in; what the parameter means for the items comes out.

By its name and type: a property to compare with (`status`, `min_price`, `created_at[gte]`, `filter[name]`), a search,
an order, or a page (`limit`, `offset`, `page[size]`, `cursor`, `starting_after`). What means nothing is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from understudy.contract.path_words import plain, singular, words

NUMBERS = frozenset(("integer", "number"))

_SIZES = frozenset(
    ("limit", "perpage", "pagesize", "maxresults", "maxitems", "maxpagesize", "top", "take", "first", "size", "count")
) | frozenset(("pagelimit", "itemsperpage", "resultsperpage"))
_PAGES = frozenset(("page", "pagenumber", "pageno", "pageindex", "currentpage", "pagenum"))
_OFFSETS = frozenset(("offset", "skip", "startindex", "start", "pageoffset"))
_AFTER = frozenset(
    ("cursor", "after", "startingafter", "pagetoken", "nexttoken", "nextpagetoken", "pagecursor", "continue")
) | frozenset(
    (
        "marker",
        "continuationtoken",
        "continuation",
        "starttoken",
        "startingtoken",
        "skiptoken",
        "nextcursor",
        "token",
        "afterid",
    )
)
_BEFORE = frozenset(("before", "endingbefore", "previouscursor", "prevcursor", "beforeid"))
_SORTS = frozenset(("sort", "sortby", "orderby", "ordering", "sorting", "sortfield", "sortcolumn", "sortkey"))
_ORDERS = frozenset(
    ("order", "direction", "dir", "sortorder", "sortdir", "sortdirection", "orderdirection", "orderdir")
)
_SEARCHES = frozenset(("q", "search", "query", "text", "searchterm", "searchtext", "keyword", "keywords", "term"))
_WEAK = frozenset(("size", "count", "first", "start", "text", "order", "direction", "token", "query", "term", "marker"))
_PAGE_PARTS = {"number": "page", "page": "page", "size": "size", "limit": "size", "offset": "offset"}
_PAGE_PARTS |= {"after": "after", "cursor": "after", "before": "before"}
_FILTERS = frozenset(("filter", "filters", "where", "criteria"))

_OPERATORS = {
    **dict.fromkeys(("gte", "ge", "min", "from", "since", "atleast", "minimum"), ">="),
    **dict.fromkeys(("gt", "after", "above", "over", "newerthan"), ">"),
    **dict.fromkeys(("lte", "le", "max", "to", "until", "atmost", "maximum", "till"), "<="),
    **dict.fromkeys(("lt", "before", "below", "under", "olderthan"), "<"),
    **dict.fromkeys(("ne", "neq", "not"), "!="),
    **dict.fromkeys(("like", "ilike", "contains", "match", "matches"), "~"),
    **dict.fromkeys(("prefix", "startswith", "beginswith"), "^"),
    **dict.fromkeys(("eq", "in", "is", "equals", "anyof"), "="),
}
_STARTS = frozenset(("since", "from", "start", "after", "startdate", "datefrom", "fromdate", "starttime", "begin"))
_ENDS = frozenset(("until", "to", "end", "before", "enddate", "dateto", "todate", "endtime", "till"))
_LEADING = frozenset(("min", "max", "minimum", "maximum", "from", "to", "since", "until", "before", "after"))
_HIDING = frozenset(("exclude", "hide", "without", "not"))
_TIMES = ("at", "on", "date", "time", "timestamp")
_CREATED = ("created", "creation", "createdat", "date", "start", "startsat", "startdate", "timestamp", "time")
_BRACKETS = re.compile(r"[^\[\].]+(?:\.[^\[\].]+)*")


@dataclass(frozen=True, slots=True)
class Field:
    """A property of the items: where it stands in them, its types and its format."""

    tokens: tuple[str, ...]
    types: frozenset[str]
    format: str = ""

    @property
    def is_instant(self) -> bool:
        """Tell whether it is a date or a date and time."""
        return self.format in ("date", "date-time")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a parameter does. `kind` is filter, search, sort, order, size, page, page0, offset, after or before."""

    kind: str
    tokens: tuple[str, ...] = ()
    operator: str = ""
    is_lenient: bool = False
    """Whether items that do not have the property pass: it is sent when one is made, but is not shown."""

    def __str__(self) -> str:
        return f"{self.operator} {'/'.join(self.tokens)}" if self.kind == "filter" else self.kind


class Fields:
    """The properties that items of one resource have, found by names of any spelling."""

    def __init__(self, fields: list[Field], identifier: str | None) -> None:
        self.fields = fields
        self.identifier = tuple(identifier.split("/")) if identifier else None
        self._exact = {one.tokens: one for one in reversed(fields)}
        self._plain: dict[str, Field] = {}
        for one in fields:
            self._plain.setdefault(plain(one.tokens[-1]), one)
        for one in fields:
            self._plain.setdefault(plain("".join(one.tokens)), one)

    def exact(self, name: str) -> Field | None:
        """Find a property by its name, or by its dotted path, as it is written."""
        return self._exact.get((name,)) or self._exact.get(tuple(re.split(r"[./]", name)))

    def called(self, name: str) -> Field | None:
        """Find a property by a name in any spelling, in the singular, or with what such names go with: id, at, is."""
        word = plain(name)
        for candidate in (word, plain(singular(name)), f"is{word}", f"{word}id", *(word + end for end in _TIMES)):
            if candidate and candidate in self._plain:
                return self._plain[candidate]
        if word in ("id", "ids") and self.identifier:
            return self._exact.get(self.identifier)
        stripped = word.removesuffix("ids").removesuffix("id") if len(word) > len("ids") else ""
        return self._plain.get(stripped)

    def born(self) -> Field | None:
        """Find the date that tells when an item was made or when it takes place."""
        instants = [one for one in self.fields if one.is_instant]
        for start in _CREATED:
            for one in instants:
                if plain(one.tokens[-1]).startswith(start):
                    return one
        return instants[0] if instants else None


def meaning_of(name: str, types: frozenset[str], form: str, fields: Fields, lowest: object = None) -> Meaning | None:
    """Read one parameter: its name, the types and format of its schema, and the least value that takes."""
    parts = _BRACKETS.findall(name.lstrip("$_"))
    if not parts:
        return None
    if parts[0].lower() == "page" and parts[1:]:
        kind = _PAGE_PARTS.get(parts[1].lower())
        return Meaning(kind) if kind else None
    if parts[0].lower() in _FILTERS:
        return _filter(parts[1:], fields) if parts[1:] else None
    own = fields.exact(name)
    if found := _paging(plain(name), types, form, lowest):
        return Meaning("filter", own.tokens, "=") if own and plain(name) in _WEAK else found
    return _filter(parts, fields) or _of_dates(plain(name), form, fields)


def _paging(word: str, types: frozenset[str], form: str, lowest: object) -> Meaning | None:
    is_number = bool(types & NUMBERS) and "array" not in types
    is_text = "string" in types and form not in ("date", "date-time")
    if is_number and word in _PAGES:
        return Meaning("page0" if lowest == 0 and lowest is not False else "page")
    for names, kind, fits in (
        (_SIZES, "size", is_number),
        (_OFFSETS, "offset", is_number),
        (_AFTER, "after", is_text or is_number),
        (_BEFORE, "before", is_text or is_number),
        (_SORTS, "sort", is_text or "array" in types),
        (_ORDERS, "order", is_text),
        (_SEARCHES, "search", is_text),
    ):
        if fits and word in names:
            return Meaning(kind)
    return None


def _filter(parts: list[str], fields: Fields) -> Meaning | None:
    name, operator = parts[0], "="
    if parts[1:]:
        operator = _OPERATORS.get(plain(parts[1]), "")
        if not operator:
            name, operator = ".".join(parts), "="
    if found := fields.exact(name):
        return Meaning("filter", found.tokens, operator)
    if operator == "=" and (found_by := _with_affix(name, fields)):
        return found_by
    found = fields.called(name)
    return Meaning("filter", found.tokens, operator) if found else None


def _with_affix(name: str, fields: Fields) -> Meaning | None:
    """Read names such as `min_price`, `price__gte`, `createdAfter` and `exclude_archived`."""
    parts = words(name)
    for rest, affix, is_leading in (
        *((parts[count:], "".join(parts[:count]), True) for count in (1, 2)),
        *((parts[:-count], "".join(parts[-count:]), False) for count in (1, 2)),
    ):
        if not rest:
            continue
        if is_leading and affix in _HIDING and (found := fields.called("_".join(rest))):
            return Meaning("filter", found.tokens, "not" if "boolean" in found.types else "!=")
        operator = _OPERATORS.get(affix) if not is_leading or affix in _LEADING else None
        if operator and (found := fields.called("_".join(rest))):
            is_identity = found.tokens == fields.identifier and affix in ("since", "after")
            return Meaning("filter", found.tokens, ">" if is_identity else operator)
    return None


def _of_dates(word: str, form: str, fields: Fields) -> Meaning | None:
    """Read `since`, `from`, `until` and the like, which say no property."""
    if form not in ("date", "date-time") or not (word in _STARTS or word in _ENDS):
        return None
    born = fields.born()
    return Meaning("filter", born.tokens, ">=" if word in _STARTS else "<=") if born else None
