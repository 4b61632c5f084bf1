"""What a session remembers goes in; it comes out item by item or as a whole, and can be put back so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from understudy_mock.control.contracts import mounts_of
from understudy_mock.control.replies import NOTHING, Reply, conflict, unknown
from understudy_mock.handlers import answers
from understudy_mock.sessions import DEFAULT
from understudy_mock.state import shapes
from understudy_mock.state.members import member, with_member

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledContract
    from understudy_mock.runtime import Runtime
    from understudy_mock.session import Session
    from understudy_mock.state.memory import Item, Memory
    from understudy_mock.state.resources import Resource
    from understudy_mock.state.shapes import Slot

_TOLD_FAULTS = 5


def session_of(runtime: Runtime, name: str, *, made: bool = False) -> Session:
    """Find a session; the default one, and with `made` any, is begun if it is not there. Raises RefusalError."""
    found = runtime.sessions.open(name) if made or name == DEFAULT else runtime.sessions.find(name)
    if found is None:
        raise unknown("session", name)
    return found


def memory_of(session: Session, contract: str) -> Memory:
    """Find what a session remembers of a contract. Raises RefusalError where nothing is remembered."""
    if contract not in session.memories:
        raise conflict("state", "this mock remembers nothing: it was started with --state off")
    return session.memories[contract]


@dataclass(frozen=True)
class _Shelf:
    """The items of one resource in one session."""

    compiled: CompiledContract
    resource: Resource
    memory: Memory

    @property
    def items(self) -> list[Item]:
        return self.memory.items(self.resource.store)

    def find(self, identifier: str) -> Item:
        """Find an item by its identifier, or by its place where items have none. Raises RefusalError."""
        name = self.resource.id
        for index, item in enumerate(self.items):
            if (str(member(item, name)) if name else str(index)) == identifier:
                return item
        raise unknown("item", identifier)

    def check(self, items: list[Item]) -> None:
        """Raise RefusalError for items that the contract could not show, and for two of one identifier."""
        name = self.resource.id
        taken = [member(item, name) for item in items] if name else []
        for item in items:
            named = member(item, name)
            if name and not isinstance(named, str | int):
                raise conflict("item", f"an item of {self.resource.name} has a property {name} that names it")
            if taken.count(named) > 1:
                raise conflict("item", f"two items of {self.resource.name} have the {name} {named!r}")
            self._check_shape(item)

    def _check_shape(self, item: Item) -> None:
        slot = _slot(self.compiled, self.resource)
        if slot is None or slot.schema is None:
            return
        shown = shapes.project(self.compiled.facts, item, slot.schema, None)
        faults = list(self.compiled.contract.schemas.validator(slot.schema).violations(shown))
        if faults:
            texts = [f"{'/'.join(map(str, fault.tokens)) or 'it'}: {fault.message}" for fault in faults[:_TOLD_FAULTS]]
            raise conflict("item", f"the contract has no such item of {self.resource.name}: {'; '.join(texts)}")


def _slot(compiled: CompiledContract, resource: Resource) -> Slot | None:
    """Find the schema of a resource's items: that of its listing, else that of an answer with a single one."""
    bindings = [one for one in compiled.resources.bindings.values() if one.resource is resource]
    listed = [binding.items for binding in bindings if binding.items is not None and binding.kind == "list"]
    single = [binding.item_slot(resource) for binding in bindings if binding.kind == "read"]
    return next((slot for slot in [*listed, *single] if slot is not None), None)


