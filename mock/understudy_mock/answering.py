"""A routed, authenticated and valid request goes in; the answer comes out: wish, memory, example, or made up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from understudy_mock import named_examples, variants
from understudy_mock.exchange import MISSING, Answer, Fault, RefusalError
from understudy_mock.listing import agreed
from understudy_mock.making import made
from understudy_mock.media import is_json
from understudy_mock.negotiation import BODILESS
from understudy_mock.pairing import paired
from understudy_mock.reflection import reflect
from understudy_mock.refusals import refuse
from understudy_mock.rendering import content_type
from understudy_mock.selection import Choice, choose, of_put
from understudy_mock.state.paging import with_link
from understudy_mock.state.remembering import remember
from understudy_mock.state.turn import Recalled, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from understudy_mock.compiling import CompiledExample, CompiledOperation
    from understudy_mock.exchange import Exchange, Header
    from understudy_mock.preferences import Wish
    from understudy_mock.state.memory import Memory

_KEPT_ANSWERS = 8
"""So many answers with the same example are kept for a choice; notes may name what a request brought."""


def answer(operation: CompiledOperation, exchange: Exchange, memory: Memory | None, now: datetime) -> Answer:
    """Choose what to say. Raises RefusalError for a wish or an `Accept` that can't be met."""
    if operation.contract.dynamic:
        exchange.wish = exchange.wish.made_up()
    wish = exchange.wish
    if wish.variant is not None:
        return _varied(operation, wish.variant)
    choice = choose(operation, wish, exchange.header(b"accept"))
    if wish.example is not None:
        exchange.unmet = _unmade(wish)
        return _play(*named_examples.wished(operation, choice, wish.example, exchange.header(b"accept")), "forced")
    if operation.pairs and not wish.dynamic and (found := paired(operation, exchange, choice)):
        exchange.unmet = _unmade(wish)
        return _play(*found, "the request is that of the same name")
    note = ""
    if wish.code is None and not wish.dynamic and memory is not None:
        outcome = remember(operation, exchange, memory, now)
        if isinstance(outcome, Refused):
            exchange.unmet = _unmade(wish)
            return _refused(operation, exchange, outcome)
        if isinstance(outcome, Recalled) and outcome.touched is not None:
            exchange.touched = outcome.touched
            if outcome.made is not None:
                choice = of_put(operation, wish, exchange.header(b"accept"), made=outcome.made)
        if isinstance(outcome, Recalled) and (recalled := _recalled(choice, outcome)):
            exchange.unmet = _unmade(wish)
            return recalled
        note = _note(outcome) if isinstance(outcome, Recalled) else ""
    return _documented(operation, exchange, choice, note)


def _note(outcome: Recalled) -> str:
    """Say why what the memory has to say is not the answer, or what it has to say besides."""
    return f"; {outcome.reason}" if outcome.body is MISSING else "; what is remembered does not fit the schema"


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
    accept = exchange.header(b"accept")
    if response is not None and response.media:
        if outcome.is_rule:
            found = named_examples.of_rule(response, outcome.status, outcome.example, accept)
        else:
            found = named_examples.of_state(response, outcome.status, accept)
        if found is not None:
            return _play(*found, outcome.reason)
    faults = (Fault("state", (), "state", outcome.reason),)
    return refuse(operation, RefusalError("state", (outcome.status,), faults), accept)


def _recalled(choice: Choice, outcome: Recalled) -> Answer | None:
    if choice.media is None or outcome.body is MISSING:
        return _empty(choice, outcome.reason) if choice.media is None else None
    media, body = choice.media, choice.media.show(outcome.body)
    if not media.takes(body) or (media.schema is None and not is_json(media.concrete)):
        return None
    sent = _send(choice, media.write(body), outcome.reason)
    return with_link(sent, outcome.turning) if outcome.turning is not None else sent


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
    value = made(operation, exchange, choice.status, media.schema)
    if operation.binding is not None and wish.code is None:
        value = agreed(operation, exchange, media, value)
    reason = ("" if wish.dynamic else forced) + "generated from the schema"
    reflected: tuple[str, ...] = ()
    if operation.reflects and wish.code is None:
        value, reflected = reflect(operation, exchange, media, value)
    return _send(choice, media.write(value), reason + _reflected(reflected) + note)


def _with_request(
    operation: CompiledOperation, exchange: Exchange, choice: Choice, example: CompiledExample, note: str
) -> Answer:
    """Play an example, in which the request's own values stand where names agree."""
    played = choice.answers.get(note)
    if played is None:
        played = _play(choice, example, "the first example", note)
        if len(choice.answers) < _KEPT_ANSWERS:
            choice.answers[note] = played
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
