"""Every sentence by which a change is told: a key goes in, with what fills the fields; the sentence comes out.

A key is the name of a rule, with a case where the rule has several sentences (`webhook-body-changed/gone`). Other
languages translate the templates, so each is whole: no word of it depends on what is filled in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.drift.versions.schema_sentences import SCHEMA_SENTENCES
from understudy.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from understudy.contract.model import Operation

Value = str | Sentence

SENTENCES = {
    "operation-added": "{operation} is new.",
    "operation-removed": "{operation} is gone.",
    "deprecated-operation-removed": "{operation} is gone.",
    "operation-deprecated": "{operation} is deprecated.",
    "operation-restored": "{operation} is no longer deprecated.",
    "operation-id-changed": "The operationId of {operation} changed: {before} → {after}.",
    "sunset-added": "{operation} may be gone after {day}.",
    "sunset-changed": "The last day of {operation} changed: {before} → {after}.",
    "sunset-removed": "{operation} has no last day any more: {day} before.",
    "tag-added": "{operation} has one more tag: `{tag}`.",
    "tag-removed": "{operation} lost the tag `{tag}`.",
    "parameter-added": "An optional parameter is new: {parameter}.",
    "required-parameter-added": "A required parameter is new: {parameter}.",
    "parameter-removed": "{parameter} is no longer declared.",
    "parameter-moved": "The parameter `{name}` is sent in another place: {before} → {after}.",
    "parameter-renamed": "The path parameter `{before}` is called `{after}`.",
    "parameter-became-required": "{parameter} is required now.",
    "parameter-became-optional": "{parameter} is optional now.",
    "parameter-style-changed": "The value of {parameter} is written in another way: {before} → {after}.",
    "parameter-empty-allowed": "allowEmptyValue of {parameter} is set.",
    "parameter-empty-forbidden": "allowEmptyValue of {parameter} is no longer set.",
    "parameter-reserved-allowed": "allowReserved of {parameter} is set.",
    "parameter-reserved-forbidden": "allowReserved of {parameter} is no longer set.",
    "parameter-deprecated": "{parameter} is deprecated.",
    "parameter-restored": "{parameter} is no longer deprecated.",
    "request-body-added": "{operation} takes a request body.",
    "required-request-body-added": "{operation} takes a request body, and it is required.",
    "request-body-removed": "{operation} takes no request body.",
    "request-body-became-required": "The request body is required now.",
    "request-body-became-optional": "The request body is optional now.",
    "request-media-type-added": "{content} may be of one more media type: {media}.",
    "request-media-type-added/first": "{content} may be of media type {media}, where there was no content.",
    "request-media-type-removed": "{content} may no longer be of media type {media}.",
    "request-media-type-removed/last": "{content} may no longer be of media type {media}, nor of any other.",
    "encoding-changed": "Parts of {content} are written in another way.",
    "success-status-added": "{operation} may be answered with {status}.",
    "success-status-removed": "{operation} is no longer answered with {status}.",
    "error-status-added": "{operation} may be answered with {status}.",
    "error-status-removed": "{operation} is no longer answered with {status}.",
    "response-media-type-added": "{content} may be of one more media type: {media}.",
    "response-media-type-added/first": "{content} may be of media type {media}, where there was no content.",
    "response-media-type-removed": "{content} may no longer be of media type {media}.",
    "response-media-type-removed/last": "{content} may no longer be of media type {media}, nor of any other.",
    "response-header-added": "{response} has one more header: `{name}`.",
    "response-header-removed": "{header} is no longer declared.",
    "required-response-header-removed": "{header} is no longer declared.",
    "response-header-became-optional": "{header} may be missing now.",
    "response-header-became-required": "{header} is always there now.",
    "response-header-deprecated": "{header} is deprecated.",
    "response-header-restored": "{header} is no longer deprecated.",
    "link-added": "{response} has one more link: `{name}`.",
    "link-removed": "{response} lost the link `{name}`.",
    "link-changed": "The link `{name}` of {response} changed.",
    "security-demanded": "Credentials are needed now: {ways}.",
    "security-dropped": "No credentials are needed any more.",
    "security-removed": "{way} is no longer enough to authenticate.",
    "security-added": "{way} is one more way to authenticate.",
    "security-scope-added": "A further scope is needed: `{scope}` of `{scheme}`.",
    "security-scope-removed": "A scope is no longer needed: `{scope}` of `{scheme}`.",
    "security-scheme-changed": "The security scheme `{name}` has another {part}: {before} → {after}.",
    "security-url-changed": "The {part} of `{name}` ({flow}) changed: {before} → {after}.",
    "security-url-changed/open-id": "The security scheme `{name}` has another openIdConnectUrl.",
    "security-flow-added": "The security scheme `{name}` has one more flow: {flow}.",
    "security-flow-removed": "The security scheme `{name}` no longer has the flow {flow}.",
    "security-flow-scope-added": "`{name}` ({flow}) offers one more scope: `{scope}`.",
    "security-flow-scope-removed": "`{name}` ({flow}) no longer offers the scope `{scope}`.",
    "server-added": "One more server is listed: {url}.",
    "server-removed": "A server is no longer listed: {url}.",
    "server-variable-changed/default": "The variable `{name}` of {url} has another default: {before} → {after}.",
    "server-variable-changed/value": "The variable `{name}` of {url} no longer takes {values}.",
    "callback-added": "{operation} has one more callback: `{name}`.",
    "callback-removed": "{operation} no longer makes the callback `{name}`.",
    "webhook-added": "The webhook `{name}` is new.",
    "webhook-removed": "The webhook `{name}` is no longer sent.",
    "webhook-body-changed/new": "{sender} sends a body.",
    "webhook-body-changed/gone": "{sender} sends no body.",
    "webhook-body-changed/media-new": "{sender} sends {media}.",
    "webhook-body-changed/media-gone": "{sender} no longer sends {media}.",
    "webhook-parameter-changed/new": "{parameter} of {sender} is new.",
    "webhook-parameter-changed/gone": "{parameter} of {sender} is gone.",
    "webhook-parameter-changed/required": "{parameter} of {sender} is always there now.",
    "webhook-parameter-changed/optional": "{parameter} of {sender} may be missing now.",
    "webhook-answer-changed/new": "{sender} takes the answer {status}.",
    "webhook-answer-changed/gone": "{sender} no longer takes the answer {status}.",
    "example-changed/new": "The example of {place} is new.",
    "example-changed/gone": "The example of {place} is gone.",
    "example-changed/other": "The example of {place} changed.",
    "example-changed/named-new": "The example `{name}` of {place} is new.",
    "example-changed/named-gone": "The example `{name}` of {place} is gone.",
    "example-changed/named-other": "The example `{name}` of {place} changed.",
    "text-changed": "The {part} of {place} changed.",
    **SCHEMA_SENTENCES,
}
"""Rule, and case → template."""

PHRASES = {
    "request-body": "the request body",
    "body": "the body",
    "response": "the {status} response",
    "answer": "the {status} answer",
    "media": "{content} ({media})",
    "item": "an item of {content}",
    "header": "the header `{name}` of {response}",
    "parameter": "the {place} parameter `{name}`",
    "query-parameter": "the query parameter `{name}`",
    "querystring-parameter": "the querystring parameter `{name}`",
    "path-parameter": "the path parameter `{name}`",
    "header-parameter": "the header parameter `{name}`",
    "cookie-parameter": "the cookie parameter `{name}`",
    "webhook": "webhook `{name}`",
    "callback": "the callback `{name}`",
    "sent": "{content} of {sender}",
    "inside": "`{path}` in {content}",
    "request": "`{path}` in requests",
    "response-component": "`{path}` in responses",
    "branch": "the one that is written out as number {number}",
    "code": "`{name}`",
    "scoped": "`{name}` ({scopes})",
    "or": "{one} or {other}",
    "and": "{one} and {other}",
    "exclusive": "{value} (exclusive)",
    "exploded": "{style}, exploded",
    "none": "none",
    "any": "any",
    "null": "none but null",
}
"""What stands inside sentences: names of places, and what joins values."""


def sentence(key: str, values: Mapping[str, Value]) -> Sentence:
    """Make the sentence of a rule, or of a case of it. Raises KeyError for one there is not."""
    return Sentence(SENTENCES[key], tuple(values.items()))


def phrase(key: str, **values: Value) -> Sentence:
    """Make what stands inside a sentence. Raises KeyError for one there is not."""
    return Sentence(PHRASES[key], tuple(values.items()))


def named(operation: Operation) -> str:
    """Name an operation in a sentence."""
    return f"{operation.method} {operation.path}"


def joined(key: str, parts: Sequence[Value]) -> Value:
    """Join one or more texts and phrases by `or` or `and`."""
    whole = parts[0]
    for part in parts[1:]:
        whole = phrase(key, one=whole, other=part)
    return whole
