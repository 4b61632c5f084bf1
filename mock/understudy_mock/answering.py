"""A routed, authenticated and valid request goes in; the answer comes out: wish, memory, example, or made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.compiling import CompiledExample, encode
from understudy_mock.exchange import MISSING, Answer, Fault, RefusalError
from understudy_mock.media import is_json
from understudy_mock.refusals import refuse
from understudy_mock.selection import Choice, choose, wished_example
from understudy_mock.state.remembering import Recalled, Refused, remember
from understudy_mock.synthesis import UngeneratableError

if TYPE_CHECKING:
    from datetime import datetime

    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange
    from understudy_mock.state.memory import Memory


def answer(operation: CompiledOperation, exchange: Exchange, memory: Memory | None, now: datetime) -> Answer:
    """Choose what to say. Raises RefusalError for a wish or an `Accept` that can't be met."""
    wish = exchange.wish
    choice = choose(operation, wish, exchange.header(b"accept"))
    if wish.example is not None:
        return _play(choice, wished_example(operation, choice, wish.example), "forced")
    if wish.code is None and not wish.dynamic and memory is not None:
        outcome = remember(operation, exchange, memory, now)
        if isinstance(outcome, Refused):
            return _refused(operation, exchange, outcome)
        if isinstance(outcome, Recalled) and (recalled := _recalled(choice, outcome)):
            return recalled
    return _documented(operation, exchange, choice)


def _refused(operation: CompiledOperation, exchange: Exchange, outcome: Refused) -> Answer:
    response = operation.response_for(outcome.status)
    for media in response.media if response else ():
        example = media.examples.get(outcome.example) or (media.first() if not outcome.example else None)
        if response and example:
            return _play(Choice(outcome.status, response, media), example, outcome.reason)
    faults = (Fault("state", (), "state", outcome.reason),)
    return refuse(operation, RefusalError("state", (outcome.status,), faults), exchange.header(b"accept"))


def _recalled(choice: Choice, outcome: Recalled) -> Answer | None:
    if choice.media is None or outcome.body is MISSING:
        return _empty(choice, outcome.reason) if choice.media is None else None
    body = choice.media.show(outcome.body)
    if not is_json(choice.media.media_type) or not choice.media.takes(body):
        return None
    return _send(choice, encode(choice.media.media_type, body), outcome.reason)


def _documented(operation: CompiledOperation, exchange: Exchange, choice: Choice) -> Answer:
    if choice.media is None:
        return _empty(choice, "the contract declares no content")
    example = choice.media.first()
    if example is not None and not exchange.wish.dynamic:
        return _play(choice, example, "the first example" if exchange.wish.code is None else "forced")
    if choice.media.schema is None:
        return _send(choice, b"", "no schema and no example")
    seed = f"{exchange.wish.seed}/{operation.operation.id}/{exchange.path_values}/{choice.status}"
    try:
        value = operation.contract.synthesis.make(choice.media.schema, seed)
    except UngeneratableError as error:
        message = f"no value could be made for the schema at {error}; give {choice.status} an example"
        raise RefusalError("ungeneratable", (501,), (Fault("contract", (), "schema", message),)) from None
    return _send(choice, encode(choice.media.media_type, value), "generated from the schema")


def _play(choice: Choice, example: CompiledExample, reason: str) -> Answer:
    if not example.is_valid:
        message = (
            f"the example `{example.name}` of {choice.status} breaks its own schema; `understudy check` says where"
        )
        raise RefusalError("broken-example", (501,), (Fault("contract", (), "example", message),))
    return _send(choice, example.body, f"{reason}: example {example.name} of {choice.status}")


def _send(choice: Choice, body: bytes, reason: str) -> Answer:
    media_type: Any = choice.media.media_type if choice.media else "application/json"
    concrete = "text/plain" if media_type == "*/*" else media_type
    content_type = (b"content-type", concrete.encode("latin-1"))
    return Answer(choice.status, (content_type, *choice.response.headers), body, reason)


def _empty(choice: Choice, reason: str) -> Answer:
    return Answer(choice.status, choice.response.headers, b"", reason)
