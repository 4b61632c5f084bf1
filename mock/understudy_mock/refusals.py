"""What is wrong with a request goes in; the API's own error answer, filled with the real faults, comes out.

The first that fits the declared schema: the declared example with its places for faults filled; the same for each other
example; an object made from the schema; the example as it is. Without any declaration: problem+json (RFC 9457).
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import Answer
from understudy_mock.media import is_json, to_json
from understudy_mock.schema_facts import json_type
from understudy_mock.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Tokens
    from understudy_mock.compiling import CompiledMedia, CompiledOperation, CompiledResponse
    from understudy_mock.exchange import Fault, Header, RefusalError

_LIST_NAMES = ("errors", "violations", "issues", "faults", "details", "invalid_params", "invalidParams", "fieldErrors")
_TEXT_NAMES = ("message", "detail", "error", "error_description", "description", "title", "reason", "msg")
_CODE_NAMES = ("status", "statusCode", "status_code", "code")
_FIELD_NAMES = ("field", "path", "param", "parameter", "property", "pointer", "location", "name", "source")
_RULE_NAMES = ("code", "rule", "type", "keyword", "reason")

FAULTY = "invalid"
"""The kind of refusal that is about the request's values, whose faults the answer lists."""


@dataclass(frozen=True, slots=True)
class _Told:
    """The faults of one refusal, in words."""

    status: int
    faults: tuple[Fault, ...]
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        return "; ".join(self.sentences)

    def by_field(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for fault, text in zip(self.faults, self.sentences, strict=True):
            found.setdefault(fault.name, []).append(text)
        return found


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
    status, response = status_for(operation, refusal.statuses)
    if response is None or refusal.kind.startswith("unknown-"):
        return problem(status, refusal.kind, refusal.faults, refusal.headers)
    told = _Told(status, refusal.faults, tuple(_sentences(operation, refusal)))
    reason = f"{refusal.kind}: {told.text}"
    media = _media(response, accept)
    if media is None:
        return Answer(status, (*response.headers, *refusal.headers), b"", reason)
    body = _body(operation, media, told, is_faulty=refusal.kind == FAULTY)
    if body is None:
        return problem(status, refusal.kind, refusal.faults, (*response.headers, *refusal.headers))
    content_type = (b"content-type", media.media_type.encode("latin-1"))
    return Answer(status, (content_type, *response.headers, *refusal.headers), to_json(body), reason)


def problem(status: int, kind: str, faults: tuple[Fault, ...], headers: tuple[Header, ...] = ()) -> Answer:
    """Write problem details (RFC 9457) with a member `faults`."""
    listed = [
        {"location": fault.location, "pointer": fault.name, "rule": fault.rule, "message": fault.message}
        for fault in faults
    ]
    detail = "; ".join(f"{fault.name}: {fault.message}" for fault in faults)
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body |= {"detail": detail} if detail else {}
    body |= {"faults": listed} if listed else {}
    reason = f"{kind}: {detail}" if detail else kind
    return Answer(status, ((b"content-type", b"application/problem+json"), *headers), to_json(body), reason)


def _sentences(operation: CompiledOperation, refusal: RefusalError) -> Iterator[str]:
    for fault in refusal.faults:
        if refusal.kind == FAULTY:
            yield sentence(fault, operation.contract.behaviour.wording)
        else:
            yield f"{fault.name}: {fault.message}"


def _media(response: CompiledResponse, accept: str | None) -> CompiledMedia | None:
    """Find the JSON of a response, whatever `Accept` says: a client is better off with it (RFC 9110, 15.5.7)."""
    del accept
    found = [media for media in response.media if is_json(media.media_type)]
    return found[0] if found else None


def _body(operation: CompiledOperation, media: CompiledMedia, told: _Told, *, is_faulty: bool) -> Any:
    for candidate in _candidates(operation, media, told, is_faulty=is_faulty):
        if media.takes(candidate):
            return candidate
    return None


def _candidates(operation: CompiledOperation, media: CompiledMedia, told: _Told, *, is_faulty: bool) -> Iterator[Any]:
    examples = [example.value for example in media.examples.values()]
    if not is_faulty:
        yield from examples
    filler = _Filler(told)
    with_lists = [value for value in examples if filler.has_list(value)]
    yield from (filler.fill(value, keep_text=True) for value in with_lists)
    yield from _from_schema(operation, media, filler)
    yield from (filler.fill(value, keep_text=False) for value in examples)
    yield from examples


def _from_schema(operation: CompiledOperation, media: CompiledMedia, filler: _Filler) -> Iterator[Any]:
    """Make an error object for each alternative of the schema that has a place for a list of faults, then for any."""
    if media.schema is None:
        yield {"message": filler.told.text}
        return
    seed = f"{operation.operation.id}/{filler.told.status}"
    places = _alternatives(operation, media.schema)
    made = [operation.contract.synthesis.draft(place, seed) for place in places]
    with_lists = [value for value in made if filler.has_list(value)]
    yield from (filler.fill(value, keep_text=kept) for kept in (False, True) for value in with_lists)
    if not media.examples:
        yield from (filler.fill(value, keep_text=False) for value in made)


def _alternatives(operation: CompiledOperation, schema: Tokens) -> list[Tokens]:
    placed = operation.contract.contract.follow(schema)
    for keyword in ("oneOf", "anyOf"):
        if isinstance(placed.value, dict) and isinstance(placed.value.get(keyword), list):
            return [(*placed.tokens, keyword, index) for index in range(len(placed.value[keyword]))]
    return [placed.tokens]


@dataclass(frozen=True)
class _Filler:
    """Puts faults into the places of an error object that are made for them, found by name and type."""

    told: _Told

    def has_list(self, value: Any) -> bool:
        """Tell whether an error object has a place for single faults, itself or in its `error` member."""
        if not isinstance(value, dict):
            return False
        places = (held for name, held in value.items() if name in _LIST_NAMES)
        return any(isinstance(held, dict | list) for held in places) or self.has_list(value.get("error"))

    def fill(self, value: Any, *, keep_text: bool) -> Any:
        if isinstance(value, str):
            return self.told.text
        if not isinstance(value, dict):
            return value
        filled, has_text = dict(value), False
        for name, held in value.items():
            if name in _LIST_NAMES and isinstance(held, dict | list):
                filled[name] = self._listed(held)
            elif name in _CODE_NAMES and json_type(held) == "integer":
                filled[name] = self.told.status
            elif name == "error" and isinstance(held, dict):
                filled[name] = self.fill(held, keep_text=keep_text)
            elif name in _TEXT_NAMES and isinstance(held, str) and not keep_text and not has_text:
                filled[name], has_text = self.told.text, True
        return filled

    def _listed(self, held: dict[str, Any] | list[Any]) -> Any:
        if isinstance(held, dict):
            texts = self.told.by_field()
            wants_lists = not held or isinstance(next(iter(held.values())), list)
            return texts if wants_lists else {name: "; ".join(found) for name, found in texts.items()}
        if not held or isinstance(held[0], str):
            return list(self.told.sentences)
        return [self._entry(held[0], index) for index in range(len(self.told.faults))]

    def _entry(self, model: Any, index: int) -> Any:
        if not isinstance(model, dict):
            return model
        fault, text = self.told.faults[index], self.told.sentences[index]
        entry = dict(model)
        for name, held in model.items():
            if name in _FIELD_NAMES:
                entry[name] = [str(token) for token in fault.tokens] if isinstance(held, list) else fault.name
            elif name in _TEXT_NAMES and isinstance(held, str):
                entry[name] = text
            elif name in _RULE_NAMES and isinstance(held, str):
                entry[name] = fault.rule
        return entry
