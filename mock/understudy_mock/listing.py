"""A list that was made up goes in; it comes out with the items that their own addresses show.

The item that `GET /pets/42` makes up is the pet 42 wherever it is made up, so a list of pets shows it too. Where the
two schemas differ, as of a summary, the list has of it what it declares.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from understudy_mock.exchange import Exchange, RefusalError
from understudy_mock.making import made
from understudy_mock.reflection import reflect
from understudy_mock.rendering import text_of
from understudy_mock.selection import success
from understudy_mock.state import shapes
from understudy_mock.state.keys import is_key

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledContract, CompiledMedia, CompiledOperation
    from understudy_mock.state.resources import Resource
    from understudy_mock.state.shapes import Slot


def agreed(operation: CompiledOperation, exchange: Exchange, media: CompiledMedia, value: Any) -> Any:
    """Put the items that are made up at each item's address into a list; itself where it has no such items."""
    binding = operation.binding
    if binding is None or binding.kind != "list" or binding.items is None or binding.resource is None:
        return value
    resource, items = binding.resource, shapes.read(value, binding.items.tokens)
    reader = operation.contract.readers.get(resource.name)
    if reader is None or not isinstance(items, list) or not items:
        return value
    shower = _Shower(reader, exchange, resource)
    taken: set[str] = set()
    told = []
    for index, item in enumerate(items):
        shown = shower.shown(item, index, taken) if isinstance(item, dict) else item
        told.append(_fitting(operation, media, (value, binding.items, index), shown, item))
    return shapes.write(value, binding.items.tokens, told)


class _Shower:
    """Asks the reading operation for items, as a client would that has their identifiers."""

    def __init__(self, reader: CompiledOperation, exchange: Exchange, resource: Resource) -> None:
        self.reader, self.exchange, self.resource = reader, exchange, resource

    def shown(self, item: dict[str, Any], index: int, taken: set[str]) -> dict[str, Any]:
        """Give what the item's address shows; the item itself where it has none."""
        name = self.resource.id or ""
        identifier = self._identifier(item.get(name), index, taken)
        if not isinstance(identifier, str | int) or isinstance(identifier, bool):
            return item
        taken.add(text_of(identifier))
        found = self._read(identifier)
        return {**found, name: identifier} if found else {**item, name: identifier}

    def _identifier(self, own: Any, index: int, taken: set[str]) -> Any:
        """Find an identifier that the item's path takes and no item before this one has."""
        contract = self.reader.contract
        if own is not None and text_of(own) not in taken and is_key(contract, self.resource, own):
            return own
        if self.resource.key is None:
            return own
        drafted = contract.synthesis.draft(self.resource.key, f"{self.resource.name}/{index}")
        return drafted if drafted is not None and is_key(contract, self.resource, drafted) else own

    def _read(self, identifier: str | int) -> dict[str, Any] | None:
        exchange, binding = self.exchange, self.reader.binding
        raw = (*exchange.path_values, quote(text_of(identifier), safe=""))
        names = self.reader.parameters.path_names
        if binding is None or len(raw) != len(names):
            return None
        path = {**exchange.values.get("path", {}), names[-1]: identifier}
        asked = replace(exchange, operation=self.reader, path_values=raw, values={"path": path})
        slot = binding.item_slot(self.resource)
        found = self._body(asked, slot) if slot is not None else None
        return found if isinstance(found, dict) else None

    def _body(self, asked: Exchange, slot: Slot) -> Any:
        """Find what stands where the item does in the answer to a good request."""
        try:
            status, response = success(self.reader)
            media = response.preferred if response.media else None
            example = media.first() if media and not asked.wish.dynamic else None
            if media is None or (example is None and media.schema is None):
                return None
            value = example.value if example else made(self.reader, asked, status, media.schema or ())
        except RefusalError:
            return None
        return shapes.read(reflect(self.reader, asked, media, value)[0], slot.tokens)


def seeds(compiled: CompiledContract) -> dict[str, tuple[dict[str, Any], ...]]:
    """Make up what collections begin with, where neither the contract nor its behaviour file says anything of it."""
    found = {}
    for operation in compiled.operations.values():
        binding = operation.binding
        if binding is None or binding.kind != "list" or "{" in operation.operation.path or operation.defect:
            continue
        resource, slot, template = binding.resource, binding.items, binding.template
        if resource is None or slot is None or template is None or resource.seeds or resource.store != resource.name:
            continue
        correction = compiled.behaviour.corrections.get(resource.name)
        if correction is not None and correction.seed is not None:
            continue
        with contextlib.suppress(RefusalError):
            status, response = success(operation)
            media = response.preferred if response.media else None
            if media is None or media.schema is None or media.examples:
                continue
            asked = Exchange("GET", operation.operation.path, b"", [])
            value = agreed(operation, asked, media, made(operation, asked, status, media.schema))
            items = shapes.read(value, slot.tokens)
            found[resource.name] = tuple(item for item in items or () if isinstance(item, dict))
    return found


def _fitting(
    operation: CompiledOperation, media: CompiledMedia, at: tuple[Any, Slot, int], shown: Any, item: Any
) -> Any:
    """Take what is shown if the list takes it, else name by name what it takes of it."""
    value, slot, index = at
    if shown is item:
        return item

    def takes(candidate: Any) -> bool:
        items = list(shapes.read(value, slot.tokens))
        items[index] = candidate
        return media.takes(shapes.write(value, slot.tokens, items))

    whole = shapes.project(operation.contract.facts, shown, slot.schema, shown)
    if takes(whole):
        return whole
    mixed = item
    for name, held in whole.items():
        if takes(candidate := {**mixed, name: held}):
            mixed = candidate
    return mixed
