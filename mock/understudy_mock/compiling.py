"""A contract goes in; everything about it that a request will need, worked out once, comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from understudy_mock.authentication import Guard, compile_guards
from understudy_mock.bodies import Body, compile_body
from understudy_mock.media import bare, is_json, to_json
from understudy_mock.parameters import Parameters, compile_parameters
from understudy_mock.routing import template_names
from understudy_mock.schema_facts import SchemaFacts
from understudy_mock.state.behaviour import Behaviour, read_behaviour
from understudy_mock.state.resources import Binding, Resources, infer
from understudy_mock.synthesis import Synthesis, UngeneratableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.contract.model import Contract, Operation, Tokens
    from understudy.contract.validating import Validator
    from understudy_mock.exchange import Header


@dataclass(frozen=True)
class CompiledExample:
    """A named example as bytes ready to be sent. `is_valid` tells whether its schema takes it."""

    name: str
    value: Any = field(repr=False)
    body: bytes = field(repr=False)
    is_valid: bool


@dataclass(frozen=True)
class CompiledMedia:
    """One media type of a response."""

    media_type: str
    schema: Tokens | None
    validator: Validator | None = field(repr=False)
    examples: dict[str, CompiledExample]
    show: Callable[[Any], Any] = field(repr=False)
    """Takes out what may not be sent back."""

    def takes(self, value: Any) -> bool:
        """Tell whether a body fits the declared schema."""
        return self.validator is None or bool(self.validator.is_valid(value))

    def first(self) -> CompiledExample | None:
        """Find the first example that keeps its own contract."""
        return next((example for example in self.examples.values() if example.is_valid), None)


@dataclass(frozen=True)
class CompiledResponse:
    """One declared response; `key` is as declared: `200`, `4XX` or `default`."""

    key: str
    headers: tuple[Header, ...]
    media: tuple[CompiledMedia, ...]

    def example_names(self) -> list[str]:
        """List the names of all its examples."""
        return [name for media in self.media for name in media.examples]


@dataclass(frozen=True)
class CompiledOperation:
    """One operation, ready to answer."""

    contract: CompiledContract = field(repr=False)
    operation: Operation
    guard: Guard | None
    parameters: Parameters
    body: Body | None
    responses: dict[str, CompiledResponse]
    binding: Binding | None
    defect: str = ""

    def response_for(self, status: int) -> CompiledResponse | None:
        """Find what is declared for a status: exactly, by range, or by default (OpenAPI, Responses Object)."""
        for key in (str(status), f"{status // 100}XX", f"{status // 100}xx", "default"):
            if key in self.responses:
                return self.responses[key]
        return None


@dataclass
class CompiledContract:
    """One contract, ready to be served under `base_path`."""

    contract: Contract
    facts: SchemaFacts
    synthesis: Synthesis
    behaviour: Behaviour
    resources: Resources
    base_path: str
    operations: dict[str, CompiledOperation] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """The contract's name, as in `understudy serve NAME`."""
        return self.contract.name


def compile_contract(contract: Contract, *, auth: str = "lenient") -> CompiledContract:
    """Prepare a contract. Raises InputError for a behaviour file that can't be understood."""
    facts = SchemaFacts(contract)
    behaviour = read_behaviour(contract)
    compiled = CompiledContract(
        contract=contract,
        facts=facts,
        synthesis=Synthesis(contract, facts),
        behaviour=behaviour,
        resources=infer(contract, facts, behaviour),
        base_path=contract.base_path,
    )
    guards = compile_guards(contract, auth)
    for operation in contract.operations:
        compiled.operations[operation.id] = _operation(compiled, operation, guards(operation))
    return compiled


