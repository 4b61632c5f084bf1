"""A bundle and a pointer to one of its schemas go in; a compiled validator that tells *all* faults comes out.

The one door to jsonschema-rs. Dialect: JSON Schema 2020-12 with formats asserted; OpenAPI 3.0 schemas are lifted first.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import jsonschema_rs

from understudy.contract import pointer as pointers
from understudy.contract.dialect import lift

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Tokens = tuple[str | int, ...]

_BASE = "urn:understudy:contract"


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


@dataclass(frozen=True)
class SchemaSet:
    """All schemas of one bundle."""

    document: dict[str, Any]

    @cached_property
    def lifted(self) -> dict[str, Any]:
        """The document with all its schemas in the one dialect."""
        return lift(self.document)

    @cached_property
    def _registry(self) -> Any:
        return jsonschema_rs.Registry([(_BASE, self.lifted)], draft=jsonschema_rs.Draft202012)

    def validator(self, tokens: Tokens) -> Validator:
        """Compile the schema that stands at the tokens. Raises ValueError if it is no JSON Schema."""
        return self.compile({"$ref": f"{_BASE}#{_fragment(tokens)}"})

    def validator_of_all(self, places: Iterable[Tokens]) -> Validator:
        """Compile many schemas in one go, for an array that is held to them item by item. Raises ValueError."""
        return self.compile({"prefixItems": [{"$ref": f"{_BASE}#{_fragment(tokens)}"} for tokens in places]})

    def request_validator(self, tokens: Tokens, read_only: frozenset[str]) -> Validator:
        """Compile a schema for requests, where a required read-only property is not (OpenAPI, Schema Object)."""
        if not read_only:
            return self.validator(tokens)
        schema = pointers.resolve(self.lifted, tokens)
        while isinstance(schema, dict) and set(schema) == {"$ref"}:
            schema = pointers.resolve(self.lifted, pointers.split_fragment(schema["$ref"][1:]))
        required = [name for name in schema.get("required", []) if name not in read_only]
        return self.compile(_absolute({**schema, "required": required}))

    def compile(self, schema: dict[str, Any] | bool) -> Validator:
        """Compile a schema that may refer to the bundle's by `urn:understudy:contract#/…`."""
        try:
            compiled = jsonschema_rs.Draft202012Validator(
                schema,
                registry=self._registry,
                validate_formats=True,
                formats={"byte": _is_base64},
                offline=True,
            )
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
            raise ValueError(str(getattr(error, "message", error))) from None
        return Validator(compiled)


def _absolute(value: Any) -> Any:
    """Let the references of a schema that leaves the document still lead into it."""
    if isinstance(value, list):
        return [_absolute(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _absolute(item) for key, item in value.items()}
    if isinstance(value.get("$ref"), str) and value["$ref"].startswith("#"):
        made["$ref"] = _BASE + value["$ref"]
    return made


def compile_document(schema: dict[str, Any], *others: dict[str, Any]) -> Validator:
    """Compile a schema that stands alone, in the dialect its `$schema` declares; `others` are found by their `$id`."""
    registry = jsonschema_rs.Registry([(other["$id"], other) for other in others], draft=jsonschema_rs.Draft202012)
    compiler: Any = jsonschema_rs.validator_cls_for(schema)
    return Validator(compiler(schema, registry=registry, validate_formats=True, offline=True))


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
