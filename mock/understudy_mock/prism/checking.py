"""An operation and a request go in; what Prism finds wrong with it comes out, and the statuses that may tell it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from understudy_mock.exchange import Fault, RefusalError
from understudy_mock.media import MalformedError, from_json, is_json
from understudy_mock.prism import violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy_mock.bodies import BodyType
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange
    from understudy_mock.prism.violations import Violation

_UNSUPPORTED, _INVALID = (415, 422, 400), (422, 400)
_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_NO_VALUE = re.compile(rb"(?:^|(?<=&))[^=&]*=(?:&|$)")


@dataclass(frozen=True)
class Checked:
    """What was found; `unsupported` says which content types would do, where that of the request does not."""

    found: list[Violation]
    statuses: tuple[int, ...]
    unsupported: str = ""


def check(entry: CompiledOperation, exchange: Exchange) -> Checked:
    """Look at the parameters and the body of a request."""
    faults: list[Fault] = []
    entry.parameters.read(_without_empty(exchange), faults)
    faults = list(_as_prism_sees_them(entry, exchange, faults))
    unsupported = _check_body(entry, exchange, faults)
    exchange.faults = tuple(faults)
    found = violations.of_request(faults)
    if not unsupported:
        return Checked(found, _INVALID)
    told: Violation = {"location": [], "severity": "Error", "code": 415, "message": unsupported}
    return Checked([told, *found], _UNSUPPORTED, unsupported)


def _without_empty(exchange: Exchange) -> Exchange:
    """Leave out the query parameters without a value; what is read is kept by the exchange itself."""
    query = _NO_VALUE.sub(b"", exchange.query) if b"=" in exchange.query else exchange.query
    return exchange if query == exchange.query else replace(exchange, query=query)


def _check_body(entry: CompiledOperation, exchange: Exchange, faults: list[Fault]) -> str:
    """Read the body; gives what would do in its place, where its content type does not."""
    content_type = exchange.header(b"content-type")
    if entry.body is None:
        return "No supported content types, but request included a non-empty body" if exchange.content else ""
    try:
        if not exchange.content or _is_null(content_type, exchange.content):
            exchange.body = entry.body.read(None, b"", faults)
        elif content_type is None:
            exchange.body = exchange.content.decode("utf-8", "replace")
            faults.extend(_faults_of_text(entry.body.types[0], exchange.body))
        else:
            exchange.body = entry.body.read(_known(entry, content_type), exchange.content, faults)
    except RefusalError:
        return "Supported content types: " + ",".join(one.media_range for one in entry.body.types)
    return ""


def _faults_of_text(declared: BodyType, text: str) -> Iterator[Fault]:
    """Check a body whose type nobody told: it is a text."""
    for one in declared.validator.violations(text) if declared.validator else ():
        yield Fault("body", one.tokens, one.keyword, one.message, one.expected)


def _as_prism_sees_them(entry: CompiledOperation, exchange: Exchange, faults: list[Fault]) -> Iterator[Fault]:
    """Pass over what Prism does not look at: parameters with `content`, and the limits of what is no number."""
    names = entry.parameters.path_names
    empty = {name for name, text in zip(names, exchange.path_values, strict=False) if not text}
    yield from (Fault("path", (name,), "required", "is required") for name in sorted(empty))
    untyped = {(fault.location, fault.tokens) for fault in faults if fault.rule in ("type", "malformed")}
    for fault in faults:
        is_empty = fault.location == "path" and fault.tokens[0] in empty
        is_limit = fault.rule in _LIMITS and (fault.location, fault.tokens) in untyped
        if not (is_empty or is_limit or _has_content(entry, fault)):
            yield _typed(entry, fault) if fault.rule == "malformed" else fault


def _has_content(entry: CompiledOperation, fault: Fault) -> bool:
    told = [placed.value for placed in entry.operation.parameters if placed.value.get("name") == fault.tokens[0]]
    return any(value.get("in") == fault.location and "content" in value for value in told)


def _known(entry: CompiledOperation, content_type: str | None) -> str | None:
    """Take any kind of JSON for `application/json`, where that is declared."""
    names = [one.media_range for one in entry.body.types] if entry.body else []
    known = content_type in names or not is_json(content_type or "")
    return content_type if known or "application/json" not in names else "application/json"


def _is_null(content_type: str | None, content: bytes) -> bool:
    return is_json(content_type or "") and content.strip() == b"null"


def is_read(content: bytes) -> bool:
    """Tell whether a text is JSON."""
    try:
        from_json(content)
    except MalformedError:
        return False
    return True


def _typed(entry: CompiledOperation, fault: Fault) -> Fault:
    """Tell a parameter that can't be read as one of the wrong type."""
    for placed in entry.operation.parameters:
        if (placed.value.get("in"), placed.value.get("name")) == (fault.location, fault.tokens[0]):
            types = entry.contract.facts.types((*placed.tokens, "schema")) if "schema" in placed.value else ()
            return Fault(fault.location, fault.tokens, "type", fault.message, tuple(sorted(types)))
    return fault
