"""A path goes in; the nouns, templates and the verb it is made of come out, whatever the style it is written in.

`/v1/users/{id}.json`, `/Users({id})`, `/users/{id}:lock`, `/users.list`, `/createUser` and `/users/get/{id}` are all
read as a place, which is nouns and templates, and a verb that may be empty.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

_EXTENSION = re.compile(r"(?<=.)\.(?:json|xml|ya?ml|csv)$")
_KEYED = re.compile(r"([^(){}]+)\(([^()]*\{[^()]*)\)")
_COLON_VERB = re.compile(r"(.+):([A-Za-z][A-Za-z0-9_-]*)")
_TEMPLATE = re.compile(r"\{([^{}]+)\}")
_LEADING_WORD = re.compile(r"([a-z]+)(?:[-_](?=[A-Za-z])|(?=[A-Z]))(.+)")
_QUALIFIER = re.compile(r"(?:By|For|With)[A-Z].*|[-_](?:by|for|with)[-_].*")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

KINDS = {
    **dict.fromkeys(("list", "index", "all", "browse"), "list"),
    **dict.fromkeys(("get", "read", "show", "info", "view", "fetch", "retrieve", "details"), "read"),
    **dict.fromkeys(("create", "add", "new", "insert"), "create"),
    **dict.fromkeys(("update", "edit", "modify", "set", "save", "patch", "change", "replace"), "update"),
    **dict.fromkeys(("delete", "remove", "destroy"), "delete"),
    **dict.fromkeys(("search", "query", "find", "filter"), "search"),
    **dict.fromkeys(("bulk", "batch"), "bulk"),
    "count": "count",
}
"""What a verb does to the nouns before it, for the verbs that every API means alike."""

_OF_ITEMS = ("update", "delete")
_IRREGULAR = {"people": "person", "children": "child", "men": "man", "women": "woman", "media": "medium"}
_IRREGULAR |= {"data": "datum", "criteria": "criterion", "indices": "index", "matrices": "matrix", "mice": "mouse"}
_PLURALS = {one: many for many, one in _IRREGULAR.items()}
_SAME = frozenset(("series", "species", "news", "status", "address", "settings", "analytics", "access", "process"))
_HISSING = ("s", "x", "z", "ch", "sh")
_SHORTEST_IES = 4


@dataclass(frozen=True, slots=True)
class Place:
    """What a path is about. Templates are written `{name}`; `is_called` tells that its verb stands for the method."""

    segments: tuple[str, ...]
    verb: str = ""
    is_called: bool = False

    @property
    def shape(self) -> tuple[str, ...]:
        """The segments without the templates' names."""
        return _shape(self.segments)

    @property
    def noun(self) -> str:
        """The last literal segment."""
        return next((segment for segment in reversed(self.segments) if not is_template(segment)), "")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its templates."""
        return tuple(segment[1:-1] for segment in self.segments if is_template(segment))

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the templates after the last noun."""
        count = next((n for n, one in enumerate(reversed(self.segments)) if not is_template(one)), len(self.segments))
        return tuple(segment[1:-1] for segment in self.segments[len(self.segments) - count :])

    @property
    def collection(self) -> tuple[str, ...]:
        """The segments up to the last noun."""
        return self.segments[: len(self.segments) - len(self.keys)]


