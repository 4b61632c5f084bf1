"""Contracts go in; the mock comes out, as an ASGI application and the facts a person needs to use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy_mock import authentication, handlers
from understudy_mock.compiling import compile_contract
from understudy_mock.connexion_app import build
from understudy_mock.mounting import mount
from understudy_mock.runtime import Runtime
from understudy_mock.sessions import Sessions
from understudy_mock.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from understudy.contract.model import Contract
    from understudy_mock.mounting import Mount


@dataclass(frozen=True)
class MockApp:
    """A mock of one or more contracts. `asgi` is the application; `runtime` is what it remembers and records."""

    asgi: Any = field(repr=False)
    runtime: Runtime = field(repr=False)

    @property
    def mounts(self) -> tuple[Mount, ...]:
        """Where each contract answers."""
        return self.runtime.mounts

    def credential_headers(self, contract: Contract) -> dict[str, str]:
        """Give request headers that pass the contract's security in every mode."""
        return authentication.credential_headers(contract)

    def reset(self) -> None:
        """Forget everything that was remembered."""
        for session in self.runtime.sessions:
            session.reset()


def mock_app(
    contracts: Sequence[Contract], settings: Settings | None = None, modules: list[ModuleType] | None = None
) -> MockApp:
    """Build the mock; `modules` are handlers that are imported already.

    Raises InputError for a behaviour file, UsageError for handlers, that can't be used.
    """
    settings = settings or Settings()
    compiled = [compile_contract(contract, auth=settings.auth) for contract in contracts]
    mounts = mount(compiled, apart=settings.apart)
    if settings.handlers:
        modules = [*(modules or []), *handlers.load(settings.handlers)]
    runtime = Runtime(settings, tuple(mounts), Sessions(compiled, remember=settings.remember))
    return MockApp(build(runtime, modules or []), runtime)
