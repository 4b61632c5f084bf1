"""Bytes and their media type go in; the decoded body or faults come out (OpenAPI, Request Body Object)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy_mock.coercion import coerce_text
from understudy_mock.exchange import MISSING, Fault, RefusalError
from understudy_mock.media import MalformedError, bare, from_json, is_json, matches, parameter
from understudy_mock.multipart import read_multipart
from understudy_mock.parameters import read_form
from understudy_mock.sequences import sequence_reader
from understudy_mock.xml_reading import read_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Operation, Tokens
    from understudy.contract.validating import Validator
    from understudy_mock.schema_facts import SchemaFacts

_TEXT = frozenset(("string",))
_DELIMITERS = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
_UTF8 = ("", "utf-8", "utf8", "us-ascii")


@dataclass(frozen=True)
class BodyType:
    """One media type a request body may have, compiled."""

    media_range: str
    validator: Validator | None = field(repr=False)
    schema: Tokens | None = None
    facts: SchemaFacts | None = field(default=None, repr=False)
    delimiters: dict[str, str] = field(default_factory=dict, repr=False)
    """Fields of a form whose list is one text, and what stands between its items."""

    def decode(self, content_type: str, content: bytes) -> Any:
        """Turn bytes into the value the schema speaks of. Raises MalformedError."""
        if parameter(content_type, "charset").lower() not in _UTF8:
            raise MalformedError("its charset is not UTF-8")
        name = bare(content_type)
        if is_json(name):
            return from_json(content)
        if name == "application/x-www-form-urlencoded":
            return self._gather([(key, text, "") for key, text in read_form(content)])
        if name == "multipart/form-data":
            return self._gather(read_multipart(content_type, content))
        if name in ("application/xml", "text/xml") or name.endswith("+xml"):
            return read_xml(content, self.facts, self.schema)
        if read := sequence_reader(name):
            return read(content)
        return _text(content) if name.startswith("text/") else MISSING

    def _gather(self, fields: list[tuple[str, str, str]]) -> dict[str, Any]:
        """Put form fields together as the schema's properties want them (OpenAPI, Encoding Object)."""
        made: dict[str, Any] = {}
        if self.facts is None or self.schema is None:
            return {name: text for name, text, _ in fields}
        places = self.facts.properties(self.schema)
        for name, text, media_type in fields:
            types = self.facts.types(places[name]) if name in places else _TEXT
            if "array" in types and "string" not in types:
                element = self.facts.items(places[name])
                item_types = self.facts.types(element) if element else _TEXT
                delimiter = self.delimiters.get(name)
                texts = text.split(delimiter) if delimiter else [text]
                made.setdefault(name, []).extend(_field(one, media_type, item_types) for one in texts)
            else:
                made[name] = _field(text, media_type, types)
        return made


@dataclass(frozen=True)
class Body:
    """What an operation takes as its body."""

    required: bool
    types: tuple[BodyType, ...]

    def read(self, content_type: str | None, content: bytes, faults: list[Fault]) -> Any:
        """Decode and check a body. Raises RefusalError for a media type that is not declared."""
        if not content and (content_type is None or not self.required):
            if self.required:
                faults.append(Fault("body", (), "required", "is required"))
            return MISSING
        chosen = self.choose(content_type)
        try:
            value = chosen.decode(content_type or chosen.media_range, content)
        except MalformedError as error:
            faults.append(Fault("body", (), "malformed", str(error)))
            return MISSING
        if value is not MISSING:
            faults.extend(_check(chosen, value))
        return value

    def choose(self, content_type: str | None) -> BodyType:
        """Find the declared media type; a body that names none is taken for the first (RFC 9110, 8.3)."""
        if content_type is None:
            return self.types[0]
        found = [declared for declared in self.types if matches(declared.media_range, content_type)]
        if not found:
            known = ", ".join(declared.media_range for declared in self.types)
            fault = Fault("header", ("Content-Type",), "media-type", f"is not one of: {known}", known)
            raise RefusalError("media-type", (415, 422, 400), (fault,))
        return min(found, key=lambda declared: declared.media_range.count("*"))


def _check(chosen: BodyType, value: Any) -> list[Fault]:
    if chosen.validator is None or chosen.validator.is_valid(value):
        return []
    return [
        Fault("body", found.tokens, found.keyword, found.message, found.expected)
        for found in chosen.validator.violations(value)
    ]


def _field(text: str, media_type: str, types: frozenset[str]) -> Any:
    """Read one field: JSON where it says so or only an object will do, else text that spells a value."""
    if media_type and is_json(media_type):
        return from_json(text.encode())
    if "object" in types and "string" not in types:
        return from_json(text.encode())
    return coerce_text(text, types)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError(f"it is not UTF-8 (byte {error.start})") from None


def compile_body(contract: Contract, facts: SchemaFacts, operation: Operation) -> Body | None:
    """Prepare the body of one operation; None if it declares none."""
    placed = operation.request_body
    content = placed.value.get("content") if placed and isinstance(placed.value, dict) else None
    if placed is None or not isinstance(content, dict) or not content:
        return None
    types = []
    for media_range, media_type in content.items():
        tokens: Tokens = (*placed.tokens, "content", media_range, "schema")
        if not isinstance(media_type, dict) or "schema" not in media_type:
            types.append(BodyType(bare(media_range), None))
            continue
        validator = contract.schemas.of_requests.validator(tokens)
        delimiters = dict(_delimiters(media_type.get("encoding")))
        types.append(BodyType(bare(media_range), validator, tokens, facts, delimiters))
    return Body(bool(placed.value.get("required")), tuple(types))


def _delimiters(encoding: Any) -> Iterator[tuple[str, str]]:
    """Find the fields that are not exploded; without a style they are not, which `form` is by default."""
    for name, told in (encoding if isinstance(encoding, dict) else {}).items():
        style = told.get("style", "form") if isinstance(told, dict) else ""
        if style in _DELIMITERS and not told.get("explode", style == "form"):
            yield name, _DELIMITERS[style]
