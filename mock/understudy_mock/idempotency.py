"""A request with an `Idempotency-Key` goes in; the answer that the first with this key got comes out, if there was one.

As draft-ietf-httpapi-idempotency-key-header says: the same request gets the same answer, another one is refused. Kept
in the session's document, so processes share it and it ends with the session.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import MISSING, Answer, Fault, RefusalError

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange
    from understudy_mock.state.document import Document

MOST_KEYS = 1000
"""So many answers are kept for each contract in a session; then the oldest goes."""
_NAME = re.compile(r"(?:x-)?idempoten(?:cy|ce)-(?:key|token)", re.IGNORECASE)
_REPLAYED = re.compile(rb"(?:x-)?(?:idempoten(?:t|cy)-replayed|idempotent-replay)")


def header_name(operation: CompiledOperation) -> str | None:
    """Find the declared header that carries the key."""
    declared = operation.parameters.by_location.get("header", ())
    return next((parameter.name for parameter in declared if _NAME.fullmatch(parameter.name)), None)


def recalled(document: Document, operation: CompiledOperation, exchange: Exchange, name: str) -> Answer | None:
    """Find the answer that was given before. Raises RefusalError if the key was used for another request."""
    key = exchange.header(name.lower().encode())
    held = document.get(_group(operation), key) if key else None
    if held is None:
        return None
    if held["request"] != _fingerprint(exchange):
        message = "was used for another request; a new request wants a new key"
        raise RefusalError("invalid", (422, 409), (Fault("header", (name,), "idempotency", message),))
    headers = tuple((one.encode("latin-1"), other.encode("latin-1")) for one, other in held["headers"])
    reason = f"the answer that the first request with this {name} got; {held['reason']}"
    answer = Answer(held["status"], headers, held["body"].encode("latin-1"), reason, held["example"])
    return _marked(answer, b"true")


def keep(document: Document, operation: CompiledOperation, exchange: Exchange, name: str, answer: Answer) -> Answer:
    """Keep the answer to the first request with a key; gives it, saying that it is the first."""
    answer = _marked(answer, b"false")
    if key := exchange.header(name.lower().encode()):
        group = _group(operation)
        held = document.group(group)
        numbers = sorted((entry["number"], name) for name, entry in held.items()) if len(held) >= MOST_KEYS else []
        for _, oldest in numbers[: len(held) - MOST_KEYS + 1]:
            document.drop(group, oldest)
        number: int = document.get("idempotency", operation.contract.name, 0) + 1
        document.put("idempotency", operation.contract.name, number)
        document.put(group, key, _entry(number, exchange, answer))
    return answer


def _entry(number: int, exchange: Exchange, answer: Answer) -> dict[str, Any]:
    return {
        "number": number,
        "request": _fingerprint(exchange),
        "status": answer.status,
        "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in answer.headers],
        "body": answer.body.decode("latin-1"),
        "reason": answer.reason,
        "example": answer.example,
    }


def _group(operation: CompiledOperation) -> str:
    return f"idempotency/{operation.contract.name}"


def _marked(answer: Answer, word: bytes) -> Answer:
    """Say whether it is told again, where the contract declares a header for that."""
    headers = tuple((name, word if _REPLAYED.fullmatch(name) else value) for name, value in answer.headers)
    return answer if headers == answer.headers else replace(answer, headers=headers)


def _fingerprint(exchange: Exchange) -> str:
    body: Any = exchange.content if exchange.body is MISSING else _ordered(exchange.body)
    told = (exchange.method, exchange.path, exchange.query, body)
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _ordered(value: Any) -> Any:
    """Write objects without the order of their members, which means nothing (RFC 8259, 4)."""
    if isinstance(value, dict):
        return [(name, _ordered(value[name])) for name in sorted(value)]
    return [_ordered(item) for item in value] if isinstance(value, list) else value
