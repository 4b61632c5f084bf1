"""A running mock goes in; the ASGI application of its control API comes out, served as any contract is.

Its contract is `spec/understudy`, its operations are functions by operationId, and what they say is held to the
contract. It is put together when it is asked for the first time, so that a mock starts no later for having it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from understudy_mock.boundary import CONTROL_PREFIX

if TYPE_CHECKING:
    from understudy.contract.model import Contract
    from understudy_mock.runtime import Runtime

NAME = "understudy"


class Control:
    """The control API of one mock."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one ASGI connection whose path starts as the control API's do."""
        if self._app is None:
            self._app = _assemble(self._runtime)
        is_change = scope["method"] not in ("GET", "HEAD")
        self._runtime.version += is_change
        try:
            await self._app(scope, receive, send)
        finally:
            self._runtime.version += is_change


@cache
def contract() -> Contract:
    """Read the contract of the control API, which comes with the package."""
    from understudy.contract.files import shipped
    from understudy.contract.loading import load

    return load(str(shipped()[NAME] / "openapi.yaml"))


def _assemble(runtime: Runtime) -> Any:
    from functools import partial

    from understudy_mock.compiling import compile_contract
    from understudy_mock.connexion_app import assemble
    from understudy_mock.control.gate import Gate
    from understudy_mock.control.operations import functions
    from understudy_mock.control.page.stage import PageStage
    from understudy_mock.control.signing_in import Token
    from understudy_mock.mounting import Mount
    from understudy_mock.runtime import Runtime as OwnRuntime
    from understudy_mock.sessions import Sessions

    compiled = compile_contract(contract(), auth="off")
    own = OwnRuntime(runtime.settings, (Mount(compiled, (CONTROL_PREFIX,)),), Sessions([compiled], remember=False))
    known = runtime.settings.control_token
    token = None if known is None else Token(known, runtime.sessions.common)
    gate = partial(Gate, runtime=own, token=token, mock=runtime)
    page = partial(PageStage, mock=runtime, token=token)
    return assemble(own, [gate, page], [], functions(runtime))
