"""A bundle and a pointer to one of its schemas go in; a compiled validator that tells *all* faults comes out.

The one door to jsonschema-rs. Dialect: JSON Schema 2020-12 with formats asserted; OpenAPI 3.0 schemas are lifted first.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import jsonschema_rs

from understudy.contract import directions, grammar
from understudy.contract import pointer as pointers
from understudy.contract.dialect import lift

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Tokens = tuple[str | int, ...]

_BASE = "urn:understudy:contract"
_FEW = 32
"""So many schemas are not divided further to find out which of them is none."""


class SchemaError(ValueError):
    """A schema is no JSON Schema; `tokens` lead to the place in the document, and are none where that is not known."""

    def __init__(self, message: str, tokens: Tokens) -> None:
        super().__init__(message)
        self.tokens = tokens


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault of an instance: where (tokens from the instance's root), which keyword says so, and why."""

    tokens: Tokens
    keyword: str
    message: str
    expected: Any = None


class Validator:
    """A compiled schema. `schema` is what the pointer leads to."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled
        self.is_valid: Any = compiled.is_valid

    def violations(self, instance: Any) -> Iterator[Violation]:
        """Yield every fault, alternatives (`anyOf`, `oneOf`) told by the branch that came nearest."""
        for error in self._compiled.iter_errors(instance):
            yield from _explain(error, ())


class _Member(Validator):
    """A schema that was compiled with others, as what an object holds by this name."""

    def __init__(self, compiled: Any, name: str) -> None:
        super().__init__(compiled)
        self._name = name
        is_valid = compiled.is_valid
        self.is_valid = lambda instance: is_valid({name: instance})

    def violations(self, instance: Any) -> Iterator[Violation]:
        """Yield every fault, places without the name."""
        for found in super().violations({self._name: instance}):
            yield replace(found, tokens=found.tokens[1:])


@dataclass(frozen=True)
class SchemaSet:
    """All schemas of one bundle. `direction` is the keyword for whose sake they were rewritten."""

    document: dict[str, Any]
    direction: str = ""

    @cached_property
    def lifted(self) -> dict[str, Any]:
        """The document with all its schemas in the one dialect."""
        return lift(self.document)

    @cached_property
    def of_requests(self) -> SchemaSet:
        """The schemas as they hold for what a client sends (OpenAPI, Schema Object, `readOnly`)."""
        return self._directed("readOnly")

    @cached_property
    def of_responses(self) -> SchemaSet:
        """The schemas as they hold for what a server sends (OpenAPI, Schema Object, `writeOnly`)."""
        return self._directed("writeOnly")

    def _directed(self, keyword: str) -> SchemaSet:
        rewritten = directions.directed(self.lifted, keyword, _BASE)
        return self if rewritten is self.lifted else _DirectedSet(rewritten, keyword, self)

    @property
    def _base(self) -> str:
        return f"{_BASE}:{self.direction}" if self.direction else _BASE

    @cached_property
    def _registry(self) -> Any:
        return jsonschema_rs.Registry(self._resources(), draft=jsonschema_rs.Draft202012)

    def _resources(self) -> list[tuple[str, Any]]:
        return [(_BASE, self.lifted)]

    def validator(self, tokens: Tokens) -> Validator:
        """Compile the schema that stands at the tokens. Raises SchemaError if it is no JSON Schema."""
        name = _fragment(tokens)
        if name in self._together:
            return _Member(self._together[name], name)
        return self.compile(self._reference(name))

    def _reference(self, fragment: str) -> dict[str, Any]:
        return {"$ref": f"{self._base}#{fragment}"}

    @cached_property
    def _together(self) -> dict[str, Any]:
        """Compile all schemas at once, by pointer: each is compiled with all it refers to, which then is shared.

        Those that are no JSON Schema, or refer to such, are left out with few others.
        """
        nodes = (node for node in grammar.walk(self.lifted) if node.kind == "schema")
        return dict(self._grouped([_fragment(node.tokens) for node in nodes if isinstance(node.value, dict | bool)]))

    def _grouped(self, names: list[str]) -> Iterator[tuple[str, Any]]:
        try:
            whole = self._compiled({"properties": {name: self._reference(name) for name in names}})
        except SchemaError:
            if len(names) > _FEW:
                yield from self._grouped(names[: len(names) // 2])
                yield from self._grouped(names[len(names) // 2 :])
            return
        yield from ((name, whole) for name in names)

    def validator_of_all(self, places: Iterable[Tokens]) -> Validator:
        """Compile many schemas in one go, for an array that is held to them item by item. Raises ValueError."""
        return self.compile({"prefixItems": [self._reference(_fragment(tokens)) for tokens in places]})

    def compile(self, schema: dict[str, Any] | bool) -> Validator:
        """Compile a schema that may refer to the bundle's by `urn:understudy:contract#/…`."""
        return Validator(self._compiled(schema))

    def _compiled(self, schema: dict[str, Any] | bool) -> Any:
        try:
            return jsonschema_rs.Draft202012Validator(
                schema,
                registry=self._registry,
                validate_formats=True,
                formats={"byte": _is_base64},
                offline=True,
            )
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
            raise SchemaError(str(getattr(error, "message", error)), tuple(getattr(error, "schema_path", ()))) from None


