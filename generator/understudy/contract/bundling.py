"""Many files go in; one document comes out in which every reference is `#/…` and every component keeps its name.

References follow RFC 3986 relative to the file they stand in, or to its `$self`; targets are JSON pointers (RFC 6901).
Path items and media types are inlined, everything else becomes a component. `externalValue` of examples is read into
`value`.
"""

from __future__ import annotations

import contextlib
import re
from collections import deque
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from understudy.contract import anchors, dangling, dynamic_scopes, grammar, identity, unfollowable
from understudy.contract import pointer as pointers
from understudy.contract.schema_resources import Identifiers
from understudy.errors import InputError
from understudy.finding import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.files import Files
    from understudy.contract.source import Source

Tokens = tuple[str | int, ...]

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_MAX_CHAIN = 100
_IDENTIFYING = ("$id", "$anchor", "$dynamicAnchor")
"""Keywords that only references need, and in a bundle all references are pointers."""
_INLINED = ("pathItem", "mediaType")


@dataclass(frozen=True)
class Bundle:
    """One self-contained OpenAPI document and where each part of it was written."""

    document: dict[str, Any]
    origins: dict[Tokens, tuple[Source, Tokens]] = field(repr=False)
    findings: tuple[Finding, ...] = ()
    """What a lenient reading left out."""

    def location(self, tokens: Tokens, *, of_key: bool = False) -> Location:
        """Find the file, line and column that a place in the bundle comes from."""
        for length in range(len(tokens), -1, -1):
            if origin := self.origins.get(tokens[:length]):
                source, start = origin
                return source.location((*start, *tokens[length:]), of_key=of_key and length < len(tokens))
        raise KeyError(tokens)


@dataclass(frozen=True)
class _Place:
    """A value's home: which file, at which tokens."""

    address: str
    source: Source
    tokens: Tokens

    def below(self, tokens: Tokens) -> _Place:
        return _Place(self.address, self.source, self.tokens + tokens)

    @property
    def location(self) -> Location:
        return self.source.location(self.tokens)


def bundle(files: Files, address: str, *, lenient: bool = False) -> Bundle:
    """Gather a contract into one document. Raises InputError for a reference that leads nowhere, out, or in a ring.

    `lenient` puts a marker (see `dangling`) in the place of such a reference, and the finding into the bundle.
    """
    try:
        return _Bundler(files, address, lenient=lenient).run()
    except RecursionError:
        message = "Path items and callbacks refer to each other too deeply."
        remedy = "Write some of them out where they are used."
        place = files.get(address).location(())
        raise InputError(Finding("reference-depth", message, remedy=remedy, location=place)) from None


