"""Two contracts go in; their operations are brought together, and what they say of themselves is compared.

A path is the same path where only the names of its parameters differ. An operation that moved is gone and new.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from understudy.drift.versions import bodies, parameters, responses, securities, servers
from understudy.drift.versions.nodes import is_set, listed, mapped
from understudy.drift.versions.scope import followed
from understudy.drift.versions.sentences import named, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Operation
    from understudy.drift.versions.nodes import Tokens
    from understudy.drift.versions.scope import Scope
    from understudy.drift.versions.sentences import Value
    from understudy.sentence import Sentence

_PARAMETER = re.compile(r"\{[^{}]*\}")


def compare(scope: Scope) -> None:
    """Compare all operations under `paths`."""
    pairs = list(_paired(scope.old.operations, scope.new.operations))
    for before, after in pairs:
        if before and after:
            _operation(scope.of(after.id), before, after)
        elif after:
            said = {"operation": named(after)}
            scope.of(after.id).say("operation-added", said, ("paths",), after.tokens, of_key=True)
        elif before:
            _removed(scope.of(before.id), before)


def _paired(
    old: tuple[Operation, ...], new: tuple[Operation, ...]
) -> Iterator[tuple[Operation | None, Operation | None]]:
    """Bring operations together by method and path: first as written, then without the names of parameters."""
    left = {(one.method, one.path): one for one in old}
    exact = {id(one): left.pop((one.method, one.path), None) for one in new}
    alike = {(one.method, _PARAMETER.sub("{}", one.path)): one for one in left.values()}
    for one in new:
        before = exact[id(one)] or alike.pop((one.method, _PARAMETER.sub("{}", one.path)), None)
        yield before, one
        if before:
            left.pop((before.method, before.path), None)
    for gone in left.values():
        yield gone, None


def _removed(scope: Scope, operation: Operation) -> None:
    place: Tokens = ("paths", operation.path) if operation.path in mapped(scope.new.document, "paths") else ("paths",)
    rule = "deprecated-operation-removed" if is_set(operation.value, "deprecated") else "operation-removed"
    scope.say(rule, {"operation": named(operation)}, operation.tokens, place)


def _operation(scope: Scope, old: Operation, new: Operation) -> None:
    _about(scope, old, new)
    _tags(scope, old, new)
    parameters.compare(scope, old, new)
    bodies.compare(scope, old, new)
    responses.compare(scope, old, new)
    securities.compare(scope, old, new)
    servers.compare_of_operation(scope, old, new)
    _callbacks(scope, old, new)


def _about(scope: Scope, old: Operation, new: Operation) -> None:
    before, after = old.value, new.value
    if before.get("operationId") != after.get("operationId"):
        said: dict[str, Value] = {"operation": named(new), "before": _id(before), "after": _id(after)}
        scope.say("operation-id-changed", said, (*old.tokens, "operationId"), (*new.tokens, "operationId"))
    if is_set(before, "deprecated") != (is_old := is_set(after, "deprecated")):
        rule = "operation-deprecated" if is_old else "operation-restored"
        scope.say(rule, {"operation": named(new)}, (*old.tokens, "deprecated"), (*new.tokens, "deprecated"))
    _sunset(scope, old, new)
    scope.say_texts(named(new), old.tokens, new.tokens)


def _id(value: dict[str, Any]) -> Sentence:
    name = value.get("operationId")
    return phrase("code", name=str(name)) if name else phrase("none")


def _sunset(scope: Scope, old: Operation, new: Operation) -> None:
    before, after = old.value.get("x-sunset"), new.value.get("x-sunset")
    if before == after:
        return
    places = (*old.tokens, "x-sunset"), (*new.tokens, "x-sunset")
    if before is None:
        scope.say("sunset-added", {"operation": named(new), "day": str(after)}, *places)
    elif after is None:
        scope.say("sunset-removed", {"operation": named(new), "day": str(before)}, *places)
    else:
        said = {"operation": named(new), "before": str(before), "after": str(after)}
        scope.say("sunset-changed", said, *places)


def _tags(scope: Scope, old: Operation, new: Operation) -> None:
    before, after = ([name for name in listed(one.value, "tags") if isinstance(name, str)] for one in (old, new))
    places = (*old.tokens, "tags"), (*new.tokens, "tags")
    for name in after:
        if name not in before:
            scope.say("tag-added", {"operation": named(new), "tag": name}, *places)
    for name in before:
        if name not in after:
            scope.say("tag-removed", {"operation": named(new), "tag": name}, *places)


def compare_webhooks(scope: Scope) -> None:
    """Compare what the API sends of its own accord."""
    old, new = (_webhooks(contract) for contract in (scope.old, scope.new))
    for name, after in new.items():
        if before := old.get(name):
            sender = phrase("webhook", name=name[0])
            _sent(scope.of(f"webhook {name[0]}", is_sent_by_api=True, sender=sender), before, after)
        else:
            said = {"name": name[0]}
            scope.of(f"webhook {name[0]}").say("webhook-added", said, (), after.tokens, of_key=True)
    for name, before in old.items():
        if name not in new:
            said = {"name": name[0]}
            scope.of(f"webhook {name[0]}").say("webhook-removed", said, before.tokens, ("webhooks",))


def _webhooks(contract: Contract) -> dict[tuple[str, str], Operation]:
    return {
        (name, one.method): one
        for name in mapped(contract.document, "webhooks")
        for one in contract.operations_of("", ("webhooks", name))
    }


def _callbacks(scope: Scope, old: Operation, new: Operation) -> None:
    before, after = _calls(scope.old, old), _calls(scope.new, new)
    for name, one in after.items():
        if name in before:
            sender = phrase("callback", name=name[0])
            _sent(scope.of(scope.operation, is_sent_by_api=True, sender=sender), before[name], one)
        else:
            said = {"operation": named(new), "name": name[0]}
            scope.say("callback-added", said, old.tokens, one.tokens, of_key=True)
    for name, one in before.items():
        if name not in after:
            said = {"operation": named(new), "name": name[0]}
            scope.say("callback-removed", said, one.tokens, new.tokens)


def _calls(contract: Contract, operation: Operation) -> dict[tuple[str, str, str], Operation]:
    found = {}
    for name in mapped(operation.value, "callbacks"):
        callback = followed(contract, (*operation.tokens, "callbacks", name))
        for expression in callback.value:
            if not expression.startswith("x-"):
                for one in contract.operations_of("", (*callback.tokens, expression)):
                    found[name, expression, one.method] = one
    return found


def _sent(scope: Scope, old: Operation, new: Operation) -> None:
    """Compare a request that the API makes and the answers that it takes."""
    parameters.compare_sent(scope, old, new)
    bodies.compare_sent(scope, old, new)
    responses.compare_sent(scope, old, new)
