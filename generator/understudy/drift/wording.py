"""A failed Schemathesis check goes in; plain words that are the same in every run come out.

Words hold what the contract says and what the other side keeps doing: statuses, field names, header names. Generated
values stay out, for a finding's fingerprint is made of its words. The second of the two doors to Schemathesis.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from schemathesis.core.failures import (
    AcceptedNegativeData,
    ContentTypeServerError,
    MalformedJson,
    ResponseTimeExceeded,
    ServerError,
)
from schemathesis.openapi.checks import (
    AllowHeaderMismatch,
    AuthScenario,
    ContentDeserializationError,
    DiscriminatorMismatch,
    EnsureResourceAvailability,
    IgnoredAuth,
    JsonSchemaError,
    MalformedMediaType,
    MissingContentType,
    MissingHeaderNotRejected,
    MissingHeaders,
    RejectedPositiveData,
    UndefinedContentType,
    UndefinedStatusCode,
    UnsupportedMethodResponse,
    UseAfterFree,
)

from understudy.contract import grammar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemathesis.core.failures import Failure

OF_THE_PATH = (UnsupportedMethodResponse, AllowHeaderMismatch)
"""Failures of a path rather than of the operation that happened to reveal them."""

OF_THE_ANSWER = (JsonSchemaError, MissingHeaders, MissingContentType, UndefinedContentType, MalformedJson)
"""Failures that the contract's response object speaks about."""

_LINE = 80
"""How many letters of a schema still read well in a sentence."""


@dataclass(frozen=True)
class Words:
    """What to say of a failure, what to do about it, and what was wrong in this very case."""

    message: str
    remedy: str
    fault: str = ""


def words(failure: Failure, status: int, names: frozenset[str]) -> Words:
    """Put a failure, shown by an answer of the given status, into words; `names` are the contract's property names."""
    if isinstance(failure, JsonSchemaError):
        return Words(_schema(failure, status, names), "Change the answer, or the schema.", failure.validation_message)
    for kind in type(failure).__mro__:
        if speak := WORDINGS.get(kind):
            message, remedy = speak(failure, status)
            return Words(message, remedy, _fault(failure))
    return Words(f"{failure.title}.", "Read the fault below.", _fault(failure))


def _fault(failure: Failure) -> str:
    if isinstance(failure, MalformedJson):
        return f"{failure.validation_message}: line {failure.lineno}, column {failure.colno}"
    if isinstance(failure, AcceptedNegativeData):
        return failure.message.partition("Invalid component: ")[2]
    if isinstance(failure, RejectedPositiveData):
        return failure.message.partition("\n")[2].partition("Hint: ")[2]
    return failure.message if type(failure) not in WORDINGS else ""


