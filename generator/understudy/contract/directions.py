"""A document and a direction go in; the same schemas as they hold for what is sent that way come out.

OpenAPI, Schema Object (JSON Schema validation 2020-12, 9.4): a `readOnly` property has no place in a request and a
`writeOnly` one none in a response, wherever it stands, and a `required` that names it does not count there. Pointers
stay as they are. What stands under `not`, `if` and the like is no demand and keeps its meaning: it refers to the plain
document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract import grammar
from understudy.contract import pointer as pointers

if TYPE_CHECKING:
    from collections.abc import Iterator

Tokens = tuple[str | int, ...]
Names = frozenset[str]

SAID = {"readOnly": "is read-only", "writeOnly": "is write-only"}
"""The keywords, and what a value is told that stands where one of them keeps it out."""

_COPIES = "x-understudy-directed"
_IN_PLACE = ("allOf", "anyOf", "oneOf", "then", "else", "dependentSchemas")
_ALTERNATIVES = {"anyOf": "anyOf", "oneOf": "oneOf", "then": "if", "else": "if"}
"""Keyword → the group of branches it belongs to, of which one does not speak for another."""
_PROPERTIES = ("properties", "patternProperties", "additionalProperties", "unevaluatedProperties")
_NO_DEMANDS = ("not", "if", "propertyNames")
_NOTHING: Names = frozenset()


def forbids(schema: Any) -> str:
    """Tell which keyword made a schema the one that takes nothing; empty if none did."""
    return next((keyword for keyword in SAID if schema == {keyword: True}), "")


def is_marked(document: dict[str, Any], schema: Any, keyword: str) -> bool:
    """Tell whether all that a schema says of a value comes to `readOnly: true`, or `writeOnly: true`."""
    return _is_marked(document, schema, keyword, frozenset())


def _is_marked(document: dict[str, Any], schema: Any, keyword: str, above: frozenset[int]) -> bool:
    if not isinstance(schema, dict) or id(schema) in above:
        return False
    if schema.get(keyword) is True:
        return True
    above |= {id(schema)}
    united = schema.get("allOf")
    parts = [*(united if isinstance(united, list) else ()), referred(document, schema)]
    if any(_is_marked(document, part, keyword, above) for part in parts):
        return True
    for name in ("anyOf", "oneOf"):
        listed = schema.get(name)
        branches = [one for one in listed if one != {"type": "null"}] if isinstance(listed, list) else []
        if branches and all(_is_marked(document, branch, keyword, above) for branch in branches):
            return True
    return False


def referred(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Follow a schema's own `$ref` one step; None where it has none, or none into the document."""
    reference = schema.get("$ref")
    if not (isinstance(reference, str) and reference.startswith("#")):
        return None
    try:
        return pointers.resolve(document, pointers.split_fragment(reference[1:]))
    except (KeyError, ValueError):
        return None


def directed(document: dict[str, Any], keyword: str, plain: str) -> dict[str, Any]:
    """Rewrite all schemas for one direction; `plain` is the URI of the document as it is. Itself if nothing differs."""
    schemas = (node.value for node in grammar.walk(document) if node.kind == "schema")
    if not any(isinstance(schema, dict) and schema.get(keyword) is True for schema in schemas):
        return document
    return _Rewriter(document, keyword, plain).run()