def _operation(compiled: CompiledContract, operation: Operation, guard: Guard | None) -> CompiledOperation:
    """Prepare one operation. A schema that is none spoils its own operation only, which then answers 501."""
    names, contract, facts = template_names(operation.path), compiled.contract, compiled.facts
    binding = compiled.resources.bindings.get(operation.id)
    try:
        return CompiledOperation(
            contract=compiled,
            operation=operation,
            guard=guard,
            parameters=compile_parameters(contract, facts, operation.parameters, names),
            body=compile_body(contract, facts, operation),
            responses={
                status: _response(compiled, status, placed.tokens, placed.value)
                for status, placed in operation.responses.items()
                if isinstance(placed.value, dict)
            },
            binding=binding,
        )
    except (ValueError, KeyError) as error:
        nothing = Parameters(tuple(names), {})
        return CompiledOperation(compiled, operation, guard, nothing, None, {}, None, f"{operation.id}: {error}")


def _response(compiled: CompiledContract, status: str, tokens: Tokens, value: dict[str, Any]) -> CompiledResponse:
    content = value.get("content")
    return CompiledResponse(
        key=status,
        headers=tuple(_headers(compiled, tokens, value.get("headers"))),
        media=tuple(
            _media(compiled, name, (*tokens, "content", name), media)
            for name, media in (content if isinstance(content, dict) else {}).items()
            if isinstance(media, dict)
        ),
    )


def _media(compiled: CompiledContract, name: str, tokens: Tokens, value: dict[str, Any]) -> CompiledMedia:
    schema: Tokens | None = (*tokens, "schema") if "schema" in value else None
    validator = compiled.contract.schemas.validator(schema) if schema else None
    show: Callable[[Any], Any] = partial(compiled.facts.without_write_only, tokens=schema) if schema else _whole
    found = {key: show(item) for key, item in _example_values(compiled.contract, tokens, value)}
    examples = {
        key: CompiledExample(key, item, encode(name, item), validator is None or validator.is_valid(item))
        for key, item in found.items()
    }
    return CompiledMedia(name, schema, validator, examples, show)


def _whole(value: Any) -> Any:
    return value


def _example_values(contract: Contract, tokens: Tokens, value: dict[str, Any]) -> list[tuple[str, Any]]:
    named = value.get("examples")
    found = []
    for name in named if isinstance(named, dict) else ():
        example = contract.follow((*tokens, "examples", name)).value
        if isinstance(example, dict) and "value" in example:
            found.append((name, example["value"]))
    return found or ([("default", value["example"])] if "example" in value else [])


def _headers(compiled: CompiledContract, tokens: Tokens, declared: Any) -> list[Header]:
    headers = []
    for name in declared if isinstance(declared, dict) else ():
        if name.lower() == "content-type":
            continue
        placed = compiled.contract.follow((*tokens, "headers", name))
        found, value = _header_value(compiled, placed.tokens, placed.value)
        if found:
            headers.append((name.lower().encode("latin-1", "replace"), _header_text(value)))
    return headers


def _header_value(compiled: CompiledContract, tokens: Tokens, value: Any) -> tuple[bool, Any]:
    if not isinstance(value, dict):
        return False, None
    for _, example in _example_values(compiled.contract, tokens, value):
        return True, example
    if "schema" not in value:
        return False, None
    try:
        return True, compiled.synthesis.make((*tokens, "schema"), "header")
    except UngeneratableError:
        return False, None


def _header_text(value: Any) -> bytes:
    """Write a header value in the simple style; whatever could end the header is dropped (RFC 9110, 5.5)."""
    if isinstance(value, list):
        text = ",".join(_plain(item) for item in value)
    elif isinstance(value, dict):
        text = ",".join(f"{key},{_plain(item)}" for key, item in value.items())
    else:
        text = _plain(value)
    return "".join(letter for letter in text if letter.isprintable()).encode("latin-1", "replace")


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value).decode()


def encode(media_type: str, value: Any) -> bytes:
    """Write a value in a media type: JSON as JSON, text as it is."""
    if not is_json(media_type) and isinstance(value, str):
        return value.encode("utf-8")
    if bare(media_type).startswith("text/") and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value).encode()
    return to_json(value)
