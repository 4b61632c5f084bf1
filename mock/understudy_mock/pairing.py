"""The named examples of requests and responses go in; which of the latter belongs to a request comes out.

An example of a response belongs to a request that says what the request's examples of the same name say, in the body
and in every parameter that has an example of that name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy_mock.examples import example_values
from understudy_mock.exchange import MISSING
from understudy_mock.rendering import text_of
from understudy_mock.selection import Choice, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from understudy.contract.model import Contract, Operation
    from understudy_mock.compiling import CompiledExample, CompiledMedia, CompiledOperation, CompiledResponse
    from understudy_mock.exchange import Exchange


@dataclass(frozen=True)
class Pair:
    """A name that requests and responses share, and what a request has to say to be meant."""

    name: str
    parameters: tuple[tuple[str, str, Any], ...] = field(repr=False)
    bodies: tuple[Any, ...] = field(repr=False)

    def fits(self, exchange: Exchange) -> bool:
        """Tell whether a request says exactly this; a parameter as its value or as its text."""
        for location, name, wanted in self.parameters:
            found = exchange.values.get(location, {}).get(name, MISSING)
            if found is MISSING or not (same(found, wanted) or text_of(found) == text_of(wanted)):
                return False
        return not self.bodies or any(same(exchange.body, body) for body in self.bodies)


def pairs(contract: Contract, operation: Operation, responses: Mapping[str, CompiledResponse]) -> tuple[Pair, ...]:
    """Find the names that stand on both sides, those that ask for most first; worked out when the mock starts."""
    answered = {name for response in responses.values() for name in response.example_names()}
    parameters: dict[str, list[tuple[str, str, Any]]] = {}
    for placed in operation.parameters:
        for name, value in _named(contract, placed.tokens, placed.value):
            parameters.setdefault(name, []).append((str(placed.value.get("in")), str(placed.value.get("name")), value))
    bodies: dict[str, list[Any]] = {}
    body = operation.request_body
    content = body.value.get("content") if body and isinstance(body.value, dict) else None
    for media_type, media in (content if isinstance(content, dict) else {}).items():
        if body and isinstance(media, dict):
            for name, value in _named(contract, (*body.tokens, "content", media_type), media):
                bodies.setdefault(name, []).append(value)
    found = [
        Pair(name, tuple(parameters.get(name, ())), tuple(bodies.get(name, ())))
        for name in dict.fromkeys((*bodies, *parameters))
        if name in answered
    ]
    return tuple(sorted(found, key=lambda pair: -(len(pair.parameters) + bool(pair.bodies))))


def _named(contract: Contract, tokens: Any, value: dict[str, Any]) -> list[tuple[str, Any]]:
    return example_values(contract, tokens, value) if isinstance(value.get("examples"), dict) else []


def paired(operation: CompiledOperation, exchange: Exchange, choice: Choice) -> tuple[Choice, CompiledExample] | None:
    """Find the example that belongs to a request: in the chosen response, else, if no status was asked for, in any."""
    for pair in operation.pairs:
        if pair.fits(exchange):
            for candidate in _candidates(operation.responses, exchange, choice):
                example = candidate.media.examples.get(pair.name) if candidate.media else None
                if example is not None and example.is_valid:
                    return candidate, example
    return None


def _candidates(responses: Mapping[str, CompiledResponse], exchange: Exchange, choice: Choice) -> Iterator[Choice]:
    yield choice
    for key, response in responses.items() if exchange.wish.code is None else ():
        if response is not choice.response:
            yield from (Choice(status_of(key), response, media) for media in _json_first(response.media))


def _json_first(media: tuple[CompiledMedia, ...]) -> list[CompiledMedia]:
    return sorted(media, key=lambda one: "json" not in one.concrete)


def same(one: Any, other: Any) -> bool:
    """Compare as JSON does: `1` is `1.0`, but not `true`."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(held, other[name]) for name, held in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
