"""The resources of a contract go in; what each operation does to them comes out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from understudy.contract.path_words import is_template, plain, singular, words
from understudy_mock.media import is_json
from understudy_mock.state import shapes
from understudy_mock.state.actions import effects_of, undone
from understudy_mock.state.meaning import Fields, Meaning, meaning_of
from understudy_mock.state.paging import surroundings
from understudy_mock.state.querying import Plan
from understudy_mock.state.recognising import SELVES
from understudy_mock.state.resources import Binding

if TYPE_CHECKING:
    from understudy.contract.model import Operation, Tokens
    from understudy_mock.state.actions import Effect
    from understudy_mock.state.drafts import Op
    from understudy_mock.state.recognising import Recognition
    from understudy_mock.state.resources import Resource

_OF_ITEMS = {"GET": "read", "PUT": "update", "PATCH": "update", "DELETE": "delete"}
_ONE = ("read", "update", "delete")
_DOING = ("POST", "PUT", "PATCH")
_ALIKE = 2


class Binder:
    """Binds the operations of one contract."""

    def __init__(self, found: Recognition) -> None:
        self.found, self.contract, self.facts = found, found.contract, found.facts
        self._fields: dict[str, Fields] = {}

    def run(self) -> dict[str, Binding]:
        """Bind every operation that touches a resource; the others answer their example."""
        bindings = {}
        for op in self.found.ops:
            if binding := self._corrected(op, self._bind(op)):
                bindings[op.operation.id] = binding
        return bindings

    def _corrected(self, op: Op, binding: Binding | None) -> Binding | None:
        """Let what was told stand in the place of what was found."""
        told = self.found.told
        effect, name = told.effects.get(op.operation.id), told.resources.get(op.operation.id)
        resource = self.found.by_name.get(name or "") or (binding.resource if binding else None)
        if effect == "none":
            return None
        if (effect or name) and resource:
            lookups = binding.lookups if binding else ()
            made = self._bound(op, effect or (binding.kind if binding else "action"), resource, lookups)
            binding = replace(made, subject=self._subject(op, resource)) if effect in _ONE and not lookups else made
        pointer = told.pointers.get(op.operation.id)
        if binding and pointer is not None and op.template and binding.kind not in ("list", "search"):
            return replace(binding, told=shapes.slot_at(op.template, pointer))
        return binding

    def _bind(self, op: Op) -> Binding | None:
        found, shape = self.found, op.place.shape
        lookups = tuple(self._lookups(op))
        if told := found.by_path.get(op.path):
            return self._at_collection(op, told, lookups, "")
        if (resource := found.by_place.get(shape)) and not op.place.keys and (resource.path or op.place.verb):
            return self._at_collection(op, resource, lookups, op.place.verb)
        if (resource := found.by_item.get(shape)) and op.place.keys and lookups and lookups[-1][1] is resource:
            return self._at_item(op, resource, lookups)
        if shape and shape[-1].lower() in SELVES and (resource := found.by_place.get(shape[:-1])) and resource.id:
            kind = _OF_ITEMS.get(op.method, "action")
            return replace(self._bound(op, kind, resource, lookups), is_self=True)
        if not lookups:
            return None
        resource = found.by_item.get(shape[:-1])
        binding = self._bound(op, "action", lookups[-1][1], lookups)
        if resource is lookups[-1][1] and not op.place.keys:
            return replace(binding, effects=self._effects(op, resource, op.place.segments[-1].lstrip("$_")))
        return binding

    def _lookups(self, op: Op) -> list[tuple[str, Resource]]:
        lookups = []
        for index, segment in enumerate(op.place.segments):
            resource = self.found.by_item.get(op.place.shape[: index + 1])
            if is_template(segment) and resource and resource.id:
                lookups.append((segment[1:-1], resource))
        return lookups

    def _at_collection(
        self, op: Op, resource: Resource, lookups: tuple[tuple[str, Resource], ...], verb: str
    ) -> Binding:
        items = self.found.list_slot(op)
        kind = op.kind if verb else ""
        if resource.kind == "singleton":
            return self._bound(op, _OF_ITEMS.get(op.method, "action"), resource, lookups)
        if not verb:
            posting = "search" if items and not self._is_added_to(op) else "create"
            kinds = {"GET": "list" if items else "action", "POST": posting, "DELETE": "clear"}
            kind = kinds.get(op.method, "action")
        elif kind == "read" and items and not self._subject(op, resource):
            kind = "list"
        elif kind in ("list", "search"):
            kind = kind if items else "action"
        elif kind in _ONE or not kind:
            return self._called(op, resource, lookups, kind or "action")
        elif kind == "bulk":
            kind = "create" if self._is_many(op) else "action"
        return self._bound(op, kind, resource, lookups)

    def _called(self, op: Op, resource: Resource, lookups: tuple[tuple[str, Resource], ...], kind: str) -> Binding:
        """Bind a call such as `/updateUser`, which names the item in its query or body."""
        subject = self._subject(op, resource)
        if subject is None:
            return self._bound(op, "action", resource, lookups)
        effects = self._effects(op, resource, op.place.verb) if kind == "action" else ()
        return replace(self._bound(op, kind, resource, lookups), subject=subject, effects=effects)

    def _at_item(self, op: Op, resource: Resource, lookups: tuple[tuple[str, Resource], ...]) -> Binding:
        kind = _OF_ITEMS.get(op.method, "action")
        if op.place.verb:
            kind = op.kind if op.kind in _ONE else "action"
            effects = self._effects(op, resource, op.place.verb) if kind == "action" else ()
            return replace(self._bound(op, kind, resource, lookups), effects=effects)
        if op.method == "POST" and self._is_update(op, resource):
            kind = "update"
        return self._bound(op, kind, resource, lookups)

    def _is_update(self, op: Op, resource: Resource) -> bool:
        """Tell whether a POST to an item changes it: nothing else does, and it takes properties of the item."""
        beside = [one for one in self.found.ops if one.place.shape == op.place.shape and one.method in ("PUT", "PATCH")]
        taken = self._body_properties(op, resource)
        return not beside and bool(taken & resource.properties)

    def _bound(self, op: Op, kind: str, resource: Resource, lookups: tuple[tuple[str, Resource], ...]) -> Binding:
        items = self.found.list_slot(op) if kind in ("list", "search", "create") else None
        listing = kind in ("list", "search", "count", "clear")
        plan = self._plan(op, resource) if listing else Plan()
        around = surroundings(op.template, items, plan) if listing and op.template else None
        is_many = kind == "create" and self._is_many(op)
        return Binding(
            kind=kind,
            resource=resource,
            lookups=lookups,
            template=op.template,
            items=items if kind != "create" or is_many else None,
            plan=plan,
            payload=self._payload(op, resource) if kind in ("create", "update", "action") else (),
            is_many=is_many,
            surroundings=around,
            names=op.place.names,
        )

    def _is_added_to(self, op: Op) -> bool:
        """Tell a collection from a search that is sent by POST: it is listed by GET, or has items below its path."""
        others = [one for one in self.found.ops if (one.path, one.method) == (op.path, "GET")]
        below = op.path + "/{"
        return any(map(self.found.list_slot, others)) or any(one.path.startswith(below) for one in self.found.ops)

    def _plan(self, op: Op, resource: Resource) -> Plan:
        if resource.name not in self._fields:
            self._fields[resource.name] = Fields(resource.anatomy.fields, resource.id)
        fields = self._fields[resource.name]
        meanings = {}
        for placed in op.operation.parameters:
            if placed.value.get("in") == "query":
                name, schema = str(placed.value.get("name")), self._schema_of(placed)
                types = self.facts.types((*placed.tokens, "schema")) if schema else frozenset(("string",))
                lowest = schema.get("minimum", schema.get("default"))
                found = meaning_of(name, types, str(schema.get("format", "")), fields, lowest)
                is_sent = found is None and name in self._sent(resource)
                meanings[name] = Meaning("filter", (name,), "=", is_lenient=True) if is_sent else found
        return Plan(meanings, fields, resource.id)

    def _sent(self, resource: Resource) -> set[str]:
        """Collect what requests say that make an item."""
        making = [op for op in self.found.ops if op.method == "POST" and op.path == resource.path]
        return set().union(*(self._body_properties(op, resource) for op in making))

    def _schema_of(self, placed: Any) -> dict[str, Any]:
        if "schema" not in placed.value:
            return {}
        value = self.contract.follow((*placed.tokens, "schema")).value
        return value if isinstance(value, dict) else {}

    def _body_schema(self, operation: Operation) -> Tokens | None:
        body = operation.request_body
        declared = body.value.get("content") if body and isinstance(body.value, dict) else None
        content: dict[str, Any] = declared if isinstance(declared, dict) else {}
        for media_type, media in content.items():
            if isinstance(media, dict) and "schema" in media and body and (is_json(media_type) or len(content) == 1):
                return (*body.tokens, "content", media_type, "schema")
        return None

    def _payload(self, op: Op, resource: Resource) -> tuple[str, ...]:
        """Find the object in the body that holds the item's values, such as `data` or what is called like the item."""
        schema = self._body_schema(op.operation)
        if schema is None:
            return ()
        root = self.facts.properties(schema)
        best = len(set(root) & resource.properties)
        names: tuple[str, ...] = ()
        for name, place in root.items():
            inner = self.facts.properties(place)
            common = len(set(inner) & resource.properties)
            if common > best and name not in resource.properties:
                best, names = common, (name,)
        return names

    def _body_properties(self, op: Op, resource: Resource) -> set[str]:
        schema = self._body_schema(op.operation)
        for token in self._payload(op, resource):
            schema = self.facts.properties(schema).get(token) if schema else None
        return set(self.facts.properties(schema)) if schema else set()

    def _is_many(self, op: Op) -> bool:
        """Tell whether a body is a list of items, to be made at once and answered so."""
        schema = self._body_schema(op.operation)
        slot = self.found.list_slot(op)
        if schema is None or slot is None or self.facts.types(schema) != {"array"}:
            return False
        items = self.facts.items(schema)
        return items is not None and "object" in self.facts.types(items)

    def _subject(self, op: Op, resource: Resource) -> tuple[str, str] | None:
        """Find the parameter, or the property of the body, that says which item is meant."""
        query = [(str(p.value.get("name")), bool(p.value.get("required"))) for p in op.operation.parameters]
        query = [one for one in query if self.found.parameter(op.operation, one[0], "query")]
        schema = self._body_schema(op.operation)
        body = self.facts.properties(schema) if schema else {}
        required = self.facts.required(schema) if schema else frozenset()
        places = [*(("query", *one) for one in query), *(("body", name, name in required) for name in body)]
        own = {plain(name) for name in (op.place.noun, singular(op.place.noun), *self._nicknames(resource))}
        wanted = {"id", "uuid", plain(resource.id or "id"), *own, *(f"{name}id" for name in own)}
        found = [place for place in places if plain(place[1]) in wanted]
        found.sort(key=lambda place: not place[2])
        needed = [place for place in places if place[2] and words(place[1])[-1:] == ("id",)]
        chosen = found or (needed if len(needed) == 1 else [])
        return chosen[0][:2] if chosen else None

    def _nicknames(self, resource: Resource) -> list[str]:
        """List what items are called in the envelope of their list, such as `channels` of `conversations.list`."""
        for op in self.found.ops:
            slot = self.found.list_slot(op) if op.path == resource.path else None
            if slot and slot.tokens and not slot.inner:
                return [singular(slot.tokens[-1])]
        return []

    def _effects(self, op: Op, resource: Resource, verb: str) -> tuple[Effect, ...]:
        """Find what an action sets; DELETE undoes what PUT or POST at the same path do."""
        beside = {one.method for one in self.found.ops if one.place == op.place}
        if op.method not in _DOING and not (op.method == "DELETE" and beside & set(_DOING)):
            return ()
        if op.method != "DELETE" and "GET" in beside:
            return ()
        fields = resource.anatomy.fields
        choices = {one.tokens: self._choices(resource, one.tokens) for one in fields}
        found = effects_of(verb, fields, {tokens: values for tokens, values in choices.items() if values})
        return undone(found, fields) if op.method == "DELETE" else found

    def _choices(self, resource: Resource, tokens: tuple[str, ...]) -> list[Any]:
        place = resource.anatomy.places.get(tokens)
        if place is None:
            return []
        for _, schema in self.facts.parts(place, alternatives=False):
            if isinstance(schema.get("enum"), list):
                return list(schema["enum"])
        return []
