"""The name of an example and an `Accept` header go in; that example, in a media type the client reads, comes out.

An example that is written in one media type only is rendered in another declared one whose schema takes it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from understudy_mock.compiling import CompiledExample
from understudy_mock.exchange import RefusalError
from understudy_mock.media import bare, is_json
from understudy_mock.negotiation import negotiate
from understudy_mock.selection import Choice, wished_example

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledMedia, CompiledOperation, CompiledResponse

Found = tuple[Choice, CompiledExample]

_STRUCTURED = ("application/xml", "text/xml", "application/x-www-form-urlencoded")


def wished(operation: CompiledOperation, choice: Choice, name: str, accept: str | None) -> Found:
    """Find the example that is asked for. Raises RefusalError: 404 if there is none, 406 if it can't be read."""
    return named(choice, name, accept) or (choice, wished_example(operation, choice, name))


def named(choice: Choice, name: str, accept: str | None) -> Found | None:
    """Find an example of a response. Raises RefusalError with 406 if no media type that has it is read."""
    if choice.media is not None and name in choice.media.examples:
        return choice, choice.media.examples[name]
    holders = tuple(media for media in choice.response.media if name in media.examples)
    if not holders:
        return None
    if accept not in (None, "", "*/*") and (rendered := _rendered(choice, holders[0].examples[name])):
        return choice, rendered
    chosen = negotiate(replace(choice.response, media=holders), accept, choice.status)
    if chosen is None:
        return None
    media, media_type = chosen
    return Choice(choice.status, choice.response, media, media_type), media.examples[name]


def of_rule(response: CompiledResponse, status: int, name: str, accept: str | None) -> Found | None:
    """Find what a rule answers with, the first example if it names none. Raises RefusalError with 406."""
    chosen = negotiate(response, accept, status)
    if chosen is None:
        return None
    choice = Choice(status, response, *chosen)
    return named(choice, name, accept) if name else _first(choice, chosen[0])


def of_state(response: CompiledResponse, status: int, accept: str | None) -> Found | None:
    """Find an example that says what the state brings about; one the client did not ask for, if there is no other."""
    try:
        chosen = negotiate(response, accept, status)
    except RefusalError:
        chosen = None
    found = _first(Choice(status, response, *chosen), chosen[0]) if chosen else None
    others = (_first(Choice(status, response, media), media) for media in response.media)
    return found or next((other for other in others if other is not None), None)


def _first(choice: Choice, media: CompiledMedia) -> Found | None:
    example = media.first()
    return None if example is None else (choice, example)


def _rendered(choice: Choice, example: CompiledExample) -> CompiledExample | None:
    """Write an example of another media type as the one that was chosen; None if that can't say it."""
    media = choice.media
    if media is None or isinstance(example.value, str) or not _is_structured(media.concrete):
        return None
    value = media.show(example.value)
    return CompiledExample(example.name, value, media.write(value), is_valid=True) if media.takes(value) else None


def _is_structured(media_type: str) -> bool:
    name = bare(media_type)
    return is_json(name) or name.endswith("+xml") or name in _STRUCTURED
