"""Callbacks of operations and top-level webhooks go in; for one exchange, the requests they make come out.

OpenAPI, Callback Object and `webhooks`. A callback belongs to its operation; a webhook is sent when somebody says so,
or after the operations that its `x-understudy-trigger` names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract import grammar
from understudy_mock.media import MalformedError, from_json, is_json
from understudy_mock.runtime_expressions import MalformedExpressionError, Template, parse_template
from understudy_mock.schema_facts import json_type
from understudy_mock.synthesis import UngeneratableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy.contract.model import Contract, Placed, Tokens
    from understudy_mock.compiling import CompiledMedia
    from understudy_mock.exchange import Answer, Exchange
    from understudy_mock.synthesis import Synthesis

    Media = Callable[[str, Tokens, dict[str, Any]], CompiledMedia]

TRIGGER = "x-understudy-trigger"
SIGNATURE = "x-understudy-signature"
SIGNATURE_HEADER = "Understudy-Signature"


@dataclass(frozen=True)
class CompiledCallback:
    """One request that the API makes. `url` is None for a webhook; `defect` says why a callback can't be sent."""

    name: str
    method: str
    url: Template | None
    media: CompiledMedia | None = field(repr=False)
    synthesis: Synthesis = field(repr=False)
    signature_header: str = SIGNATURE_HEADER
    defect: str = ""

    def body(self, media: CompiledMedia, exchange: Exchange | None, answer: Answer | None) -> Any:
        """Make the body: the first example or a made value, with what the exchange says put in."""
        example = media.first()
        value = example.value if example else self._made(media)
        if exchange is None or answer is None or not is_json(media.media_type):
            return value
        return _fitting(media, value, _told(exchange, answer))

    def _made(self, media: CompiledMedia) -> Any:
        if media.schema is None:
            return {}
        try:
            return self.synthesis.make(media.schema, f"callback/{self.name}")
        except UngeneratableError:
            return {}


@dataclass(frozen=True)
class Outgoing:
    """What a contract sends of its own accord: callbacks by operation, webhooks by name, and what triggers these."""

    callbacks: dict[str, tuple[CompiledCallback, ...]] = field(default_factory=dict)
    webhooks: dict[str, CompiledCallback] = field(default_factory=dict)
    triggered: dict[str, tuple[CompiledCallback, ...]] = field(default_factory=dict)

    def after(self, operation: str) -> tuple[CompiledCallback, ...]:
        """List what is sent after a success of an operation."""
        return (*self.callbacks.get(operation, ()), *self.triggered.get(operation, ()))


def compile_outgoing(contract: Contract, synthesis: Synthesis, media: Media) -> Outgoing:
    """Prepare the callbacks and webhooks of a contract; `media` prepares one media type."""
    compiler = _Compiler(contract, synthesis, media)
    callbacks = {operation.id: tuple(compiler.callbacks(operation.tokens)) for operation in contract.operations}
    webhooks: dict[str, CompiledCallback] = {}
    triggered: dict[str, tuple[CompiledCallback, ...]] = {}
    for webhook, triggers in compiler.webhooks():
        webhooks.setdefault(webhook.name, webhook)
        for operation in triggers:
            triggered[operation] = (*triggered.get(operation, ()), webhook)
    return Outgoing({key: found for key, found in callbacks.items() if found}, webhooks, triggered)


