"""Compiled contracts go in; a Connexion application comes out, its stages ours, plugged in by Connexion's own seams.

With `calling`, the one door to Connexion. `ConnexionMiddleware` assembles the stack and loads each contract's skeleton;
routing, security and validation are `SpecMiddleware`s of ours that answer from what was compiled; the innermost
application plays the answer, or calls the user's function for the operation, as Connexion would.
"""

from __future__ import annotations

import contextlib
import warnings
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

with warnings.catch_warnings():  # Connexion imports a test client that complains of its HTTP library
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.simplefilter("ignore", UserWarning)
    from connexion import ConnexionMiddleware
    from connexion.middleware.abstract import (
        ROUTING_CONTEXT,
        AbstractRoutingAPI,
        RoutedAPI,
        RoutedMiddleware,
        SpecMiddleware,
    )
    from connexion.middleware.context import ContextMiddleware
    from connexion.middleware.lifespan import LifespanMiddleware
    from connexion.resolver import Resolution, Resolver

from understudy_mock import clocks
from understudy_mock.answering import answer
from understudy_mock.boundary import Boundary, read_body
from understudy_mock.calling import handler
from understudy_mock.eager import done, under_task
from understudy_mock.exchange import Fault, RefusalError
from understudy_mock.handlers import Stage, checked, functions
from understudy_mock.refusals import FAULTY
from understudy_mock.routing import Router
from understudy_mock.scenarios import enter, memory_of
from understudy_mock.semantics import semantics
from understudy_mock.sessions import session_of
from understudy_mock.skeleton import skeleton

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable
    from types import ModuleType

    from understudy_mock.bodies import Body
    from understudy_mock.compiling import CompiledContract, CompiledOperation
    from understudy_mock.exchange import Answer, Exchange
    from understudy_mock.faults import Faults, Mishap
    from understudy_mock.mounting import Mount
    from understudy_mock.runtime import Runtime
    from understudy_mock.scenarios import Scene
    from understudy_mock.semantics import Semantics
    from understudy_mock.session import Session
    from understudy_mock.settings import Settings


def build(runtime: Runtime, handlers: list[ModuleType], control: Any = None, documentation: Any = None) -> Any:
    """Assemble the ASGI application that serves all mounted contracts.

    `control` takes what is the control API's, `documentation` what the mock says of itself.
    """
    boundary = partial(Boundary, runtime=runtime, control=control, documentation=documentation)
    context = [ContextMiddleware] if handlers else []
    return assemble(runtime, [LifespanMiddleware, boundary], context, functions(handlers))


def rebuild(runtime: Runtime, handlers: list[ModuleType], mounts: tuple[Mount, ...], entrance: Any) -> Any:
    """Assemble the same once more for other mounts, behind an `entrance` that only passes requests on."""
    context = [ContextMiddleware] if handlers else []
    return assemble(runtime, [LifespanMiddleware, entrance], context, functions(handlers), mounts)


def assemble(
    runtime: Runtime,
    outer: list[Any],
    inner: list[Any],
    found: dict[str, Any],
    mounts: tuple[Mount, ...] | None = None,
) -> Any:
    """Put stages around and inside those that route, guard and validate; `found` are functions by operationId."""
    app = ConnexionMiddleware(
        Answering(),
        middlewares=[*outer, Routing, Security, Validation, *inner],
        resolver=OperationResolver(found),
        lifespan=partial(_lifespan, runtime) if mounts is None else _within,
    )
    for mount in runtime.mounts if mounts is None else mounts:
        app.add_api(
            skeleton(mount.compiled),
            base_path=mount.key,
            compiled=mount.compiled,
            prefixes=mount.prefixes,
            settings=runtime.settings,
            disturbances=runtime.faults,
        )
    return app


@contextlib.asynccontextmanager
async def _lifespan(runtime: Runtime, _app: Any) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await runtime.callbacks.close()
        await runtime.sessions.close_store()


@contextlib.asynccontextmanager
async def _within(_app: Any) -> AsyncIterator[None]:
    """Begin and end nothing: these stages live within a mock that does."""
    yield


class OperationResolver(Resolver):  # type: ignore[misc] # Connexion carries no types
    """Finds the function of an operation by operationId; without one, the mock plays."""

    def __init__(self, found: dict[str, Any]) -> None:
        self.functions = found
        super().__init__(self.functions.get)

    def resolve(self, operation: Any) -> Resolution:
        """Give Connexion the function, or none."""
        return Resolution(self.functions.get(operation.operation_id), operation.operation_id)


