"""An operation and a request's wishes go in; the status, media type and example to answer with come out.

Pure choice (semantics: forced choice → example that fits the request → first example → generated); what the mock
remembers is asked in between, by `answering`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from understudy_mock.exchange import Fault, RefusalError
from understudy_mock.media import bare, is_json, matches

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledExample, CompiledMedia, CompiledOperation, CompiledResponse
    from understudy_mock.preferences import Wish


@dataclass(frozen=True, slots=True)
class Choice:
    """A status and the declared response and media type that go with it; `media` is None for an empty body."""

    status: int
    response: CompiledResponse
    media: CompiledMedia | None


def choose(operation: CompiledOperation, wish: Wish, accept: str | None) -> Choice:
    """Choose by wish, else the lowest 2xx, else default, else the first. Raises RefusalError."""
    if wish.code is not None:
        response, status = operation.response_for(wish.code), wish.code
        if response is None:
            known = ", ".join(operation.responses) or "none"
            message = f"the operation declares no response for {status}; it declares {known}"
            raise RefusalError("unknown-code", (404,), (Fault("preference", ("code",), "unknown", message),))
    else:
        status, response = success(operation)
    return Choice(status, response, negotiate(response, accept, status))


def success(operation: CompiledOperation) -> tuple[int, CompiledResponse]:
    """Find what a good request gets when nobody says otherwise."""
    exact = sorted(key for key in operation.responses if key.startswith("2") and key.isdecimal())
    ranges = [key for key in operation.responses if key in ("2XX", "2xx")]
    for key in exact + ranges:
        return (int(key) if key.isdecimal() else 200), operation.responses[key]
    if "default" in operation.responses:
        return 200, operation.responses["default"]
    for key, response in operation.responses.items():
        return (int(key) if key.isdecimal() else int(key[0]) * 100), response
    message = "the contract declares no response for this operation"
    raise RefusalError("no-response", (501,), (Fault("contract", (), "no-response", message),))


def negotiate(response: CompiledResponse, accept: str | None, status: int) -> CompiledMedia | None:
    """Choose the media type (RFC 9110, 12.5.1): q-value, then how exact the range is, then declaration order."""
    if not response.media or status in (204, 304):
        return None
    if not accept or accept.strip() == "*/*":
        return next((media for media in response.media if is_json(media.media_type)), response.media[0])
    ranked = sorted(_ranges(accept), key=lambda entry: (-entry[0], -entry[1]))
    refused = [text for quality, _, text in ranked if quality == 0]
    for quality, _, text in ranked:
        for media in _json_first(response.media):
            if quality > 0 and matches(text, media.media_type) and bare(media.media_type) not in refused:
                return media
    known = ", ".join(media.media_type for media in response.media)
    fault = Fault("header", ("Accept",), "not-acceptable", f"can be answered with {known} only")
    raise RefusalError("not-acceptable", (406,), (fault,))


def _json_first(media: tuple[CompiledMedia, ...]) -> list[CompiledMedia]:
    return sorted(media, key=lambda entry: not is_json(entry.media_type))


def _ranges(accept: str) -> list[tuple[float, int, str]]:
    found = []
    for part in accept.split(","):
        text, *parameters = part.split(";")
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
        text = text.strip().lower()
        if "/" in text:
            found.append((quality, 0 if text == "*/*" else 1 if text.endswith("/*") else 2, text))
    return found


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
