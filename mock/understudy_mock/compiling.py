"""A contract goes in; everything about it that a request will need, worked out once, comes out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy.contract.dangling import needed_by
from understudy.contract.sequential import with_array_schemas
from understudy.contract.validating import SchemaError
from understudy.errors import UsageError
from understudy.finding import Finding
from understudy_mock import scenarios
from understudy_mock.authentication import Guard, compile_guards
from understudy_mock.bodies import Body, compile_body
from understudy_mock.callbacks import CompiledCallback, Outgoing, compile_outgoing
from understudy_mock.error_places import ErrorPlaces, error_places
from understudy_mock.examples import example_values
from understudy_mock.faking.locales import locale
from understudy_mock.hiding import hider
from understudy_mock.listing import seeds
from understudy_mock.media import is_json
from understudy_mock.pairing import Pair, pairs
from understudy_mock.parameters import Parameters, compile_parameters
from understudy_mock.querystrings import with_querystring
from understudy_mock.reflection import can_reflect
from understudy_mock.rendering import concrete, writer
from understudy_mock.response_headers import declared_headers, lifecycle_headers
from understudy_mock.routing import template_names
from understudy_mock.schema_facts import SchemaFacts
from understudy_mock.state.behaviour import Behaviour, read_behaviour
from understudy_mock.state.inference import infer
from understudy_mock.state.resources import Binding, Resources
from understudy_mock.state.shapes import template
from understudy_mock.statuses import is_final
from understudy_mock.synthesis import Synthesis

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.contract.model import Contract, Operation, Tokens
    from understudy.contract.scenarios import Scenario
    from understudy.contract.validating import Validator
    from understudy_mock.exchange import Header
    from understudy_mock.selection import Choice
    from understudy_mock.variants import Variant

LOCALE_KEY = "x-understudy-locale"
"""Where a contract says, at its root, which language and country made-up values are of, as in `pt-BR`."""

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_MEDIA_TYPE = re.compile(rf"{_TOKEN.pattern}/{_TOKEN.pattern}[\t -~]*")
"""RFC 9110, 8.3.1; what follows the subtype only has to be one line."""


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
    concrete: str
    """What is written as Content-Type; differs from `media_type` where that is a range."""
    write: Callable[[Any], bytes] = field(repr=False)

    def takes(self, value: Any) -> bool:
        """Tell whether a body fits the declared schema."""
        return self.validator is None or bool(self.validator.is_valid(value))

    def first(self) -> CompiledExample | None:
        """Find the first example that keeps its own contract."""
        return self._first

    @cached_property
    def _first(self) -> CompiledExample | None:
        return next((example for example in self.examples.values() if example.is_valid), None)


@dataclass(frozen=True)
class CompiledResponse:
    """One declared response; `key` is as declared: `200`, `4XX` or `default`."""

    key: str
    headers: tuple[Header, ...]
    media: tuple[CompiledMedia, ...]
    error_places: ErrorPlaces | None = field(default=None, repr=False)

    @cached_property
    def preferred(self) -> CompiledMedia:
        """What a client without a preference of its own gets: JSON first, then the contract's order."""
        return next((media for media in self.media if is_json(media.media_type)), self.media[0])

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
    pairs: tuple[Pair, ...] = field(default=(), repr=False)
    """The names that join examples of requests to those of responses."""
    reflects: bool = False
    """Whether a request may have values that come back in the answer."""
    triggers: tuple[CompiledCallback, ...] = field(default=(), repr=False)
    """What is sent after a success: callbacks, and webhooks that wait for it."""
    choices: dict[tuple[int | None, str | None], Choice] = field(default_factory=dict, repr=False, compare=False)
    """What was chosen before, by wished status and `Accept`."""

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
    error_format: str = "contract"
    seed: int | None = None
    dynamic: bool = False
    """Whether every answer is made up that a request does not wish otherwise."""
    scenarios: dict[str, Scenario] = field(default_factory=dict, repr=False)
    flaws: tuple[Finding, ...] = field(default=(), repr=False)
    """What of `behaviour.yaml` and the scenarios could not be understood and is left out."""
    outgoing: Outgoing = field(default_factory=Outgoing, repr=False)
    operations: dict[str, CompiledOperation] = field(default_factory=dict, repr=False)
    variants: dict[str, tuple[Variant, ...]] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """The contract's name, as in `understudy serve NAME`."""
        return self.contract.name

    @cached_property
    def readers(self) -> dict[str, CompiledOperation]:
        """Resource → the operation that reads one of its items by the identifier."""
        found: dict[str, CompiledOperation] = {}
        for operation in self.operations.values():
            resource = operation.binding.resource if operation.binding and operation.binding.kind == "read" else None
            has_key = resource is not None and bool(resource.id) and "/" not in (resource.id or "")
            if resource and has_key and operation.operation.path.startswith(f"{resource.path}/{{"):
                found.setdefault(resource.name, operation)
        return found

    @cached_property
    def is_dated(self) -> bool:
        """Whether any answer tells when something was changed last."""
        responses = (response for operation in self.operations.values() for response in operation.responses.values())
        return any(name == b"last-modified" for response in responses for name, _ in response.headers)


