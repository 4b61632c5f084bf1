"""An operation, a wish and an `Accept` header go in; the status, media type and body that Prism chooses come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import MISSING
from understudy_mock.media import bare, is_json, to_json
from understudy_mock.negotiation import ranges
from understudy_mock.prism.errors import PrismError, unknown
from understudy_mock.rendering import encode
from understudy_mock.synthesis import UngeneratableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Tokens
    from understudy_mock.compiling import CompiledMedia, CompiledOperation, CompiledResponse
    from understudy_mock.prism.sampling import Sampler
    from understudy_mock.prism.wishes import PrismWish


@dataclass(frozen=True)
class Picked:
    """What is answered; `value` is MISSING where there is no body."""

    status: int
    response: CompiledResponse
    media: CompiledMedia | None
    value: Any
    reason: str


@dataclass(frozen=True)
class Chooser:
    """Chooses for one request of one operation."""

    entry: CompiledOperation
    wish: PrismWish
    accept: str | None
    sampler: Sampler
    seed: str
    ignore_examples: bool = False

    def valid(self) -> Picked:
        """Choose for a request that fits. A forced status that can't be served falls back to what is not forced."""
        if self.wish.code is None:
            return self._usual()
        status = self.wish.code
        response = self._declared(status)
        if response is None:
            raise PrismError("NOT_FOUND", f"Requested status code {status} is not defined in the document.")
        try:
            return self._picked(status, response)
        except PrismError as error:
            if error.kind == "SCHEMA_TOO_COMPLEX":
                raise
            return self._instead(error)

    def _instead(self, forced: PrismError) -> Picked:
        try:
            return self._usual()
        except PrismError as usual:
            raise unknown(f"{forced}. We tried default response, but we got {usual}") from None

    def _declared(self, status: int) -> CompiledResponse | None:
        responses = self.entry.responses
        for key in (str(status), f"{status // 100}XX", f"{status // 100}xx", "default"):
            if key in responses:
                return responses[key]
        return None

    def _usual(self) -> Picked:
        responses = self.entry.responses
        for key in sorted(key for key in responses if key.startswith("2")):
            return self._picked(int(key) if key.isdecimal() else 200, responses[key])
        if "default" in responses:
            return self._picked(200, responses["default"])
        for key, response in responses.items():
            return self._picked(int(key) if key.isdecimal() else int(key[0]) * 100, response)
        raise PrismError("NO_RESPONSE_RESPONSE_DEFINED")

    def _picked(self, status: int, response: CompiledResponse) -> Picked:
        if not response.media:
            return Picked(status, response, None, MISSING, f"{status} has no content")
        media = _media(response, self.accept)
        if media is None:
            if status == 204 or "*/*" in (self.accept or ""):  # noqa: PLR2004 - No Content
                return Picked(status, response, None, MISSING, f"{status} without content")
            raise PrismError("NOT_ACCEPTABLE", f"Unable to find content for {self.accept}")
        value, reason = self._value(media)
        return Picked(status, response, media, value, f"{reason} of {status}")

    def _value(self, media: CompiledMedia) -> tuple[Any, str]:
        name = self.wish.example
        if name is not None:
            if name not in media.examples:
                detail = f"Response for contentType: {media.media_type} and exampleKey: {name} does not exist."
                raise PrismError("NOT_FOUND", detail)
            if not self.ignore_examples:
                return media.examples[name].value, f"forced: example {name}"
        if self.wish.dynamic:
            return self._dynamic(media), "generated"
        for example in () if self.ignore_examples else media.examples.values():
            return example.value, f"the first example: {example.name}"
        if media.schema is None:
            return MISSING, "no schema and no example"
        return self.sampler.sample(media.schema), "a static sample"

    def _dynamic(self, media: CompiledMedia) -> Any:
        """Make a value from the schema: without what is write-only, keys in alphabetical order."""
        if media.schema is None:
            text = f"Tried to force a dynamic response for: {media.media_type} but schema is not defined."
            raise unknown(text)
        return _sorted(media.show(self.made(media.schema)))

    def made(self, schema: Tokens) -> Any:
        """Make a value, the same for the same question and seed. Raises PrismError."""
        contract = self.entry.contract
        seed = self.wish.seed or ("" if contract.seed is None else str(contract.seed))
        try:
            return contract.synthesis.make(schema, f"{self.seed}/{seed}")
        except UngeneratableError as error:
            raise unknown(f"No value could be made for the schema at {error}") from None

    def invalid(self, statuses: tuple[int, ...]) -> Picked | None:
        """Choose for a request that does not fit: the first of the statuses that is declared; None if there is none."""
        for status, response in self._expected(statuses):
            if not response.media:
                return Picked(status, response, None, MISSING, f"{status} has no content")
            for media in response.media:
                if media.examples and not self.ignore_examples:
                    return Picked(status, response, media, self._told(media, statuses), f"an example of {status}")
            for media in response.media:
                if media.schema is not None:
                    value = self._dynamic(media) if self.wish.dynamic else self.sampler.sample(media.schema)
                    reason = "generated" if self.wish.dynamic else "a static sample"
                    return Picked(status, response, media, value, f"{reason} of {status}")
            named = next((media for media in response.media if media.examples), None)
            return Picked(status, response, named, MISSING, f"{status} has no schema and no example")
        return None

    def _expected(self, statuses: tuple[int, ...]) -> Iterator[tuple[int, CompiledResponse]]:
        responses = self.entry.responses
        for status in statuses:
            for key in (str(status), f"{status // 100}XX", f"{status // 100}xx"):
                if key in responses:
                    yield status, responses[key]
        if "default" in responses:
            yield statuses[0], responses["default"]

    def _told(self, media: CompiledMedia, statuses: tuple[int, ...]) -> Any:
        """Take the example that was asked for, if its status was asked for as well, else the first."""
        name = self.wish.example if self.wish.code in statuses else None
        example = media.examples.get(name or "") or next(iter(media.examples.values()))
        return example.value


