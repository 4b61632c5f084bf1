"""Contracts go in; the mock comes out, as an ASGI application and the facts a person needs to use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy_mock import authentication, handlers
from understudy_mock.compiling import compile_contract
from understudy_mock.connexion_app import build
from understudy_mock.mounting import Mount, mount
from understudy_mock.settings import Settings
from understudy_mock.state.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from understudy.contract.model import Contract


@dataclass(frozen=True)
class MockApp:
    """A mock of one or more contracts. `asgi` is the application; `mounts` tell where each contract answers."""

    asgi: Any = field(repr=False)
    mounts: tuple[Mount, ...]
    memories: dict[str, Memory] = field(repr=False)

    def credential_headers(self, contract: Contract) -> dict[str, str]:
        """Give request headers that pass the contract's security in every mode."""
        return authentication.credential_headers(contract)

    def reset(self) -> None:
        """Forget everything that was remembered."""
        for memory in self.memories.values():
            memory.reset()


def mock_app(
    contracts: Sequence[Contract], settings: Settings | None = None, modules: list[ModuleType] | None = None
) -> MockApp:
    """Build the mock; `modules` are handlers that are imported already.

    Raises InputError for a behaviour file, UsageError for handlers, that can't be used.
    """
    settings = settings or Settings()
    compiled = [compile_contract(contract, auth=settings.auth) for contract in contracts]
    mounts = mount(compiled, apart=settings.apart)
    memories = {entry.name: Memory(entry.resources.seeds()) for entry in compiled} if settings.remember else {}
    if settings.handlers:
        modules = [*(modules or []), *handlers.load(settings.handlers)]
    return MockApp(build(mounts, settings, memories, modules or []), tuple(mounts), memories)
