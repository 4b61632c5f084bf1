"""The operations of a contract go in; the resources they are about come out, each with why it is thought to be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.contract.path_words import Place, camel, is_template, plain, read_path
from understudy_mock.state import shapes
from understudy_mock.state.describing import Description
from understudy_mock.state.drafts import Draft, Op
from understudy_mock.state.identity import schema_types

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Operation, Placed
    from understudy_mock.schema_facts import SchemaFacts
    from understudy_mock.state.behaviour import Correction
    from understudy_mock.state.drafts import Shape
    from understudy_mock.state.resources import Resource
    from understudy_mock.state.shapes import Slot, Template
    from understudy_mock.state.told import Told

_WRITES = ("PUT", "PATCH", "DELETE")
_CHANGES = ("PUT", "PATCH")
_NO_TYPES: frozenset[str] = frozenset()

SELVES = ("me", "self", "current", "mine")
"""Segments that stand for the item of whoever asks."""


class Recognition:
    """Finds the resources; afterwards `by_place` and `by_item` say which one a path is about."""

    def __init__(
        self, contract: Contract, facts: SchemaFacts, templates: dict[str, Template | None], told: Told
    ) -> None:
        self.contract, self.facts, self.told = contract, facts, told
        self.ops = [
            Op(one, read_path(one.path), templates[one.id]) for one in contract.operations if one.id not in told.ignored
        ]
        self.by_name: dict[str, Resource] = {}
        self.by_path: dict[str, Resource] = {}
        self.by_place: dict[Shape, Resource] = {}
        self.by_item: dict[Shape, Resource] = {}
        self._slots: dict[str, Slot | None] = {}
        self._shapes: dict[Shape, list[Op]] = {}
        for op in self.ops:
            self._shapes.setdefault(op.place.shape, []).append(op)

    def run(self) -> None:
        """Find all of them: those that were told, collections, items that no collection lists, single things."""
        for name, correction in self.told.corrections.items():
            self._add_told(name, correction)
        for draft in self._collections():
            self._add(draft)
        for draft in [*self._loose_items(), *self._singletons()]:
            self._add(draft)

    def list_slot(self, op: Op) -> Slot | None:
        """Find where the items stand in an answer that lists them."""
        if op.operation.id not in self._slots:
            self._slots[op.operation.id] = self._list_slot(op)
        return self._slots[op.operation.id]

    def _list_slot(self, op: Op) -> Slot | None:
        if op.template is None:
            return None
        if pointer := self.told.pointers.get(op.operation.id):
            return shapes.slot_at(op.template, pointer)
        found = shapes.list_slot(op.template, op.place.noun)
        may_be_keys = found is None and op.method == "GET" and not op.place.keys
        if may_be_keys and any(map(self._shows_object, self._items_below(op.place.shape))):
            return shapes.id_slot(op.template, op.place.noun)
        return found

    def _shows_object(self, op: Op) -> bool:
        """Tell whether an answer is an object, which alone can be an item."""
        if op.template is None or op.template.schema is None:
            return op.template is not None and isinstance(op.template.value, dict) and bool(op.template.value)
        return self.facts.types(op.template.schema) <= {"object", "null"}

    def parameter_types(self, operation: Operation, name: str, location: str = "path") -> frozenset[str]:
        """Tell which types a parameter takes."""
        placed = self.parameter(operation, name, location)
        return schema_types(self.facts, placed) if placed else _NO_TYPES

    def parameter(self, operation: Operation, name: str, location: str = "path") -> Placed | None:
        """Find a declared parameter."""
        return next(
            (p for p in operation.parameters if (p.value.get("in"), p.value.get("name")) == (location, name)), None
        )

    def _add_told(self, name: str, correction: Correction) -> None:
        ops = [op for op in self.ops if correction.path is not None and op.path == correction.path]
        place = ops[0].place if ops else Place((name,))
        if ops and place.verb and ops[0].kind != "list":
            place = Place((*place.segments, place.verb))
        below = self._items_below(place.shape) if ops else [op for op in self.ops if self._is_of(op, name)]
        if correction.item is not None:
            below = [op for op in self.ops if op.path == correction.item] or below
        told = Draft(place, ops, below, correction=correction, path=correction.path)
        is_loose = correction.path is None and correction.item is not None and correction.seed is None
        told.kind = correction.kind or ("items" if is_loose else "collection")
        told.reasons = ("it is told",)
        self._add(told, name)

    @staticmethod
    def _is_of(op: Op, name: str) -> bool:
        return bool(op.place.keys) and camel(op.place.noun) == name

    def _items_below(self, shape: Shape) -> list[Op]:
        for count in (1, 2, 3):
            if found := self._shapes.get((*shape, *("{}",) * count)):
                return found
        return []

    def _passing(self, draft: Draft, name: str) -> list[tuple[str, Op, Shape]]:
        """Find the templates that name items: those that end a path first, then those in the middle of one."""
        found = [(op.place.keys[-1], op, op.place.shape) for op in draft.item_ops if op.place.keys]
        shape = draft.place.shape
        for op in self.ops:
            segments = op.place.segments
            for index, segment in enumerate(segments[1:], 1):
                before = op.place.shape[:index]
                is_below = before == shape if draft.path else camel(segments[index - 1]) == name
                if is_template(segment) and is_below and draft.kind == "collection":
                    found.append((segment[1:-1], op, (*before, "{}")))
        return found

    def _collections(self) -> list[Draft]:
        drafts = []
        for shape, ops in self._shapes.items():
            if not shape or shape[-1] == "{}" or shape in self.by_place or ops[0].path in self.by_path:
                continue
            if draft := self._collection(shape, [op for op in ops if op.path not in self.by_path]):
                drafts.append(draft)
        return drafts

    def _collection(self, shape: Shape, ops: list[Op]) -> Draft | None:
        items = self._items_below(shape)
        lists = [op for op in ops if self._is_list(op) and self.list_slot(op)]
        makes = [op for op in ops if op.method == "POST" and (op.kind == "create" or not op.place.verb)]
        called = [op for op in ops if op.place.is_called and op.kind in ("read", "update", "delete")]
        if not lists and not (makes and (items or called)):
            return None
        listing = (lists or makes)[0]
        draft = Draft(listing.place, ops, items or called, path=listing.path)
        what = "answers a list" if lists else "makes items that a path below names"
        draft.reasons = (f"{listing.method} {listing.path} {what}",)
        draft.confidence = "high" if lists else "medium"
        return draft

    @staticmethod
    def _is_list(op: Op) -> bool:
        if op.place.verb:
            return op.kind == "list" or (op.kind == "read" and not op.place.keys and op.method == "GET")
        return op.method == "GET"

    def _loose_items(self) -> list[Draft]:
        """Find items that no collection stands above: those of one elsewhere, or of none."""
        drafts = []
        for shape, ops in self._shapes.items():
            if shape[-1:] != ("{}",) or shape in self.by_item or self._is_claimed(ops[0].place):
                continue
            place = ops[0].place
            if home := self._home(place, ops):
                self._attach(home, ops)
            elif any(op.method in _WRITES or op.kind in ("update", "delete") for op in ops) and self._is_seen(ops):
                draft = Draft(place, [], ops, kind="items")
                draft.reasons = (f"{ops[0].path} names items, and nothing lists them",)
                draft.confidence = "medium"
                drafts.append(draft)
        return drafts

    def _is_claimed(self, place: Place) -> bool:
        return not place.collection or is_template(place.collection[-1]) or camel(place.noun) in self.told.corrections

    @staticmethod
    def _is_seen(ops: list[Op]) -> bool:
        return any(op.method in ("GET", "DELETE") or op.kind in ("read", "delete") for op in ops)

    def _home(self, place: Place, ops: list[Op]) -> Resource | None:
        """Find the collection of the same name elsewhere, which has no item path of its own and like items."""
        for resource in self.by_name.values():
            is_free = resource.kind == "collection" and resource.item_path is None and resource.path
            is_named = is_free and plain(read_path(str(resource.path)).noun) == plain(place.noun)
            if is_named and any(self._looks_like(resource, op) for op in ops):
                return resource
        return None

    def _looks_like(self, resource: Resource, op: Op) -> bool:
        slot = shapes.item_slot(op.template, resource.properties, resource.id) if op.template else None
        return slot is not None and len(set(slot.properties) & resource.properties) * 2 >= len(resource.properties)

    def _attach(self, resource: Resource, ops: list[Op]) -> None:
        draft = Draft(read_path(str(resource.path)), self._at(str(resource.path)), ops, path=resource.path)
        draft.reasons = (*resource.basis.reasons[:1], f"{ops[0].path} is named alike and answers one of them")
        draft.confidence = resource.basis.confidence
        self._add(draft, resource.name)

    def _at(self, path: str) -> list[Op]:
        return self._shapes.get(read_path(path).shape, [])

    def _singletons(self) -> list[Draft]:
        """Find things of which there is one: read by GET and changed by PUT or PATCH at the same path."""
        drafts = []
        for shape, ops in self._shapes.items():
            if not shape or shape[-1] == "{}" or shape in self.by_place or ops[0].path in self.by_path:
                continue
            plain_ops = [op for op in ops if not op.place.verb]
            reads = [op for op in plain_ops if op.method == "GET" and self.list_slot(op) is None]
            changes = [op for op in plain_ops if op.method in _CHANGES]
            if not reads or not changes or self._is_self(shape):
                continue
            draft = Draft(reads[0].place, plain_ops, [], kind="singleton", path=reads[0].path)
            draft.reasons = (f"GET {reads[0].path} answers one thing that {changes[0].method} changes",)
            draft.confidence = "high" if reads[0].template else "medium"
            drafts.append(draft)
        return drafts

    def _is_self(self, shape: Shape) -> bool:
        return shape[-1].lower() in SELVES and shape[:-1] in self.by_place

    def _free_name(self, place: Place, path: str | None) -> str:
        literals = [segment for segment in place.segments if not is_template(segment)]
        for count in range(1, len(literals) + 1):
            name = camel("-".join(literals[-count:]))
            if name and name not in self.by_name:
                return name
        return (camel("-".join(literals)) or camel(path or "") or "items") + str(len(self.by_name))

    def _add(self, draft: Draft, name: str | None = None) -> None:
        name = name or self._free_name(draft.place, draft.path)
        draft.keys = self._passing(draft, name)
        made = Description(self, draft, name).resource()
        self.by_name[made.name] = made
        if draft.path and draft.correction:
            self.by_path[draft.path] = made
        if draft.ops:
            self.by_place[draft.place.shape] = made
        for _, op, shape in draft.keys:
            self.by_item[shape] = made
            if op in draft.item_ops:
                self.by_place.setdefault(op.place.shape[: len(op.place.collection)], made)
