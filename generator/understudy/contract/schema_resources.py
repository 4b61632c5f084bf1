"""A file goes in; the schema resources in it come out, and what a reference means by the `$id`s around it.

JSON Schema 2020-12, sections 8.2 and 9.1.2: a schema with an `$id` is a resource of its own. Relative references inside
it are relative to that URI, its anchors are its own, and other schemas may refer to it by the URI. Where no `$id`
answers, a reference means a file, as it does elsewhere in OpenAPI.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin

from understudy.contract import grammar, identity
from understudy.contract import pointer as pointers

if TYPE_CHECKING:
    from understudy.contract.source import Source

Tokens = tuple[str | int, ...]


@dataclass(frozen=True)
class Resource:
    """A schema with an `$id`, or the rest of a file; anchors are those in it but in no resource further in."""

    tokens: Tokens
    uri: str
    anchors: dict[str, Tokens] = field(default_factory=dict)
    dynamic: dict[str, list[Tokens]] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """The resources of one file, outer ones first, and where its outermost schemas stand."""

    resources: list[Resource]
    outermost: set[Tokens]

    @property
    def has_identifiers(self) -> bool:
        """Whether any schema of the file has an `$id`."""
        return len(self.resources) > 1

    def around(self, tokens: Tokens) -> Resource:
        """Find the innermost resource that a place belongs to."""
        return self.entered(tokens, ())[-1]

    def entered(self, tokens: Tokens, start: Tokens | None) -> list[Resource]:
        """List the resources a validator is in at a place, outermost first, that began at the schema `start`.

        Without a start it began at the outermost schema around the place.
        """
        around = [one for one in self.resources if tokens[: len(one.tokens)] == one.tokens]
        if start is None:
            lengths = (length for length in range(len(tokens) + 1) if tokens[:length] in self.outermost)
            start = tokens[: next(lengths, 0)]
        outside = [one for one in around if len(one.tokens) <= len(start)]
        return [*outside[-1:], *around[len(outside) :]]


def layout(value: Any) -> Layout:
    """Find the schema resources of a file that is a schema or an OpenAPI document."""
    own = identity.own_uri(value) if isinstance(value, dict) else ""
    found = Layout([Resource((), own or "")], set())
    _gather("openapi" if isinstance(value, dict) and "openapi" in value else "schema", value, (), found)
    return found


def _gather(kind: str, value: Any, tokens: Tokens, found: Layout, outer: Resource | None = None) -> None:
    if kind == "schema":
        if outer is None:
            found.outermost.add(tokens)
        outer = _entered(value, tokens, outer or found.resources[0], found)
    for child_kind, below, child in grammar.children(kind, value):
        _gather(child_kind, child, tokens + below, found, outer)


def _entered(schema: Any, tokens: Tokens, resource: Resource, found: Layout) -> Resource:
    if not isinstance(schema, dict):
        return resource
    own = schema.get("$id")
    if isinstance(own, str) and own.partition("#")[0]:
        resource = Resource(tokens, _joined(resource.uri, own.partition("#")[0]))
        found.resources.append(resource)
    for keyword in ("$anchor", "$dynamicAnchor"):
        if isinstance(name := schema.get(keyword), str):
            resource.anchors.setdefault(name, tokens)
    if isinstance(name := schema.get("$dynamicAnchor"), str):
        resource.dynamic.setdefault(name, []).append(tokens)
    return resource


def _joined(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference)
    except ValueError:  # such as `http://[`
        return reference


class Identifiers:
    """The schema resources of the files of one contract, each file looked through when it is first asked about."""

    def __init__(self, root: str, value: Any) -> None:
        self.root = root
        self.layouts: dict[str, Layout] = {root: layout(value)}

    def layout(self, address: str, source: Source) -> Layout:
        """Give the layout of a file."""
        if address not in self.layouts:
            self.layouts[address] = layout(source.value)
        return self.layouts[address]

    def find(self, reference: str, address: str, source: Source, tokens: Tokens) -> tuple[str, str] | None:
        """Find the file and pointer that a reference means by an `$id`; None if it means none.

        Only the file it stands in and the contract's root are looked through.
        """
        here = self.layout(address, source)
        if not (here.has_identifiers or self.layouts[self.root].has_identifiers):
            return None
        home, fragment = here.around(tokens), unquote(reference.partition("#")[2])
        if reference.startswith("#"):
            found = _inside(address, home, fragment) if home is not here.resources[0] else None
            return found if found and _leads_somewhere(source, found[1]) else None
        known = self._known(_joined(home.uri, reference).partition("#")[0], address)
        return _inside(*known, fragment) if known else None

    def _known(self, uri: str, address: str) -> tuple[str, Resource] | None:
        for place in dict.fromkeys((address, self.root)):
            for resource in self.layouts[place].resources[1:]:
                if resource.uri == uri:
                    return place, resource
        return None


def _inside(address: str, resource: Resource, fragment: str) -> tuple[str, str] | None:
    if fragment and not fragment.startswith("/"):
        tokens = resource.anchors.get(fragment)
        return (address, pointers.join(tokens)) if tokens is not None else None
    return address, pointers.join(resource.tokens) + fragment


def _leads_somewhere(source: Source, pointer: str) -> bool:
    try:
        pointers.resolve(source.value, pointers.split(pointer))
    except KeyError:
        return False
    return True