@dataclass(frozen=True)
class _DirectedSet(SchemaSet):
    """Schemas that were rewritten for a direction; what is no demand in them refers to the plain ones."""

    plain: SchemaSet | None = None

    @cached_property
    def lifted(self) -> dict[str, Any]:
        """The rewritten document."""
        return self.document

    def _resources(self) -> list[tuple[str, Any]]:
        resources = [(self._base, self.lifted)]
        return resources if self.plain is None else [*resources, (_BASE, self.plain.lifted)]


def compile_document(schema: dict[str, Any], *others: dict[str, Any]) -> Validator:
    """Compile a schema that stands alone, in the dialect its `$schema` declares; `others` are found by their `$id`."""
    registry = jsonschema_rs.Registry([(other["$id"], other) for other in others], draft=jsonschema_rs.Draft202012)
    compiler: Any = jsonschema_rs.validator_cls_for(schema)
    return Validator(compiler(schema, registry=registry, validate_formats=True, offline=True))


def compile_pattern(pattern: str) -> Callable[[str], bool] | None:
    """Compile a regular expression that takes time in proportion to a text; none if it is no such expression."""
    try:
        compiled: Any = jsonschema_rs.Draft202012Validator(
            {"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions()
        )
    except jsonschema_rs.ValidationError:
        return None
    is_valid: Callable[[str], bool] = compiled.is_valid
    return is_valid


def _fragment(tokens: Tokens) -> str:
    return quote(pointers.join(tokens), safe="/~!$&'()*+,;=:@")


def _explain(error: Any, prefix: Tokens) -> Iterator[Violation]:
    kind = error.kind
    name = kind.name
    tokens = (*prefix, *error.instance_path)
    if name in ("anyOf", "oneOf") and getattr(kind, "context", None):
        branches = [branch for branch in kind.context if branch]
        if branches:
            nearest = min(branches, key=lambda branch: _distance(branch, len(error.instance_path)))
            for inner in nearest:
                yield from _explain(inner, prefix)
            return
    if name == "required":
        yield Violation((*tokens, kind.property), name, "is required")
    elif name in ("additionalProperties", "unevaluatedProperties"):
        for unexpected in kind.unexpected:
            yield Violation((*tokens, unexpected), name, "is not a declared property")
    elif name == "propertyNames":
        yield Violation((*tokens, kind.error.instance), name, kind.error.message)
    elif name == "not" and (keyword := directions.forbids(kind.schema)):
        yield Violation(tokens, keyword, directions.SAID[keyword])
    else:
        yield Violation(tokens, name, error.message, kind.value if hasattr(kind, "value") else None)


def _distance(branch: list[Any], depth: int) -> tuple[int, int, int]:
    """Prefer what is no Reference Object, then the alternative of the right type, then the one with fewest faults."""
    reference = any(error.kind.name == "required" and error.kind.property == "$ref" for error in branch)
    wrong_type = any(
        error.kind.name in ("type", "const", "enum") and len(error.instance_path) == depth for error in branch
    )
    return int(reference), int(wrong_type), len(branch)


def _is_base64(value: str) -> bool:
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
