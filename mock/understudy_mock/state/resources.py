"""A contract goes in; what it is about comes out: collections, their items, and what each operation does to them.

Inferred from paths and shapes: a path whose GET answers a list of objects is a collection, `path/{x}` its item, a POST
there creates, further segments act on the item. `behaviour.yaml` corrects. Where nothing is recognised the operation
simply answers its example, so a wrong guess is harmless.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy_mock.state import shapes

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Operation, Tokens
    from understudy_mock.schema_facts import SchemaFacts
    from understudy_mock.state.behaviour import Behaviour, Correction
    from understudy_mock.state.shapes import Slot, Template

_TEMPLATED = re.compile(r"\{([^{}]+)\}")
_ID_NAMES = ("id", "uuid", "guid", "sid", "key", "slug", "code", "name", "number")


@dataclass(frozen=True)
class Resource:
    """One kind of thing: where it is listed, which property names an item, where its items are kept."""

    name: str
    path: str | None
    id: str | None
    members: str | None
    store: str
    parents: tuple[str, ...]
    seeds: tuple[dict[str, Any], ...] = field(repr=False)
    samples: tuple[str, ...] = ()
    properties: frozenset[str] = field(default=frozenset(), repr=False)
    key: Tokens | None = None
    """The schema of the path parameter that names an item."""


@dataclass(frozen=True)
class Binding:
    """What an operation does: its kind, the resource it does it to, and the items its path names."""

    kind: str
    resource: Resource | None
    lookups: tuple[tuple[str, Resource], ...]
    template: Template | None = field(repr=False)
    items: Slot | None = None

    def item_slot(self, resource: Resource) -> Slot | None:
        """Find where in the answer an item of the resource stands."""
        return shapes.item_slot(self.template, resource.properties, resource.id) if self.template else None


@dataclass(frozen=True)
class Resources:
    """All resources of a contract, and the binding of each operation that touches one."""

    by_name: dict[str, Resource]
    bindings: dict[str, Binding]

    def seeds(self) -> dict[str, list[dict[str, Any]]]:
        """Gather what the memory starts with, views included in the resource they look at."""
        found: dict[str, list[dict[str, Any]]] = {}
        for resource in self.by_name.values():
            found.setdefault(resource.store, []).extend(resource.seeds)
        return found


def infer(contract: Contract, facts: SchemaFacts, behaviour: Behaviour) -> Resources:
    """Recognise the resources of a contract and bind its operations to them."""
    templates = {operation.id: shapes.template(contract, facts, operation) for operation in contract.operations}
    return _Inference(contract, templates, behaviour).run()


class _Inference:
    def __init__(self, contract: Contract, templates: dict[str, Template | None], behaviour: Behaviour) -> None:
        self.operations = contract.operations
        self.templates = templates
        self.behaviour = behaviour
        self.by_name: dict[str, Resource] = {}
        self.by_path: dict[str, Resource] = {}

    def run(self) -> Resources:
        for name, correction in self.behaviour.corrections.items():
            self._add(name, correction.path, correction)
        for path in self._collection_paths():
            if _shape(path) not in self.by_path:
                self._add(self._free_name(path), path, None)
        bindings = {}
        for operation in self.operations:
            if binding := self._bind(operation):
                bindings[operation.id] = binding
        return Resources(self.by_name, bindings)

    def _collection_paths(self) -> list[str]:
        item_parents = {
            path.rpartition("/")[0] for path in (operation.path for operation in self.operations) if path.endswith("}")
        }
        found = []
        for operation in self.operations:
            listed = operation.method == "GET" and self._list_slot(operation) is not None
            made = operation.method == "POST" and operation.path in item_parents
            if (listed or made) and not operation.path.endswith("}") and operation.path not in found:
                found.append(operation.path)
        return found

    def _list_slot(self, operation: Operation) -> Slot | None:
        template = self.templates[operation.id]
        return shapes.list_slot(template, _last_literal(operation.path)) if template else None

    def _free_name(self, path: str) -> str:
        literals = [segment for segment in path.split("/") if segment and "{" not in segment]
        for count in range(1, len(literals) + 1):
            name = camel("-".join(literals[-count:]))
            if name not in self.by_name:
                return name
        return camel("-".join(literals)) + str(len(self.by_name))

    def _add(self, name: str, path: str | None, correction: Correction | None) -> None:
        listing = [operation for operation in self.operations if operation.path == path]
        listing.sort(key=lambda operation: operation.method != "GET")
        sampled = [item for operation in listing for item in self._items(operation)]
        members = correction.members if correction else None
        told = correction.seed if correction else None
        seeds = self._seed_items(listing, told)
        leaves = [leaf for item in [*sampled, *seeds] for leaf in (item.get(members, []) if members else [item])]
        properties = frozenset(key for leaf in leaves if isinstance(leaf, dict) for key in leaf)
        properties |= frozenset(key for operation in listing for key in self._declared(operation))
        properties = properties or self._shown(path)
        identifier = (correction.id if correction else None) or self._id_name(name, path, properties)
        resource = Resource(
            name=name,
            path=path,
            id=identifier,
            members=members,
            store=(correction.inside if correction else None) or name,
            parents=tuple(_TEMPLATED.findall(path or "")),
            seeds=() if correction and correction.inside else tuple(seeds),
            samples=tuple(dict.fromkeys(str(leaf[identifier]) for leaf in leaves if identifier and identifier in leaf)),
            properties=properties,
            key=self._key(name, path),
        )
        self.by_name[name] = resource
        if path:
            self.by_path[_shape(path)] = resource

    def _seed_items(self, listing: list[Operation], told: Any) -> list[dict[str, Any]]:
        if told is None:
            return self._items(listing[0]) if listing and listing[0].method == "GET" else []
        if told.items is not None:
            return list(told.items)
        source = [operation for operation in self.operations if operation.id == told.source]
        items = self._items(source[0]) if source else []
        return [item for item in items if told.where is None or told.where.evaluate({"item": item})]

    def _items(self, operation: Operation) -> list[dict[str, Any]]:
        template, slot = self.templates[operation.id], self._list_slot(operation)
        if template is None:
            return []
        found = shapes.read(template.value, slot.tokens) if slot else []
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []

    def _declared(self, operation: Operation) -> list[str]:
        slot = self._list_slot(operation)
        return list(slot.properties) if slot else []

    def _shown(self, path: str | None) -> frozenset[str]:
        """Where nothing lists the items: name the properties of the one that is made, or else is read."""
        for operation in self.operations:
            is_read = operation.method == "GET" and operation.path.endswith("}")
            parent = operation.path.rpartition("/")[0] if is_read else operation.path
            template = self.templates[operation.id] if parent == path else None
            if template and template.schema and (operation.method == "POST" or is_read):
                return frozenset(template.facts.properties(template.schema))
        return frozenset()

    def _id_name(self, name: str, path: str | None, properties: frozenset[str]) -> str | None:
        candidates = []
        for operation in self.operations:
            parameter = _item_parameter(operation.path, path, name)
            if parameter:
                candidates += [parameter, camel(parameter), parameter.rpartition("_")[2].lower()]
        return next((candidate for candidate in (*candidates, *_ID_NAMES) if candidate in properties), None)

    def _key(self, name: str, path: str | None) -> Tokens | None:
        for operation in self.operations:
            parameter = _item_parameter(operation.path, path, name)
            for placed in operation.parameters:
                if parameter and (placed.value.get("in"), placed.value.get("name")) == ("path", parameter):
                    return (*placed.tokens, "schema") if "schema" in placed.value else None
        return None

    def _bind(self, operation: Operation) -> Binding | None:
        template = self.templates[operation.id]
        lookups = tuple(self._lookups(operation.path))
        collection = self.by_path.get(_shape(operation.path))
        items = self._list_slot(operation) if collection else None
        if collection:
            posting = "search" if items and not self._is_added_to(operation.path) else "create"
            kind = {"GET": "list", "POST": posting}.get(operation.method, "action")
            return Binding(kind, collection, lookups, template, items)
        if not lookups:
            return None
        kinds = {"GET": "read", "PUT": "update", "PATCH": "update", "DELETE": "delete"}
        is_item = operation.path.endswith("{" + lookups[-1][0] + "}")  # and not something below it that nobody knows
        kind = kinds.get(operation.method, "action") if is_item else "action"
        return Binding(kind, lookups[-1][1], lookups, template)

    def _is_added_to(self, path: str) -> bool:
        """Tell a collection from a search that is sent by POST: it is listed by GET, or has items below its path."""
        others = [other for other in self.operations if (other.path, other.method) == (path, "GET")]
        below = path + "/{"
        return any(map(self._list_slot, others)) or any(other.path.startswith(below) for other in self.operations)

    def _lookups(self, path: str) -> list[tuple[str, Resource]]:
        found = []
        segments = path.split("/")
        for index, segment in enumerate(segments):
            names = _TEMPLATED.findall(segment)
            if len(names) == 1 and segment == "{" + names[0] + "}":
                prefix = "/".join(segments[:index])
                resource = self.by_path.get(_shape(prefix)) or self.by_name.get(camel(segments[index - 1]))
                if resource and resource.id:
                    found.append((names[0], resource))
        return found


def _item_parameter(path: str, collection: str | None, name: str) -> str | None:
    """Find the template that follows the collection, by its path or, without one, by its name."""
    segments = path.split("/")
    for index, segment in enumerate(segments):
        if segment.startswith("{") and segment.endswith("}"):
            prefix = "/".join(segments[:index])
            if (collection and _shape(prefix) == _shape(collection)) or (
                not collection and camel(segments[index - 1]) == name
            ):
                return segment[1:-1]
    return None


def _shape(path: str) -> str:
    return _TEMPLATED.sub("{}", path)


def _last_literal(path: str) -> str:
    return next((segment for segment in reversed(path.split("/")) if segment and "{" not in segment), "")


def camel(text: str) -> str:
    """Write `release-requests` or `release_requests` as `releaseRequests`."""
    first, *rest = re.split(r"[-_. ]+", text)
    return first[:1].lower() + first[1:] + "".join(part[:1].upper() + part[1:] for part in rest)
