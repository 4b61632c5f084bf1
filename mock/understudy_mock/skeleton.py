"""A contract of any OpenAPI 3 version goes in; the little of it that Connexion needs comes out as OpenAPI 3.0.

Connexion reads 3.0 only, and copies and resolves every schema it is given. It gets paths, methods, operationIds,
parameters and media types; the schemas stay with us, in their own dialect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.contract.model import Operation
    from understudy_mock.compiling import CompiledContract
    from understudy_mock.schema_facts import SchemaFacts

_PLACES = ("path", "query", "header", "cookie")
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_TYPES = ("object", "array", "boolean", "integer", "number")


def skeleton(compiled: CompiledContract) -> dict[str, Any]:
    """Write the document that `ConnexionMiddleware.add_api` loads."""
    paths: dict[str, dict[str, Any]] = {}
    for entry in compiled.operations.values():
        operation = entry.operation
        path, method = carried(operation)
        paths.setdefault(path, {})[method] = _operation(operation, compiled.facts)
    info = {"title": compiled.name, "version": "1"}
    return {"openapi": "3.0.3", "info": info, "servers": [{"url": compiled.base_path or "/"}], "paths": paths}


def carried(operation: Operation) -> tuple[str, str]:
    """Say under which path and method Connexion keeps an operation: a method it does not know goes into the path."""
    method = operation.method.lower()
    return (operation.path, method) if method in _METHODS else (f"/{operation.method} {operation.path}", "post")


def _operation(operation: Operation, facts: SchemaFacts) -> dict[str, Any]:
    made: dict[str, Any] = {"operationId": operation.id, "responses": {"default": {"description": "any"}}}
    parameters = [
        {
            "name": str(placed.value.get("name")),
            "in": str(placed.value.get("in")),
            "required": placed.value.get("in") == "path" or bool(placed.value.get("required")),
            "schema": _schema(facts, (*placed.tokens, "schema")) if "schema" in placed.value else {},
        }
        for placed in operation.parameters
        if placed.value.get("in") in _PLACES
    ]
    if parameters:
        made["parameters"] = parameters
    body = operation.request_body.value if operation.request_body else {}
    content = body.get("content") if isinstance(body, dict) else None
    if isinstance(content, dict) and content:
        made["requestBody"] = {"content": {name: {"schema": {}} for name in content}}
    return made


def _schema(facts: SchemaFacts, tokens: tuple[str | int, ...]) -> dict[str, Any]:
    types = facts.types(tokens)
    if "string" in types:
        return {"type": "string"}
    return next(({"type": name, **({"items": {}} if name == "array" else {})} for name in _TYPES if name in types), {})
