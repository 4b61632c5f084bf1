"""Contracts go in; the mock comes out, as an ASGI application and the facts a person needs to use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from understudy_mock import authentication, fault_profiles, handler_modules
from understudy_mock.callback_sending import Policy
from understudy_mock.compiling import compile_contract
from understudy_mock.connexion_app import build
from understudy_mock.control.api import Control
from understudy_mock.documentation import Documentation
from understudy_mock.mounting import Mount, mount, named_apart
from understudy_mock.prism.app import PrismApp
from understudy_mock.runtime import Runtime
from understudy_mock.same_origin import SameOrigin
from understudy_mock.sessions import Sessions
from understudy_mock.settings import Settings
from understudy_mock.shared_deliveries import SharedDeliveries
from understudy_mock.shared_journal import SharedJournal
from understudy_mock.stores.opening import Place, open_store
from understudy_mock.stores.store import COMMON
from understudy_mock.unexampled import without_examples

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from understudy.contract.fault_grammar import FaultRule
    from understudy.contract.model import Contract
    from understudy_mock.authentication import Persona
    from understudy_mock.compiling import CompiledContract
    from understudy_mock.documentation import Library
    from understudy_mock.stores.store import Store


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
        self.runtime.version += 1
        for session in self.runtime.sessions:
            session.reset()


def mock_app(
    contracts: Sequence[Contract],
    settings: Settings | None = None,
    modules: list[ModuleType] | None = None,
    store: Store | None = None,
    library: Library | None = None,
) -> MockApp:
    """Build the mock; `modules` are handlers that are imported already, `store` one that is open already.

    `library` fills a shelf with the pages of the documentation of what is mounted; without it there are none.

    Raises UsageError or InputError for handlers, for a profile of faults, and for a store, that can't be used; for a
    store EnvironmentFailedError, too.
    """
    settings = settings or Settings()
    mounts = mounted(contracts, settings)
    compiled = [one.compiled for one in mounts]
    if settings.handlers:
        modules = [*(modules or []), *handler_modules.load(settings.handlers)]
    runtime = Runtime(settings, mounts, _sessions(compiled, settings, store))
    _share(runtime)
    _disturb(runtime)
    control = Control(runtime) if settings.control else None
    if settings.compat == "prism":
        return MockApp(PrismApp(runtime, control), runtime)
    documentation = Documentation(runtime, library) if settings.docs else None
    asgi = build(runtime, modules or [], control, documentation)
    return MockApp(asgi if settings.cors else SameOrigin(asgi), runtime, tuple(modules or ()))


def _sessions(compiled: list[CompiledContract], settings: Settings, store: Store | None) -> Sessions:
    lifetime = settings.session_lifetime
    return Sessions(
        compiled,
        remember=settings.remember,
        scenario=settings.scenario,
        store=store or open_store(Place(settings.store, settings.store_prefix, lifetime)),
        lifetime=lifetime,
    )


def _share(runtime: Runtime) -> None:
    """Write one journal, and one list of deliveries, with all mocks that have the same store."""
    if (store := runtime.sessions.terms.store) is not None:
        runtime.journal = SharedJournal(store, runtime.sessions)
        runtime.callbacks.shared = SharedDeliveries(store)


def _disturb(runtime: Runtime) -> None:
    """Put the faults in force that the settings tell, and say where callbacks may go."""
    settings = runtime.settings
    runtime.faults.seed = settings.seed or 0
    operations = {name for one in runtime.mounts for name in one.compiled.operations}
    if settings.fault_profile is not None:
        for session, rule in fault_profiles.from_file(settings.fault_profile, operations):
            _add(runtime, rule, session or COMMON)
    for rule in fault_profiles.from_flags(settings.faults, operations):
        _add(runtime, rule, COMMON)
    contracts = (served.compiled.contract for served in runtime.mounts)
    runtime.sessions.terms.limits = fault_profiles.declared(contracts)
    hosts = frozenset(settings.callback_hosts)
    runtime.callbacks.policy = Policy(settings.webhook_to, settings.webhook_secret, hosts)


def _add(runtime: Runtime, rule: FaultRule, session: str) -> None:
    rules = runtime.sessions.terms.rules
    rules[session] = (*rules.get(session, ()), rule)


def mounted(contracts: Sequence[Contract], settings: Settings) -> tuple[Mount, ...]:
    """Compile contracts and give each its place."""
    prepare = partial(
        compile_contract,
        auth=settings.auth,
        error_format=settings.error_format,
        seed=settings.seed,
        language=settings.locale,
    )
    bare = settings.ignore_examples and settings.compat != "prism"  # which still knows their names
    given = [without_examples(one) if bare else one for one in named_apart(contracts)]
    compiled = [prepare(one) for one in given]
    for one in compiled:
        one.dynamic = settings.dynamic
        one.synthesis.fill_properties(settings.fill_properties)
    if settings.compat == "prism":
        return tuple(Mount(one, ("",)) for one in compiled)
    return tuple(mount(compiled, apart=settings.apart))
