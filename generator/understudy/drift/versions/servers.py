"""Two contracts, or two operations, go in; where the API is to be found is compared (OpenAPI, Server Object)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.drift.versions.nodes import listed, mapped
from understudy.drift.versions.scope import followed
from understudy.drift.versions.values import shown

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Operation
    from understudy.drift.versions.nodes import Tokens
    from understudy.drift.versions.scope import Scope

Server = tuple[dict[str, Any], "Tokens"]


def compare(scope: Scope) -> None:
    """Compare the servers of all operations."""
    _compare(scope, _servers(scope.old.document, ()), _servers(scope.new.document, ()))


def compare_of_operation(scope: Scope, old: Operation, new: Operation) -> None:
    """Compare the servers that an operation has of its own, or by its path item."""
    before, after = _own(scope.old, old), _own(scope.new, new)
    if before or after:
        _compare(
            scope,
            before or _servers(scope.old.document, ()),
            after or _servers(scope.new.document, ()),
        )


def _own(contract: Contract, operation: Operation) -> dict[str, Server]:
    item = followed(contract, ("paths", operation.path))
    return _servers(operation.value, operation.tokens) or _servers(item.value, item.tokens)


def _servers(value: Any, tokens: Tokens) -> dict[str, Server]:
    return {
        str(one.get("url", "")).rstrip("/"): (one, (*tokens, "servers", index))
        for index, one in enumerate(listed(value, "servers"))
        if isinstance(one, dict)
    }


def _compare(scope: Scope, old: dict[str, Server], new: dict[str, Server]) -> None:
    for url, (one, place) in new.items():
        if url not in old:
            scope.say("server-added", {"url": url or "/"}, ("servers",), place)
        else:
            _variables(scope, url, old[url], (one, place))
    for url, (_, place) in old.items():
        if url not in new:
            scope.say("server-removed", {"url": url or "/"}, place, _parent(new))


def _parent(servers: dict[str, Server]) -> Tokens:
    return next((place[:-1] for _, place in servers.values()), ())


def _variables(scope: Scope, url: str, old: Server, new: Server) -> None:
    before, after = mapped(old[0], "variables"), mapped(new[0], "variables")
    for name in before:
        if name not in after:
            continue
        place = (*new[1], "variables", name)
        one, other = mapped(before, name), mapped(after, name)
        if one.get("default") != other.get("default"):
            was, is_now = (shown(value.get("default")) for value in (one, other))
            said = {"name": name, "url": url, "before": was, "after": is_now}
            scope.say("server-variable-changed/default", said, old[1], place)
        if lost := [value for value in listed(one, "enum") if listed(other, "enum") and value not in other["enum"]]:
            said = {"name": name, "url": url, "values": ", ".join(map(shown, lost))}
            scope.say("server-variable-changed/value", said, old[1], place)
