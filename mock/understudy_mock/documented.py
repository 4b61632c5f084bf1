"""An operation goes in; every answer that its contract documents comes out, as a request that wishes for it gets it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from understudy_mock.answering import answer
from understudy_mock.exchange import Answer, Exchange, RefusalError
from understudy_mock.negotiation import BODILESS
from understudy_mock.preferences import Wish
from understudy_mock.selection import success
from understudy_mock.variants import concrete_status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy_mock.compiling import CompiledMedia, CompiledOperation, CompiledResponse


@dataclass(frozen=True)
class Documented:
    """One documented answer.

    `key` is the response as declared (`200`, `4XX`, `default`), `media_type` the media type; empty without content.
    `is_rendered` tells that the example is written in another media type. An answer that is made up has no example.
    """

    key: str
    media_type: str
    answer: Answer
    is_rendered: bool = False


def documented(operation: CompiledOperation) -> Iterator[Documented]:
    """Yield the answers in the order of the contract; what the mock would refuse to give is left out."""
    for response in operation.responses.values():
        status = _status(operation, response)
        if not response.media or status in BODILESS:
            if (found := _forced(operation, Wish(code=status), "")) is not None:
                yield Documented(response.key, "", found)
            continue
        for media in response.media:
            yield from _of_media(operation, response, media, status)


def success_key(operation: CompiledOperation) -> str:
    """Name the response that a good request gets when nobody says otherwise; empty if there is none."""
    try:
        return success(operation)[1].key
    except RefusalError:
        return ""


def _of_media(
    operation: CompiledOperation, response: CompiledResponse, media: CompiledMedia, status: int
) -> Iterator[Documented]:
    names = list(dict.fromkeys(response.example_names()))
    own = [name for name in names if name in media.examples and media.examples[name].is_valid]
    if not own and (made := _forced(operation, Wish(code=status), media.concrete)) is not None:
        yield Documented(response.key, media.media_type, made)
    for name in [*own, *(name for name in names if name not in media.examples)]:
        found = _forced(operation, Wish(code=status, example=name), media.concrete)
        if found is not None:
            yield Documented(response.key, media.media_type, found, is_rendered=name not in own)


def _forced(operation: CompiledOperation, wish: Wish, accept: str) -> Answer | None:
    headers = [(b"accept", accept.encode("latin-1"))] if accept else []
    exchange = Exchange(operation.operation.method, operation.operation.path, b"", headers, operation, wish=wish)
    try:
        return answer(operation, exchange, None, operation.contract.behaviour.clock)
    except RefusalError:
        return None


def _status(operation: CompiledOperation, response: CompiledResponse) -> int:
    """Find a status that is answered with this response: that of a success, else one that it stands for."""
    if success_key(operation) == response.key:
        return success(operation)[0]
    return concrete_status(operation, response.key)