class Routing(SpecMiddleware):  # type: ignore[misc] # Connexion carries no types
    """Finds the operation and leaves it where Connexion's routed stages look for it."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.router: Router[dict[str, Any]] = Router()

    def add_api(self, specification: Any, **arguments: Any) -> None:
        """Register the operations of one contract under each of its prefixes."""
        _RoutingAPI(specification, router=self.router, next_app=self.app, **arguments)

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        """Route one request. Raises RefusalError with 404 or 405."""
        exchange: Exchange = scope["understudy"]
        match = self.router.find(exchange.path)
        if match is None:
            fault = Fault("path", (), "route", f"no contract has the path {exchange.path}")
            raise RefusalError("no-route", (404,), (fault,))
        method = "GET" if exchange.method == "HEAD" and "HEAD" not in match.methods else exchange.method
        target = match.methods.get(method)
        if target is None:
            raise _wrong_method(exchange, match.methods)
        exchange.path_values = match.values
        exchange.operation = target["compiled"]
        scope.setdefault("extensions", {})[ROUTING_CONTEXT] = target
        scope["path_params"] = dict(zip(target["names"], match.values, strict=False)) if match.values else {}
        if exchange.outage is not None:
            raise exchange.outage
        if exchange.mishap is not None:
            return _unlucky(exchange.mishap, target, (scope, receive, send))
        return _passed_on(target, scope, receive, send)


async def _unlucky(mishap: Mishap, target: dict[str, Any], connection: tuple[Any, Any, Any]) -> None:
    await mishap.routed(target["compiled"])
    await _passed_on(target, *connection)


def _passed_on(target: dict[str, Any], scope: Any, receive: Any, send: Any) -> Awaitable[None]:
    if target["compiled"].defect:
        fault = Fault("contract", (), "defect", target["compiled"].defect)
        raise RefusalError("unknown-schema", (501,), (fault,))
    passed: Awaitable[None] = target["next"](scope, receive, send)
    return passed


def _wrong_method(exchange: Exchange, methods: dict[str, Any]) -> RefusalError:
    allowed = sorted({*methods, *(("HEAD",) if "GET" in methods else ()), "OPTIONS"})
    message = f"the path knows {', '.join(allowed)}, not {exchange.method}"
    fault = Fault("method", (), "method", message)
    return RefusalError("no-method", (405,), (fault,), ((b"allow", ", ".join(allowed).encode()),))


class _RoutingAPI(AbstractRoutingAPI):  # type: ignore[misc] # Connexion carries no types
    def __init__(
        self,
        specification: Any,
        *,
        router: Router[dict[str, Any]],
        next_app: Any,
        compiled: CompiledContract,
        prefixes: tuple[str, ...],
        **arguments: Any,
    ) -> None:
        self.router, self.next_app, self.compiled, self.prefixes = router, next_app, compiled, prefixes
        super().__init__(specification, **arguments)

    def make_operation(self, operation: Any) -> dict[str, Any]:
        compiled = self.compiled.operations[operation.operation_id]
        return {
            "api_base_path": self.base_path,
            "operation_id": operation.operation_id,
            "compiled": compiled,
            "names": compiled.parameters.path_names,
            "next": _following(self.next_app, self.base_path, operation.operation_id),
        }

    @staticmethod
    def _framework_path_and_name(operation: Any, path: str) -> tuple[str, str]:
        return path, operation.operation_id

    def _add_operation_internal(self, method: str, path: str, operation: Any, name: str | None = None) -> None:
        del method, path, name  # of the skeleton, which has no other than Connexion's methods
        served = operation["compiled"].operation
        for prefix in self.prefixes:
            self.router.add(prefix + served.path, served.method, operation)


def _following(stage: Any, base_path: str, operation_id: str) -> Any:
    """Find what the next stage does with an operation, now instead of at each request: it has its APIs already."""
    if isinstance(stage, RoutedMiddleware):
        for api in stage.apis.get(base_path, ()):
            if operation_id in api.operations:
                return api.operations[operation_id]
    return stage


class _StageAPI(RoutedAPI):  # type: ignore[misc] # Connexion carries no types
    """One contract inside a stage; makes an ASGI callable per operation, which goes straight to the next stage's."""

    def __init__(self, specification: Any, *, compiled: CompiledContract, **arguments: Any) -> None:
        self.compiled, self.arguments = compiled, arguments
        super().__init__(specification, **arguments)
        self.add_paths()

    def of(self, operation: Any) -> CompiledOperation:
        """Find what was compiled for one of Connexion's operations."""
        return self.compiled.operations[operation.operation_id]

    def following(self, operation: Any) -> Any:
        """Find what the next stage does with it."""
        return _following(self.next_app, self.base_path, operation.operation_id)


