"""Contracts go in; the mock comes out, as an ASGI application and the facts a person needs to use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy_mock import authentication, fault_profiles, handlers
from understudy_mock.callback_sending import Policy
from understudy_mock.compiling import compile_contract
from understudy_mock.connexion_app import build
from understudy_mock.control.api import Control
from understudy_mock.mounting import Mount, mount, named_apart
from understudy_mock.prism.app import PrismApp
from understudy_mock.runtime import Runtime
from understudy_mock.sessions import Sessions
from understudy_mock.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from understudy.contract.model import Contract
    from understudy_mock.authentication import Persona


@dataclass(frozen=True)
class MockApp:
    """A mock of one or more contracts. `asgi` is the application; `runtime` is what it remembers and records."""

    asgi: Any = field(repr=False)
    runtime: Runtime = field(repr=False)
    modules: tuple[ModuleType, ...] = field(default=(), repr=False)

    @property
    def mounts(self) -> tuple[Mount, ...]:
        """Where each contract answers."""
        return self.runtime.mounts

    def credential_headers(self, contract: Contract) -> dict[str, str]:
        """Give request headers that pass the contract's security in every mode."""
        return authentication.credential_headers(contract)

    def personas(self, contract: Contract) -> list[tuple[str, Persona]]:
        """List the credentials that are good in strict mode, each with its scheme's name."""
        return authentication.personas(contract)

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
    mounts = mounted(contracts, settings)
    compiled = [one.compiled for one in mounts]
    if settings.handlers:
        modules = [*(modules or []), *handlers.load(settings.handlers)]
    sessions = Sessions(compiled, remember=settings.remember, scenario=settings.scenario)
    runtime = Runtime(settings, mounts, sessions)
    _disturb(runtime)
    control = Control(runtime) if settings.control else None
    if settings.compat == "prism":
        return MockApp(PrismApp(runtime, control), runtime)
    return MockApp(build(runtime, modules or [], control), runtime, tuple(modules or ()))


def _disturb(runtime: Runtime) -> None:
    """Put the faults in force that the settings tell, and say where callbacks may go."""
    settings = runtime.settings
    operations = {name for one in runtime.mounts for name in one.compiled.operations}
    if settings.fault_profile is not None:
        for session, rule in fault_profiles.from_file(settings.fault_profile, operations):
            runtime.faults.add([rule], session)
    runtime.faults.add(fault_profiles.from_flags(settings.faults, operations))
    hosts = frozenset(settings.callback_hosts)
    runtime.callbacks.policy = Policy(settings.webhook_to, settings.webhook_secret, hosts)


def mounted(contracts: Sequence[Contract], settings: Settings) -> tuple[Mount, ...]:
    """Compile contracts and give each its place. Raises InputError for a behaviour file that can't be understood."""
    auth, error_format = settings.auth, settings.error_format
    compiled = [compile_contract(one, auth=auth, error_format=error_format) for one in named_apart(contracts)]
    if settings.compat == "prism":
        return tuple(Mount(one, ("",)) for one in compiled)
    return tuple(mount(compiled, apart=settings.apart))