@functools.cache
def _shape(segments: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("{}" if is_template(segment) else segment for segment in segments)


@functools.cache
def read_path(path: str) -> Place:
    """Read a path in any of these styles."""
    segments, verb = _split(path)
    if not verb and segments and not is_template(segments[-1]):
        return _with_verb(segments)
    if not verb and (called := _called_between(segments)):
        return called
    return Place(segments, verb, is_called=bool(verb) and verb in KINDS and is_template(segments[-1]))


def _split(path: str) -> tuple[tuple[str, ...], str]:
    parts = [part for part in path.split("/") if part]
    verb = ""
    if parts and (match := _COLON_VERB.fullmatch(parts[-1])):
        parts[-1], verb = match[1], match[2]
    if parts:
        parts[-1] = _EXTENSION.sub("", parts[-1])
    segments: list[str] = []
    for part in parts:
        if match := _KEYED.fullmatch(part):
            segments += [match[1], *("{" + name + "}" for name in _TEMPLATE.findall(match[2]))]
        else:
            segments.append(part)
    return tuple(segments), verb


def _with_verb(segments: tuple[str, ...]) -> Place:
    """Look for a verb in the last literal."""
    before, last = segments[:-1], segments[-1].lstrip("$_")
    noun, _, dotted = last.rpartition(".")
    if noun and dotted.isidentifier():
        return Place((*before, noun.rpartition(".")[2]), dotted, is_called=True)
    kind = KINDS.get(last.lower())
    if before and kind and (kind in _OF_ITEMS or not is_template(before[-1])):
        return Place(before, last.lower(), is_called=True)
    match = _LEADING_WORD.fullmatch(last)
    if match and match[1] in KINDS and not (before and is_template(before[-1])):
        noun = plural(_QUALIFIER.sub("", match[2]))
        return Place((*before, noun[:1].lower() + noun[1:]), match[1], is_called=True)
    return Place(segments)


def _called_between(segments: tuple[str, ...]) -> Place | None:
    """Look for a verb between noun and templates, as in `/users/get/{id}`."""
    literals = [index for index, segment in enumerate(segments) if not is_template(segment)]
    if not literals:
        return None
    last = literals[-1]
    verb, before = segments[last].lower(), segments[:last]
    if last and verb in KINDS and not is_template(before[-1]):
        return Place((*before, *segments[last + 1 :]), verb, is_called=True)
    match = _LEADING_WORD.fullmatch(segments[last])
    if match and match[1] in KINDS:
        noun = plural(_QUALIFIER.sub("", match[2]))
        return Place((*before, noun[:1].lower() + noun[1:], *segments[last + 1 :]), match[1], is_called=True)
    return None


def is_template(segment: str) -> bool:
    """Tell whether a whole segment is one template."""
    return segment.startswith("{") and segment.endswith("}") and segment.count("{") == 1


def words(text: str) -> tuple[str, ...]:
    """Split a name of any spelling into words in lower case: `createdAt`, `created_at` → created, at."""
    return tuple(word.lower() for word in _WORDS.findall(text))


def plain(text: str) -> str:
    """Write a name without what spellings differ in."""
    return "".join(words(text))


def camel(text: str) -> str:
    """Write `release-requests` or `release_requests` as `releaseRequests`."""
    first, *rest = [part for part in re.split(r"[^A-Za-z0-9]+", text) if part] or [""]
    return first[:1].lower() + first[1:] + "".join(part[:1].upper() + part[1:] for part in rest)


def singular(noun: str) -> str:
    """Name one of several."""
    low = noun.lower()
    for many, one in _IRREGULAR.items():
        if low.endswith(many):
            return noun[: len(noun) - len(many)] + one
    if low in _SAME or low.endswith(("ss", "us", "is")) or not low.endswith("s"):
        return noun
    if low.endswith("ies") and len(low) > _SHORTEST_IES:
        return noun[:-3] + "y"
    if low.endswith("ves") and low.endswith(("shelves", "halves", "leaves", "wolves", "knives", "lives")):
        return noun[:-3] + ("fe" if low.endswith(("knives", "lives")) else "f")
    if low.endswith("es") and low[:-2].endswith(_HISSING) and not low.endswith(("ases", "uses", "oses", "ches")):
        return noun[:-2]
    return noun[:-2] if low.endswith("ches") and not low.endswith("aches") else noun[:-1]


def plural(noun: str) -> str:
    """Name several of one; what is plural already stays."""
    low = noun.lower()
    for one, many in _PLURALS.items():
        if low.endswith(one):
            return noun[: len(noun) - len(one)] + many
    if singular(noun) != noun or low in _SAME:
        return noun
    if low.endswith("y") and low[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if low.endswith(_HISSING) else "s")
