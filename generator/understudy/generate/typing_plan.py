"""A contract goes in; the schemas that get a Python type come out, and which type each operation sends and receives.

Schemas keep their component's name. A body or parameter list that has none of its own is named after its operation:
`ListCallsRequest`, `ListCallsResponse200`, `ListCallsQuery`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from understudy.contract import grammar
from understudy.contract import pointer as pointers
from understudy.contract.bundling import Bundle
from understudy.contract.dialect import lift
from understudy.contract.hoisting import hoist, references
from understudy.generate.naming import Names, class_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Operation, Placed
    from understudy.finding import Location

_REF = "#/components/schemas/"
_PLACES = {"path": "Path", "query": "Query", "header": "Headers", "cookie": "Cookies"}
_IGNORED_HEADERS = ("accept", "content-type", "authorization")
"""OpenAPI 3.1, Parameter Object: parameters of these names are ignored."""

_JSON = re.compile(r"application/(.+\+)?json\b")


@dataclass(frozen=True)
class Body:
    """A type under its public name: `schema` names the entry of `Plan.schemas` that describes it."""

    name: str
    schema: str
    media_type: str = ""


@dataclass(frozen=True)
class OperationTypes:
    """What one operation takes and gives: parameters by place, bodies by media type, responses by status."""

    id: str
    method: str
    path: str
    parameters: dict[str, Body] = field(default_factory=dict)
    request: tuple[Body, ...] = ()
    responses: dict[str, tuple[Body, ...]] = field(default_factory=dict)

    def bodies(self) -> Iterator[Body]:
        """Yield every type of the operation."""
        yield from self.parameters.values()
        yield from self.request
        for bodies in self.responses.values():
            yield from bodies


@dataclass(frozen=True)
class Plan:
    """Everything the package is made of. Schemas are 2020-12 and refer to each other by class name."""

    title: str
    version: str
    schemas: dict[str, Any]
    operations: tuple[OperationTypes, ...]
    place: Location | None = None


def plan(contract: Contract) -> Plan:
    """Decide all names and gather all schemas of a contract."""
    return _Planner(contract).run()


class _Planner:
    def __init__(self, contract: Contract) -> None:
        document = hoist(lift(contract.document)).document
        self.place = contract.location(())
        self.contract = replace(contract, bundle=Bundle(document, {}))
        self.document = document
        self.names = Names()
        declared = document.get("components", {}).get("schemas", {})
        self.class_of = {name: self.names.claim(name) for name in declared}
        self.schemas: dict[str, Any] = {}

    def run(self) -> Plan:
        declared = self.document.get("components", {}).get("schemas", {})
        for schema in [*declared.values(), *(node.value for node in self._bodies())]:
            for part in (node.value for node in grammar.walk(schema, "schema") if isinstance(node.value, dict)):
                self._relax_one_sided(part)
        self._rename()
        self.schemas.update((self.class_of[name], schema) for name, schema in declared.items())
        operations = tuple(self._operation(operation) for operation in self.contract.operations)
        info = self.document.get("info", {})
        return Plan(
            str(info.get("title", self.contract.name)),
            str(info.get("version", "")),
            self.schemas,
            operations,
            self.place,
        )

    def _bodies(self) -> Iterator[grammar.Node]:
        for node in grammar.walk(self.document):
            if node.kind == "schema" and node.tokens[:2] != ("components", "schemas"):
                yield node

    def _relax_one_sided(self, schema: dict[str, Any]) -> None:
        """Require a read-only or write-only property of neither side; one of them never sends it (Schema Object)."""
        properties, required = schema.get("properties"), schema.get("required")
        if isinstance(properties, dict) and isinstance(required, list):
            schema["required"] = [name for name in required if not self._one_sided(properties.get(name))]

    def _one_sided(self, schema: Any) -> bool:
        for _ in range(len(self.class_of) + 1):
            if not isinstance(schema, dict):
                return False
            if schema.get("readOnly") is True or schema.get("writeOnly") is True:
                return True
            if not str(schema.get("$ref", "")).startswith(_REF):
                return False
            schema = pointers.resolve(self.document, pointers.split_fragment(schema["$ref"][1:]))
        return False

    def _rename(self) -> None:
        """Let references and discriminators name classes; an implied discriminator value becomes an explicit one."""
        for node in grammar.walk(self.document):
            if (
                node.kind == "schema"
                and isinstance(node.value, dict)
                and isinstance(node.value.get("discriminator"), dict)
            ):
                node.value["discriminator"] = self._discriminator(node.value)
        for schema in list(references(self.document)):
            schema["$ref"] = self._class_reference(schema["$ref"])

    def _discriminator(self, schema: dict[str, Any]) -> dict[str, Any]:
        mapping = {
            value: self._class_reference(target if "/" in str(target) else f"{_REF}{target}")
            for value, target in (schema["discriminator"].get("mapping") or {}).items()
        }
        for branch in [*schema.get("oneOf", []), *schema.get("anyOf", [])]:
            reference = branch.get("$ref", "") if isinstance(branch, dict) else ""
            name = reference.removeprefix(_REF)
            target = self._class_reference(reference)
            if reference.startswith(_REF) and target not in mapping.values() and self.class_of.get(name) != name:
                mapping[name] = target
        return {**schema["discriminator"], **({"mapping": mapping} if mapping else {})}

    def _class_reference(self, reference: str) -> str:
        name = pointers.split_fragment(reference[1:])[-1] if reference.startswith(_REF) else ""
        return f"{_REF}{self.class_of[name]}" if name in self.class_of else reference

    def _operation(self, operation: Operation) -> OperationTypes:
        base = _base_name(operation)
        request = operation.request_body.value.get("content") if operation.request_body else None
        responses = {
            status: self._contents(f"{base}Response{class_name_of_status(status)}", response.value.get("content"))
            for status, response in operation.responses.items()
            if isinstance(response.value, dict)
        }
        return OperationTypes(
            id=operation.id,
            method=operation.method,
            path=operation.path,
            parameters=dict(self._parameters(base, operation.parameters)),
            request=self._contents(f"{base}Request", request),
            responses=responses,
        )

    def _contents(self, name: str, content: Any) -> tuple[Body, ...]:
        """Give JSON the plain name, and any further media type one that tells it."""
        typed = [
            (media_type, schema)
            for media_type, value in (content if isinstance(content, dict) else {}).items()
            if isinstance(value, dict) and (schema := value.get("schema")) is not None
        ]
        typed.sort(key=lambda pair: not _JSON.match(pair[0]))
        made = []
        for index, (media_type, schema) in enumerate(typed):
            suffix = "" if index == 0 else class_name(media_type.partition("/")[2])
            made.append(self._body(name + suffix, schema, media_type))
        return tuple(made)

    def _body(self, wanted: str, schema: Any, media_type: str = "") -> Body:
        name = self.names.claim(wanted)
        reference = schema.get("$ref") if isinstance(schema, dict) and len(schema) == 1 else None
        if isinstance(reference, str) and reference.startswith(_REF):
            return Body(name, reference.removeprefix(_REF), media_type)
        self.schemas[name] = schema
        return Body(name, name, media_type)

    def _parameters(self, base: str, parameters: tuple[Placed, ...]) -> Iterator[tuple[str, Body]]:
        for place, suffix in _PLACES.items():
            chosen = [item.value for item in parameters if item.value.get("in") == place and _counts(item.value)]
            if chosen:
                yield place, self._body(base + suffix, _as_object(chosen))


def _base_name(operation: Operation) -> str:
    """Name the types of an operation: by its operationId, else by method and path, `GetItemsById`."""
    if "operationId" in operation.value:
        return class_name(operation.id)
    return class_name(f"{operation.method.lower()} {operation.path.replace('{', ' by ')}")


def class_name_of_status(status: str) -> str:
    """Write `200` as it is, `default` as `Default`, `4xx` as `4XX`."""
    return status.upper() if status[:1].isdigit() else class_name(status)


def _counts(parameter: dict[str, Any]) -> bool:
    return parameter["in"] != "header" or str(parameter.get("name", "")).lower() not in _IGNORED_HEADERS


def _as_object(parameters: list[dict[str, Any]]) -> dict[str, Any]:
    properties = {str(parameter.get("name")): _schema_of(parameter) for parameter in parameters}
    required = [str(parameter.get("name")) for parameter in parameters if parameter.get("required") is True]
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def _schema_of(parameter: dict[str, Any]) -> Any:
    schema = parameter.get("schema")
    if schema is None:
        content = parameter.get("content")
        media: Any = next(iter(content.values()), {}) if isinstance(content, dict) else {}
        schema = media.get("schema", {}) if isinstance(media, dict) else {}
    told = {name: parameter[name] for name in ("description", "deprecated") if name in parameter}
    return {**schema, **told} if isinstance(schema, dict) else schema