class _SecurityAPI(_StageAPI):
    def make_operation(self, operation: Any) -> Any:
        guard, following = self.of(operation).guard, self.following(operation)
        if guard is None:
            return following

        def secured(scope: Any, receive: Any, send: Any) -> Any:
            guard.check(scope["understudy"])
            return following(scope, receive, send)

        return secured


class Security(RoutedMiddleware):  # type: ignore[misc] # Connexion carries no types
    """Lets only requests with good credentials pass."""

    api_cls = _SecurityAPI


class _ValidationAPI(_StageAPI):
    def make_operation(self, operation: Any) -> Any:
        compiled, limit = self.of(operation), self.arguments["settings"].max_body_bytes
        following, parameters, body = self.following(operation), compiled.parameters, compiled.body
        if body is not None:
            return _with_body(compiled, body, limit, following)

        def validated(scope: Any, receive: Any, send: Any) -> Any:
            faults: list[Fault] = []
            parameters.read(scope["understudy"], faults)
            if faults:
                raise RefusalError(FAULTY, (422, 400), tuple(faults))
            return following(scope, receive, send)

        return validated


def _with_body(compiled: CompiledOperation, body: Body, limit: int, following: Any) -> Any:
    async def validated(scope: Any, receive: Any, send: Any) -> None:
        exchange: Exchange = scope["understudy"]
        faults: list[Fault] = []
        compiled.parameters.read(exchange, faults)
        exchange.content, receive = await read_body(exchange, receive, limit)
        exchange.body = body.read(exchange.header(b"content-type"), exchange.content, faults)
        if faults:
            raise RefusalError(FAULTY, (422, 400), tuple(faults))
        await following(scope, receive, send)

    return validated


class Validation(RoutedMiddleware):  # type: ignore[misc] # Connexion carries no types
    """Lets only requests that fit the contract pass, and tells all faults of the others."""

    api_cls = _ValidationAPI


class _AnsweringAPI(_StageAPI):
    def make_operation(self, operation: Any) -> Any:
        compiled = self.of(operation)
        if isinstance(operation.function, Stage):
            return operation.function.prepare(compiled)
        called = checked(compiled, handler(compiled, operation.function)) if operation.function is not None else None
        settings, disturbances = self.arguments["settings"], self.arguments["disturbances"]
        return _Playing(compiled, settings, disturbances, called, semantics(compiled)).play


@dataclass(frozen=True)
class _Playing:
    """Answers for one operation; `called` is the user's function, if there is one."""

    compiled: CompiledOperation
    settings: Settings
    disturbances: Faults
    called: Any
    semantics: Semantics | None

    def play(self, scope: Any, receive: Any, send: Any) -> Any:
        """Answer at once where nothing has to be waited for."""
        exchange: Exchange = scope["understudy"]
        session = session_of(exchange)
        if not session.is_local:
            return self._play_shared(session, scope, receive, send)
        scene = enter(self.compiled, exchange)
        if scene is not None or self.called is not None:
            return self._perform(scene, scope, receive, send)
        exchange.answer = session.at_once(lambda: self._said(exchange, None))
        return done

    async def _play_shared(self, session: Session, scope: Any, receive: Any, send: Any) -> None:
        scene = await session.transact(lambda: enter(self.compiled, scope["understudy"]))
        await self._perform(scene, scope, receive, send)

    async def _perform(self, scene: Scene | None, scope: Any, receive: Any, send: Any) -> None:
        exchange: Exchange = scope["understudy"]
        exchange.version = -1
        if scene is not None:
            await scene.direct(exchange, self.disturbances)
        if self.called is not None and not (scene and scene.is_forced):
            await under_task
            await self.called(scope, receive, send)
        else:
            exchange.answer = await session_of(exchange).transact(lambda: self._said(exchange, scene))
        if scene is not None and exchange.answer is not None:
            exchange.answer = scene.sign(exchange.answer)

    def _said(self, exchange: Exchange, scene: Scene | None) -> Answer:
        memory = scene.memory if scene is not None else memory_of(self.compiled, exchange)
        now = clocks.now(session_of(exchange), self.settings, self.compiled.contract)
        if self.semantics is not None:
            return self.semantics.play(exchange, memory, now)
        return answer(self.compiled, exchange, memory, now)


class Answering(RoutedMiddleware):  # type: ignore[misc] # Connexion carries no types
    """The innermost application: plays the mock's answer or calls the user's function."""

    api_cls = _AnsweringAPI

    def __init__(self) -> None:
        super().__init__(None)
