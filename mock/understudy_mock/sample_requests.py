"""An operation goes in; a request that it takes, credentials aside, comes out: of its examples, else of its schemas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from understudy_mock.exchange import MISSING
from understudy_mock.media import bare, is_json, to_json
from understudy_mock.parameter_writing import writer
from understudy_mock.rendering import content_type
from understudy_mock.rendering import writer as body_writer
from understudy_mock.synthesis import Synthesis, UngeneratableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Placed, Tokens
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.schema_facts import SchemaFacts

_SEED = "request"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class SampleBody:
    """A body as it is sent; `value` is what it says."""

    media_type: str
    value: Any
    content: bytes


class _RequestSynthesis(Synthesis):
    """Makes what a client sends: without what is read-only, with what is write-only (OpenAPI, Schema Object)."""

    def __init__(self, contract: Contract, facts: SchemaFacts) -> None:
        super().__init__(contract, facts)
        self._schemas, self._known = contract.schemas.of_requests, facts

    def fits(self, tokens: Tokens, value: Any) -> bool:
        """Tell whether a request may have a value."""
        return bool(self._schemas.validator(tokens).is_valid(value))

    def is_sent(self, tokens: Tokens) -> bool:
        """Tell whether a property may stand in a request."""
        return not self._known.is_read_only(tokens)


@dataclass(frozen=True)
class SampleRequest:
    """A request with all that its operation requires, and nothing else."""

    operation: CompiledOperation

    @cached_property
    def path(self) -> str:
        """The path, percent-encoded."""
        path = quote(self.operation.operation.path, safe="/:@!$&'()*+,;=-._~{}")
        for placed in self._required("path"):
            name = quote(str(placed.value.get("name")), safe="/:@!$&'()*+,;=-._~")
            path = path.replace("{" + name + "}", self._written(placed) or "1")
        return path

    @cached_property
    def query(self) -> list[str]:
        """The pairs of the query, encoded."""
        found = [text for placed in self._required("query") if (text := self._written(placed))]
        return [*found, *filter(None, map(self._whole_query, self._required("querystring")))]

    @cached_property
    def headers(self) -> list[tuple[str, str]]:
        """The headers, cookies among them."""
        found = [(str(placed.value.get("name")), self._header(placed)) for placed in self._required("header")]
        cookies = [self._written(placed) for placed in self._required("cookie")]
        return [*found, *([("Cookie", "; ".join(cookies))] if cookies else [])]

    @cached_property
    def body(self) -> SampleBody | None:
        """The body, JSON if that is declared; None where none is needed or none can be made."""
        placed = self.operation.operation.request_body
        if self.operation.body is None or placed is None or not self.operation.body.required:
            return None
        content = {name: media for name, media in placed.value["content"].items() if isinstance(media, dict)}
        for name in sorted(content, key=lambda name: not is_json(name)):
            value = self._value(self._followed((*placed.tokens, "content", name)))
            if value is not MISSING or "schema" not in content[name]:
                return self._written_body(name, "" if value is MISSING else value, placed)
        return None

    def _written_body(self, name: str, value: Any, placed: Placed) -> SampleBody:
        media_type = name if "*" not in bare(name) else "application/octet-stream"
        schema = (*placed.tokens, "content", name, "schema") if "schema" in placed.value["content"][name] else None
        written = body_writer(self.operation.contract.facts, media_type, schema)(value)
        return SampleBody(content_type(media_type, written), value, written)

    def _required(self, location: str) -> Iterator[Placed]:
        for placed in self.operation.operation.parameters:
            if placed.value.get("in") == location and (location == "path" or placed.value.get("required")):
                yield placed

    def _followed(self, tokens: Tokens) -> Placed:
        return self.operation.contract.contract.follow(tokens)

    def _written(self, placed: Placed) -> str:
        content = placed.value.get("content")
        if isinstance(content, dict) and content:
            value = self._value(self._followed((*placed.tokens, "content", next(iter(content)))))
            text = quote(to_json(None if value is MISSING else value).decode(), safe="")
            return text if placed.value.get("in") == "path" else f"{quote(str(placed.value.get('name')))}={text}"
        value = self._value(placed)
        return writer(placed.value).write("1" if value is MISSING else value)

    def _header(self, placed: Placed) -> str:
        if str(placed.value.get("name")).lower() == "if-match":
            return "*"  # whatever there is (RFC 9110, 13.1.1)
        if isinstance(placed.value.get("content"), dict):
            media = self._followed((*placed.tokens, "content", next(iter(placed.value["content"]))))
            return to_json(self._value(media)).decode()
        value = self._value(placed)
        return writer(placed.value).write("1" if value is MISSING else value)

    def _whole_query(self, placed: Placed) -> str:
        name = next(iter(placed.value.get("content") or {}), "")
        value = self._value(self._followed((*placed.tokens, "content", name))) if name else MISSING
        if value is MISSING:
            return ""
        written = body_writer(self.operation.contract.facts, name, None)(value)
        return written.decode() if bare(name) == _FORM else quote(written, safe="")

    def _value(self, placed: Placed) -> Any:
        """Take the first example, else make a value of the schema; MISSING if none can be made."""
        shown = self._shown(placed)
        if shown is not MISSING or "schema" not in placed.value:
            return shown
        compiled = self.operation.contract
        try:
            return _RequestSynthesis(compiled.contract, compiled.facts).make((*placed.tokens, "schema"), _SEED)
        except UngeneratableError:
            return MISSING

    def _shown(self, placed: Placed) -> Any:
        named = placed.value.get("examples")
        for name in named if isinstance(named, dict) else ():
            example = self._followed((*placed.tokens, "examples", name)).value
            for key in ("value", "dataValue"):
                if isinstance(example, dict) and key in example:
                    return example[key]
        return placed.value.get("example", MISSING)
