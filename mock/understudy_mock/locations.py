"""An item that was made goes in; the path at which it lives comes out, for `Location` (RFC 9110, 10.2.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from understudy_mock.routing import template_names

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledContract, CompiledOperation
    from understudy_mock.exchange import Exchange
    from understudy_mock.state.memory import Item
    from understudy_mock.state.resources import Resource

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")


def item_operation(contract: CompiledContract, resource: Resource) -> CompiledOperation | None:
    """Find the operation at the path of a resource's single item, GET first."""
    found = [one for one in contract.operations.values() if _is_item_path(one.operation.path, resource)]
    found.sort(key=lambda one: one.operation.method != "GET")
    return found[0] if found else None


def _is_item_path(path: str, resource: Resource) -> bool:
    parent, _, last = path.rpartition("/")
    is_below = resource.path is not None and _shape(parent) == _shape(resource.path)
    return is_below and bool(_TEMPLATE.fullmatch(last))


def _shape(path: str) -> str:
    return _TEMPLATE.sub("{}", path)


def item_values(target: CompiledOperation, resource: Resource, item: Item, exchange: Exchange) -> dict[str, str] | None:
    """Tell what stands in the templates of an item's path: its id, and its parents' as the request or it names them."""
    *parents, own = template_names(target.operation.path)
    if resource.id is None or resource.id not in item:
        return None
    known = {**dict(zip(resource.parents, parents, strict=False))}
    given = exchange.values.get("path", {})
    values: dict[str, str] = {}
    for told, name in known.items():
        value = given.get(told, given.get(name, item.get(told, item.get(name))))
        if value is None:
            return None
        values[name] = str(value)
    return {**values, own: str(item[resource.id])}


def fill(path: str, values: dict[str, str]) -> str:
    """Write a path template with its values."""
    return _TEMPLATE.sub(lambda match: quote(values.get(match[1], ""), safe="~!$&'()*+,;=:@"), path)


def prefix(operation: CompiledOperation, exchange: Exchange) -> str:
    """Tell what stands before the operation's own path in the request's: a server's base path, a mount, or nothing."""
    own = operation.operation.path.count("/")
    segments = exchange.path.split("/")
    return "/".join(segments[: len(segments) - own])


def absolute(path: str, exchange: Exchange) -> str:
    """Write a path as a URL at the host that the client called; as it is where that is no host's name."""
    host = exchange.header(b"host") or ""
    return f"{exchange.scheme}://{host}{path}" if _HOST.fullmatch(host) else path