def compile_contract(
    contract: Contract,
    *,
    auth: str = "lenient",
    error_format: str = "contract",
    seed: int | None = None,
    language: str | None = None,
) -> CompiledContract:
    """Prepare a contract. What of its behaviour and scenarios can't be understood is left out, and told in `flaws`."""
    contract = with_array_schemas(contract)
    facts = SchemaFacts(contract)
    flaws: list[Finding] = []
    behaviour = read_behaviour(contract, flaws)
    compiled = CompiledContract(
        contract=contract,
        facts=facts,
        synthesis=Synthesis(contract, facts, behaviour.clock, language or _language(contract, flaws)),
        behaviour=behaviour,
        resources=infer(contract, facts, behaviour),
        base_path=contract.base_path,
        error_format=error_format,
        seed=seed,
    )
    compiled.scenarios, found = scenarios.read(contract, compiled.resources)
    compiled.flaws = (*flaws, *found)
    compiled.outgoing = compile_outgoing(contract, compiled.synthesis, partial(_media, compiled))
    guards = compile_guards(contract, auth)
    for operation in contract.operations:
        compiled.operations[operation.id] = _operation(compiled, operation, guards(operation))
    compiled.resources.made.update(seeds(compiled))
    return compiled


def _language(contract: Contract, flaws: list[Finding]) -> str | None:
    """Read which language and country made-up values are of; a tag that nobody knows is left out, and told."""
    told = contract.document.get(LOCALE_KEY)
    try:
        return None if told is None else locale(str(told)).tag
    except UsageError as error:
        flaws.append(Finding("locale", error.message, remedy=error.remedy, location=contract.location((LOCALE_KEY,))))
        return None


def _operation(compiled: CompiledContract, operation: Operation, guard: Guard | None) -> CompiledOperation:
    """Prepare one operation. A schema that is none spoils its own operation only, which then answers 501."""
    names, contract, facts = template_names(operation.path), compiled.contract, compiled.facts
    if contract.findings and (missing := needed_by(contract, operation)):
        return _defective(compiled, operation, guard, missing)
    binding = compiled.resources.bindings.get(operation.id)
    if binding is None and operation.id in compiled.behaviour.rules:
        binding = Binding("action", None, (), template(contract, facts, operation))
    more = tuple(lifecycle_headers(operation, compiled.behaviour.clock))
    try:
        responses = {
            status: _response(compiled, operation, status, more)
            for status, placed in operation.responses.items()
            if isinstance(placed.value, dict) and is_final(status)
        }
        return CompiledOperation(
            contract=compiled,
            operation=operation,
            guard=guard,
            parameters=with_querystring(
                contract, facts, operation, compile_parameters(contract, facts, operation.parameters, names)
            ),
            body=compile_body(contract, facts, operation),
            responses=responses,
            binding=binding,
            pairs=pairs(contract, operation, responses),
            reflects=can_reflect(operation),
            triggers=compiled.outgoing.after(operation.id),
        )
    except (ValueError, KeyError) as error:
        return _defective(compiled, operation, guard, _told(contract, operation, error))


def _told(contract: Contract, operation: Operation, error: ValueError | KeyError) -> str:
    """Say what can't be compiled, and where it was written: as near as the error knows, else the operation."""
    tokens: Tokens = getattr(error, "tokens", ()) or operation.tokens
    text = str(error.args[0]) if error.args else "it can't be compiled"
    return f"{contract.location(tokens)}: {operation.id}: {text}"


def _defective(compiled: CompiledContract, operation: Operation, guard: Guard | None, defect: str) -> CompiledOperation:
    nothing = Parameters(tuple(template_names(operation.path)), {})
    return CompiledOperation(compiled, operation, guard, nothing, None, {}, None, defect)


def _response(
    compiled: CompiledContract, operation: Operation, status: str, more: tuple[Header, ...]
) -> CompiledResponse:
    placed = operation.responses[status]
    tokens, content = placed.tokens, placed.value.get("content")
    headers = dict(declared_headers(compiled, tokens, placed.value.get("headers")))
    return CompiledResponse(
        key=status,
        headers=(*headers.items(), *(header for header in more if header[0] not in headers)),
        media=tuple(
            _media(compiled, name, (*tokens, "content", name), media)
            for name, media in (content if isinstance(content, dict) else {}).items()
            if isinstance(media, dict)
        ),
        error_places=error_places(compiled.contract, operation, placed),
    )


def _media(compiled: CompiledContract, name: str, tokens: Tokens, value: dict[str, Any]) -> CompiledMedia:
    if not _MEDIA_TYPE.fullmatch(name):
        raise SchemaError(f"{name!r} is no media type", tokens)
    schema: Tokens | None = (*tokens, "schema") if "schema" in value else None
    schemas = compiled.contract.schemas
    validator = schemas.of_responses.validator(schema) if schema else None
    show = hider(schemas, pointers.resolve(schemas.lifted, schema) if schema else None)
    types = compiled.facts.types(schema) if schema else frozenset(("string",))
    sent_as = concrete(name, compiled.facts.types(schema) if schema else frozenset())
    write = writer(compiled.facts, sent_as, schema)
    is_text = not is_json(sent_as) and "string" not in types
    examples = {
        key: CompiledExample(key, item, write(item), (is_text and isinstance(item, str)) or _fits(validator, item))
        for key, item in ((key, show(item)) for key, item in example_values(compiled.contract, tokens, value))
    }
    return CompiledMedia(name, schema, validator, examples, show, sent_as, write)


def _fits(validator: Validator | None, value: Any) -> bool:
    return validator is None or bool(validator.is_valid(value))
