"""A contract that is served, and the address that a client called, go in; an OpenAPI description of the mock comes out.

It is the bundle with the mock as its first server, also where a path or an operation has servers of its own, so that a
client that imports it by its URL asks the mock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract.grammar import METHODS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from understudy_mock.mounting import Mount


def described(mount: Mount, origin: str) -> dict[str, Any]:
    """Describe one mounted contract; `origin` is scheme, host and port, as in `http://127.0.0.1:4010`."""
    mock = {"url": origin + mount.key, "description": "The mock"}
    document = mount.compiled.contract.document
    found = {**document, "servers": [mock, *_listed(document.get("servers"))]}
    components = document.get("components")
    if isinstance(document.get("paths"), dict):
        found["paths"] = _items(document["paths"], mock)
    if isinstance(components, dict) and isinstance(components.get("pathItems"), dict):
        found["components"] = {**components, "pathItems": _items(components["pathItems"], mock)}
    return found


def _items(items: Mapping[str, Any], mock: dict[str, str]) -> dict[str, Any]:
    return {path: _item(item, mock) for path, item in items.items()}


def _item(item: Any, mock: dict[str, str]) -> Any:
    """Put the mock first in a path item and its operations, where they have servers (OpenAPI, Path Item Object)."""
    if not isinstance(item, dict):
        return item
    found = _served(item, mock)
    for method in METHODS:
        if isinstance(item.get(method), dict) and "servers" in item[method]:
            found = {**found, method: _served(item[method], mock)}
    further = item.get("additionalOperations")
    if isinstance(further, dict):
        operations = {name: _served(one, mock) if isinstance(one, dict) else one for name, one in further.items()}
        found = {**found, "additionalOperations": operations}
    return found


def _served(value: dict[str, Any], mock: dict[str, str]) -> dict[str, Any]:
    return {**value, "servers": [mock, *_listed(value["servers"])]} if "servers" in value else value


def _listed(servers: Any) -> list[Any]:
    return list(servers) if isinstance(servers, list) else []