class StateOperations:
    """What is remembered."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @answers("getState")
    def snapshot(self, session: str = DEFAULT) -> Reply:
        """Give everything a session remembers."""
        memories = session_of(self._runtime, session).memories
        return Reply(
            {
                "contracts": {
                    mount.compiled.name: {
                        resource.name: memories[mount.compiled.name].items(resource.store)
                        for resource in kept(mount.compiled)
                    }
                    for mount in self._runtime.mounts
                    if mount.compiled.name in memories
                }
            }
        )

    @answers("putState")
    def restore(self, body: dict[str, Any], session: str = DEFAULT) -> Reply:
        """Put a snapshot back: all of it, or nothing if any of it can't be."""
        wanted = [
            (contract, name, items) for contract, found in body["contracts"].items() for name, items in found.items()
        ]
        for contract, name, _ in wanted:
            _resource(mounts_of(self._runtime, contract)[0].compiled, name)
        opened = session_of(self._runtime, session, made=True)
        shelves = [(self._shelf(contract, name, opened), items) for contract, name, items in wanted]
        for shelf, items in shelves:
            shelf.memory.replace(shelf.resource.store, items)
        return self.snapshot(session)

    @answers("resetState")
    def reset(self, session: str = DEFAULT) -> Reply:
        """Let a session remember only what its contracts start with."""
        for memory in session_of(self._runtime, session).memories.values():
            memory.reset()
        return NOTHING

    @answers("listResources")
    def resources(self, session: str = DEFAULT) -> Reply:
        """List what kinds of things are remembered, and how many of each."""
        opened = session_of(self._runtime, session)
        return Reply(
            {
                "resources": [
                    {
                        "contract": mount.compiled.name,
                        "name": resource.name,
                        "path": resource.path,
                        "id": resource.id,
                        "count": len(opened.memories[mount.compiled.name].items(resource.store)),
                    }
                    for mount in self._runtime.mounts
                    if mount.compiled.name in opened.memories
                    for resource in kept(mount.compiled)
                ]
            }
        )

    @answers("listItems")
    def items(self, contract_name: str, resource_name: str, session: str = DEFAULT) -> Reply:
        """List the items of a resource."""
        return Reply({"items": self._open(contract_name, resource_name, session).items})

    @answers("putItems")
    def replace_items(
        self, contract_name: str, resource_name: str, body: dict[str, Any], session: str = DEFAULT
    ) -> Reply:
        """Put other items in the place of all there are."""
        shelf = self._open(contract_name, resource_name, session, made=True)
        shelf.check(body["items"])
        shelf.memory.replace(shelf.resource.store, body["items"])
        return Reply({"items": shelf.items})

    @answers("addItem")
    def add(self, contract_name: str, resource_name: str, body: dict[str, Any], session: str = DEFAULT) -> Reply:
        """Put one more item at the end."""
        shelf = self._open(contract_name, resource_name, session, made=True)
        shelf.check([*shelf.items, body])
        shelf.memory.add(shelf.resource.store, body)
        return Reply(body, 201)

    @answers("getItem")
    def item(self, contract_name: str, resource_name: str, item_id: str, session: str = DEFAULT) -> Reply:
        """Give one item."""
        return Reply(self._open(contract_name, resource_name, session).find(item_id))

    @answers("putItem")
    def replace_item(
        self, contract_name: str, resource_name: str, item_id: str, body: dict[str, Any], session: str = DEFAULT
    ) -> Reply:
        """Put another item in the place of one; it keeps its identifier."""
        shelf = self._open(contract_name, resource_name, session)
        held, name = shelf.find(item_id), shelf.resource.id
        made = with_member(body, name, member(held, name)) if name else body
        others = [made if item is held else item for item in shelf.items]
        shelf.check(others)
        shelf.memory.replace(shelf.resource.store, others)
        return Reply(made)

    @answers("deleteItem")
    def delete(self, contract_name: str, resource_name: str, item_id: str, session: str = DEFAULT) -> Reply:
        """Take one item away."""
        shelf = self._open(contract_name, resource_name, session)
        shelf.memory.remove(shelf.resource.store, shelf.find(item_id), shelf.resource.id)
        return NOTHING

    def _open(self, contract: str, resource: str, session: str, *, made: bool = False) -> _Shelf:
        _resource(mounts_of(self._runtime, contract)[0].compiled, resource)
        return self._shelf(contract, resource, session_of(self._runtime, session, made=made))

    def _shelf(self, contract: str, name: str, session: Session) -> _Shelf:
        compiled = mounts_of(self._runtime, contract)[0].compiled
        return _Shelf(compiled, _resource(compiled, name), memory_of(session, contract))


def kept(compiled: CompiledContract) -> list[Resource]:
    """List the resources that keep items of their own, not those that show another's."""
    return [resource for resource in compiled.resources.by_name.values() if resource.store == resource.name]


def _resource(compiled: CompiledContract, name: str) -> Resource:
    for resource in kept(compiled):
        if resource.name == name:
            return resource
    raise unknown("resource", name, [resource.name for resource in kept(compiled)])
