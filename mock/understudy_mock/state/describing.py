"""The operations of a resource go in; what it is comes out: its identifier, parents, seeds, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract.path_words import Place, is_template, singular
from understudy_mock.state import shapes
from understudy_mock.state.identity import Anatomy, Identity, anatomy, identify, parent_property, path_pattern
from understudy_mock.state.members import member
from understudy_mock.state.resources import Basis, Resource

if TYPE_CHECKING:
    from understudy.contract.model import Tokens
    from understudy_mock.state.drafts import Draft, Op, Shape
    from understudy_mock.state.recognising import Recognition

_LEVELS = ("high", "medium", "low")


class Description:
    """Makes one resource of a draft."""

    def __init__(self, found: Recognition, draft: Draft, name: str) -> None:
        self.found, self.draft, self.name = found, draft, name
        self.correction = draft.correction
        self.said: dict[str, Any] = {}
        """What is told of items of their schema."""
        self.listing = sorted(draft.ops, key=lambda op: op.method != "GET")

    def resource(self) -> Resource:
        """Put everything together that is known of it."""
        correction, draft = self.correction, self.draft
        members = correction.members if correction else None
        seeds = self._seeds()
        shown = [item for op in self.listing for item in self._shown(op)]
        leaves = [leaf for item in [*shown, *seeds] for leaf in (item.get(members, []) if members else [item])]
        parts = self._anatomy([leaf for leaf in leaves if isinstance(leaf, dict)])
        keys = draft.keys
        identity = self._identity(parts, keys)
        carried, declared = self._carried(parts, identity.path, len(keys) > 0)
        pattern = self._pattern(parts, identity.path, keys)
        if pattern and identity.path:
            carried = {name: identity.path if "{" + name + "}" in pattern else held for name, held in carried.items()}
            identity = Identity(identity.path, "high", f"{identity.path} is a path made like {pattern}")
            declared = all(held == identity.path for held in carried.values())
        inside = correction.inside if correction else None
        is_single = draft.kind == "singleton"
        return Resource(
            name=self.name,
            path=draft.path,
            id=None if is_single else identity.path,
            members=members,
            store=inside or self.name,
            parents=tuple(carried),
            seeds=() if inside else tuple(seeds),
            samples=self._samples(leaves, identity.path),
            properties=parts.names,
            key=self._key(keys),
            kind="singleton" if is_single else "collection",
            item_path=self._item_path(),
            pattern=pattern,
            carried=carried,
            is_strict=bool(inside),
            is_open=draft.kind == "items",
            anatomy=parts,
            basis=self._basis(identity, bool(keys), declared, carried),
        )

    def _seeds(self) -> list[dict[str, Any]]:
        told = self.correction.seed if self.correction else None
        if told is None:
            if self.draft.kind in ("items", "singleton"):
                return []
            lists = [op for op in self.listing if op.method == "GET" and self.found.list_slot(op)]
            lists = lists or [op for op in self.listing if op.kind == "list"]
            return self._shown(lists[0]) if lists else []
        if told.items is not None:
            return list(told.items)
        source = [op for op in self.found.ops if op.operation.id == told.source]
        items = self._shown(source[0]) if source else []
        return [item for item in items if told.where is None or told.where.evaluate({"item": item})]

    def _shown(self, op: Op) -> list[dict[str, Any]]:
        slot = self.found.list_slot(op)
        return shapes.listed_items(op.template, slot) if op.template and slot and not slot.is_ids else []

    def _anatomy(self, samples: list[dict[str, Any]]) -> Anatomy:
        """Gather properties from the list's items, else from an answer that holds one of them."""
        slots = [slot for op in self.listing if (slot := self.found.list_slot(op)) and not slot.is_ids]
        schema = next((slot.schema for slot in slots if slot.schema), None)
        if self.correction and self.correction.members and schema:
            inner = self.found.facts.properties(schema).get(self.correction.members)
            schema = (inner and self.found.facts.items(inner)) or schema
        self.said = self._said(schema)
        if schema is None and not samples:
            order = ("GET", "PUT", "PATCH", "POST")
            for op in sorted((*self.draft.item_ops, *self.listing), key=lambda op: op.method not in order[:1]):
                slot = shapes.single_slot(op.template, singular(self.draft.place.noun)) if op.template else None
                if op.template and slot and (slot.properties or shapes.read(op.template.value, slot.tokens)):
                    value = shapes.read(op.template.value, slot.tokens)
                    shown = [value] if isinstance(value, dict) and value else []
                    self.said = self._said(slot.schema)
                    return anatomy(self.found.contract, self.found.facts, slot.schema, shown)
        return anatomy(self.found.contract, self.found.facts, schema, samples)

    def _said(self, schema: Tokens | None) -> dict[str, Any]:
        return self.found.told.schemas.get(self.found.contract.follow(schema).tokens, {}) if schema else {}

    def _identity(self, parts: Anatomy, keys: list[tuple[str, Op, Shape]]) -> Identity:
        told = (self.correction and self.correction.id) or self.said.get("id")
        if told:
            return Identity(told, "high", "the identifier is told")
        named = {key: self.found.parameter_types(op.operation, key) for key, op, _ in keys}
        nouns = [segment for segment in reversed(self.draft.place.segments) if not is_template(segment)][:2]
        found = identify(tuple(nouns), list(named.items()), parts)
        if found.path is None and self.draft.kind == "items" and keys:
            return Identity(keys[0][0], "medium", f"items do not show {{{keys[0][0]}}}; the mock remembers it")
        return found

    def _carried(self, parts: Anatomy, identifier: str | None, has_items: bool) -> tuple[dict[str, str], bool]:
        """Find where items carry what they belong to: the templates before their own in either path."""
        told = {**self.said.get("parents", {}), **((self.correction and self.correction.parents) or {})}
        carried: dict[str, str] = {}
        certain: dict[str, bool] = {}
        paths = [self.draft.place] if self.draft.path else []
        paths += [op.place for op in self.draft.item_ops[:1]] if has_items and self.draft.kind != "singleton" else []
        for place in paths:
            own = place.keys[-1:] if place.keys else ()
            for index, segment in enumerate(place.segments):
                name = segment[1:-1]
                if is_template(segment) and name not in carried and (index < len(place.segments) - len(own)):
                    noun = next((s for s in reversed(place.segments[:index]) if not is_template(s)), "")
                    carried[name], certain[name] = parent_property(name, noun, identifier, parts)
        _pair(paths, carried, certain)
        return {**carried, **told}, all(certain.values())

    def _pattern(self, parts: Anatomy, identifier: str | None, keys: list[tuple[str, Op, Shape]]) -> str | None:
        if not keys or identifier is None or "/" in identifier or self.draft.kind == "singleton":
            return None
        described = ""
        if place := parts.places.get((identifier,)):
            value = self.found.contract.follow(place).value
            described = str(value.get("description", "")) if isinstance(value, dict) else ""
        return path_pattern(keys[0][1].place.segments[: len(keys[0][2])], identifier, parts, described)

    def _samples(self, leaves: list[dict[str, Any]], identifier: str | None) -> tuple[str, ...]:
        shown = [member(leaf, identifier) for leaf in leaves if isinstance(leaf, dict)]
        return tuple(dict.fromkeys(str(value) for value in shown if isinstance(value, str | int)))

    def _key(self, keys: list[tuple[str, Op, Shape]]) -> Tokens | None:
        for key, op, _ in keys:
            if placed := self.found.parameter(op.operation, key):
                return (*placed.tokens, "schema") if "schema" in placed.value else None
        return None

    def _item_path(self) -> str | None:
        if self.correction and self.correction.item:
            return self.correction.item
        ops = sorted(self.draft.item_ops, key=lambda op: (op.method != "GET", op.kind != "read"))
        return ops[0].path if ops and self.draft.kind != "singleton" else None

    def _basis(self, identity: Identity, has_items: bool, declared: bool, carried: dict[str, str]) -> Basis:
        reasons, levels = [*self.draft.reasons], [self.draft.confidence]
        if self.draft.kind != "singleton" and (has_items or identity.path):
            reasons.append(identity.reason)
            levels.append(identity.confidence if has_items or identity.path is None else self.draft.confidence)
        if carried and not declared:
            reasons.append("items do not show all they belong to; the mock remembers it")
        return Basis(max(levels, key=_LEVELS.index), tuple(reasons))


def _pair(paths: list[Place], carried: dict[str, str], certain: dict[str, bool]) -> None:
    """Let a template that items do not show mean the one that stands in its place in the other path."""
    if len(paths) < 2:  # noqa: PLR2004 - a listing's path and an item's
        return
    first, second = ([name for name in place.names if name in carried] for place in paths)
    for one, other in zip(first, second, strict=False):
        if one != other and not certain[one] and certain[other]:
            carried[one], certain[one] = carried[other], True
