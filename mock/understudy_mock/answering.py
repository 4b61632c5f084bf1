"""A routed, authenticated and valid request goes in; the answer comes out: wish, memory, example, or made up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from understudy_mock import variants
from understudy_mock.exchange import MISSING, Answer, Fault, RefusalError
from understudy_mock.media import is_json
from understudy_mock.negotiation import BODILESS
from understudy_mock.pairing import paired
from understudy_mock.reflection import reflect
from understudy_mock.refusals import refuse
from understudy_mock.rendering import content_type
from understudy_mock.selection import Choice, choose, wished_example
from understudy_mock.state.remembering import Recalled, Refused, remember
from understudy_mock.synthesis import UngeneratableError

if TYPE_CHECKING:
    from datetime import datetime

    from understudy.contract.model import Tokens
    from understudy_mock.compiling import CompiledExample, CompiledOperation
    from understudy_mock.exchange import Exchange, Header
    from understudy_mock.preferences import Wish
    from understudy_mock.state.memory import Memory


def answer(operation: CompiledOperation, exchange: Exchange, memory: Memory | None, now: datetime) -> Answer:
    """Choose what to say. Raises RefusalError for a wish or an `Accept` that can't be met."""
    wish = exchange.wish
    if wish.variant is not None:
        return _varied(operation, wish.variant)
    choice = choose(operation, wish, exchange.header(b"accept"))
    if wish.example is not None:
        exchange.unmet = _unmade(wish)
        return _play(choice, wished_example(operation, choice, wish.example), "forced")
    if operation.pairs and not wish.dynamic and (found := paired(operation, exchange, choice)):
        exchange.unmet = _unmade(wish)
        return _play(*found, "the request is that of the same name")
    note = ""
    if wish.code is None and not wish.dynamic and memory is not None:
        outcome = remember(operation, exchange, memory, now)
        if isinstance(outcome, Refused):
            exchange.unmet = _unmade(wish)
            return _refused(operation, exchange, outcome)
        if isinstance(outcome, Recalled) and (recalled := _recalled(choice, outcome)):
            exchange.unmet = _unmade(wish)
            return recalled
        note = "; what is remembered does not fit the schema" if isinstance(outcome, Recalled) else ""
    return _documented(operation, exchange, choice, note)


def _unmade(wish: Wish) -> tuple[str, ...]:
    """List the wishes that only a made-up body grants."""
    return ("dynamic", "seed") if wish.dynamic else ("seed",)


def _varied(operation: CompiledOperation, wanted: str) -> Answer:
    variant = variants.find(operation, wanted)
    choice, body, reason = variant.choice, variant.body(), f"forced: variant {wanted}"
    if choice.media is None or body is MISSING:
        return _empty(choice, reason)
    return replace(_send(choice, choice.media.write(body), reason), example=variant.example)


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
    media, body = choice.media, choice.media.show(outcome.body)
    if not media.takes(body) or (media.schema is None and not is_json(media.concrete)):
        return None
    return _send(choice, media.write(body), outcome.reason)


def _documented(operation: CompiledOperation, exchange: Exchange, choice: Choice, note: str = "") -> Answer:
    """Answer with the first example, else with a value made from the schema; `note` is what was tried before."""
    wish, media = exchange.wish, choice.media
    forced = "" if wish.code is None else f"forced: {choice.status}; "
    if media is None:
        exchange.unmet = _unmade(wish)
        nothing = f"{choice.status} has no body" if choice.status in BODILESS else "the contract declares no content"
        return _empty(choice, forced + nothing + note)
    example = media.first()
    if example is not None and not (wish.dynamic and media.schema):
        exchange.unmet = _unmade(wish)
        if wish.code is not None:
            return _play(choice, example, "forced")
        return _with_request(operation, exchange, choice, example, note)
    if media.schema is None:
        exchange.unmet = _unmade(wish)
        return _send(choice, b"", forced + "no schema and no example" + note)
    exchange.unmet = () if wish.dynamic else ("dynamic",)
    value = _made(operation, exchange, choice, media.schema)
    reason = ("" if wish.dynamic else forced) + "generated from the schema"
    reflected: tuple[str, ...] = ()
    if operation.reflects and wish.code is None:
        value, reflected = reflect(operation, exchange, media, value)
    return _send(choice, media.write(value), reason + _reflected(reflected) + note)


def _made(operation: CompiledOperation, exchange: Exchange, choice: Choice, schema: Tokens) -> Any:
    seed = f"{exchange.wish.seed}/{operation.operation.id}/{exchange.path_values}/{choice.status}"
    try:
        return operation.contract.synthesis.make(schema, seed)
    except UngeneratableError as error:
        message = f"no value could be made for the schema at {error}; give {choice.status} an example"
        raise RefusalError("ungeneratable", (501,), (Fault("contract", (), "schema", message),)) from None


def _with_request(
    operation: CompiledOperation, exchange: Exchange, choice: Choice, example: CompiledExample, note: str
) -> Answer:
    """Play an example, in which the request's own values stand where names agree."""
    played = _play(choice, example, "the first example", note)
    if not operation.reflects or choice.media is None:
        return played
    value, reflected = reflect(operation, exchange, choice.media, example.value)
    if not reflected:
        return played
    body = choice.media.write(value)
    headers = (_content_type(choice, body), *choice.response.headers)
    return replace(played, headers=headers, body=body, reason=f"{played.reason}{_reflected(reflected)}")


def _reflected(names: tuple[str, ...]) -> str:
    return f", with the request's {', '.join(names)}" if names else ""


def _play(choice: Choice, example: CompiledExample, reason: str, note: str = "") -> Answer:
    if not example.is_valid:
        message = (
            f"the example `{example.name}` of {choice.status} breaks its own schema; `understudy check` says where"
        )
        raise RefusalError("broken-example", (501,), (Fault("contract", (), "example", message),))
    reason = f"{reason}: example {example.name} of {choice.status}{note}"
    headers = (_content_type(choice, example.body), *choice.response.headers)
    return Answer(choice.status, headers, example.body, reason, example.name)


def _send(choice: Choice, body: bytes, reason: str) -> Answer:
    return Answer(choice.status, (_content_type(choice, body), *choice.response.headers), body, reason)


def _content_type(choice: Choice, body: bytes) -> Header:
    media_type = choice.media_type or (choice.media.concrete if choice.media else "application/json")
    return b"content-type", content_type(media_type, body).encode("latin-1")


def _empty(choice: Choice, reason: str) -> Answer:
    return Answer(choice.status, choice.response.headers, b"", reason)
