"""What is wrong with a request goes in; the API's own error answer, filled with the real faults, comes out.

The first that fits the declared schema: what `x-understudy-errors` says; the declared example with its places for
faults filled; an object made from the schema, likewise; the example as it is. Without any declaration, or where
problems were asked for: problem+json (RFC 9457).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract.opaque import is_opaque
from understudy_mock.error_filling import Filler
from understudy_mock.error_repair import repaired
from understudy_mock.exchange import Answer, RefusalError
from understudy_mock.media import bare, is_json, to_json
from understudy_mock.negotiation import BODILESS, negotiate
from understudy_mock.rendering import content_type
from understudy_mock.statuses import phrase
from understudy_mock.telling import Told
from understudy_mock.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Tokens
    from understudy_mock.compiling import CompiledMedia, CompiledOperation, CompiledResponse
    from understudy_mock.exchange import Fault, Header
    from understudy_mock.near_misses import NearMiss

FAULTY = "invalid"
"""The kind of refusal that is about the request's values, whose faults the answer lists."""
FORMATS = ("contract", "problem")

_TELLING = (FAULTY, "media-type", "not-acceptable", "too-large")
"""Kinds whose faults are this very request's, so that a documented example alone would say what is not so."""

Candidate = tuple[Any, Any]
"""A filled body, and the body before it was filled."""


def status_for(operation: CompiledOperation, statuses: tuple[int, ...]) -> tuple[int, CompiledResponse | None]:
    """Find the first status that the operation declares; undeclared, the first one is used all the same."""
    for status in statuses:
        if (response := operation.response_for(status)) is not None:
            return status, response
    return statuses[0], None


def refuse(operation: CompiledOperation | None, refusal: RefusalError, accept: str | None) -> Answer:
    """Write the answer to a request that was refused."""
    if operation is None:
        return problem(refusal.statuses[0], refusal.kind, refusal.faults, refusal.headers)
    status, response = status_for(operation, (*_unconditional(operation, refusal), *refusal.statuses))
    is_own = refusal.kind.startswith("unknown-") or operation.contract.error_format == "problem"
    if response is None or is_own:
        return problem(status, refusal.kind, refusal.faults, refusal.headers)
    headers = (*response.headers, *refusal.headers)
    told = Told(status, refusal.kind, refusal.faults, tuple(_sentences(operation, refusal)))
    reason = f"{refusal.kind}: {told.text}"
    if not response.media:
        return Answer(status, headers, b"", reason)
    chosen, media_type = _media(response, accept, status)
    others = ((media, media.concrete) for media in response.media if media is not chosen)
    for media, name in ((chosen, media_type), *others):
        content = _content(operation, response, media, told)
        if content is not None:
            kind = content_type(name, content).encode("latin-1")
            return Answer(status, ((b"content-type", kind), *headers), content, reason)
    return problem(status, refusal.kind, refusal.faults, headers)


def _unconditional(operation: CompiledOperation, refusal: RefusalError) -> tuple[int, ...]:
    """Give 428 where all that is wrong is that a condition is missing, and it is declared (RFC 6585, 3)."""
    is_missing = all(fault.rule == "required" and fault.name.lower().startswith("if-") for fault in refusal.faults)
    is_due = refusal.kind == FAULTY and is_missing and "428" in operation.responses
    return (428,) if is_due else ()


def problem(
    status: int,
    kind: str,
    faults: tuple[Fault, ...],
    headers: tuple[Header, ...] = (),
    *,
    nearest: tuple[NearMiss, ...] = (),
) -> Answer:
    """Write problem details (RFC 9457) with a member `faults`, and `nearest` where the request nearly was another."""
    listed = [
        {"location": fault.location, "pointer": fault.name, "rule": fault.rule, "message": fault.message}
        for fault in faults
    ]
    detail = "; ".join(f"{fault.name}: {fault.message}" for fault in faults)
    body: dict[str, Any] = {"type": "about:blank", "title": phrase(status), "status": status}
    body |= {"detail": detail} if detail else {}
    body |= {"faults": listed} if listed else {}
    body |= {"nearest": [near.as_json() for near in nearest]} if nearest else {}
    reason = f"{kind}: {detail}" if detail else kind
    return Answer(status, ((b"content-type", b"application/problem+json"), *headers), to_json(body), reason)


def _sentences(operation: CompiledOperation, refusal: RefusalError) -> Iterator[str]:
    for fault in refusal.faults:
        if refusal.kind == FAULTY:
            yield sentence(fault, operation.contract.behaviour.wording)
        else:
            yield f"{fault.name}: {fault.message}"