class _Compiler:
    def __init__(self, contract: Contract, synthesis: Synthesis, media: Media) -> None:
        self.contract, self.synthesis, self.media = contract, synthesis, media

    def callbacks(self, operation: Tokens) -> Iterator[CompiledCallback]:
        """Prepare the callbacks of one operation."""
        declared = self.contract.follow(operation).value.get("callbacks")
        for name in declared if isinstance(declared, dict) else ():
            callback = self.contract.follow((*operation, "callbacks", name))
            for expression in callback.value if isinstance(callback.value, dict) else ():
                if not expression.startswith("x-"):
                    yield from self._requests(name, expression, (*callback.tokens, expression))

    def webhooks(self) -> Iterator[tuple[CompiledCallback, tuple[str, ...]]]:
        """Prepare the webhooks, each with the operations that trigger it."""
        declared = self.contract.document.get("webhooks")
        for name in declared if isinstance(declared, dict) else ():
            item = self.contract.follow(("webhooks", name))
            for webhook in self._requests(name, None, item.tokens):
                told = _extension(item.value, webhook.method, TRIGGER)
                listed = told if isinstance(told, list) else [told]
                yield webhook, tuple(entry for entry in listed if isinstance(entry, str))

    def _requests(self, name: str, expression: str | None, tokens: Tokens) -> Iterator[CompiledCallback]:
        item = self.contract.follow(tokens)
        url, defect = _url(expression)
        for method in grammar.METHODS:
            if not isinstance(item.value, dict) or not isinstance(item.value.get(method), dict):
                continue
            header = self._signature_header(item, method)
            media, broken = self._body((*item.tokens, method))
            yield CompiledCallback(name, method.upper(), url, media, self.synthesis, header, defect or broken)

    def _signature_header(self, item: Placed, method: str) -> str:
        told = _extension(item.value, method.upper(), SIGNATURE) or self.contract.document.get(SIGNATURE)
        return told if isinstance(told, str) and told else SIGNATURE_HEADER

    def _body(self, tokens: Tokens) -> tuple[CompiledMedia | None, str]:
        """Prepare the body that is sent, JSON before all else; or say why it can't be."""
        if "requestBody" not in self.contract.follow(tokens).value:
            return None, ""
        placed = self.contract.follow((*tokens, "requestBody"))
        content = placed.value.get("content") if isinstance(placed.value, dict) else None
        declared = {name: media for name, media in (content or {}).items() if isinstance(media, dict)}
        if not declared:
            return None, ""
        name = next((name for name in declared if is_json(name)), next(iter(declared)))
        try:
            return self.media(name, (*placed.tokens, "content", name), declared[name]), ""
        except (ValueError, KeyError) as error:
            return None, f"its body can't be made: {error}"


def _url(expression: str | None) -> tuple[Template | None, str]:
    if expression is None:
        return None, ""
    try:
        return parse_template(expression), ""
    except MalformedExpressionError as error:
        return None, str(error)


def _extension(item: dict[str, Any], method: str, name: str) -> Any:
    """Read an extension of a path item's operation, else of the item itself."""
    return item.get(method.lower(), {}).get(name) or item.get(name)


def _told(exchange: Exchange, answer: Answer) -> dict[str, Any]:
    """Gather what an exchange says, by name: the path, the query, the request's body, and above all the answer's."""
    told: dict[str, Any] = {**exchange.values.get("query", {}), **exchange.values.get("path", {})}
    told |= exchange.body if isinstance(exchange.body, dict) else {}
    try:
        body = from_json(answer.body)
    except MalformedError:
        return told
    if isinstance(body, dict):
        inner = [value for value in body.values() if isinstance(value, dict)]
        told |= {name: value for value in inner for name, value in value.items()} if len(inner) == 1 else {}
        told |= body
    return told


def _fitting(media: CompiledMedia, value: Any, told: dict[str, Any]) -> Any:
    """Put in all that was told, else one name after the other, as far as the schema takes it."""
    whole = _reflect(value, told)
    if media.takes(whole):
        return whole
    for name, found in told.items():
        candidate = _reflect(value, {name: found})
        value = candidate if media.takes(candidate) else value
    return value


def _reflect(value: Any, told: dict[str, Any]) -> Any:
    """Put in what was told under the same name, where it is of the same type."""
    if isinstance(value, list):
        return [_reflect(item, told) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: told[name] if _is_scalar(held) and json_type(told.get(name)) == json_type(held) else _reflect(held, told)
        for name, held in value.items()
    }


def _is_scalar(value: Any) -> bool:
    return value is not None and not isinstance(value, dict | list)