def _name(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _listed(values: Sequence[object]) -> str:
    return ", ".join(str(value) for value in values) or "none"


def _server_error(failure: ServerError, _: int) -> tuple[str, str]:
    return f"The server failed: it answered {_name(failure.status_code)}.", "Find the error in the server's log."


def _content_type_error(failure: ContentTypeServerError, _: int) -> tuple[str, str]:
    message = f"The server failed on a Content-Type it does not take: it answered {_name(failure.status_code)}."
    return message, "Answer 415 before the body is read (RFC 9110, section 15.5.16)."


def _undefined_status(failure: UndefinedStatusCode, _: int) -> tuple[str, str]:
    documented = _listed(failure.defined_status_codes)
    message = f"The answer's status {_name(failure.status_code)} is not documented; documented: {documented}."
    return message, "Document the status, or answer with a documented one."


def _missing_content_type(failure: MissingContentType, status: int) -> tuple[str, str]:
    message = f"The {status} answer has no Content-Type; documented: {_listed(failure.media_types)}."
    return message, "Send the documented Content-Type."


def _undefined_content_type(failure: UndefinedContentType, status: int) -> tuple[str, str]:
    documented = _listed(failure.defined_content_types)
    message = f"The {status} answer is {failure.content_type}, which is not documented; documented: {documented}."
    return message, "Send the documented Content-Type, or document this one."


def _malformed_media_type(failure: MalformedMediaType, status: int) -> tuple[str, str]:
    message = f"The {status} answer has a Content-Type that is no media type; documented: {failure.defined}."
    return message, "Send `type/subtype` (RFC 9110, section 8.3.1)."


def _missing_headers(failure: MissingHeaders, status: int) -> tuple[str, str]:
    message = f"The {status} answer lacks a required header: {_listed(failure.missing_headers)}."
    return message, "Send the header, or declare it as optional."


def _schema(failure: JsonSchemaError, status: int, names: frozenset[str]) -> str:
    part = "a header" if "header" in failure.title.lower() else _field(failure.instance_path, names)
    return f"In the {status} answer, {part} {_breach(failure)}."


def property_names(document: dict[str, Any]) -> frozenset[str]:
    """Gather the names of all properties that a contract declares."""
    schemas = (node.value for node in grammar.walk(document) if node.kind == "schema" and isinstance(node.value, dict))
    declared = (schema.get("properties") for schema in schemas)
    return frozenset(name for properties in declared if isinstance(properties, dict) for name in properties)


def _field(path: Sequence[str | int], names: frozenset[str]) -> str:
    """Name a place of the body; list items and map keys are chance, so any of them stands for all."""
    steps = ("[]" if isinstance(step, int) else f".{step if step in names else '*'}" for step in path)
    return f"`{''.join(steps).lstrip('.')}`" if path else "the body"


def _breach(failure: JsonSchemaError) -> str:
    keyword = str(failure.schema_path[-1]) if failure.schema_path else "schema"
    wanted: Any = failure.schema.get(keyword)
    if keyword == "required":
        return "lacks the required " + failure.validation_message.removesuffix(" is a required property")
    if isinstance(wanted, str | int | float) or (keyword in ("enum", "type") and len(str(wanted)) < _LINE):
        return f"breaks `{keyword}: {wanted}`"
    return f"breaks `{keyword}`"


def _malformed_json(_: MalformedJson, status: int) -> tuple[str, str]:
    return f"The {status} answer calls itself JSON and is not.", "Send one whole JSON value (RFC 8259)."


def _unreadable(_: ContentDeserializationError, status: int) -> tuple[str, str]:
    return f"The {status} answer can't be read as its Content-Type.", "Send what the Content-Type says."


def _discriminator(_: DiscriminatorMismatch, status: int) -> tuple[str, str]:
    return f"The {status} answer's discriminator names no schema.", "Send a mapped value, or map this one."


def _accepted(failure: AcceptedNegativeData, _: int) -> tuple[str, str]:
    message = f"A request that breaks the contract was accepted: {_name(failure.status_code)}."
    return message, "Refuse it with a documented 4xx, or allow it in the contract."


def _rejected(failure: RejectedPositiveData, _: int) -> tuple[str, str]:
    message = f"A request that fits the contract was refused: {_name(failure.status_code)}."
    remedy = "Accept it, narrow the contract, or, if it is a business refusal, let a rule in behaviour.yaml respond so."
    return message, remedy


def _header_not_demanded(failure: MissingHeaderNotRejected, _: int) -> tuple[str, str]:
    message = (
        f"A request without the required header {failure.header_name} was answered {_name(failure.status_code)}; "
        f"expected: {_listed(failure.expected_statuses)}."
    )
    return message, "Refuse it, or declare the header as optional."


def _method(failure: UnsupportedMethodResponse, _: int) -> tuple[str, str]:
    if failure.failure_reason == "missing_allow_header":
        return "A 405 answer has no Allow header.", "Send Allow with every 405 (RFC 9110, section 15.5.6)."
    message = f"A method the path does not have was answered {_name(failure.status_code)} instead of 405."
    return message, "Answer 405 with an Allow header (RFC 9110, section 15.5.6), or document the method."


def _allow(failure: AllowHeaderMismatch, _: int) -> tuple[str, str]:
    message = (
        f"The Allow header of OPTIONS differs from the contract: missing {_listed(failure.missing_methods)}, "
        f"undocumented {_listed(failure.undocumented_methods)}."
    )
    return message, "List exactly the path's methods (RFC 9110, section 10.2.1)."


def _use_after_free(_: UseAfterFree, status: int) -> tuple[str, str]:
    message = f"What this operation deleted was found afterwards: {_name(status)}."
    return message, "Answer 404 for what is deleted, below its path too."


def _unavailable(failure: EnsureResourceAvailability, status: int) -> tuple[str, str]:
    message = f"What this operation created, `{failure.not_available_with}` did not find: {_name(status)}."
    return message, "Keep what was created, under the id that was answered."


def _ignored_auth(failure: IgnoredAuth, _: int) -> tuple[str, str]:
    without = failure.scenario is AuthScenario.NO_AUTH
    message = f"A request {'without' if without else 'with wrong'} credentials was not refused with 401 or 403."
    return message, "Demand the credentials, or declare the operation as open (`security: []`)."


def _slow(failure: ResponseTimeExceeded, _: int) -> tuple[str, str]:
    return f"An answer took longer than {failure.deadline:g} s.", "Answer faster, or raise --max-response-time."


WORDINGS: dict[type, Callable[[Any, int], tuple[str, str]]] = {
    ServerError: _server_error,
    ContentTypeServerError: _content_type_error,
    UndefinedStatusCode: _undefined_status,
    MissingContentType: _missing_content_type,
    UndefinedContentType: _undefined_content_type,
    MalformedMediaType: _malformed_media_type,
    MissingHeaders: _missing_headers,
    MalformedJson: _malformed_json,
    ContentDeserializationError: _unreadable,
    DiscriminatorMismatch: _discriminator,
    AcceptedNegativeData: _accepted,
    RejectedPositiveData: _rejected,
    MissingHeaderNotRejected: _header_not_demanded,
    UnsupportedMethodResponse: _method,
    AllowHeaderMismatch: _allow,
    UseAfterFree: _use_after_free,
    EnsureResourceAvailability: _unavailable,
    IgnoredAuth: _ignored_auth,
    ResponseTimeExceeded: _slow,
}
