"""Two operations go in; their parameters are compared (OpenAPI, Parameter Object)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from understudy.drift.versions import bodies
from understudy.drift.versions.effects import Direction
from understudy.drift.versions.nodes import is_set, mapped
from understudy.drift.versions.sentences import PHRASES, phrase
from understudy.drift.versions.shapes import Shape

if TYPE_CHECKING:
    from understudy.contract.model import Operation, Placed
    from understudy.drift.versions.nodes import Schemas, Tokens
    from understudy.drift.versions.scope import Scope
    from understudy.drift.versions.sentences import Value
    from understudy.sentence import Sentence

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
            said = {"name": str(one.value.get("name")), "before": moved[0], "after": name[0]}
            scope.say("parameter-moved", said, gone.pop(moved).tokens, one.tokens)
        else:
            rule = "required-parameter-added" if _is_required(one.value) else "parameter-added"
            scope.say(rule, {"parameter": subject(one.value)}, old.tokens, one.tokens)
    for one in gone.values():
        scope.say("parameter-removed", {"parameter": subject(one.value)}, one.tokens, new.tokens)


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


def subject(value: dict[str, Any]) -> Sentence:
    """Name a parameter in a sentence."""
    place, name = str(value.get("in")), str(value.get("name"))
    key = f"{place}-parameter"
    return phrase(key, name=name) if key in PHRASES else phrase("parameter", place=place, name=name)


def _is_required(value: dict[str, Any]) -> bool:
    return value.get("in") == "path" or is_set(value, "required")


def _parameter(scope: Scope, old: Placed, new: Placed) -> None:
    before, after = old.value, new.value
    said = {"parameter": subject(after)}
    if before.get("name") != after.get("name") and after.get("in") == "path":
        names = {"before": str(before.get("name")), "after": str(after.get("name"))}
        scope.say("parameter-renamed", names, (*old.tokens, "name"), (*new.tokens, "name"))
    if _is_required(before) != _is_required(after):
        rule = f"parameter-became-{'required' if _is_required(after) else 'optional'}"
        scope.say(rule, said, (*old.tokens, "required"), (*new.tokens, "required"))
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
        said = {"parameter": subject(new.value)}
        scope.say(rules[is_now], said, (*old.tokens, keyword), (*new.tokens, keyword))


def _written(scope: Scope, old: Placed, new: Placed) -> None:
    """Compare how a value is written, and which values there are."""
    before, after = _style(scope.units.old.schemas, old), _style(scope.units.new.schemas, new)
    if before != after:
        said: dict[str, Value] = {"parameter": subject(new.value), "before": before, "after": after}
        scope.say("parameter-style-changed", said, old.tokens, new.tokens)
    scope.schemas(_schema(old), _schema(new), Direction.REQUEST, subject(new.value))


def _style(schemas: Schemas, placed: Placed) -> Value:
    """Say how the value is written, so far as that makes a difference to it."""
    value = placed.value
    if content := mapped(value, "content"):
        return next(iter(content))
    style = str(value.get("style", _STYLES.get(str(value.get("in")), "form")))
    explode = value.get("explode")
    is_exploded = explode if isinstance(explode, bool) else style in ("form", "cookie")
    return phrase("exploded", style=style) if is_exploded and not _is_scalar(schemas, placed) else style


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
            _say_of_sent(scope, "gone", one, (one.tokens, new.tokens))
        elif one is None and other is not None:
            _say_of_sent(scope, "new", other, (old.tokens, other.tokens))
        elif one is not None and other is not None:
            scope.schemas(_schema(one), _schema(other), Direction.REQUEST, subject(other.value))
            if _is_required(one.value) != _is_required(other.value):
                case = "required" if _is_required(other.value) else "optional"
                _say_of_sent(scope, case, other, (one.tokens, other.tokens))


def _say_of_sent(scope: Scope, case: str, placed: Placed, places: tuple[Tokens, Tokens]) -> None:
    said = {"parameter": subject(placed.value), "sender": scope.sender or ""}
    scope.say(f"webhook-parameter-changed/{case}", said, *places)
