"""A user's function for an operation goes in; an ASGI callable whose answers are checked by the contract comes out."""

from __future__ import annotations

import abc
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from understudy_mock.boundary import logger
from understudy_mock.exchange import Answer, Fault
from understudy_mock.media import MalformedError, bare, from_json, is_json
from understudy_mock.refusals import problem
from understudy_mock.statuses import LEAST_FINAL

if TYPE_CHECKING:
    from types import ModuleType

    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Body = TypeVar("_Body")

Reply: TypeAlias = _Body | tuple[Any, int] | tuple[Any, int, Mapping[str, str]]
"""What a handler returns: the body of a success, or a body with its status, or these and headers."""


class Stage(abc.ABC):
    """Stands where a function does, and answers for an operation by itself: `scope["understudy"]` is the exchange."""

    @abc.abstractmethod
    def prepare(self, compiled: CompiledOperation) -> Callable[[Any, Any, Any], Awaitable[None]]:
        """Make the ASGI callable that sets `exchange.answer`."""


def stub(function: _Function) -> _Function:
    """Mark a handler as not written yet: the mock answers for its operation."""
    function.is_stub = True  # type: ignore[attr-defined] # a mark on a function
    return function


def answers(operation_id: str) -> Callable[[_Function], _Function]:
    """Say which operation a function answers, where it can't be called as the operation is."""

    def marked(function: _Function) -> _Function:
        function.operation_id = operation_id  # type: ignore[attr-defined] # a mark on a function
        return function

    return marked


def functions(modules: list[ModuleType]) -> dict[str, Callable[..., Any]]:
    """Collect the functions that are written, by operationId: the one they are marked with, else their name."""
    marked: dict[str, Callable[..., Any]] = {}
    named: dict[str, Callable[..., Any]] = {}
    for module in modules:
        for name, value in vars(module).items():
            # Looked at from outside: to ask one of Connexion's proxies would ask for a request that isn't there.
            if callable(value) and not issubclass(type(value), type):
                operation_id = inspect.getattr_static(value, "operation_id", None)
                (named if operation_id is None else marked).setdefault(operation_id or name, value)
    found = {**named, **marked}
    return {key: value for key, value in found.items() if not inspect.getattr_static(value, "is_stub", False)}


def checked(compiled: CompiledOperation, handler: Any) -> Any:
    """Run the handler and let its answer pass only if the contract declares it so."""

    async def called(scope: Any, receive: Any, _send: Any) -> None:
        exchange: Exchange = scope["understudy"]
        start: dict[str, Any] = {}
        body = b""

        async def collect(message: dict[str, Any]) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body += message.get("body", b"")

        try:
            await handler(scope, receive, collect)
        except Exception as error:  # noqa: BLE001 - a user's function may raise anything, and the client needs an answer
            logger.error("the handler of %s failed", compiled.operation.id, exc_info=error)
            exchange.answer = failed(compiled, f"the handler raised {type(error).__name__}: {error}")
            return
        headers = tuple((name, value) for name, value in start["headers"] if name != b"content-length")
        answer = Answer(start["status"], headers, body, f"the handler {compiled.operation.id}")
        fault = breach(compiled, answer)
        exchange.answer = failed(compiled, fault) if fault else answer

    return called


def breach(compiled: CompiledOperation, answer: Answer) -> str:
    """Say how a handler's answer breaks the contract; empty if it does not."""
    if answer.status < LEAST_FINAL:
        return f"the handler answered {answer.status}, which is no final status"
    response = compiled.response_for(answer.status)
    if response is None:
        return f"the handler answered {answer.status}, which the contract does not declare"
    if missing := _missing_headers(compiled, response.key, answer):
        return f"the handler's answer lacks the required header {missing[0]}"
    content_type = dict(answer.headers).get(b"content-type", b"").decode("latin-1")
    if not response.media:
        return "the handler sent a body where the contract declares none" if answer.body else ""
    media = next((media for media in response.media if bare(media.media_type) == bare(content_type)), None)
    if media is None:
        return f"the handler answered with {content_type or 'no media type'}, which {answer.status} does not declare"
    if media.validator is None or not is_json(media.media_type):
        return ""
    try:
        value = from_json(answer.body)
    except MalformedError as error:
        return f"the handler's body is not JSON: {error}"
    faults = [Fault("body", found.tokens, found.keyword, found.message) for found in media.validator.violations(value)]
    return "; ".join(f"{fault.name}: {fault.message}" for fault in faults)


def _missing_headers(compiled: CompiledOperation, key: str, answer: Answer) -> list[str]:
    """List the headers that a response must have and an answer has not (OpenAPI, Header Object)."""
    placed, sent = compiled.operation.responses[key], {name.lower() for name, _ in answer.headers}
    declared = placed.value.get("headers")
    names = [name for name in declared if name.lower() != "content-type"] if isinstance(declared, dict) else []
    headers = {name: compiled.contract.contract.follow((*placed.tokens, "headers", name)).value for name in names}
    return [
        name
        for name, header in headers.items()
        if isinstance(header, dict) and header.get("required") is True and name.lower().encode("latin-1") not in sent
    ]


def failed(compiled: CompiledOperation, message: str) -> Answer:
    """Write the answer that goes out instead of one that breaks the contract."""
    made = problem(500, "handler", (Fault("handler", (compiled.operation.id,), "contract", message),))
    return replace(made, kind="handler")
