"""The names of an operation, a status and an example go in; that documented answer, and nothing else, comes out.

It is the answer that the operation gives to `Prefer: code=…, example=…`, found on the same way, but without a
credential, a session or a trace in the journal. It is sandboxed: an example of HTML can do nothing on this origin.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from understudy_mock import clocks
from understudy_mock.answering import answer
from understudy_mock.control.contracts import operation_of
from understudy_mock.control.replies import conflict, near, unknown
from understudy_mock.exchange import Exchange, Fault
from understudy_mock.handlers import answers
from understudy_mock.preferences import Wish
from understudy_mock.routing import Router
from understudy_mock.sample_requests import SampleRequest
from understudy_mock.session import Session
from understudy_mock.variants import concrete_status

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Answer
    from understudy_mock.mounting import Mount
    from understudy_mock.runtime import Runtime

HARMLESS = (
    (b"content-security-policy", b"sandbox; default-src 'none'"),
    (b"x-content-type-options", b"nosniff"),
)
_HARMLESS_NAMES = frozenset(name for name, _ in HARMLESS)


class AnswerOperations:
    """What operations would say."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @answers("getAnswer")
    def answer(
        self, operation_id: str, contract: str | None = None, status: str | None = None, example: str | None = None
    ) -> Answer:
        """Give one documented answer, whatever the operation's method; without a status the usual success."""
        mount, operation = operation_of(self._runtime, operation_id, contract)
        if operation.defect:
            raise conflict("operation", operation.defect)
        code = None if status is None else _code(operation, status)
        if example is not None:
            _check(operation, code, example)
        wish = Wish(code=code, example=example, dynamic=False, given=(("dynamic", "false"),))
        exchange = _asked(mount, operation, wish)
        now = clocks.now(Session("", self._runtime.sessions.terms), self._runtime.settings, operation.contract)
        found = answer(operation, exchange, None, now)
        kept = [header for header in found.headers if header[0].lower() not in _HARMLESS_NAMES]
        return replace(found, headers=(*kept, *HARMLESS))


def _code(operation: CompiledOperation, status: str) -> int:
    """Find the status that is meant: a number, or a key such as `4XX`. Raises RefusalError if it isn't declared."""
    if status in operation.responses:
        return concrete_status(operation, status)
    if not status.isdecimal() or operation.response_for(int(status)) is None:
        raise unknown("status", status, near(status, operation.responses))
    return int(status)


def _check(operation: CompiledOperation, code: int | None, example: str) -> None:
    responses = operation.responses.values()
    declared = None if code is None else operation.response_for(code)
    names = [name for one in responses if declared in (None, one) for name in one.example_names()]
    if example not in names:
        raise unknown("example", example, near(example, names))


def _asked(mount: Mount, operation: CompiledOperation, wish: Wish) -> Exchange:
    """Make the request that `listVariants` names: it has all that is required, and nothing else."""
    sample, router, faults = SampleRequest(operation), Router[None](), list[Fault]()
    router.add(operation.operation.path, "", None)
    match = router.find(sample.path)
    exchange = Exchange(
        method=operation.operation.method,
        path=mount.key + sample.path,
        query="&".join(sample.query).encode(),
        headers=[(name.lower().encode("latin-1", "replace"), _bytes(value)) for name, value in sample.headers],
        operation=operation,
        path_values=match.values if match else (),
        wish=wish,
    )
    operation.parameters.read(exchange, faults)
    if sample.body is not None and operation.body is not None:
        exchange.content = sample.body.content
        exchange.body = operation.body.read(sample.body.media_type, exchange.content, faults)
    return exchange


def _bytes(value: Any) -> bytes:
    return str(value).encode("latin-1", "replace")