def _media(response: CompiledResponse, accept: str | None) -> CompiledMedia | None:
    """Choose in the order of weights; a second attempt passes over the parameters on both sides."""
    if accept is None:
        anything = [media for media in response.media if bare(media.media_type) == "*/*"]
        if anything:
            return anything[0]
    wanted = sorted(ranges(accept or "application/json, */*"), key=lambda entry: -entry.quality)
    for exactly in (True, False):
        for entry in wanted:
            for media in response.media:
                name, parameters = bare(media.media_type), _parameters(media.media_type)
                told = dict(entry.parameters)
                fits = entry.quality > 0 and entry.covers(name, parameters, exactly=False)
                is_told = not exactly or "*" in entry.name or told == parameters
                if fits and is_told and ("*" not in name or entry.name == name):
                    return media
    return None


def _parameters(media_type: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in media_type.split(";")[1:]]
    return {name.strip().lower(): value.strip().strip('"').lower() for name, _, value in pairs}


def _sorted(value: Any) -> Any:
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    return {name: _sorted(value[name]) for name in sorted(value)} if isinstance(value, dict) else value


def written(media: CompiledMedia, value: Any) -> tuple[str, bytes]:
    """Write a body as Prism does. Raises PrismError for an object in a text, or a media type it has no writer for."""
    name = media.media_type if "*" not in bare(media.media_type) else "text/plain"
    kind = bare(name)
    if value is MISSING and (is_json(kind) or kind.startswith("text/") or kind.endswith(("/xml", "+xml"))):
        return name, b""
    if is_json(kind):
        return name, to_json(value)
    if isinstance(value, str):
        return name, value.encode()
    if kind.endswith(("/xml", "+xml")):
        return name, encode("application/xml", {"xml": value}).partition(b"<root>")[2].removesuffix(b"</root>")
    if kind.startswith("text/"):
        raise PrismError("NO_COMPLEX_OBJECT_TEXT", "Cannot serialise complex objects as text")
    raise unknown(f"Cannot find serializer for {name}")
