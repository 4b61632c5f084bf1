"""A limit and the requests so far go in; whether one more may pass, and the headers that tell so, come out.

Windows are fixed: one starts with its first request and ends after its seconds (RFC 6585, 4; RFC 9110, 10.2.3).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy.contract.fault_grammar import Limit
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Header
    from understudy_mock.session import Session

_DECLARED = re.compile(rb"(?:x-)?rate-?limit-(limit|remaining|reset)")
_USUAL = {b"limit": b"x-ratelimit-limit", b"remaining": b"x-ratelimit-remaining", b"reset": b"x-ratelimit-reset"}
_POLICY_NAME = re.compile(rb'"[^"]*"')
_EPOCH_LENGTH = 10
"""Digits of a moment in Unix seconds; fewer are seconds to wait."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How a limit stands after a request, `ends` being when the window does."""

    limit: Limit
    requests: int
    now: float
    ends: float

    @property
    def is_exceeded(self) -> bool:
        """Tell whether the request was one too many."""
        return self.requests > self.limit.requests

    @property
    def wait(self) -> int:
        """Whole seconds until the next window."""
        return max(1, math.ceil(self.ends - self.now))


def count(session: Session, key: str, limit: Limit, now: float) -> Usage:
    """Count one request of a session in the window it falls into, `now` being in seconds; what is over is forgotten."""
    started, requests = session.document.get("windows", key) or (now, 0)
    started = float(started)  # a store gives fractions back as decimals
    if not started <= now < started + limit.seconds:
        started, requests = now, 0
    session.document.put("windows", key, (started, requests + 1))
    return Usage(limit, requests + 1, now, started + limit.seconds)


def headers(operation: CompiledOperation, usage: Usage) -> tuple[Header, ...]:
    """Write the rate headers under the names and in the forms that the operation declares, else the usual ones."""
    declared = _declared(operation)
    names = {meaning: found[0] for meaning, found in declared.items()} or _USUAL
    sample = declared[b"reset"][1] if b"reset" in declared else b"0" * _EPOCH_LENGTH
    values = {
        b"limit": str(usage.limit.requests).encode(),
        b"remaining": str(max(0, usage.limit.requests - usage.requests)).encode(),
        b"reset": _moment(usage, sample),
    }
    told = (
        [(name, values[meaning]) for meaning, name in names.items()] if declared or not _structured(operation) else []
    )
    told += _structured_headers(operation, usage)
    return (*told, (b"retry-after", str(usage.wait).encode())) if usage.is_exceeded else tuple(told)


def _declared(operation: CompiledOperation) -> dict[bytes, Header]:
    found: dict[bytes, Header] = {}
    for response in operation.responses.values():
        for name, value in response.headers:
            if match := _DECLARED.fullmatch(name):
                found.setdefault(match[1], (name, value))
    return found


def _structured(operation: CompiledOperation) -> dict[bytes, bytes]:
    """Find the declared `RateLimit` and `RateLimit-Policy`, with the contract's samples."""
    found: dict[bytes, bytes] = {}
    for response in operation.responses.values():
        for name, value in response.headers:
            if name in (b"ratelimit", b"ratelimit-policy"):
                found.setdefault(name, value)
    return found


def _structured_headers(operation: CompiledOperation, usage: Usage) -> list[Header]:
    """Write both as draft-ietf-httpapi-ratelimit-headers wants them, or as its older versions if the sample is so."""
    left, limit = max(0, usage.limit.requests - usage.requests), usage.limit
    told = []
    for name, sample in _structured(operation).items():
        match = _POLICY_NAME.match(sample)
        policy = match[0] if match else b'"default"'
        if name == b"ratelimit-policy":
            old, new = b"%d;w=%d" % (limit.requests, limit.seconds), b"%b;q=%d;w=%d"
            told.append((name, old if sample[:1].isdigit() else new % (policy, limit.requests, limit.seconds)))
        elif sample.startswith(b"limit="):
            told.append((name, b"limit=%d, remaining=%d, reset=%d" % (limit.requests, left, usage.wait)))
        else:
            told.append((name, b"%b;r=%d;t=%d" % (policy, left, usage.wait)))
    return told


def _moment(usage: Usage, sample: bytes) -> bytes:
    """Write the end of the window as the contract's sample is written: a date, Unix seconds, or seconds to wait."""
    if not sample.isdigit():
        instant = datetime.fromtimestamp(math.ceil(usage.ends), UTC)
        return instant.isoformat().replace("+00:00", "Z").encode()
    seconds = math.ceil(usage.ends) if len(sample) >= _EPOCH_LENGTH else usage.wait
    return str(seconds).encode()