def _media(response: CompiledResponse, accept: str | None, status: int) -> tuple[CompiledMedia, str]:
    """Choose what the client reads; if it reads nothing of it, it is better off with the usual (RFC 9110, 15.5.7)."""
    try:
        chosen = negotiate(response, accept, status)
    except RefusalError:
        chosen = None
    return chosen or (response.preferred, response.preferred.concrete)


def _content(
    operation: CompiledOperation, response: CompiledResponse, media: CompiledMedia, told: Told
) -> bytes | None:
    """Write the first candidate that fits, mended if need be; None if there is none."""
    if told.status in BODILESS:
        return b""
    name = bare(media.concrete)
    is_structured = is_json(name) or name.endswith(("/xml", "+xml")) or name.startswith("application/x-www-form")
    if not is_structured and not name.startswith("text/"):
        return _opaque(media, told)
    for value, base in _candidates(operation, response, media, told):
        if isinstance(value, str) and not is_json(name) and media.schema is None:
            return media.write(value)
        fits, mended = repaired(media, value, base)
        if fits:
            return media.write(mended)
    texts = [example.body for example in media.examples.values() if example.is_valid]
    return texts[0] if texts else None


def _opaque(media: CompiledMedia, told: Told) -> bytes | None:
    """Say it in a media type that is no text: by an example, else by the sentence if the schema takes a text.

    None where the media type has no words, such as an image: the client is better off with a problem.
    """
    for example in media.examples.values():
        if example.is_valid:
            return example.body
    if is_opaque(media.concrete):
        return None
    if media.schema is None:
        return b""
    return told.text.encode() if media.takes(told.text) else None


def _candidates(
    operation: CompiledOperation, response: CompiledResponse, media: CompiledMedia, told: Told
) -> Iterator[Candidate]:
    examples = [example.value for example in media.examples.values() if example.is_valid]
    is_telling = told.kind in _TELLING
    if not is_telling:
        yield from ((value, value) for value in examples)
    if response.error_places is not None and not _is_plain(media):
        base = next(iter(examples), None) or _draft(operation, media, told)
        yield response.error_places.put(base, told), base
    lending = Filler(operation.contract, told, is_example=True, keep_text=True)
    takes_text = is_json(media.concrete) or _is_plain(media)  # elsewhere a text is the content as it stands
    fillable = [value for value in examples if takes_text or not isinstance(value, str)]
    yield from ((lending.fill(value, media.schema), value) for value in fillable if lending.has_list(value))
    yield from _from_schema(operation, media, told, only_lists=bool(examples))
    whole = Filler(operation.contract, told, is_example=True)
    yield from ((whole.fill(value, media.schema), value) for value in fillable)
    yield from ((value, value) for value in examples)


def _draft(operation: CompiledOperation, media: CompiledMedia, told: Told) -> Any:
    made = _drafts(operation, media, told)
    return next((Filler(operation.contract, told).fill(value, place) for place, value in made), None)


def _drafts(operation: CompiledOperation, media: CompiledMedia, told: Told) -> list[tuple[Tokens, Any]]:
    if media.schema is None:
        return []
    seed = f"{operation.operation.id}/{told.status}"
    places = _alternatives(operation, media.schema)
    return [(place, operation.contract.synthesis.plain(place, seed)) for place in places]


def _from_schema(
    operation: CompiledOperation, media: CompiledMedia, told: Told, *, only_lists: bool
) -> Iterator[Candidate]:
    """Make an error object for each alternative of the schema that has a place for a list of faults, then for any."""
    if media.schema is None:
        if not only_lists:
            yield (told.text, "") if _is_plain(media) else ({"message": told.text}, {})
        return
    made = _drafts(operation, media, told)
    filler, wordy = Filler(operation.contract, told), Filler(operation.contract, told, keep_text=True)
    with_lists = [(place, value) for place, value in made if filler.has_list(value)]
    for one, pairs in ((filler, with_lists), (wordy, with_lists), (filler, [] if only_lists else made)):
        for place, value in pairs:
            yield one.fill(value, place), value
            yield _whole(one.fill(value, place), value), value


def _whole(filled: Any, value: Any) -> Any:
    """Keep what was left out of a made object, where its schema wants it after all."""
    return {**value, **filled} if isinstance(value, dict) and isinstance(filled, dict) else filled


def _is_plain(media: CompiledMedia) -> bool:
    """Tell whether the media type is text without a structure."""
    name = bare(media.concrete)
    return name.startswith("text/") and name != "text/xml"


def _alternatives(operation: CompiledOperation, schema: Tokens) -> list[Tokens]:
    placed = operation.contract.contract.follow(schema)
    for keyword in ("oneOf", "anyOf"):
        if isinstance(placed.value, dict) and isinstance(placed.value.get(keyword), list):
            return [(*placed.tokens, keyword, index) for index in range(len(placed.value[keyword]))]
    return [placed.tokens]