class _Rewriter:
    def __init__(self, document: dict[str, Any], keyword: str, plain: str) -> None:
        self.document, self.keyword, self.plain = document, keyword, plain
        self.forbidden: dict[str, Any] = {"not": {keyword: True}}
        self.copies: dict[tuple[str, Names], str] = {}
        self.waiting: list[tuple[str, Any, Names]] = []
        self.closures: dict[int, list[dict[str, Any]]] = {}
        self.known: dict[int, Names] = {}

    def run(self) -> dict[str, Any]:
        made = self._object(self.document, "openapi")
        copied = {}
        while self.waiting:
            name, schema, elsewhere = self.waiting.pop()
            copied[name] = self._schema(schema, elsewhere)
        return {**made, _COPIES: copied}

    def _object(self, value: Any, kind: str) -> Any:
        """Rewrite the schemas in an object of the document."""
        if kind == "schema":
            return self._schema(value, _NOTHING)
        made = value
        for child_kind, below, child in grammar.children(kind, value):
            rewritten = self._object(child, child_kind)
            if rewritten is not child:
                made = dict(value) if made is value else made
                grammar.put_child(made, value, below, rewritten)
        return made

    def _schema(self, schema: Any, elsewhere: Names) -> Any:
        """Rewrite a schema; `elsewhere` are the names kept out by others that speak of the same instance."""
        if not isinstance(schema, dict):
            return schema
        made = dict(schema)
        shut = elsewhere | self._shut(schema)
        if shut:
            _release(made, schema, shut)
        told = list(self._told(schema))
        for _, below, child in grammar.children("schema", schema):
            grammar.put_child(
                made, schema, below, self._below(schema, below, child, _from_others(told, below) | elsewhere)
            )
        if self._is_told_apart_by_what_is_shut(schema, told, elsewhere):
            made["allOf"] = [*made.get("allOf", ()), {"anyOf": made.pop("oneOf")}]
        if isinstance(schema.get("$ref"), str):
            made["$ref"] = self._reference(schema, _from_others(told, ("$ref",)) | elsewhere)
        return made

    def _below(self, schema: dict[str, Any], below: Tokens, child: Any, elsewhere: Names) -> Any:
        name = str(below[0])
        if name in _NO_DEMANDS or (name == "contains" and "maxContains" in schema):
            return absolute(child, self.plain)
        if name in _PROPERTIES and is_marked(self.document, child, self.keyword):
            return self.forbidden
        return self._schema(child, elsewhere if name in _IN_PLACE else _NOTHING)

    def _reference(self, schema: dict[str, Any], elsewhere: Names) -> str:
        """Refer to the target as it is, or to a copy that knows which names others keep out."""
        reference = str(schema["$ref"])
        target = referred(self.document, schema)
        relevant = elsewhere & self._demanded(target)
        if not relevant:
            return reference
        if (reference, relevant) not in self.copies:
            name = self.copies[reference, relevant] = str(len(self.copies))
            self.waiting.append((name, target, relevant))
        return f"#/{_COPIES}/{self.copies[reference, relevant]}"

    def _is_told_apart_by_what_is_shut(
        self, schema: dict[str, Any], told: list[tuple[Tokens, Names]], elsewhere: Names
    ) -> bool:
        """Tell whether one of several alternatives was the one by a property that now can't be there."""
        branches = schema.get("oneOf")
        released = {
            self._demanded(branch) & (_from_others(told, ("oneOf", index)) | elsewhere | self._shut(branch))
            for index, branch in enumerate(branches if isinstance(branches, list) else ())
        }
        return len(released) > 1

    def _told(self, schema: dict[str, Any]) -> Iterator[tuple[Tokens, Names]]:
        """Yield the names that each part of a schema keeps out of the same instance."""
        yield ("properties",), self._own(schema)
        if (target := referred(self.document, schema)) is not None:
            yield ("$ref",), self._shut(target)
        for _, below, child in grammar.children("schema", schema):
            if below[0] in _IN_PLACE:
                yield below, self._shut(child)

    def _own(self, schema: dict[str, Any]) -> Names:
        properties = schema.get("properties")
        named = properties.items() if isinstance(properties, dict) else ()
        return frozenset(name for name, one in named if is_marked(self.document, one, self.keyword))

    def _shut(self, schema: Any) -> Names:
        """Name what a schema, or any schema it applies to the same instance, keeps out."""
        if id(schema) not in self.known:
            self.known[id(schema)] = _NOTHING.union(*map(self._own, self._closure(schema)))
        return self.known[id(schema)]

    def _demanded(self, schema: Any) -> Names:
        """Name what a schema, or any schema it applies to the same instance, may require."""
        return frozenset(name for part in self._closure(schema) for name in _demands(part))

    def _closure(self, schema: Any) -> list[dict[str, Any]]:
        """List a schema and all that it applies to the same instance, references followed."""
        if id(schema) in self.closures:
            return self.closures[id(schema)]
        found: dict[int, dict[str, Any]] = {}
        waiting = [schema]
        while waiting:
            part = waiting.pop()
            if isinstance(part, dict) and id(part) not in found:
                found[id(part)] = part
                waiting.append(referred(self.document, part))
                inside = grammar.children("schema", part)
                waiting.extend(child for _, below, child in inside if below[0] in _IN_PLACE)
        self.closures[id(schema)] = list(found.values())
        return self.closures[id(schema)]


def _demands(schema: dict[str, Any]) -> Iterator[str]:
    dependent = schema.get("dependentRequired")
    lists = [schema.get("required"), *(dependent.values() if isinstance(dependent, dict) else ())]
    for listed in lists:
        yield from (name for name in (listed if isinstance(listed, list) else ()) if isinstance(name, str))


def _release(made: dict[str, Any], schema: dict[str, Any], shut: Names) -> None:
    """Demand nothing that can't be there."""
    if isinstance(schema.get("required"), list):
        made["required"] = _without(schema["required"], shut)
    dependent = schema.get("dependentRequired")
    if isinstance(dependent, dict):
        made["dependentRequired"] = {
            name: _without(listed, shut) if isinstance(listed, list) else listed for name, listed in dependent.items()
        }


def _without(listed: list[Any], shut: Names) -> list[Any]:
    return [name for name in listed if not (isinstance(name, str) and name in shut)]


def _from_others(told: list[tuple[Tokens, Names]], below: Tokens) -> Names:
    """Gather what all parts keep out but the one at hand and its alternatives."""
    group = _ALTERNATIVES.get(str(below[0]))
    others = (names for at, names in told if at != below and not (group and _ALTERNATIVES.get(str(at[0])) == group))
    return _NOTHING.union(*others)


def absolute(value: Any, base: str) -> Any:
    """Let the references of a schema that leaves the document still lead into it."""
    if isinstance(value, list):
        return [absolute(item, base) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: absolute(item, base) for key, item in value.items()}
    if isinstance(value.get("$ref"), str) and value["$ref"].startswith("#"):
        made["$ref"] = base + value["$ref"]
    return made
