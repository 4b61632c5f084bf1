"""Two operations go in; their parameters are compared (OpenAPI, Parameter Object)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from understudy.drift.versions import bodies
from understudy.drift.versions.effects import Direction
from understudy.drift.versions.nodes import is_set, mapped
from understudy.drift.versions.shapes import Shape

if TYPE_CHECKING:
    from understudy.contract.model import Operation, Placed
    from understudy.drift.versions.nodes import Schemas, Tokens
    from understudy.drift.versions.scope import Scope

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_IGNORED = ("accept", "content-type", "authorization")
"""Header parameters that shall be ignored."""
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}

Name = tuple[str, str]


def compare(scope: Scope, old: Operation, new: Operation) -> None:
    """Compare what callers send beside the body."""
    before, after = _parameters(old), _parameters(new)
    for name, one in after.items():
        if name in before:
            _parameter(scope, before[name], one)
    come = {name: one for name, one in after.items() if name not in before}
    gone = {name: one for name, one in before.items() if name not in after}
    for name, one in come.items():
        moved = next((other for other in gone if other[1].lower() == name[1].lower()), None)
        if moved:
            said = f"The parameter `{one.value.get('name')}` is sent in another place: {moved[0]} → {name[0]}."
            scope.say("parameter-moved", said, gone.pop(moved).tokens, one.tokens)
        else:
            is_needed = _is_required(one.value)
            rule = "required-parameter-added" if is_needed else "parameter-added"
            said = f"{'A required' if is_needed else 'An optional'} parameter is new: {subject(one.value)}."
            scope.say(rule, said, old.tokens, one.tokens)
    for one in gone.values():
        scope.say("parameter-removed", f"{_capital(one.value)} is no longer declared.", one.tokens, new.tokens)


def _parameters(operation: Operation) -> dict[Name, Placed]:
    """Give the parameters by place and name; those of the path by their position, whatever they are called."""
    positions = {name: str(index) for index, name in enumerate(_TEMPLATE.findall(operation.path))}
    found = {}
    for one in operation.parameters:
        place, name = str(one.value.get("in")), str(one.value.get("name"))
        if place == "header":
            name = name.lower()
            if name in _IGNORED:
                continue
        found[place, positions.get(name, name) if place == "path" else name] = one
    return found


def subject(value: dict[str, Any]) -> str:
    """Name a parameter in a sentence."""
    return f"the {value.get('in')} parameter `{value.get('name')}`"


def _capital(value: dict[str, Any]) -> str:
    return f"T{subject(value)[1:]}"


def _is_required(value: dict[str, Any]) -> bool:
    return value.get("in") == "path" or is_set(value, "required")


def _parameter(scope: Scope, old: Placed, new: Placed) -> None:
    before, after = old.value, new.value
    name = _capital(after)
    if before.get("name") != after.get("name") and after.get("in") == "path":
        said = f"The path parameter `{before.get('name')}` is called `{after.get('name')}`."
        scope.say("parameter-renamed", said, (*old.tokens, "name"), (*new.tokens, "name"))
    if _is_required(before) != _is_required(after):
        word = "required" if _is_required(after) else "optional"
        said, place = f"{name} is {word} now.", (*new.tokens, "required")
        scope.say(f"parameter-became-{word}", said, (*old.tokens, "required"), place)
    _flag(scope, old, new, "deprecated", ("parameter-restored", "parameter-deprecated"))
    if after.get("in") == "query":
        _flag(scope, old, new, "allowEmptyValue", ("parameter-empty-forbidden", "parameter-empty-allowed"))
    _flag(scope, old, new, "allowReserved", ("parameter-reserved-forbidden", "parameter-reserved-allowed"))
    _written(scope, old, new)
    bodies.compare_examples(scope, subject(after), old, new)
    scope.say_texts(subject(after), old.tokens, new.tokens)


def _flag(scope: Scope, old: Placed, new: Placed, keyword: str, rules: tuple[str, str]) -> None:
    was, is_now = (is_set(one.value, keyword) for one in (old, new))
    if was != is_now:
        said = f"{keyword} of {subject(new.value)} is {'set' if is_now else 'no longer set'}."
        scope.say(rules[is_now], said[:1].upper() + said[1:], (*old.tokens, keyword), (*new.tokens, keyword))


def _written(scope: Scope, old: Placed, new: Placed) -> None:
    """Compare how a value is written, and which values there are."""
    before, after = _style(scope.units.old.schemas, old), _style(scope.units.new.schemas, new)
    if before != after:
        said = f"The value of {subject(new.value)} is written in another way: {before} → {after}."
        scope.say("parameter-style-changed", said, old.tokens, new.tokens)
    scope.schemas(_schema(old), _schema(new), Direction.REQUEST, subject(new.value))


def _style(schemas: Schemas, placed: Placed) -> str:
    """Say how the value is written, so far as that makes a difference to it."""
    value = placed.value
    if content := mapped(value, "content"):
        return next(iter(content))
    style = str(value.get("style", _STYLES.get(str(value.get("in")), "form")))
    explode = value.get("explode")
    is_exploded = explode if isinstance(explode, bool) else style in ("form", "cookie")
    return f"{style}{', exploded' if is_exploded and not _is_scalar(schemas, placed) else ''}"


def _is_scalar(schemas: Schemas, placed: Placed) -> bool:
    if "schema" not in placed.value:
        return False
    return not {"array", "object"} & Shape(schemas, schemas.node((*placed.tokens, "schema"))).types


def _schema(placed: Placed) -> Tokens:
    if content := mapped(placed.value, "content"):
        return (*placed.tokens, "content", next(iter(content)), "schema")
    return (*placed.tokens, "schema")


def compare_sent(scope: Scope, old: Operation, new: Operation) -> None:
    """Compare what the API sends beside the body of a webhook or callback."""
    before, after = _parameters(old), _parameters(new)
    for name in dict.fromkeys((*after, *before)):
        one, other = before.get(name), after.get(name)
        if other is None and one is not None:
            said = f"{_capital(one.value)} of {scope.about} is gone."
            scope.say("webhook-parameter-changed", said, one.tokens, new.tokens)
        elif one is None and other is not None:
            said = f"{_capital(other.value)} of {scope.about} is new."
            scope.say("webhook-parameter-changed", said, old.tokens, other.tokens)
        elif one is not None and other is not None:
            scope.schemas(_schema(one), _schema(other), Direction.REQUEST, subject(other.value))
            if _is_required(one.value) != _is_required(other.value):
                words = "is always there" if _is_required(other.value) else "may be missing"
                said = f"{_capital(other.value)} of {scope.about} {words} now."
                scope.say("webhook-parameter-changed", said, one.tokens, other.tokens)