class _Bundler:
    def __init__(self, files: Files, address: str, *, lenient: bool) -> None:
        self.files = files
        self.root = address
        self.lenient = lenient
        self.findings: dict[Finding, None] = {}
        self.names: dict[tuple[str, str], tuple[str, str]] = {}
        self.components: dict[str, dict[str, Any]] = {}
        self.origins: dict[Tokens, tuple[Source, Tokens]] = {}
        self.open: list[tuple[str, str]] = []
        self.waiting: deque[tuple[str, _Place, Tokens, dynamic_scopes.Scope]] = deque()
        self.scope: dynamic_scopes.Scope = {}
        self.start: _Place | None = None
        self.reach = dynamic_scopes.Reach(self._value_of, self._target_from)
        self.is_swagger = self.has_scheme_uris = self.has_dialect = False

    def run(self) -> Bundle:
        source = self.files.get(self.root)
        if not isinstance(source.value, dict):
            message = "An OpenAPI document is a mapping, and this is not one."
            raise InputError(
                Finding(
                    "openapi-object", message, remedy="Start it with `openapi: 3.1.0`.", location=source.location(())
                )
            )
        place = _Place(self.root, source, ())
        self.origins[()] = (source, ())
        kind = grammar.root_kind(source.value)
        self.is_swagger = kind == "swagger"
        self.has_dialect = not (self.is_swagger or str(source.value.get("openapi", "")).startswith("3.0"))
        self.identifiers = Identifiers(self.root, source.value)
        self.has_scheme_uris = str(source.value.get("openapi", "")).startswith("3.2")
        self._claim_names(place)
        document = self._copy(kind, source.value, place, ())
        self._copy_components()
        for section, entries in self.components.items():
            target = document
            for token in self._home(section):
                target = target.setdefault(str(token), {})
            target.update(entries)
        result = Bundle(document, self.origins, tuple(self.findings))
        unfollowable.check_internal(result)
        return result

    def _copy_components(self) -> None:
        """Copy what was referred to, one after the other: a long chain of references is no deep recursion."""
        while self.waiting:
            kind, target, at, self.scope = self.waiting.popleft()
            self.start = target if kind == "schema" else None
            value = pointers.resolve(target.source.value, target.tokens)
            self.components[grammar.SECTIONS[kind]][str(at[-1])] = self._copy(kind, value, target, at)

    def _home(self, section: str, *name: str) -> Tokens:
        """Say where the components of a section stand: in 2.0 at the root."""
        home: Tokens = ("components", section)
        return (*((grammar.SWAGGER_SECTIONS.get(section, section),) if self.is_swagger else home), *name)

    def _claim_names(self, root: _Place) -> None:
        """Let a root component that only points at a file give that file's content its name."""
        for section in grammar.SECTIONS.values():
            entries = root.source.value
            for token in self._home(section):
                entries = entries.get(token) if isinstance(entries, dict) else None
            for name, value in entries.items() if isinstance(entries, dict) else ():
                place = root.below(self._home(section, name))
                self.names.setdefault((root.address, pointers.join(place.tokens)), (section, name))
                if isinstance(value, dict) and set(value) == {"$ref"} and isinstance(value["$ref"], str):
                    with self._leniently():
                        target, fragment = self._target(value["$ref"], place.below(("$ref",)))
                        if target != root.address:
                            self.names.setdefault((target, fragment), (section, name))

    @contextlib.contextmanager
    def _leniently(self) -> Iterator[None]:
        """Take note of what can't be read instead of giving up, if that was asked for."""
        try:
            yield
        except InputError as error:
            if not self.lenient:
                raise
            self.findings[error.finding] = None

    def _copy(self, kind: str, value: Any, place: _Place, at: Tokens) -> Any:
        if not isinstance(value, dict):
            return value
        if isinstance(value.get("$ref"), str) and kind in grammar.SECTIONS:
            return self._reference_or_marker(kind, value, place, at)
        if kind == "schema" and self.has_dialect:
            if isinstance(value.get("$dynamicRef"), str):
                return self._reference_or_marker(kind, value, place, at)
            value = {name: item for name, item in value.items() if name not in _IDENTIFYING}
        copied = dict(value)
        for child_kind, below, child in grammar.children(kind, value):
            made = self._copy(child_kind, child, place.below(below), at + below)
            if made is not child:
                grammar.put_child(copied, value, below, made)
        if kind == "example":
            with self._leniently():
                self._read_external(copied, place, at)
        if kind == "schema" and isinstance(value.get("discriminator"), dict):
            self._map_discriminator(copied, place)
        if self.has_scheme_uris and isinstance(value.get("security"), list) and kind in ("openapi", "operation"):
            copied["security"] = [self._named_schemes(one, place, index) for index, one in enumerate(value["security"])]
        return copied

    def _named_schemes(self, requirement: Any, place: _Place, index: int) -> Any:
        """Let a requirement name a component where it gives a scheme's URI (OpenAPI 3.2, 4.8.30)."""
        if not isinstance(requirement, dict):
            return requirement
        named = {}
        for name, scopes in requirement.items():
            at, component = place.below(("security", index, name)), name
            if ("securitySchemes", name) not in self.names.values() and re.search(r"[/#]", name):
                with self._leniently():
                    key = self._target(name, at)
                    component = self._component("securityScheme", key, self._find(key, at))[1]
            named[component] = scopes
        return named

    def _reference_or_marker(self, kind: str, value: dict[str, Any], place: _Place, at: Tokens) -> Any:
        try:
            if "$ref" in value:
                return self._reference(kind, value, place, at)
            return self._dynamic_reference(value, place, at)
        except InputError as error:
            if not self.lenient:
                raise
            self.findings[error.finding] = None
            return dangling.marker(kind, error.finding)

    def _reference(self, kind: str, value: dict[str, Any], place: _Place, at: Tokens) -> Any:
        ref_place = place.below(("$ref",))
        key = self._target(value["$ref"], ref_place)
        target = self._fetch(key, ref_place)
        siblings = {name: item for name, item in value.items() if name != "$ref"}
        if kind in _INLINED:
            return {**self._inlined(kind, key, target, at), **self._copy(kind, siblings, place, at)}
        named = self.names.get(key)
        if named and at == self._home(*named) and not siblings:
            self.origins[at] = (target.source, target.tokens)
            return self._copy(kind, pointers.resolve(target.source.value, target.tokens), target, at)
        section, name = self._component(kind, key, target, place)
        copied = self._copy(kind, siblings, place, at) if siblings else {}
        if "$ref" in copied:  # what a `$dynamicRef` beside it became
            copied["allOf"] = [*copied.get("allOf", ()), {"$ref": copied.pop("$ref")}]
        return {"$ref": "#" + pointers.join(self._home(section, name)), **copied}

    def _dynamic_reference(self, value: dict[str, Any], place: _Place, at: Tokens) -> Any:
        """Write a `$dynamicRef` as the `$ref` that it is on this way (JSON Schema 2020-12, 8.2.3.2)."""
        ref_place = place.below(("$dynamicRef",))
        key = self._dynamic_target(value["$dynamicRef"], ref_place)
        section, name = self._component("schema", key, self._fetch(key, ref_place), place)
        copied = self._copy("schema", {key: item for key, item in value.items() if key != "$dynamicRef"}, place, at)
        return {"$ref": "#" + pointers.join(self._home(section, name)), **copied}

    def _dynamic_target(self, reference: str, place: _Place) -> tuple[str, str]:
        name = reference.partition("#")[2]
        bound = dynamic_scopes.meant(self._scope(place), name, place.location)
        try:
            key = self._target(reference, place)
            anchored = self._find(key, place)
        except InputError:
            if bound is None:
                raise
            return bound
        value = pointers.resolve(anchored.source.value, anchored.tokens)
        return bound if bound and isinstance(value, dict) and value.get("$dynamicAnchor") == name else key

    def _scope(self, place: _Place) -> dynamic_scopes.Scope:
        """Say which anchors are bound at a place, by the way that led to what is being copied."""
        start = self.start.tokens if self.start and self.start.address == place.address else None
        if start is not None and place.tokens[: len(start)] != start:
            start = None
        layout = self.identifiers.layout(place.address, place.source)
        return dynamic_scopes.within(self.scope, place.address, layout, place.tokens, start)

    def _on_this_way(
        self, key: tuple[str, str], target: _Place, place: _Place | None
    ) -> tuple[tuple[str, str], dynamic_scopes.Scope]:
        """Tell a schema that is reached with other anchors bound from the one that stands alone."""
        layout = self.identifiers.layout(target.address, target.source)
        alone = dynamic_scopes.within({}, target.address, layout, target.tokens, target.tokens)
        scope = self._scope(place) if place else {}
        told = {name: found for name, found in scope.items() if found != alone.get(name)}
        names = self.reach.names(key) if told else ()
        told = {name: found for name, found in told.items() if name in names}
        return ((key[0], f"{key[1]}\x1f{sorted(told.items())}"), {**alone, **told}) if told else (key, alone)

    def _value_of(self, key: tuple[str, str]) -> Any:
        return pointers.resolve(self.files.get(key[0]).value, pointers.split(key[1]))

    def _target_from(self, reference: str, key: tuple[str, str], below: Tokens) -> tuple[str, str] | None:
        place = _Place(key[0], self.files.get(key[0]), (*pointers.split(key[1]), *below))
        try:
            target = self._target(reference, place)
            self._find(target, place)
        except InputError:
            return None
        return target

    def _component(
        self, kind: str, key: tuple[str, str], target: _Place, place: _Place | None = None
    ) -> tuple[str, str]:
        key, scope = self._on_this_way(key, target, place) if kind == "schema" and self.has_dialect else (key, {})
        if key in self.names:
            return self.names[key]
        section = grammar.SECTIONS[kind]
        name = self._free_name(section, target)
        self.names[key] = (section, name)
        at = self._home(section, name)
        self.origins[at] = (target.source, target.tokens)
        self.components.setdefault(section, {})[name] = {}
        self.waiting.append((kind, target, at, scope))
        return section, name

    def _free_name(self, section: str, target: _Place) -> str:
        last = target.tokens[-1] if target.tokens else PurePosixPath(target.address).stem
        base = _UNSAFE.sub("_", str(last)).strip("_") or "Component"
        taken = {name for taken_section, name in self.names.values() if taken_section == section}
        name, number = base, 2
        while name in taken:
            name, number = f"{base}{number}", number + 1
        return name

    def _inlined(self, kind: str, key: tuple[str, str], target: _Place, at: Tokens) -> dict[str, Any]:
        if key in self.open:
            raise unfollowable.ring(target.location)
        self.open.append(key)
        self.origins[at] = (target.source, target.tokens)
        value = pointers.resolve(target.source.value, target.tokens)
        copied = self._copy(kind, value, target, at)
        self.open.pop()
        return copied if isinstance(copied, dict) else {}

    def _target(self, reference: str, place: _Place) -> tuple[str, str]:
        """Split a reference into the address of its file and the pointer inside it."""
        if self.has_dialect and (found := self.identifiers.find(reference, place.address, place.source, place.tokens)):
            return found
        file, _, fragment = reference.partition("#")
        if file and file == identity.own_uri(self.files.get(self.root).value):
            address = self.root
        else:
            file = identity.relative(file, identity.own_uri(place.source.value)) if file else ""
            address = self.files.address_of(unquote(file), place.address, place.location) if file else place.address
        fragment = unquote(fragment)
        if fragment and not fragment.startswith("/"):
            tokens = anchors.find(self.files.get(address, place.location), fragment)
            if tokens is None:
                message = f"The reference `{reference}` leads nowhere: no schema there has this `$anchor`."
                remedy = "Correct the name, or write a JSON pointer."
                unfollowable.refuse("reference-missing", message, remedy, place.location)
            fragment = pointers.join(tokens)
        return address, fragment

    def _fetch(self, key: tuple[str, str], place: _Place) -> _Place:
        """Find the target, and check that a chain of references comes to an end, whatever stands beside them."""
        found = link = self._find(key, place)
        for _ in range(_MAX_CHAIN):
            value = pointers.resolve(link.source.value, link.tokens)
            if not (isinstance(value, dict) and isinstance(value.get("$ref"), str)):
                return found
            at = link.below(("$ref",))
            link = self._find(self._target(value["$ref"], at), at)
        raise unfollowable.ring(place.location)

    def _find(self, key: tuple[str, str], place: _Place) -> _Place:
        source = self.files.get(key[0], place.location)
        tokens = tuple(pointers.split(key[1]))
        unfollowable.resolve(source, tokens, place.location)
        return _Place(key[0], source, tokens)

    def _read_external(self, example: dict[str, Any], place: _Place, at: Tokens) -> None:
        reference = example.get("externalValue")
        if not isinstance(reference, str) or "value" in example or reference.startswith(("http://", "https://")):
            return
        referrer = place.below(("externalValue",)).location
        source = self.files.get(self.files.address_of(reference, place.address, referrer), referrer)
        del example["externalValue"]
        example["value"] = source.value
        self.origins[(*at, "value")] = (source, ())

    def _map_discriminator(self, schema: dict[str, Any], place: _Place) -> None:
        discriminator = schema["discriminator"]
        mapping, fallback = discriminator.get("mapping"), discriminator.get("defaultMapping")
        told: dict[str, Any] = {}
        if isinstance(mapping, dict):
            at = place.below(("discriminator", "mapping"))
            told["mapping"] = {value: self._mapped(one, at.below((value,))) for value, one in mapping.items()}
        if fallback is not None:
            told["defaultMapping"] = self._mapped(fallback, place.below(("discriminator", "defaultMapping")))
        schema["discriminator"] = {**discriminator, **told}

    def _mapped(self, reference: Any, at: _Place) -> Any:
        """Make a discriminator's reference one into the bundle; a component's name stays as it is."""
        if isinstance(reference, str) and re.search(r"[/#.]", reference):
            with self._leniently():
                key = self._target(reference, at)
                return "#" + pointers.join(self._home(*self._component("schema", key, self._find(key, at))))
        return reference
