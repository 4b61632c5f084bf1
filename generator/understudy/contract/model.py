"""What a contract is to every later stage: one bundled document, its operations, and the places they come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from understudy.contract import grammar
from understudy.contract import pointer as pointers
from understudy.contract.validating import SchemaSet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from understudy.contract.bundling import Bundle
    from understudy.contract.source import Source
    from understudy.finding import Finding, Location

Tokens = tuple[str | int, ...]


@dataclass(frozen=True)
class Placed:
    """A value of the bundle, references followed, with the tokens at which it really stands."""

    value: Any
    tokens: Tokens


@dataclass(frozen=True)
class Operation:
    """One method of one path. `id` is its operationId, or `METHOD /path` where the contract gives none."""

    id: str
    method: str
    path: str
    tokens: Tokens
    value: dict[str, Any] = field(repr=False)
    parameters: tuple[Placed, ...] = field(repr=False)
    security: tuple[dict[str, Any], ...] = field(repr=False)
    request_body: Placed | None = field(repr=False)
    responses: dict[str, Placed] = field(repr=False)


@dataclass(frozen=True)
class Contract:
    """A bundled contract. `behaviour`, `ledger` and `scenarios` stand beside the root file where it has them."""

    name: str
    bundle: Bundle = field(repr=False)
    written: Bundle | None = field(default=None, repr=False, kw_only=True)
    """The bundle before it was raised, of a contract that is written in Swagger 2.0."""
    directory: Path | None = None
    files: tuple[str, ...] = ()
    behaviour: Source | None = field(default=None, repr=False)
    ledger: Source | None = field(default=None, repr=False)
    scenarios: tuple[Source, ...] = field(default=(), repr=False)
    translations: tuple[Source, ...] = field(default=(), repr=False, kw_only=True)
    """The overlays of `i18n/`, one a language, as they were written."""
    unreadable: tuple[Finding, ...] = field(default=(), repr=False, kw_only=True)
    """Those files beside it that a lenient load could not read."""

    @property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document, every reference of the form `#/…`."""
        return self.bundle.document

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a lenient load had to leave out; the operations that need it can't answer."""
        return (*self.bundle.findings, *self.unreadable)

    @property
    def version(self) -> str:
        """The OpenAPI version it declares, such as `3.1.0`."""
        return str(self.document.get("openapi", ""))

    @cached_property
    def schemas(self) -> SchemaSet:
        """Compilers for its schemas."""
        return SchemaSet(self.document)

    @cached_property
    def base_path(self) -> str:
        """The path of the first server, without a trailing slash (OpenAPI, Server Object)."""
        servers = self.document.get("servers")
        first = servers[0] if isinstance(servers, list) and servers and isinstance(servers[0], dict) else {}
        url = str(first.get("url", ""))
        variables = first.get("variables")
        for name, variable in (variables if isinstance(variables, dict) else {}).items():
            default = variable.get("default", "") if isinstance(variable, dict) else ""
            url = url.replace("{" + name + "}", str(default))
        try:
            return urlsplit(url).path.rstrip("/")
        except ValueError:  # such as `https://[`
            return ""

    def location(self, tokens: Tokens, *, of_key: bool = False) -> Location:
        """Say in which file, line and column a place of the bundle was written."""
        return self.bundle.location(tokens, of_key=of_key)

    def follow(self, tokens: Tokens) -> Placed:
        """Go to a place and on along its references, to where the value itself stands."""
        value = pointers.resolve(self.document, tokens)
        while isinstance(value, dict) and isinstance(value.get("$ref"), str) and value["$ref"].startswith("#"):
            tokens = tuple(pointers.split_fragment(value["$ref"][1:]))
            value = pointers.resolve(self.document, tokens)
        return Placed(value, tokens)

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations in document order."""
        return tuple(self._operations())

    def _operations(self) -> Iterator[Operation]:
        paths = self.document.get("paths")
        for path in paths if isinstance(paths, dict) else ():
            if path.startswith("/"):
                yield from self.operations_of(path, ("paths", path))

    def operations_of(self, path: str, tokens: Tokens) -> Iterator[Operation]:
        """Yield the operations of a path item, wherever it stands: a webhook's and a callback's have no path."""
        item = self.follow(tokens)
        for below in _methods(item.value):
            yield self._operation(path, below, item)

    def _operation(self, path: str, below: Tokens, item: Placed) -> Operation:
        tokens, method = (*item.tokens, *below), str(below[-1])
        value = pointers.resolve(item.value, below)
        security = value.get("security", self.document.get("security"))
        body = self.follow((*tokens, "requestBody")) if isinstance(value.get("requestBody"), dict) else None
        responses = value.get("responses")
        return Operation(
            id=str(value.get("operationId") or f"{method.upper()} {path}"),
            method=method.upper(),
            path=path,
            tokens=tokens,
            value=value,
            parameters=self._parameters(item, tokens),
            security=tuple(part for part in security if isinstance(part, dict)) if isinstance(security, list) else (),
            request_body=body,
            responses={
                status: self.follow((*tokens, "responses", status))
                for status in (responses if isinstance(responses, dict) else {})
                if not status.startswith(("x-", "$"))
            },
        )

    def _parameters(self, item: Placed, tokens: Tokens) -> tuple[Placed, ...]:
        """Path item parameters first, replaced by the operation's of equal name and place."""
        found: dict[tuple[str, str], Placed] = {}
        for owner in (item.tokens, tokens):
            declared = pointers.resolve(self.document, owner).get("parameters")
            for index in range(len(declared) if isinstance(declared, list) else 0):
                placed = self.follow((*owner, "parameters", index))
                if isinstance(placed.value, dict):
                    found[str(placed.value.get("in")), str(placed.value.get("name"))] = placed
        return tuple(found.values())


def _methods(item: Any) -> Iterator[Tokens]:
    """Yield where a path item holds operations: under the fixed methods, then under those 3.2 lets one add."""
    if not isinstance(item, dict):
        return
    further = item.get("additionalOperations")
    for method in grammar.METHODS:
        if isinstance(item.get(method), dict):
            yield (method,)
    for method, value in further.items() if isinstance(further, dict) else ():
        if isinstance(value, dict):
            yield ("additionalOperations", method)
