"""An operation and a request's wishes go in; the status, media type and example to answer with come out.

Pure choice (semantics: forced choice → example that fits the request → first example → generated); what the mock
remembers is asked in between, by `answering`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from understudy_mock.exchange import Fault, RefusalError
from understudy_mock.negotiation import negotiate
from understudy_mock.statuses import LEAST_FINAL

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledExample, CompiledMedia, CompiledOperation, CompiledResponse
    from understudy_mock.exchange import Answer
    from understudy_mock.preferences import Wish

_KEPT_CHOICES = 64
"""How many an operation keeps: clients send few different `Accept` headers."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A status and the declared response and media type that go with it; `media` is None for an empty body.

    `media_type` is what is written where the declared one is a range.
    """

    status: int
    response: CompiledResponse
    media: CompiledMedia | None
    media_type: str = ""
    answers: dict[str, Answer] = field(default_factory=dict, repr=False, compare=False)
    """What the first example was answered as before, by what was said about it."""


def choose(operation: CompiledOperation, wish: Wish, accept: str | None) -> Choice:
    """Choose by wish, else the lowest 2xx, else default, else the first. Raises RefusalError."""
    known = operation.choices.get((wish.code, accept))
    if known is None:
        known = _choose(operation, wish, accept)
        if len(operation.choices) < _KEPT_CHOICES:
            operation.choices[wish.code, accept] = known
    return known


def _choose(operation: CompiledOperation, wish: Wish, accept: str | None) -> Choice:
    if wish.code is not None and wish.code < LEAST_FINAL:
        message = f"{wish.code} is an interim status; only a final one, from 200 on, ends a request (RFC 9110, 15.2)"
        raise RefusalError("unknown-wish", (422,), (Fault("preference", ("code",), "interim", message),))
    if wish.code is not None:
        response, status = operation.response_for(wish.code), wish.code
        if response is None:
            known = ", ".join(operation.responses) or "none"
            message = f"the operation declares no response for {status}; it declares {known}"
            raise RefusalError("unknown-code", (404,), (Fault("preference", ("code",), "unknown", message),))
    else:
        status, response = success(operation)
    media, media_type = negotiate(response, accept, status) or (None, "")
    return Choice(status, response, media, media_type)


def of_put(operation: CompiledOperation, wish: Wish, accept: str | None, *, made: bool) -> Choice:
    """Choose what a PUT is answered: 201 if it made the item, else another success (RFC 9110, 9.3.4)."""
    wanted = (201,) if made else (200, 204, 202)
    code = next((status for status in wanted if str(status) in operation.responses), None)
    return choose(operation, wish if code is None else replace(wish, code=code), accept)


def success(operation: CompiledOperation) -> tuple[int, CompiledResponse]:
    """Find what a good request gets when nobody says otherwise."""
    exact = sorted(key for key in operation.responses if key.startswith("2") and key.isdecimal())
    ranges = [key for key in operation.responses if key in ("2XX", "2xx")]
    for key in exact + ranges:
        return (int(key) if key.isdecimal() else 200), operation.responses[key]
    if "default" in operation.responses:
        return 200, operation.responses["default"]
    for key, response in operation.responses.items():
        return status_of(key), response
    message = "the contract declares no response for this operation"
    raise RefusalError("no-response", (501,), (Fault("contract", (), "no-response", message),))


def status_of(key: str) -> int:
    """Choose a status for a declared key: `404` → 404, `4XX` → 400, `default` → 200 (Responses Object)."""
    if key.isdecimal():
        return int(key)
    return int(key[0]) * 100 if key[0].isdecimal() else 200


def wished_example(operation: CompiledOperation, choice: Choice, name: str) -> CompiledExample:
    """Find the example that was asked for. Raises RefusalError with the names there are, and where this one is."""
    if choice.media is not None and name in choice.media.examples:
        return choice.media.examples[name]
    known = ", ".join(choice.response.example_names()) or "none"
    message = f"{choice.status} has no example `{name}`; it has {known}"
    elsewhere = [key for key, response in operation.responses.items() if name in response.example_names()]
    if elsewhere:
        message += f". `{name}` belongs to {elsewhere[0]}: ask for code={elsewhere[0]} as well"
    raise RefusalError("unknown-example", (404,), (Fault("preference", ("example",), "unknown", message),))
